// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace rr {

/// The audio formats of the Realtime API: PCM16 little-endian at 24 kHz, G.711 µ-law and A-law at 8 kHz,
/// mono.
enum class AudioFormat : quint8 { Pcm16, MuLaw, ALaw };
inline constexpr int audioFormatCount = 3;

/// From "audio/pcm", "audio/pcmu", "audio/pcma"; PCM16 for anything else.
AudioFormat audioFormatFromType(QStringView type);

int sampleRate(AudioFormat format); ///< samples a second
int bytesPerSample(AudioFormat format);
int bytesPerMs(AudioFormat format);

/// Samples of raw (not base64) audio; an odd last byte of PCM16 is left out.
QList<qint16> decodeAudio(QByteArrayView raw, AudioFormat format);

QByteArray encodeAudio(const QList<qint16> &samples, AudioFormat format);
/// The same sound at another rate, in samples a second: each sample is the nearest of the old ones, which is enough
/// for a simulated voice.
QList<qint16> resampled(const QList<qint16> &samples, int fromRate, int toRate);

/// G.711 (ITU-T) of one sample, and back.
quint8 toMuLaw(qint16 sample);
quint8 toALaw(qint16 sample);
qint16 fromMuLaw(quint8 code);
qint16 fromALaw(quint8 code);

} // namespace rr
