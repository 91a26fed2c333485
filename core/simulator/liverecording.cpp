// SPDX-License-Identifier: MIT
#include "core/simulator/liverecording.h"

#include <QtEndian>

namespace rr {

namespace {

constexpr quint32 recordedRate = 24000;
constexpr quint32 bytesPerFrame = 4;
constexpr qsizetype mostBytes = 60 * recordedRate * bytesPerFrame;

template <typename Number>
QByteArray littleEndian(Number number)
{
    QByteArray bytes(sizeof(Number), Qt::Uninitialized);
    qToLittleEndian(number, bytes.data());
    return bytes;
}

} // namespace

void LiveRecording::append(const QList<qint16> &heard, const QList<qint16> &said)
{
    if (m_frames.size() >= mostBytes)
        return;
    for (qsizetype i = 0; i < said.size(); ++i)
        m_frames += littleEndian(i < heard.size() ? heard[i] : qint16(0)) + littleEndian(said[i]);
}

QByteArray LiveRecording::wav() const
{
    const auto bytes = quint32(m_frames.size());
    return "RIFF" + littleEndian(36 + bytes) + "WAVEfmt " + littleEndian(quint32(16))
        + littleEndian(quint16(1)) // PCM
        + littleEndian(quint16(2)) + littleEndian(recordedRate) + littleEndian(recordedRate * bytesPerFrame)
        + littleEndian(quint16(bytesPerFrame)) + littleEndian(quint16(16)) + "data" + littleEndian(bytes)
        + m_frames;
}

} // namespace rr
