// SPDX-License-Identifier: MIT
#include "tests/core/simulator/livecaller.h"
#include "tests/core/simulator/testserver.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

namespace {

LiveCall::Options throughDoor(LiveDoor door, const LiveCaller &primary)
{
    LiveCall::Options options = liveOptions();
    options.door = door;
    options.sessionId = primary.sessionId();
    options.seed = 2;
    return options;
}

/// Types of what a caller was told, without audio.
QStringList wordsTo(const LiveCaller &caller)
{
    QStringList types;
    for (const QJsonObject &event : caller.heard.events) {
        const QString type = event[u"type"_s].toString();
        if (!type.endsWith("audio.delta"_L1) && !type.endsWith("audio.append"_L1))
            types.append(type);
    }
    return types;
}

} // namespace

/// Connections, and how they begin and end.
class TestLiveCall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void startsASession()
    {
        LiveCaller caller;
        QVERIFY(caller.heard.events.isEmpty());
        caller.send(R"({"type":"session.input_audio.append","audio":"AAAA","event_id":"soon"})");
        QCOMPARE(caller.heard.error()[u"code"_s].toString(), u"session_not_started"_s);
        QCOMPARE(caller.heard.error()[u"client_event_id"_s].toString(), u"soon"_s);
        caller.send(R"({"type":"session.start","session":{"model":"gpt-live-1","voice":"marin"}})");
        QCOMPARE(caller.heard.error()[u"code"_s].toString(), u"unknown_parameter"_s);
        QCOMPARE(caller.heard.error()[u"param"_s].toString(), u"session.voice"_s);
        caller.send("no JSON");
        QCOMPARE(caller.heard.error()[u"code"_s].toString(), u"invalid_json"_s);
        caller.send(R"({"type":"session.start","event_id":"s","session":{"model":"gpt-live-1.1"}})");
        const QJsonObject started = caller.heard.events.last();
        QCOMPARE(started[u"type"_s].toString(), u"session.started"_s);
        QCOMPARE(started[u"client_event_id"_s].toString(), u"s"_s);
        QCOMPARE(started[u"session"_s][u"model"_s].toString(), u"gpt-live-1.1"_s);
        QCOMPARE(started[u"session"_s][u"expires_at"_s].toInteger(), 1785217650);
        QVERIFY(caller.sessionId().startsWith(u"live_"_s));
        caller.open();
        QCOMPARE(caller.heard.error()[u"code"_s].toString(), u"session_already_started"_s);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void wantsItsModels_data()
    {
        QTest::addColumn<QString>("served");
        QTest::addColumn<QString>("model");
        QTest::addColumn<bool>("good");
        QTest::newRow("Live's") << QString() << u"gpt-live-1.1"_s << true;
        QTest::newRow("Realtime's") << QString() << u"gpt-realtime"_s << false;
        QTest::newRow("any") << u"any"_s << u"my-deployment"_s << true;
    }

    void wantsItsModels()
    {
        QFETCH(QString, served);
        QFETCH(QString, model);
        QFETCH(bool, good);
        LiveCall::Options options = liveOptions();
        if (!served.isEmpty())
            options.models = Models(served);
        LiveCaller caller(options);
        caller.send(
            QJsonObject{{u"type"_s, u"session.start"_s}, {u"session"_s, QJsonObject{{u"model"_s, model}}}});
        QCOMPARE(caller.heard.count(u"session.started"_s), good ? 1 : 0);
        QCOMPARE(caller.heard.error()[u"param"_s].toString(), good ? QString() : u"session.model"_s);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void hangsUp_data()
    {
        QTest::addColumn<bool>("graceful");
        QTest::newRow("cut") << false;
        QTest::newRow("graceful") << true;
    }

    void hangsUp()
    {
        QFETCH(bool, graceful);
        LiveCall::Options options = liveOptions();
        options.gracefulClose = graceful;
        LiveCaller caller(options);
        caller.open();
        caller.send(R"({"type":"session.close"})");
        QCOMPARE(caller.heard.silent, !graceful);
        QCOMPARE(caller.call->nextInMs(), 2000);
        QCOMPARE(caller.heard.finishedWith, -1);
        caller.run();
        QCOMPARE(caller.heard.finishedWith, graceful ? 1000 : 0);
    }

    void expires()
    {
        LiveCaller caller;
        QVERIFY(!caller.call->expire()); // no session: the connection ends as any other
        caller.open();
        QVERIFY(caller.call->expire());
        QCOMPARE(caller.heard.events.last()[u"reason"_s].toString(), u"expired"_s);
        QCOMPARE(caller.call->nextInMs(), 2000);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void hasASideband()
    {
        LiveCaller primary;
        primary.open({{u"audio"_s,
            QJsonObject{{u"format"_s, QJsonObject{{u"type"_s, u"audio/pcmu"_s}, {u"rate"_s, 8000}}}}}});
        LiveCaller sideband(throughDoor(LiveDoor::Sideband, primary), primary.sessions);
        QVERIFY(sideband.heard.events.isEmpty());
        primary.append(encodeAudio(sound(1000, true, 8000), AudioFormat::MuLaw));
        primary.append(encodeAudio(sound(1000, false, 8000), AudioFormat::MuLaw));
        QCOMPARE(wordsTo(sideband), wordsTo(primary).mid(1)); // all but session.started
        QVERIFY(wordsTo(sideband).contains(u"session.input_transcript.delta"_s));

        // Both directions, PCM16 at 24 kHz whatever the session's format is.
        const QList<QJsonObject> inputs = sideband.heard.ofType(u"session.input_audio.append"_s);
        const QList<QJsonObject> outputs = sideband.heard.ofType(u"session.output_audio.delta"_s);
        QCOMPARE(inputs.size(), 20);
        QCOMPARE(outputs.size(), 20);
        for (qsizetype i = 0; i < 20; ++i) {
            QCOMPARE(QByteArray::fromBase64(inputs[i][u"audio"_s].toString().toLatin1()).size(), 4800);
            QCOMPARE(QByteArray::fromBase64(outputs[i][u"delta"_s].toString().toLatin1()).size(), 4800);
            QCOMPARE(outputs[i][u"start_ms"_s].toInt(), i * 100);
            QCOMPARE(outputs[i][u"end_ms"_s].toInt(), i * 100 + 100);
        }
        QVERIFY(!primary.heard.last(u"session.output_audio.delta"_s).contains(u"start_ms"_s));
        QCOMPARE(primary.heard.count(u"session.input_audio.append"_s), 0);

        sideband.send(R"({"type":"session.input_audio.mute","event_id":"m"})");
        QCOMPARE(primary.heard.count(u"session.input_audio.muted"_s), 1);
        QCOMPARE(sideband.heard.count(u"session.input_audio.muted"_s), 1);
        sideband.send(R"({"type":"session.start","session":{}})");
        QCOMPARE(sideband.heard.count(u"error"_s), 1);
        QCOMPARE(primary.heard.count(u"error"_s), 0); // who was wrong is told alone
        QVERIFY(sideband.call->expire()); // nothing of its own
        QCOMPARE(sideband.heard.count(u"session.closed"_s), 0);
        sideband.send(R"({"type":"session.close"})");
        for (LiveCaller *caller : {&primary, &sideband}) {
            QCOMPARE(caller->heard.events.last()[u"reason"_s].toString(), u"close_requested"_s);
            QCOMPARE(caller->call->nextInMs(), 2000);
            QCOMPARE(caller->heard.problems, QStringList());
        }
    }

    void losesItsPrimary()
    {
        LiveCaller primary;
        primary.open();
        LiveCaller sideband(throughDoor(LiveDoor::Sideband, primary), primary.sessions);
        primary.call.reset();
        QCOMPARE(sideband.heard.events.last()[u"reason"_s].toString(), u"connection_lost"_s);
        QCOMPARE(sideband.heard.problems, QStringList());
        sideband.send(R"({"type":"session.close"})"); // is passed over
        sideband.run();
        QCOMPARE(sideband.heard.finishedWith, 0);
        LiveCaller late(throughDoor(LiveDoor::Sideband, primary), primary.sessions);
        QCOMPARE(late.call->nextInMs(), 0);
    }

    void isForked()
    {
        LiveCaller primary;
        primary.open({{u"store"_s, true}, {u"instructions"_s, u"Be brief."_s}});
        const SurfacePath path{Surface::LiveFork, primary.sessionId().toLatin1()};
        QVERIFY(!primary.sessions->has(path)); // it goes on
        primary.talk(1000);
        primary.send(R"({"type":"session.close"})");
        QVERIFY(primary.sessions->has(path));

        LiveCaller fork(throughDoor(LiveDoor::Fork, primary), primary.sessions);
        fork.send(
            R"({"type":"session.start","session":{"delegation":{"type":"responses","responses":{"model":"m"}}}})");
        QCOMPARE(fork.heard.error()[u"param"_s].toString(), u"session.delegation.type"_s);
        fork.send(R"({"type":"session.start","session":{}})");
        const QJsonValue session = fork.heard.last(u"session.started"_s)[u"session"_s];
        QCOMPARE(session[u"instructions"_s].toString(), u"Be brief."_s);
        QVERIFY(fork.sessionId() != primary.sessionId());
        fork.quiet(100);
        QCOMPARE(fork.heard.count(u"session.output_audio.delta"_s), 1);
        QCOMPARE(fork.heard.problems, QStringList());
    }

    void storesWhatIsToBeStored()
    {
        LiveCaller primary;
        primary.open();
        primary.quiet(1000);
        const QString id = primary.sessionId();
        QCOMPARE(primary.sessions->running(id)->settings().id(), id);
        primary.send(R"({"type":"session.close"})");
        QVERIFY(!primary.sessions->running(id));
        QVERIFY(!primary.sessions->stored(id));

        for (int i = 0; i < 9; ++i) {
            LiveCall::Options options = liveOptions();
            options.seed = quint64(10 + i);
            LiveCaller stored(options, primary.sessions);
            stored.open({{u"store"_s, true}});
            stored.talk(1000);
            stored.call.reset(); // however it ends
            QVERIFY(primary.sessions->stored(stored.sessionId()));
            QCOMPARE(primary.sessions->stored(stored.sessionId())->recording.size(), 44 + 24000 * 4);
            if (i == 0)
                primary.heard.events.append(stored.heard.events); // for its id
        }
        QVERIFY(!primary.sessions->stored(primary.sessionId())); // the oldest one has gone
    }

    /// Over the wire: nothing is answered behind session.closed, then the connection is cut, or closed with 1000.
    void endsTheConnection_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<int>("closeCode");
        QTest::newRow("cut") << ""_ba << -1;
        QTest::newRow("a fault") << "?simulate=graceful-close"_ba << 1000;
        QTest::newRow("asked for") << "?graceful_close=true"_ba << 1000;
    }

    void endsTheConnection()
    {
        QFETCH(QByteArray, query);
        QFETCH(int, closeCode);
        SimulatorSettings settings;
        Server server(settings);
        RawClient client(server.serverPort());
        client.ask("/v1/live/sessions" + query);
        client.sendText(R"({"type":"session.start","session":{"model":"gpt-live-1"}})");
        QTRY_COMPARE(lastType(client), u"session.started"_s);
        client.sendText(R"({"type":"session.close"})");
        if (closeCode < 0)
            client.send(8, QByteArray::fromHex("03e8"));
        QTRY_VERIFY(client.isGone() || client.closeCode() >= 0);
        QCOMPARE(lastType(client), u"session.closed"_s);
        QCOMPARE(client.closeCode(), closeCode);
    }

    void expiresOverTheWire()
    {
        Server server;
        RawClient client(server.serverPort());
        client.ask("/v1/live/sessions?simulate=close-after:1");
        client.sendText(R"({"type":"session.start","session":{"model":"gpt-live-1"}})");
        QTRY_VERIFY(client.isGone());
        QCOMPARE(lastType(client), u"session.closed"_s);
        QCOMPARE(client.closeCode(), -1);
    }
};

RELAY_TEST(TestLiveCall)
#include "tst_livecall.moc"
