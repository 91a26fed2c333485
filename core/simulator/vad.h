// SPDX-License-Identifier: MIT
#pragma once

#include <QList>

#include <vector>

namespace rr {

struct VadSettings
{
    double threshold = 0.5; ///< 0 to 1; how loud speech must be
    int prefixPaddingMs = 300;
    int silenceDurationMs = 200;

    bool operator==(const VadSettings &) const = default;
};

/// Voice activity by energy, in frames of 20 ms: speech begins with three loud frames in a row and ends with
/// `silenceDurationMs` of quiet ones. Times are milliseconds of audio since the first sample, not of a clock.
class Vad
{
public:
    struct Change
    {
        bool speaking = false; ///< what begins here: speech, or silence
        qint64 atMs = 0; ///< start less the prefix padding; end with the silence that ended it
    };

    explicit Vad(int samplesPerSecond, VadSettings settings = {});

    const VadSettings &settings() const { return m_settings; }
    void setSettings(const VadSettings &settings) { m_settings = settings; }
    bool isSpeaking() const { return m_speaking; }

    /// Takes the next samples; returns what changed within them, in order.
    std::vector<Change> feed(const QList<qint16> &samples);
    /// Forgets that someone speaks (the buffer was committed or cleared); the time goes on.
    void reset();

private:
    VadSettings m_settings;
    int m_frameSamples;
    int m_inFrame = 0; ///< samples of the frame that is not full yet
    qint64 m_frameEnergy = 0;
    qint64 m_timeMs = 0; ///< end of the last whole frame
    int m_loudFrames = 0; ///< in a row
    int m_quietMs = 0; ///< in a row, while speaking
    bool m_speaking = false;
};

} // namespace rr
