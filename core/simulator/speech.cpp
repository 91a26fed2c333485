// SPDX-License-Identifier: MIT
#include "core/simulator/speech.h"

#include <QtEndian>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace rr {

namespace {

constexpr int rate = 24000;
constexpr int sampleCount = Speech::chunkCount * Speech::chunkMs * rate / 1000;
constexpr int speakingCount = sampleCount - rate / 2;

/// A two-pole resonance (Klatt's digital resonator): one formant.
class Resonator
{
public:
    void tune(double frequencyHz, double bandwidthHz)
    {
        const double radius = std::exp(-std::numbers::pi * bandwidthHz / rate);
        m_c = -radius * radius;
        m_b = 2.0 * radius * std::cos(2.0 * std::numbers::pi * frequencyHz / rate);
        m_a = 1.0 - m_b - m_c;
    }

    double filter(double input)
    {
        const double output = m_a * input + m_b * m_last + m_c * m_lastButOne;
        m_lastButOne = m_last;
        m_last = output;
        return output;
    }

private:
    double m_a = 0, m_b = 0, m_c = 0, m_last = 0, m_lastButOne = 0;
};

// First three formants in Hz of a, e, i, o, u as an average speaker makes them.
constexpr std::array<std::array<double, 3>, 5> vowels{{
    {730, 1090, 2440},
    {530, 1840, 2480},
    {270, 2290, 3010},
    {570, 840, 2410},
    {300, 870, 2240},
}};

std::vector<double> synthesize()
{
    std::vector<double> wave(sampleCount, 0.0);
    std::array<Resonator, 3> formants;
    quint32 noise = 1;
    double phase = 0;
    int position = 0;
    for (int syllable = 0; position < speakingCount; ++syllable) {
        const int length = rate * (170 + 35 * (syllable * 7 % 3)) / 1000;
        const auto &vowel = vowels[size_t(syllable * 3 % 5)];
        for (size_t i = 0; i < formants.size(); ++i)
            formants[i].tune(vowel[i], 60.0 + 40.0 * double(i));
        for (int i = 0; i < length && position < speakingCount; ++i, ++position) {
            const double within = double(i) / length;
            const double pitch = 118.0 + 22.0 * std::sin(0.9 * syllable) - 10.0 * within;
            phase += pitch / rate;
            noise = noise * 1664525u + 1013904223u;
            double source = 0.02 * (double(noise >> 8) / double(1u << 23) - 1.0);
            if (phase >= 1.0) {
                phase -= 1.0;
                source += 1.0;
            }
            const double loudness = 0.12 + 0.88 * std::pow(std::sin(std::numbers::pi * within), 0.6);
            double value = source * loudness;
            for (Resonator &formant : formants)
                value = formant.filter(value);
            wave[size_t(position)] = value;
        }
    }
    return wave;
}

} // namespace

Speech::Speech()
{
    const std::vector<double> wave = synthesize();
    double peak = 0;
    for (double value : wave)
        peak = std::max(peak, std::abs(value));

    QByteArray muLaw, aLaw;
    m_pcm.resize(2 * sampleCount);
    for (int i = 0; i < sampleCount; ++i) {
        const auto sample = qint16(std::lround(wave[size_t(i)] / peak * 24000.0));
        qToLittleEndian(sample, m_pcm.data() + 2 * i);
        if (i % 3 == 1) { // 24 kHz to 8 kHz: the mean of three, which is filter enough for speech
            const size_t at = size_t(i);
            const double mean = (wave[at - 1] + wave[at] + wave[at + 1]) / 3.0;
            const auto narrow = qint16(std::lround(mean / peak * 24000.0));
            muLaw.append(char(toMuLaw(narrow)));
            aLaw.append(char(toALaw(narrow)));
        }
    }
    const std::array<const QByteArray *, audioFormatCount> tables{&m_pcm, &muLaw, &aLaw};
    for (size_t format = 0; format < tables.size(); ++format) {
        const qsizetype bytes = tables[format]->size() / chunkCount;
        for (int i = 0; i < chunkCount; ++i)
            m_chunks[format].append(tables[format]->mid(i * bytes, bytes).toBase64());
    }
}

QByteArray Speech::first(AudioFormat format, qint64 ms) const
{
    const qsizetype bytes = ms * bytesPerMs(format);
    QByteArray raw;
    for (qsizetype number = 0; raw.size() < bytes; ++number)
        raw += QByteArray::fromBase64(chunk(format, number));
    return raw.first(bytes);
}

} // namespace rr
