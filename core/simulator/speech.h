// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/audioformat.h"

#include <QByteArray>
#include <QList>

#include <array>

namespace rr {

/// Four seconds of speech-like audio: voiced pulses through three formants, a syllable every fifth of a
/// second, half a second of silence at the end. The same bytes every time. Made once, then read only: one
/// instance serves all calls of a server, from any thread.
class Speech
{
public:
    static constexpr int chunkMs = 250; ///< what one audio delta carries
    static constexpr int chunkCount = 16;

    Speech();

    /// All of it, PCM16 at 24 kHz.
    const QByteArray &pcm() const { return m_pcm; }
    /// Chunk `number` (counted round and round), in base64, ready for a delta. PCM16: 12,000 bytes as 16,000.
    const QByteArray &chunk(AudioFormat format, qsizetype number) const
    {
        return m_chunks[size_t(format)].at(number % chunkCount);
    }

    /// The first `ms` of what the chunks from 0 on say, raw.
    QByteArray first(AudioFormat format, qint64 ms) const;

private:
    QByteArray m_pcm;
    std::array<QList<QByteArray>, audioFormatCount> m_chunks;
};

} // namespace rr
