// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/framescanner.h"

#include <QByteArray>

#include <optional>

namespace rr {

/// What a client says while its call is dialled: kept for the upstream as it came, up to a bound, and searched for a close
/// frame, for then there is nobody left to dial for. A value of its Call.
class ReadAhead
{
public:
    static constexpr qint64 mostBytes = 16 * 1024; ///< more than clients say before they have heard anything

    explicit ReadAhead(qint64 maxMessageBytes)
        : m_scanner(FrameScanner::Sender::Client, maxMessageBytes)
    {
    }

    /// At most room() bytes. The payload of a close frame, unmasked, if that is what has come. Behind what breaks a rule
    /// nothing is found: whoever passes it on will see that.
    std::optional<QByteArray> add(QByteArrayView bytes);
    qint64 room() const { return mostBytes - m_bytes.size(); }
    bool isEmpty() const { return m_bytes.isEmpty(); }
    /// All of it, once.
    QByteArray take();

private:
    FrameScanner m_scanner;
    QByteArray m_bytes;
    qsizetype m_scanned = 0;
    bool m_broken = false;
};

} // namespace rr
