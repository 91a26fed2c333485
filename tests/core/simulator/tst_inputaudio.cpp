// SPDX-License-Identifier: MIT
#include "core/simulator/inputaudio.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestInputAudio : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsByTime()
    {
        InputAudio audio(2);
        audio.append("aabb"_ba);
        audio.append("ccddee"_ba);
        QCOMPARE(audio.between(0, 5), "aabbccddee"_ba);
        QCOMPARE(audio.between(1, 3), "bbcc"_ba);
        QCOMPARE(audio.between(3, 9), "ddee"_ba);
        QCOMPARE(audio.between(-1, 1), "aa"_ba);
        QCOMPARE(audio.between(3, 3), ""_ba);
        QCOMPARE(audio.last(2), "ddee"_ba);
        QCOMPARE(audio.last(9), "aabbccddee"_ba);
        QCOMPARE(audio.last(0), ""_ba);
    }

    void timesStayWhenTheFrontGoes()
    {
        InputAudio audio(2);
        audio.append("aabbccddee"_ba);
        audio.keepLast(9); // there are not so many
        QCOMPARE(audio.between(0, 1), "aa"_ba);
        audio.keepLast(2);
        QCOMPARE(audio.between(3, 5), "ddee"_ba);
        QCOMPARE(audio.between(0, 4), "dd"_ba);
        QCOMPARE(audio.between(0, 3), ""_ba);
        audio.append("ff"_ba);
        QCOMPARE(audio.between(4, 6), "eeff"_ba);
    }

    void isBounded()
    {
        InputAudio audio(1);
        audio.append(QByteArray(InputAudio::mostBytes, 'a'));
        audio.append("b"_ba);
        QCOMPARE(audio.last(InputAudio::mostBytes + 1).size(), InputAudio::mostBytes);
        QCOMPARE(audio.between(InputAudio::mostBytes, InputAudio::mostBytes + 1), "b"_ba);
        QCOMPARE(audio.between(0, 1), ""_ba);
    }
};

RELAY_TEST(TestInputAudio)
#include "tst_inputaudio.moc"
