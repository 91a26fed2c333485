// SPDX-License-Identifier: MIT
#include "core/simulator/vad.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

namespace {

/// A square wave of this height.
QList<qint16> tone(int ms, qint16 height, int samplesPerSecond = 24000)
{
    QList<qint16> samples(qsizetype(ms) * samplesPerSecond / 1000);
    for (qsizetype i = 0; i < samples.size(); ++i)
        samples[i] = (i / 50) % 2 ? height : qint16(-height);
    return samples;
}

using Times = QList<qint64>;

} // namespace

class TestVad : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// One second of silence, one of a tone, one of silence.
    void findsSpeech_data()
    {
        QTest::addColumn<int>("height");
        QTest::addColumn<double>("threshold");
        QTest::addColumn<int>("prefixMs");
        QTest::addColumn<int>("silenceMs");
        QTest::addColumn<Times>("times"); // start, end
        QTest::newRow("defaults") << 3000 << 0.5 << 300 << 200 << Times{700, 2200};
        QTest::newRow("no prefix") << 3000 << 0.5 << 0 << 200 << Times{1000, 2200};
        QTest::newRow("prefix longer than all before") << 3000 << 0.5 << 1500 << 200 << Times{0, 2200};
        QTest::newRow("long silence") << 3000 << 0.5 << 300 << 600 << Times{700, 2600};
        QTest::newRow("silence that does not come") << 3000 << 0.5 << 300 << 1200 << Times{700};
        QTest::newRow("room noise") << 100 << 0.5 << 300 << 200 << Times{};
        QTest::newRow("quiet voice") << 700 << 0.5 << 300 << 200 << Times{700, 2200};
        QTest::newRow("quiet voice, high threshold") << 700 << 0.9 << 300 << 200 << Times{};
        QTest::newRow("lowest threshold is not zero") << 10 << 0.0 << 300 << 200 << Times{};
    }

    void findsSpeech()
    {
        QFETCH(int, height);
        QFETCH(double, threshold);
        QFETCH(int, prefixMs);
        QFETCH(int, silenceMs);
        QFETCH(Times, times);
        // The same whatever pieces it comes in.
        for (const qsizetype piece : {qsizetype(72000), qsizetype(480), qsizetype(777)}) {
            Vad vad(24000, {threshold, prefixMs, silenceMs});
            const QList<qint16> audio = tone(1000, 0) + tone(1000, qint16(height)) + tone(1000, 0);
            Times found;
            for (qsizetype at = 0; at < audio.size(); at += piece) {
                for (const Vad::Change &change : vad.feed(audio.mid(at, piece))) {
                    QCOMPARE(change.speaking, found.size() % 2 == 0);
                    found.append(change.atMs);
                }
            }
            QCOMPARE(found, times);
        }
    }

    void aClickIsNotSpeech()
    {
        Vad vad(24000);
        QVERIFY(vad.feed(tone(40, 20000) + tone(500, 0)).empty());
    }

    void shortPausesDoNotEndSpeech()
    {
        Vad vad(24000);
        QCOMPARE(vad.feed(tone(500, 3000)).size(), size_t(1));
        QVERIFY(vad.feed(tone(180, 0) + tone(200, 3000) + tone(180, 0)).empty());
        QVERIFY(vad.isSpeaking());
    }

    void worksAtEightKilohertz()
    {
        Vad vad(8000);
        const auto changes = vad.feed(tone(1000, 3000, 8000) + tone(400, 0, 8000));
        QCOMPARE(changes.size(), size_t(2));
        QCOMPARE(changes[1].atMs, 1200);
    }

    void resetForgetsTheSpeechButNotTheTime()
    {
        Vad vad(24000, {0.5, 0, 200});
        QCOMPARE(vad.feed(tone(1000, 3000)).size(), size_t(1));
        vad.reset();
        QVERIFY(!vad.isSpeaking());
        const auto again = vad.feed(tone(100, 3000));
        QCOMPARE(again.size(), size_t(1));
        QCOMPARE(again[0].atMs, 1000);
    }
};

RELAY_TEST(TestVad)
#include "tst_vad.moc"
