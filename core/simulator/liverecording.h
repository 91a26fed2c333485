// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>

namespace rr {

/// The first minute of a stored Live session's sound: the caller to the left, the model to the right. A plain value.
class LiveRecording
{
public:
    /// The next samples of both, at 24 kHz; where fewer were heard than said, the rest is silence.
    void append(const QList<qint16> &heard, const QList<qint16> &said);
    QByteArray wav() const; ///< a whole WAV file, PCM16

private:
    QByteArray m_frames;
};

} // namespace rr
