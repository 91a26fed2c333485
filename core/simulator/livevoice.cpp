// SPDX-License-Identifier: MIT
#include "core/simulator/livevoice.h"

#include "core/simulator/reply.h"

#include <algorithm>

namespace rr {

namespace {

constexpr int wordMs = 260;
constexpr qsizetype samplesPerStep = LiveVoice::rate / 1000 * LiveVoice::stepMs;

} // namespace

LiveVoice::LiveVoice(std::shared_ptr<const Speech> speech, int callerRate, Listener listener)
    : m_speech(std::move(speech))
    , m_callerRate(callerRate)
    , m_listener(std::move(listener))
    , m_vad(callerRate, {.threshold = 0.5, .prefixPaddingMs = 0, .silenceDurationMs = quietMs})
{
}

void LiveVoice::hear(const QList<qint16> &samples)
{
    const qsizetype perStep = m_callerRate / 1000 * stepMs;
    m_pending += samples;
    qsizetype at = 0;
    for (; m_pending.size() - at >= perStep; at += perStep)
        step(m_pending.mid(at, perStep));
    m_pending.remove(0, at);
}

void LiveVoice::say(const QString &text)
{
    if (m_toSay.isEmpty())
        m_saidWordMs = nowMs();
    m_toSay += splitIntoTokens(text);
}

void LiveVoice::play(const QList<qint16> &fixture)
{
    m_toSay.clear();
    m_fixture = fixture;
}

bool LiveVoice::isIdle() const
{
    return !m_vad.isSpeaking() && m_toSay.isEmpty() && !isPlaying() && m_agenda.isEmpty();
}

void LiveVoice::step(const QList<qint16> &heard)
{
    const bool played = isPlaying();
    const auto changes = m_vad.feed(played || m_muted ? QList<qint16>(heard.size()) : heard);
    m_agenda.advance(stepMs);
    for (const Vad::Change &change : changes) {
        if (!change.speaking) {
            hearRest(change.atMs - quietMs);
            continue;
        }
        if (m_interruptible)
            m_toSay.clear();
        m_turnText = heardTranscript(m_turns++);
        m_heardWords = splitIntoTokens(m_turnText);
        m_turnStartMs = m_heardWordMs = change.atMs;
    }
    if (m_vad.isSpeaking())
        hearWords(nowMs() - quietMs); // what is later may be behind the end of the turn
    m_listener.stepped(played ? QList<qint16>() : heard, nextSaid());
    if (played && !isPlaying())
        m_listener.fixturePlayed();
}

/// Tells of the words that the caller has spoken until now.
void LiveVoice::hearWords(qint64 untilMs)
{
    for (; !m_heardWords.isEmpty() && m_heardWordMs + wordMs <= untilMs; m_heardWordMs += wordMs)
        transcribe({true, m_heardWords.takeFirst(), m_heardWordMs, m_heardWordMs + wordMs});
}

/// The caller has finished: of a turn too short for its words the last ones come together.
void LiveVoice::hearRest(qint64 endMs)
{
    if (!m_heardWords.isEmpty())
        transcribe({true, m_heardWords.join(QString()), std::min(m_heardWordMs, endMs), endMs});
    m_heardWords.clear();
    m_listener.turnHeard(m_turnText, endMs - m_turnStartMs);
}

/// The 100 ms that end now.
QList<qint16> LiveVoice::nextSaid()
{
    QList<qint16> said(samplesPerStep);
    if (isPlaying()) {
        const QList<qint16> part = m_fixture.mid(0, samplesPerStep);
        std::copy(part.begin(), part.end(), said.begin());
        m_fixture.remove(0, part.size());
        return said;
    }
    // What began to be said in this very step is heard from the next one on.
    if (m_toSay.isEmpty() || m_saidWordMs >= nowMs())
        return said;
    const QByteArray &pcm = m_speech->pcm();
    said = decodeAudio(QByteArrayView(pcm).sliced(2 * m_speechAt, 2 * samplesPerStep), AudioFormat::Pcm16);
    m_speechAt = (m_speechAt + samplesPerStep) % (pcm.size() / 2);
    for (; !m_toSay.isEmpty() && m_saidWordMs + wordMs <= nowMs(); m_saidWordMs += wordMs)
        transcribe({false, m_toSay.takeFirst(), m_saidWordMs, m_saidWordMs + wordMs});
    return said;
}

void LiveVoice::transcribe(const Transcript &transcript)
{
    const qint64 dueMs = transcript.endMs + transcriptDelayMs - nowMs();
    m_agenda.plan(std::max<qint64>(0, dueMs), Agenda::Subject::Transcription,
        [this, transcript] { m_listener.transcribed(transcript); });
}

} // namespace rr
