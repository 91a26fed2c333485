// SPDX-License-Identifier: MIT
#include "tests/core/simulator/livecaller.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

namespace {

LiveCall::Options withFault(const QString &fault)
{
    LiveCall::Options options = liveOptions();
    if (const auto wrong = options.faults.add(fault))
        qFatal("%s", qPrintable(*wrong));
    return options;
}

QByteArray outputOf(const QJsonObject &event)
{
    return QByteArray::fromBase64(event[u"delta"_s].toString().toLatin1());
}

const QString audioDelta = u"session.output_audio.delta"_s;
const QString usageUpdated = u"session.usage.updated"_s;

} // namespace

/// What a session does, as the client at its primary connection sees it.
class TestLiveSession : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void holdsATurn()
    {
        LiveCaller caller;
        caller.open();
        QCOMPARE(caller.heard.events.size(), 1);
        caller.quiet(500);
        caller.talk(1000);
        caller.quiet(1500);
        QCOMPARE(caller.heard.count(audioDelta), 30);
        QVERIFY(!caller.heard.joined(u"session.input_transcript.delta"_s).isEmpty());
        caller.quiet(9000);
        QCOMPARE(caller.heard.count(audioDelta), 120);
        QVERIFY(caller.heard.joined(u"session.output_transcript.delta"_s)
                    .startsWith(u"I heard you for 1.0 seconds"_s));
        int loud = 0;
        for (qsizetype i = 0; i < 120; ++i) {
            const QByteArray output = outputOf(caller.heard.ofType(audioDelta)[i]);
            QCOMPARE(output.size(), 4800);
            const bool silent = output == QByteArray(4800, '\0');
            QVERIFY(silent || i >= 19); // not before the caller was quiet for 400 ms
            loud += silent ? 0 : 1;
        }
        QVERIFY(loud > 40);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void speaksTheFormat_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<int>("rate");
        QTest::addColumn<AudioFormat>("coding");
        QTest::addColumn<QByteArray>("silence"); // 100 ms
        QTest::newRow("24 kHz") << u"audio/pcm"_s << 24000 << AudioFormat::Pcm16 << QByteArray(4800, '\0');
        QTest::newRow("16 kHz") << u"audio/pcm"_s << 16000 << AudioFormat::Pcm16 << QByteArray(3200, '\0');
        QTest::newRow("mu-law") << u"audio/pcmu"_s << 8000 << AudioFormat::MuLaw << QByteArray(800, '\xff');
        QTest::newRow("A-law") << u"audio/pcma"_s << 8000 << AudioFormat::ALaw << QByteArray(800, '\xd5');
    }

    void speaksTheFormat()
    {
        QFETCH(QString, type);
        QFETCH(int, rate);
        QFETCH(AudioFormat, coding);
        QFETCH(QByteArray, silence);
        LiveCaller caller;
        caller.open(
            {{u"audio"_s, QJsonObject{{u"format"_s, QJsonObject{{u"type"_s, type}, {u"rate"_s, rate}}}}}});
        caller.append(encodeAudio(sound(1000, true, rate), coding));
        caller.append(encodeAudio(sound(1000, false, rate), coding));
        const QList<QJsonObject> deltas = caller.heard.ofType(audioDelta);
        QCOMPARE(deltas.size(), 20);
        QCOMPARE(outputOf(deltas[0]), silence);
        QCOMPARE(outputOf(deltas[19]).size(), silence.size());
        QVERIFY(outputOf(deltas[19]) != silence);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void refusesAudio_data()
    {
        QTest::addColumn<QString>("base64");
        QTest::newRow("odd") << u"AAEC"_s;
        QTest::newRow("empty") << u""_s;
        QTest::newRow("not base64") << u"so, no"_s;
    }

    void refusesAudio()
    {
        QFETCH(QString, base64);
        LiveCaller caller;
        caller.open();
        caller.send(QJsonObject{
            {u"type"_s, u"session.input_audio.append"_s}, {u"event_id"_s, u"mine"_s}, {u"audio"_s, base64}});
        QCOMPARE(caller.heard.error()[u"code"_s].toString(), u"invalid_audio"_s);
        QCOMPARE(caller.heard.error()[u"param"_s].toString(), u"audio"_s);
        QCOMPARE(caller.heard.error()[u"client_event_id"_s].toString(), u"mine"_s);
        caller.quiet(100); // it goes on
        QCOMPARE(caller.heard.count(audioDelta), 1);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void tellsUsage_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<int>("seconds");
        QTest::newRow("every 15 s") << u"delay:1"_s << 15;
        QTest::newRow("as it is set") << u"usage:3"_s << 3;
    }

    void tellsUsage()
    {
        QFETCH(QString, fault);
        QFETCH(int, seconds);
        LiveCaller caller(withFault(fault));
        caller.open();
        caller.quiet(seconds * 1000 - 100);
        QCOMPARE(caller.heard.count(usageUpdated), 0);
        caller.quiet(seconds * 1000 + 100);
        const QList<QJsonObject> told = caller.heard.ofType(usageUpdated);
        QCOMPARE(told.size(), 2);
        QCOMPARE(told[0][u"usage"_s][u"seconds"_s].toDouble(), seconds);
        QCOMPARE(told[1][u"usage"_s][u"seconds"_s].toDouble(), 2 * seconds);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void isMuted()
    {
        LiveCaller caller;
        caller.open();
        caller.send(R"({"type":"session.input_audio.mute","event_id":"m"})");
        QCOMPARE(caller.heard.last(u"session.input_audio.muted"_s)[u"client_event_id"_s].toString(), u"m"_s);
        caller.talk(1000);
        caller.quiet(1500);
        QCOMPARE(caller.heard.count(u"session.input_transcript.delta"_s), 0);
        caller.send(R"({"type":"session.input_audio.unmute"})");
        QCOMPARE(caller.heard.count(u"session.input_audio.unmuted"_s), 1);
        caller.talk(1000);
        caller.quiet(1500);
        QVERIFY(caller.heard.count(u"session.input_transcript.delta"_s) > 0);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void takesContext()
    {
        LiveCaller caller;
        caller.open();
        caller.quiet(300);
        for (const QString &kind : {u"instructions"_s, u"thinking"_s, u"commentary"_s}) {
            caller.send(QJsonObject{{u"type"_s, u"session.%1.append"_s.arg(kind)}, {u"event_id"_s, kind},
                {u"content"_s, u"Dinner at %1."_s.arg(kind)}, {u"delegation_id"_s, QJsonValue::Null}});
            const QJsonObject told = caller.heard.last(u"session.%1.appended"_s.arg(kind));
            QCOMPARE(told[u"start_ms"_s].toInt(), 300);
            QCOMPARE(told[u"client_event_id"_s].toString(), kind);
        }
        caller.quiet(3000);
        QCOMPARE(caller.heard.joined(u"session.output_transcript.delta"_s),
            u"Dinner at commentary."_s); // the only one to be spoken
        caller.send(R"({"type":"session.thinking.append","content":"x","delegation_id":"dlg_none"})");
        QCOMPARE(caller.heard.error()[u"param"_s].toString(), u"delegation_id"_s);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void playsFixtures()
    {
        LiveCaller caller;
        caller.open({{u"audio"_s,
            QJsonObject{{u"format"_s, QJsonObject{{u"type"_s, u"audio/pcm"_s}, {u"rate"_s, 16000}}}}}});
        const auto play = [&](const QByteArray &raw) {
            caller.send(QJsonObject{{u"type"_s, u"session.output_audio.fixture.play"_s},
                {u"event_id"_s, u"f"_s}, {u"audio"_s, QString::fromLatin1(raw.toBase64())}});
        };
        const QByteArray half = encodeAudio(sound(500, true), AudioFormat::Pcm16);
        play(half);
        QCOMPARE(
            caller.heard.last(u"session.output_audio.fixture.playing"_s)[u"client_event_id"_s].toString(),
            u"f"_s);
        play(half);
        QCOMPARE(caller.heard.error()[u"code"_s].toString(), u"fixture_already_active"_s);
        caller.send(R"({"type":"session.commentary.append","content":"x","delegation_id":null})");
        QCOMPARE(caller.heard.count(u"error"_s), 2);
        caller.append(QByteArray(3200 * 5, '\0'));
        QCOMPARE(caller.heard.last(u"session.output_audio.fixture.played"_s)[u"client_event_id"_s].toString(),
            u"f"_s);
        QVERIFY(outputOf(caller.heard.ofType(audioDelta)[4]) != QByteArray(3200, '\0'));
        play(QByteArray(48000 * 30 + 2, '\0'));
        QCOMPARE(caller.heard.error()[u"code"_s].toString(), u"invalid_audio"_s);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void updates()
    {
        LiveCaller caller;
        caller.open({{u"delegation"_s, QJsonObject{{u"type"_s, u"client"_s}}}});
        caller.send(
            R"({"type":"session.update","event_id":"u","session":{"delegation":{"type":"client","acknowledgement_delay_ms":700}}})");
        const QJsonObject told = caller.heard.last(u"session.updated"_s);
        QCOMPARE(told[u"client_event_id"_s].toString(), u"u"_s);
        QCOMPARE(told[u"session"_s][u"delegation"_s][u"acknowledgement_delay_ms"_s].toInt(), 700);
        caller.send(R"({"type":"session.update","session":{"delegation":null}})");
        QCOMPARE(caller.heard.count(u"error"_s), 1);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void isClosed()
    {
        LiveCaller caller;
        caller.open({{u"instructions"_s, u"Be brief."_s}});
        caller.quiet(1200);
        caller.send(R"({"type":"session.close","event_id":"bye"})");
        const QJsonObject told = caller.heard.events.last();
        QCOMPARE(told[u"type"_s].toString(), u"session.closed"_s);
        QCOMPARE(told[u"reason"_s].toString(), u"close_requested"_s);
        QCOMPARE(told[u"client_event_id"_s].toString(), u"bye"_s);
        QCOMPARE(told[u"usage"_s][u"seconds"_s].toDouble(), 1.2);
        QCOMPARE(told[u"session"_s][u"instructions"_s].toString(), u"Be brief."_s);
        const qsizetype before = caller.heard.events.size();
        caller.quiet(1000);
        caller.send(R"({"type":"session.close"})");
        QCOMPARE(caller.heard.events.size(), before);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void isEndedByTheFilter()
    {
        LiveCaller caller(withFault(u"content:2"_s));
        caller.open();
        caller.quiet(1900);
        QCOMPARE(caller.heard.count(u"session.closed"_s), 0);
        caller.quiet(5000);
        QCOMPARE(caller.heard.events.last()[u"reason"_s].toString(), u"content"_s);
        QCOMPARE(caller.heard.events.last()[u"usage"_s][u"seconds"_s].toDouble(), 2);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void stalls()
    {
        LiveCall::Options options = withFault(u"stall:2"_s);
        QVERIFY(!options.faults.add(u"usage:1"_s));
        LiveCaller caller(options);
        caller.open();
        caller.quiet(2000);
        caller.talk(2000);
        caller.quiet(10000);
        const QList<QJsonObject> usage = caller.heard.ofType(usageUpdated);
        QCOMPARE(usage.size(), 14);
        QCOMPARE(usage[1][u"usage"_s][u"seconds"_s].toDouble(), 2);
        QCOMPARE(usage[13][u"usage"_s][u"seconds"_s].toDouble(), 2);
        QCOMPARE(caller.heard.count(audioDelta), 140);
        QCOMPARE(caller.heard.count(u"session.input_transcript.delta"_s), 0);
        caller.quiet(10000);
        QCOMPARE(caller.heard.count(audioDelta), 220);
        QCOMPARE(caller.heard.count(u"session.closed"_s), 0);
        caller.run();
        QCOMPARE(caller.heard.finishedWith, 0);
    }

    /// The caller to the left, the model to the right.
    void isRecorded()
    {
        LiveCaller caller;
        caller.open({{u"store"_s, true}});
        caller.talk(100);
        caller.send(R"({"type":"session.close"})");
        const LiveSessions::Stored *stored = caller.sessions->stored(caller.sessionId());
        QVERIFY(stored);
        const QList<qint16> frames
            = decodeAudio(QByteArrayView(stored->recording).sliced(44), AudioFormat::Pcm16);
        const QList<qint16> tone = sound(100, true);
        QCOMPARE(frames.size(), 2 * tone.size());
        for (qsizetype i = 0; i < tone.size(); ++i) {
            QCOMPARE(frames[2 * i], tone[i]);
            QCOMPARE(frames[2 * i + 1], qint16(0));
        }
    }

    void breaksWithoutAWord()
    {
        LiveCaller caller(withFault(u"no-closed"_s));
        caller.open();
        caller.send(R"({"type":"session.close"})");
        QCOMPARE(caller.heard.count(u"session.closed"_s), 0);
        QCOMPARE(caller.call->nextInMs(), 0);
        caller.run();
        QCOMPARE(caller.heard.finishedWith, 0);
    }
};

RELAY_TEST(TestLiveSession)
#include "tst_livesession.moc"
