// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace rr {

/// The last of the audio that a call was sent, as it came: raw bytes, found again by the milliseconds of audio since
/// the first of them. What is no longer kept is missing at the front. A plain value.
class InputAudio
{
public:
    /// As much as one append may carry (15 MiB). Older bytes go.
    static constexpr qsizetype mostBytes = 15 * 1024 * 1024;

    explicit InputAudio(int bytesPerMs)
        : m_bytesPerMs(bytesPerMs)
    {
    }

    void append(const QByteArray &raw);
    void keepLast(qint64 ms);

    /// Of two times since the first byte ever.
    QByteArray between(qint64 fromMs, qint64 toMs) const;
    QByteArray last(qint64 ms) const;

private:
    int m_bytesPerMs;
    QByteArray m_kept;
    qint64 m_forgotten = 0; ///< bytes before those kept
};

} // namespace rr
