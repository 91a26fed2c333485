// SPDX-License-Identifier: MIT
#include "core/simulator/audioformat.h"

#include <QtEndian>

#include <algorithm>
#include <bit>

namespace rr {

AudioFormat audioFormatFromType(QStringView type)
{
    if (type == u"audio/pcmu")
        return AudioFormat::MuLaw;
    if (type == u"audio/pcma")
        return AudioFormat::ALaw;
    return AudioFormat::Pcm16;
}

int sampleRate(AudioFormat format)
{
    return format == AudioFormat::Pcm16 ? 24000 : 8000;
}

int bytesPerSample(AudioFormat format)
{
    return format == AudioFormat::Pcm16 ? 2 : 1;
}

int bytesPerMs(AudioFormat format)
{
    return sampleRate(format) / 1000 * bytesPerSample(format);
}

QList<qint16> decodeAudio(QByteArrayView raw, AudioFormat format)
{
    QList<qint16> samples(raw.size() / bytesPerSample(format));
    const auto *bytes = reinterpret_cast<const uchar *>(raw.data());
    qint16 *out = samples.data();
    for (qsizetype i = 0; i < samples.size(); ++i) {
        switch (format) {
        case AudioFormat::Pcm16:
            out[i] = qFromLittleEndian<qint16>(bytes + 2 * i);
            break;
        case AudioFormat::MuLaw:
            out[i] = fromMuLaw(bytes[i]);
            break;
        case AudioFormat::ALaw:
            out[i] = fromALaw(bytes[i]);
            break;
        }
    }
    return samples;
}

QByteArray encodeAudio(const QList<qint16> &samples, AudioFormat format)
{
    QByteArray raw(samples.size() * bytesPerSample(format), Qt::Uninitialized);
    auto *bytes = reinterpret_cast<uchar *>(raw.data());
    for (qsizetype i = 0; i < samples.size(); ++i) {
        switch (format) {
        case AudioFormat::Pcm16:
            qToLittleEndian(samples[i], bytes + 2 * i);
            break;
        case AudioFormat::MuLaw:
            bytes[i] = toMuLaw(samples[i]);
            break;
        case AudioFormat::ALaw:
            bytes[i] = toALaw(samples[i]);
            break;
        }
    }
    return raw;
}

QList<qint16> resampled(const QList<qint16> &samples, int fromRate, int toRate)
{
    if (fromRate == toRate)
        return samples;
    QList<qint16> result(samples.size() * toRate / fromRate);
    qint16 *out = result.data();
    for (qsizetype i = 0; i < result.size(); ++i)
        out[i] = samples[i * fromRate / toRate];
    return result;
}

// µ-law works on 14-bit magnitudes with a bias of 33, so that the segment is the position of the highest bit.
quint8 toMuLaw(qint16 sample)
{
    const int sign = sample < 0 ? 0x80 : 0;
    const int magnitude = std::min(sample < 0 ? -int(sample) : int(sample), 32635) + 132;
    const int segment = int(std::bit_width(unsigned(magnitude))) - 8;
    const int mantissa = (magnitude >> (segment + 3)) & 0x0f;
    return quint8(~(sign | (segment << 4) | mantissa));
}

qint16 fromMuLaw(quint8 code)
{
    const int bits = quint8(~code);
    const int magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits >> 4) & 7)) - 132;
    return qint16(bits & 0x80 ? -magnitude : magnitude);
}

// A-law: 13-bit magnitudes, the lowest segment linear, even bits inverted on the wire.
quint8 toALaw(qint16 sample)
{
    const int sign = sample < 0 ? 0 : 0x80;
    const int magnitude = sample < 0 ? -int(sample) - 1 : int(sample);
    const int segment = std::max(0, int(std::bit_width(unsigned(magnitude))) - 8);
    const int mantissa = (magnitude >> (segment == 0 ? 4 : segment + 3)) & 0x0f;
    return quint8((sign | (segment << 4) | mantissa) ^ 0x55);
}

qint16 fromALaw(quint8 code)
{
    const int bits = code ^ 0x55;
    const int segment = (bits >> 4) & 7;
    int magnitude = ((bits & 0x0f) << 4) + 8;
    if (segment > 0)
        magnitude = (magnitude + 256) << (segment - 1);
    return qint16(bits & 0x80 ? magnitude : -magnitude);
}

} // namespace rr
