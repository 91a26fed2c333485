// SPDX-License-Identifier: MIT
#include "core/sharing/testspeech.h"

#include <QtEndian>

#include <cmath>
#include <numbers>

namespace rr {

namespace {

constexpr int rate = 24'000;
constexpr int samplesPerChunk = int(rate * testSpeechChunk.count() / 1000);
constexpr double pitchHz = 120;
constexpr double syllablesPerSecond = 4;
constexpr int harmonics = 24; ///< up to 2.9 kHz
constexpr double loudness = 6'000; ///< of 32,767: as a microphone has a speaker who is near

/// How strongly a mouth that says "a" passes it on: two resonances, at 700 and 1200 Hz.
double passed(double frequencyHz)
{
    const auto resonance = [frequencyHz](double at, double width) {
        const double away = (frequencyHz - at) / width;
        return 1 / (1 + away * away);
    };
    return resonance(700, 150) + 0.6 * resonance(1200, 180);
}

double sample(double seconds)
{
    double sum = 0;
    for (int harmonic = 1; harmonic <= harmonics; ++harmonic) {
        const double frequencyHz = harmonic * pitchHz;
        sum += passed(frequencyHz) * std::sin(2 * std::numbers::pi * frequencyHz * seconds);
    }
    const double syllable = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * syllablesPerSecond * seconds);
    return sum * syllable;
}

} // namespace

QByteArray testSpeech(int number)
{
    QByteArray pcm(samplesPerChunk * 2, Qt::Uninitialized);
    for (int i = 0; i < samplesPerChunk; ++i) {
        const double value = loudness * sample(double(number * samplesPerChunk + i) / rate);
        qToLittleEndian(
            qint16(std::lround(std::fmax(-32'000, std::fmin(32'000, value)))), pcm.data() + 2 * i);
    }
    return pcm.toBase64();
}

} // namespace rr
