// SPDX-License-Identifier: MIT
#include "core/simulator/vad.h"

#include <algorithm>

namespace rr {

namespace {

constexpr int frameMs = 20;
constexpr int framesToStart = 3;
// RMS of a full-scale sample times this is what a threshold of 1 asks for: 0.5 is met by anyone who talks
// into a microphone and by no ordinary room.
constexpr double loudestThresholdRms = 32768.0 * 0.03;

} // namespace

Vad::Vad(int samplesPerSecond, VadSettings settings)
    : m_settings(settings)
    , m_frameSamples(samplesPerSecond * frameMs / 1000)
{
}

std::vector<Vad::Change> Vad::feed(const QList<qint16> &samples)
{
    std::vector<Change> changes;
    const double rms = std::clamp(m_settings.threshold, 0.02, 1.0) * loudestThresholdRms;
    const auto loudEnergy = qint64(rms * rms * m_frameSamples);
    for (const qint16 sample : samples) {
        m_frameEnergy += qint64(sample) * sample;
        if (++m_inFrame < m_frameSamples)
            continue;
        const bool loud = m_frameEnergy > loudEnergy;
        m_inFrame = 0;
        m_frameEnergy = 0;
        m_timeMs += frameMs;
        m_loudFrames = loud ? m_loudFrames + 1 : 0;
        m_quietMs = loud ? 0 : m_quietMs + frameMs;
        if (!m_speaking && m_loudFrames >= framesToStart) {
            m_speaking = true;
            const qint64 voiceStart = m_timeMs - framesToStart * frameMs;
            changes.push_back({true, std::max<qint64>(0, voiceStart - m_settings.prefixPaddingMs)});
        } else if (m_speaking && m_quietMs >= m_settings.silenceDurationMs && m_quietMs > 0) {
            m_speaking = false;
            changes.push_back({false, m_timeMs});
        }
    }
    return changes;
}

void Vad::reset()
{
    m_speaking = false;
    m_loudFrames = 0;
    m_quietMs = 0;
}

} // namespace rr
