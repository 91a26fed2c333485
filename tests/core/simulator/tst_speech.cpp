// SPDX-License-Identifier: MIT
#include "core/simulator/speech.h"
#include "core/simulator/vad.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <algorithm>

using namespace rr;

class TestSpeech : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isTheSameEveryTime() { QCOMPARE(Speech().pcm(), Speech().pcm()); }

    void chunksAreAQuarterOfASecond_data()
    {
        QTest::addColumn<AudioFormat>("format");
        QTest::addColumn<qsizetype>("bytes");
        QTest::newRow("PCM16") << AudioFormat::Pcm16 << qsizetype(12000);
        QTest::newRow("mu-law") << AudioFormat::MuLaw << qsizetype(2000);
        QTest::newRow("A-law") << AudioFormat::ALaw << qsizetype(2000);
    }

    void chunksAreAQuarterOfASecond()
    {
        QFETCH(AudioFormat, format);
        QFETCH(qsizetype, bytes);
        const Speech speech;
        QByteArray all;
        for (int i = 0; i < Speech::chunkCount; ++i)
            all += QByteArray::fromBase64(speech.chunk(format, i));
        QCOMPARE(all.size(), bytes * Speech::chunkCount);
        QCOMPARE(speech.chunk(format, Speech::chunkCount + 1), speech.chunk(format, 1));
        if (format == AudioFormat::Pcm16)
            QCOMPARE(all, speech.pcm());
    }

    void isLoudButNotClipped()
    {
        const QList<qint16> samples = decodeAudio(Speech().pcm(), AudioFormat::Pcm16);
        const auto [lowest, highest] = std::minmax_element(samples.begin(), samples.end());
        QVERIFY(std::max(-int(*lowest), int(*highest)) > 20000);
        QVERIFY(*lowest > -32768 && *highest < 32767);
    }

    /// Half a second of silence ends it; before that there is no pause a turn could end with.
    void isHeardAsOneTurn_data()
    {
        QTest::addColumn<AudioFormat>("format");
        QTest::newRow("PCM16") << AudioFormat::Pcm16;
        QTest::newRow("mu-law") << AudioFormat::MuLaw;
        QTest::newRow("A-law") << AudioFormat::ALaw;
    }

    void isHeardAsOneTurn()
    {
        QFETCH(AudioFormat, format);
        const Speech speech;
        Vad vad(sampleRate(format));
        std::vector<Vad::Change> changes;
        for (int i = 0; i < Speech::chunkCount; ++i) {
            const auto raw = QByteArray::fromBase64(speech.chunk(format, i));
            for (const Vad::Change &change : vad.feed(decodeAudio(raw, format)))
                changes.push_back(change);
        }
        QCOMPARE(changes.size(), size_t(2));
        QVERIFY(changes[0].speaking);
        QCOMPARE(changes[0].atMs, 0);
        QVERIFY(!changes[1].speaking);
        QVERIFY(changes[1].atMs >= 3500 && changes[1].atMs < 4000);
    }

    void first()
    {
        const Speech speech;
        QCOMPARE(speech.first(AudioFormat::Pcm16, 0), QByteArray());
        QCOMPARE(speech.first(AudioFormat::Pcm16, 300), speech.pcm().first(14400));
        QCOMPARE(speech.first(AudioFormat::Pcm16, 4250), speech.pcm() + speech.pcm().first(12000)); // round
        QCOMPARE(
            speech.first(AudioFormat::ALaw, 250), QByteArray::fromBase64(speech.chunk(AudioFormat::ALaw, 0)));
    }
};

RELAY_TEST(TestSpeech)
#include "tst_speech.moc"
