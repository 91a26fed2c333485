// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/agenda.h"
#include "core/simulator/speech.h"
#include "core/simulator/vad.h"

#include <QStringList>

#include <memory>

namespace rr {

/// The model of a Live session: hears, and speaks while it goes on hearing. It has no clock but the audio it is given:
/// for every 100 ms it hears it says 100 ms, of silence where it has nothing to say. Times are milliseconds since the
/// first sample.
class LiveVoice
{
public:
    static constexpr int stepMs = 100;
    static constexpr int rate = 24000; ///< samples a second of what it says
    static constexpr int quietMs = 400; ///< after which a caller has finished
    static constexpr int transcriptDelayMs = 600;

    struct Transcript
    {
        bool ofCaller = false; ///< else of what the model says
        QString text;
        qint64 startMs = 0, endMs = 0; ///< of the sound
    };
    /// Whom it tells what it does. None of these may destroy it.
    struct Listener
    {
        /// 100 ms were heard, at the caller's rate, and 100 ms said; nowMs() is their end.
        std::function<void(const QList<qint16> &heard, const QList<qint16> &said)> stepped;
        std::function<void(const Transcript &)> transcribed; ///< late
        std::function<void(const QString &text, qint64 lengthMs)> turnHeard; ///< the caller is quiet again
        std::function<void()> fixturePlayed;
    };

    LiveVoice(std::shared_ptr<const Speech> speech, int callerRate, Listener listener);

    /// Any number of samples at the caller's rate; what is no whole step waits for more.
    void hear(const QList<qint16> &samples);
    /// Speaks these words, behind those it is speaking. A caller who begins to speak stops it, unless it is not interruptible.
    void say(const QString &text);
    void setInterruptible(bool interruptible) { m_interruptible = interruptible; }
    void setMuted(bool muted) { m_muted = muted; } ///< hears silence from now on
    /// Plays this instead of speaking, at `rate`; what comes in meanwhile is dropped.
    void play(const QList<qint16> &fixture);
    bool isPlaying() const { return !m_fixture.isEmpty(); }
    bool isIdle() const; ///< hears no speech, and has nothing more to say or to tell

    qint64 nowMs() const { return m_agenda.nowMs(); }
    Agenda &agenda() { return m_agenda; } ///< runs with the audio

private:
    void step(const QList<qint16> &heard);
    void hearWords(qint64 untilMs);
    void hearRest(qint64 endMs);
    QList<qint16> nextSaid();
    void transcribe(const Transcript &transcript);

    std::shared_ptr<const Speech> m_speech;
    int m_callerRate;
    Listener m_listener;
    Agenda m_agenda;
    Vad m_vad;
    QList<qint16> m_pending; ///< less than a step
    bool m_interruptible = true;
    bool m_muted = false;
    QList<qint16> m_fixture; ///< what is left of it
    int m_turns = 0;
    QStringList m_heardWords; ///< of the turn going on, not told yet
    QString m_turnText;
    qint64 m_turnStartMs = 0, m_heardWordMs = 0;
    QStringList m_toSay;
    qint64 m_saidWordMs = 0; ///< when the first of m_toSay begins
    qsizetype m_speechAt = 0; ///< sample of m_speech that is next
};

} // namespace rr
