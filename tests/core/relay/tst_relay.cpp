// SPDX-License-Identifier: MIT
#include <QTest>

#include "tests/core/relay/relayfixture.h"

#include <QSignalSpy>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class tst_Relay : public QObject
{
    Q_OBJECT

    /// That a call still carries messages both ways.
    static bool lives(RelayFixture &f, RawClient &client, int which = -1)
    {
        const auto before = client.messages().size();
        f.upstream.received.clear();
        client.sendText("up");
        f.upstreamSays(Opcode::Text, "down", which);
        return QTest::qWaitFor(
            [&] { return client.messages().size() > before && f.upstreamHeard().contains("1 up"); });
    }

private Q_SLOTS:
    void startsAndStops()
    {
        RelayFixture f;
        QSignalSpy states(&f.relay, &Relay::stateChanged);
        QSignalSpy stopped(&f.relay, &Relay::stopped);
        QCOMPARE(f.relay.state(), RelayState::Stopped);
        QCOMPARE(f.relay.port(), 0);
        f.relay.drain(); // nothing to stop
        f.relay.stopNow();
        for (int i = 1; i <= 3; ++i) {
            QVERIFY(f.start());
            QCOMPARE(f.relay.state(), RelayState::Running);
            const quint16 port = f.relay.port();
            QVERIFY(port > 0);
            const auto client = f.call();
            QVERIFY(lives(f, *client));
            f.relay.stopNow();
            QTRY_COMPARE(client->closeCode(), 1001);
            client->send(8, QByteArray::fromHex("03e9"));
            QTRY_COMPARE(stopped.size(), i);
            QCOMPARE(f.relay.state(), RelayState::Stopped);
            QCOMPARE(f.relay.port(), 0);
            QTRY_VERIFY(client->isGone());
            QTcpSocket late;
            late.connectToHost(QHostAddress::LocalHost, port);
            QTRY_COMPARE(late.error(), QAbstractSocket::ConnectionRefusedError);
        }
        QCOMPARE(states.size(), 3 * 3);
    }

    void failingStartChangesNothing()
    {
        RelayFixture f;
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        f.settings.port = other.serverPort();
        const auto error = f.relay.start(f.settings);
        QVERIFY(error);
        QCOMPARE(error->code, "port_in_use");
        QCOMPARE(f.relay.state(), RelayState::Stopped);
        f.settings.port = 0;
        f.settings.tlsCertFile = u"/nowhere/cert.pem"_s;
        QCOMPARE(f.relay.start(f.settings)->code, "tls_files");
        QCOMPARE(f.relay.state(), RelayState::Stopped);
        f.settings.tlsCertFile.clear();
        QVERIFY(f.start());
    }

    void applyKeepsSessions()
    {
        RelayFixture f;
        QVERIFY(f.start());
        const auto client = f.call();
        const quint16 first = f.relay.port();
        QTcpServer other; // for a port that is free
        QVERIFY(other.listen(QHostAddress::LocalHost));
        f.settings.port = other.serverPort();
        other.close();
        f.settings.maxConnections = 1;
        QVERIFY(!f.relay.apply(f.settings));
        QCOMPARE(f.relay.port(), f.settings.port);
        QVERIFY(f.relay.port() != first);
        QCOMPARE(f.relay.settings(), f.settings);
        QVERIFY(lives(f, *client));
        RawClient second(f.relay.port());
        second.ask("/realtime");
        QTRY_COMPARE(second.status(), 503); // the new limit
        QTcpSocket late;
        late.connectToHost(QHostAddress::LocalHost, first);
        QTRY_COMPARE(late.error(), QAbstractSocket::ConnectionRefusedError);
    }

    void applyOtherAddressOnTheSamePort()
    {
        RelayFixture f;
        // From all addresses to one and back: a port that is free at one may be that of another program's connection at
        // another, from ::1 even, and then the system lets nobody listen on it at all of them.
        f.settings.host = u"0.0.0.0"_s;
        QVERIFY(f.start());
        const auto client = f.call();
        f.settings.port = f.relay.port();
        for (const QString &host : {u"127.0.0.1"_s, u"0.0.0.0"_s}) {
            f.settings.host = host;
            const auto error = f.relay.apply(f.settings);
            QVERIFY2(!error, error ? qPrintable(error->detail) : "");
            QCOMPARE(f.relay.port(), f.settings.port);
            QCOMPARE(f.relay.snapshot().listenAddress, host);
            QVERIFY(lives(f, *client, 0));
            QVERIFY(f.call());
        }
    }

    void failingApplyChangesNothing_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("takenPort");
        QTest::addColumn<QString>("certificate");
        QTest::newRow("taken port") << u"127.0.0.1"_s << true << QString();
        QTest::newRow("not our address, same port") << u"192.0.2.1"_s << false << QString();
        QTest::newRow("no certificate") << u"127.0.0.1"_s << false << u"/nowhere/cert.pem"_s;
    }
    void failingApplyChangesNothing()
    {
        QFETCH(QString, host);
        QFETCH(bool, takenPort);
        QFETCH(QString, certificate);
        RelayFixture f;
        QVERIFY(f.start());
        const quint16 port = f.relay.port();
        const Settings before = f.relay.settings();
        const auto client = f.call();
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        Settings settings = f.settings;
        settings.host = host;
        settings.port = takenPort ? other.serverPort() : port;
        settings.tlsCertFile = certificate;
        settings.maxConnections = 1;
        QVERIFY(f.relay.apply(settings));
        QCOMPARE(f.relay.settings(), before);
        QCOMPARE(f.relay.port(), port);
        QVERIFY(lives(f, *client));
        QCOMPARE(f.call()->status(), 101); // there is still room
    }

    void applyWhileStopped()
    {
        RelayFixture f;
        QCOMPARE(f.relay.apply(f.settings)->code, "not_running");
    }

    void drainWaitsForSessions()
    {
        RelayFixture f;
        f.settings.drainTimeout = 60s;
        QVERIFY(f.start());
        QSignalSpy stopped(&f.relay, &Relay::stopped);
        const auto client = f.call();
        RawClient healthy(f.relay.port());
        healthy.socket().write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        QTRY_COMPARE(healthy.status(), 200);
        f.relay.drain();
        QCOMPARE(f.relay.state(), RelayState::Draining);
        RawClient late(f.relay.port());
        late.ask("/realtime");
        QTRY_COMPARE(late.status(), 503);
        QVERIFY(late.head().contains("Retry-After:"));
        RawClient health(f.relay.port());
        health.socket().write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        QTRY_COMPARE(health.status(), 503); // at once, though it was asked just before
        QTRY_VERIFY(health.rest().contains("draining"));
        QVERIFY(lives(f, *client, 0));
        QCOMPARE(stopped.size(), 0);
        client->send(8, QByteArray::fromHex("03e8"));
        QTRY_VERIFY(f.upstreamHeard().contains("8 " + QByteArray::fromHex("03e8")));
        f.upstreamSays(Opcode::Close, QByteArray::fromHex("03e8"), 0);
        f.upstreamSocket(0)->disconnectFromHost();
        QTRY_COMPARE(stopped.size(), 1);
        QCOMPARE(f.relay.state(), RelayState::Stopped);
        QTRY_VERIFY(health.isGone()); // nobody is left hanging
    }

    void drainTimeEnds()
    {
        RelayFixture f;
        f.settings.drainTimeout = 50ms;
        QVERIFY(f.start());
        QSignalSpy stopped(&f.relay, &Relay::stopped);
        const auto client = f.call();
        f.relay.drain();
        QTRY_COMPARE(client->closeCode(), 1001);
        QCOMPARE(client->closeReason(), "server_error.relay_shutdown");
        client->send(8, {});
        f.upstreamSocket()->disconnectFromHost();
        QTRY_COMPARE(stopped.size(), 1);
    }

    void idleDrainStopsAtOnce()
    {
        RelayFixture f;
        QVERIFY(f.start());
        QSignalSpy stopped(&f.relay, &Relay::stopped);
        f.relay.drain();
        QTRY_COMPARE(stopped.size(), 1);
    }

    // Connections that are on their way to a worker when it stops are closed, not forgotten.
    void nobodyIsLeftHanging()
    {
        RelayFixture f;
        for (int round = 0; round < 5; ++round) {
            QVERIFY(f.start());
            std::vector<std::unique_ptr<QTcpSocket>> sockets;
            for (int i = 0; i < 20; ++i) {
                sockets.push_back(std::make_unique<QTcpSocket>());
                sockets.back()->connectToHost(QHostAddress::LocalHost, f.relay.port());
            }
            QTRY_VERIFY(std::all_of(sockets.begin(), sockets.end(),
                [](const auto &socket) { return socket->state() == QAbstractSocket::ConnectedState; }));
            QSignalSpy stopped(&f.relay, &Relay::stopped);
            f.relay.stopNow();
            QTRY_COMPARE(stopped.size(), 1);
            QTRY_VERIFY(std::all_of(sockets.begin(), sockets.end(),
                [](const auto &socket) { return socket->state() == QAbstractSocket::UnconnectedState; }));
        }
    }

    void endSessions()
    {
        RelayFixture f;
        QVERIFY(f.start());
        const auto first = f.call();
        const auto second = f.call();
        QTRY_COMPARE(f.relay.snapshot(Relay::Detail::Sessions).sessions.size(), 2);
        const quint64 number = f.relay.snapshot(Relay::Detail::Sessions).sessions[0].number;
        f.relay.endSessions({number, 999'999});
        QTRY_COMPARE(first->closeCode(), 4410);
        QVERIFY(first->messages().last().contains("closed_by_operator"));
        QVERIFY(lives(f, *second, 1));
    }

    void snapshots()
    {
        RelayFixture f;
        QVERIFY(f.start());
        const auto client = f.call();
        QVERIFY(lives(f, *client));
        QTRY_COMPARE(f.relay.snapshot().up.messages, 1);
        const Snapshot totals = f.relay.snapshot();
        QCOMPARE(totals.state, RelayState::Running);
        QCOMPARE(totals.port, f.relay.port());
        QCOMPARE(totals.listenAddress, u"127.0.0.1"_s);
        QCOMPARE(totals.workers, 2);
        QCOMPARE(totals.activeConnections, 1);
        QCOMPARE(totals.down.messages, 1);
        QVERIFY(!totals.tls);
        QVERIFY(totals.sessions.isEmpty());
        const Snapshot all = f.relay.snapshot(Relay::Detail::Sessions);
        QCOMPARE(all.sessions.size(), 1);
        QCOMPARE(all.sessions[0].state, SessionState::Open);
        QCOMPARE(all.sessions[0].model, u"gpt-realtime"_s);
        QCOMPARE(all.sessions[0].clientAddress, u"127.0.0.1"_s);
    }

    void destroyedWhileBusy()
    {
        auto f = std::make_unique<RelayFixture>();
        QVERIFY(f->start());
        const auto open = f->call();
        RawClient dialling(f->relay.port());
        dialling.ask("/realtime");
        RawClient asking(f->relay.port());
        asking.socket().write("GET /realtime HTTP/1.1\r\n");
        QTRY_COMPARE(dialling.status(), 101);
        f.reset();
        QTRY_VERIFY(open->isGone() && dialling.isGone() && asking.isGone());
    }
};

QTEST_GUILESS_MAIN(tst_Relay)
#include "tst_relay.moc"
