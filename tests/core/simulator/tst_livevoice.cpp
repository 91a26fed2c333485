// SPDX-License-Identifier: MIT
#include "core/simulator/livevoice.h"
#include "tests/core/simulator/livecaller.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

namespace {

bool isSilent(const QList<qint16> &samples)
{
    return std::all_of(samples.begin(), samples.end(), [](qint16 sample) { return sample == 0; });
}

/// A voice, and what it has told.
struct Voice
{
    explicit Voice(int rate = 24000)
        : voice(liveSpeech(), rate,
            {[this](const auto &heardNow, const auto &saidNow) {
                 heard.append(heardNow);
                 said.append(saidNow);
             },
                [this](const auto &transcript) {
                    transcripts.append(transcript);
                    toldAtMs.append(voice.nowMs());
                },
                [this](const QString &text, qint64 lengthMs) {
                    turns.append(text);
                    turnEndMs = voice.nowMs();
                    turnLengthMs = lengthMs;
                },
                [this] { fixturePlayedMs = voice.nowMs(); }})
    {
    }

    QString text(bool ofCaller) const
    {
        QString all;
        for (const auto &transcript : transcripts) {
            if (transcript.ofCaller == ofCaller)
                all += transcript.text;
        }
        return all;
    }

    LiveVoice voice;
    QList<QList<qint16>> heard, said;
    QList<LiveVoice::Transcript> transcripts;
    QList<qint64> toldAtMs;
    QStringList turns;
    qint64 turnEndMs = -1, turnLengthMs = -1, fixturePlayedMs = -1;
};

} // namespace

class TestLiveVoice : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goesByTheAudio_data()
    {
        QTest::addColumn<int>("rate");
        for (const int rate : {8000, 16000, 24000})
            QTest::addRow("%d", rate) << rate;
    }

    /// 100 ms for every 100 ms, whole steps only, however it is cut.
    void goesByTheAudio()
    {
        QFETCH(int, rate);
        Voice caller(rate);
        QCOMPARE(caller.voice.nowMs(), 0);
        for (int i = 0; i < 16; ++i)
            caller.voice.hear(sound(20, false, rate));
        QCOMPARE(caller.said.size(), 3);
        QCOMPARE(caller.said[0], QList<qint16>(2400));
        QCOMPARE(caller.heard[0].size(), rate / 10);
        QCOMPARE(caller.voice.nowMs(), 300);
        caller.voice.hear(sound(280, false, rate));
        QCOMPARE(caller.voice.nowMs(), 600);
    }

    void hearsATurn()
    {
        Voice caller;
        caller.voice.hear(sound(500, false));
        caller.voice.hear(sound(3000, true));
        QVERIFY(caller.turns.isEmpty());
        caller.voice.hear(sound(300, false));
        QVERIFY(caller.turns.isEmpty()); // might be a pause
        caller.voice.hear(sound(300, false));
        QCOMPARE(caller.turns.size(), 1);
        QCOMPARE(caller.turnEndMs, 3900); // 400 ms of quiet
        QCOMPARE(caller.turnLengthMs, 3000);
        caller.voice.hear(sound(1000, false));
        QCOMPARE(caller.text(true), caller.turns[0]);
        qint64 lastEndMs = 500;
        for (qsizetype i = 0; i < caller.transcripts.size(); ++i) {
            const LiveVoice::Transcript &transcript = caller.transcripts[i];
            QVERIFY(transcript.startMs >= lastEndMs && transcript.endMs > transcript.startMs);
            lastEndMs = transcript.endMs;
            const qint64 late = caller.toldAtMs[i] - transcript.endMs;
            QVERIFY2(late >= 600 && late < 700, qPrintable(QString::number(late)));
        }
        QVERIFY(lastEndMs <= 3500);
    }

    /// Of a short turn nothing is lost.
    void hearsShortTurns()
    {
        Voice caller;
        caller.voice.hear(sound(200, true));
        caller.voice.hear(sound(1500, false));
        QCOMPARE(caller.text(true), caller.turns.value(0));
        QCOMPARE(caller.transcripts.last().endMs, 200);
    }

    void speaks()
    {
        Voice caller;
        caller.voice.hear(sound(1000, false));
        caller.voice.say(u"One two three."_s); // four words, of 260 ms each
        QVERIFY(!caller.voice.isIdle());
        caller.voice.hear(sound(3000, false));
        QVERIFY(caller.voice.isIdle());
        QCOMPARE(caller.said.size(), 40);
        for (int step = 0; step < 40; ++step)
            QCOMPARE(isSilent(caller.said[step]), step < 10 || step > 20);
        QCOMPARE(caller.text(false), u"One two three."_s);
        QCOMPARE(caller.transcripts[0].startMs, 1000);
        QCOMPARE(caller.transcripts[3].endMs, 1000 + 4 * 260);
        QVERIFY(caller.toldAtMs[0] >= 1860 && caller.toldAtMs[0] < 1960);
    }

    void isInterrupted_data()
    {
        QTest::addColumn<bool>("interruptible");
        QTest::newRow("stops") << true;
        QTest::newRow("goes on") << false;
    }

    void isInterrupted()
    {
        QFETCH(bool, interruptible);
        Voice caller;
        caller.voice.setInterruptible(interruptible);
        caller.voice.say(u"One two three four five six seven eight."_s);
        caller.voice.hear(sound(500, false));
        caller.voice.hear(sound(2000, true));
        caller.voice.hear(sound(2000, false));
        QCOMPARE(caller.text(false).endsWith(u"eight."_s), !interruptible);
        QCOMPARE(isSilent(caller.said[8]), interruptible);
    }

    void isMuted()
    {
        Voice caller;
        caller.voice.setMuted(true);
        caller.voice.hear(sound(1000, true));
        caller.voice.hear(sound(1000, false));
        QVERIFY(caller.turns.isEmpty());
        QCOMPARE(caller.heard[0], sound(100, true)); // it reflects what it does not hear
        caller.voice.setMuted(false);
        caller.voice.hear(sound(1000, true));
        caller.voice.hear(sound(500, false));
        QCOMPARE(caller.turns.size(), 1);
    }

    void playsAFixture()
    {
        Voice caller;
        caller.voice.say(u"Nobody hears this."_s);
        const QList<qint16> fixture = sound(250, true);
        caller.voice.play(fixture);
        QVERIFY(caller.voice.isPlaying());
        caller.voice.hear(sound(1500, true));
        QVERIFY(!caller.voice.isPlaying());
        QCOMPARE(caller.said[0] + caller.said[1] + caller.said[2].mid(0, 1200), fixture);
        QVERIFY(isSilent(caller.said[3]));
        QCOMPARE(caller.fixturePlayedMs, 300);
        QVERIFY(caller.heard[2].isEmpty()); // dropped
        QCOMPARE(caller.heard[3].size(), 2400);
        QCOMPARE(caller.text(false), QString());
    }
};

RELAY_TEST(TestLiveVoice)
#include "tst_livevoice.moc"
