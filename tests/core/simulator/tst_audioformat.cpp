// SPDX-License-Identifier: MIT
#include "core/simulator/audioformat.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <cstdlib>

using namespace rr;
using namespace Qt::StringLiterals;

class TestAudioFormat : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knowsTypes_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<AudioFormat>("format");
        QTest::newRow("pcm") << u"audio/pcm"_s << AudioFormat::Pcm16;
        QTest::newRow("mu-law") << u"audio/pcmu"_s << AudioFormat::MuLaw;
        QTest::newRow("A-law") << u"audio/pcma"_s << AudioFormat::ALaw;
    }

    void knowsTypes()
    {
        QFETCH(QString, type);
        QFETCH(AudioFormat, format);
        QCOMPARE(audioFormatFromType(type), format);
    }

    void lengths()
    {
        QCOMPARE(bytesPerMs(AudioFormat::Pcm16), 48);
        QCOMPARE(bytesPerMs(AudioFormat::MuLaw), 8);
        QCOMPARE(bytesPerMs(AudioFormat::ALaw), 8);
    }

    /// Values of ITU-T G.711, tables 1 and 2: silence, the loudest, one in between.
    void encodesG711_data()
    {
        QTest::addColumn<qint16>("sample");
        QTest::addColumn<int>("muLaw");
        QTest::addColumn<int>("aLaw");
        QTest::newRow("silence") << qint16(0) << 0xff << 0xd5;
        QTest::newRow("loudest") << qint16(32767) << 0x80 << 0xaa;
        QTest::newRow("lowest") << qint16(-32768) << 0x00 << 0x2a;
        QTest::newRow("1000") << qint16(1000) << 0xce << 0xfa;
        QTest::newRow("-1000") << qint16(-1000) << 0x4e << 0x7a;
    }

    void encodesG711()
    {
        QFETCH(qint16, sample);
        QFETCH(int, muLaw);
        QFETCH(int, aLaw);
        QCOMPARE(int(toMuLaw(sample)), muLaw);
        QCOMPARE(int(toALaw(sample)), aLaw);
    }

    /// A segment's step is at most a sixteenth of its values.
    void g711ComesBack()
    {
        for (int sample = -32000; sample <= 32000; sample += 37) {
            const int tolerance = std::abs(sample) / 16 + 16;
            QVERIFY(std::abs(fromMuLaw(toMuLaw(qint16(sample))) - sample) <= tolerance);
            QVERIFY(std::abs(fromALaw(toALaw(qint16(sample))) - sample) <= tolerance);
        }
    }

    void decodes()
    {
        QCOMPARE(
            decodeAudio(QByteArray::fromHex("0100ff7f00"), AudioFormat::Pcm16), (QList<qint16>{1, 32767}));
        QCOMPARE(decodeAudio(QByteArray(1, char(0xff)), AudioFormat::MuLaw), QList<qint16>{0});
        QCOMPARE(decodeAudio(QByteArray(1, char(0xd5)), AudioFormat::ALaw), QList<qint16>{8});
    }

    void encodes()
    {
        QCOMPARE(encodeAudio({1, 32767}, AudioFormat::Pcm16), QByteArray::fromHex("0100ff7f"));
        QCOMPARE(encodeAudio({0, 1000}, AudioFormat::MuLaw), QByteArray::fromHex("ffce"));
        QCOMPARE(encodeAudio({0, 1000}, AudioFormat::ALaw), QByteArray::fromHex("d5fa"));
    }

    void resamples()
    {
        const QList<qint16> samples{1, 2, 3, 4, 5, 6};
        QCOMPARE(resampled(samples, 24000, 24000), samples);
        QCOMPARE(resampled(samples, 24000, 8000), (QList<qint16>{1, 4}));
        QCOMPARE(resampled(samples, 24000, 16000), (QList<qint16>{1, 2, 4, 5}));
        QCOMPARE(resampled({1, 2}, 8000, 24000), (QList<qint16>{1, 1, 1, 2, 2, 2}));
    }
};

RELAY_TEST(TestAudioFormat)
#include "tst_audioformat.moc"
