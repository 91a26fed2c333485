// SPDX-License-Identifier: MIT
#include "core/simulator/liverecording.h"
#include "tests/support/relaytest.h"

#include <QTest>
#include <QtEndian>

using namespace rr;

class TestLiveRecording : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isAWavFile()
    {
        LiveRecording recording;
        recording.append({1, 2}, {3, 4, 5});
        const QByteArray wav = recording.wav();
        QCOMPARE(wav.size(), 44 + 12);
        QCOMPARE(wav.left(4), "RIFF");
        QCOMPARE(qFromLittleEndian<quint32>(wav.constData() + 4), quint32(wav.size() - 8));
        QCOMPARE(wav.mid(8, 8), "WAVEfmt ");
        QCOMPARE(qFromLittleEndian<quint16>(wav.constData() + 22), quint16(2)); // channels
        QCOMPARE(qFromLittleEndian<quint32>(wav.constData() + 24), quint32(24000));
        QCOMPARE(qFromLittleEndian<quint32>(wav.constData() + 40), quint32(12));
        QCOMPARE(wav.mid(44), QByteArray::fromHex("010003000200040000000500"));
    }

    void keepsAMinute()
    {
        LiveRecording recording;
        const QList<qint16> second(24000);
        for (int i = 0; i < 70; ++i)
            recording.append(second, second);
        QCOMPARE(recording.wav().size(), 44 + 60 * 24000 * 4);
    }
};

RELAY_TEST(TestLiveRecording)
#include "tst_liverecording.moc"
