// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

namespace rr {

/// A key or token. There is no way to print it whole by accident: reveal() is the only way to its bytes, and
/// is called only where the bytes go onto the wire.
class Secret
{
public:
    Secret() = default;
    explicit Secret(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
    }

    bool isEmpty() const { return m_bytes.isEmpty(); }
    const QByteArray &reveal() const { return m_bytes; }

    /// First three and last two characters at most ("sk-…f9"); only "…" for what is shorter than 12.
    QString masked() const;

    bool operator==(const Secret &) const = default;

private:
    QByteArray m_bytes;
};

} // namespace rr
