// SPDX-License-Identifier: MIT
#include <QTest>

#include "tests/core/admission/fakeledger.h"
#include "tests/core/relay/relayfixture.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <algorithm>

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
            [&] { return client.messages().size() > before && f.upstreamHeard().contains("1 up"); }, 30'000);
    }

    using Codes = QList<TroubleCode>;
    static Codes codesOf(const RelayFixture &f)
    {
        Codes codes;
        for (const Trouble &trouble : f.relay.snapshot().troubles)
            codes.append(trouble.code);
        return codes;
    }
    static int linesOf(const RelayFixture &f, const QByteArray &event)
    {
        const auto entries = f.journal.entriesAfter(0);
        return int(std::count_if(entries.begin(), entries.end(),
            [&event](const JournalEntry &entry) { return entry.event == event; }));
    }

private Q_SLOTS:
    void startsAndStops()
    {
        const ReservedPort port; // where nobody else is found after the relay
        RelayFixture f;
        f.settings.port = port.number();
        QSignalSpy states(&f.relay, &Relay::stateChanged);
        QSignalSpy stopped(&f.relay, &Relay::stopped);
        QCOMPARE(f.relay.state(), RelayState::Stopped);
        QCOMPARE(f.relay.port(), 0);
        f.relay.drain(); // nothing to stop
        f.relay.stopNow();
        for (int i = 1; i <= 3; ++i) {
            QVERIFY(f.start());
            QCOMPARE(f.relay.state(), RelayState::Running);
            QCOMPARE(f.relay.port(), port.number());
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
            late.connectToHost(QHostAddress::LocalHost, port.number());
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

    void applyKeepsCalls()
    {
        const ReservedPort first;
        const ReservedPort other;
        RelayFixture f;
        f.settings.port = first.number();
        QVERIFY(f.start());
        const auto client = f.call();
        f.settings.port = other.number();
        f.settings.maxConnections = 1;
        QVERIFY(!f.relay.apply(f.settings));
        QCOMPARE(f.relay.port(), other.number());
        QCOMPARE(f.relay.settings(), f.settings);
        QVERIFY(lives(f, *client));
        RawClient second(f.relay.port());
        second.ask("/realtime");
        QTRY_COMPARE(second.status(), 503); // the new limit
        QTcpSocket late;
        late.connectToHost(QHostAddress::LocalHost, first.number());
        QTRY_COMPARE(late.error(), QAbstractSocket::ConnectionRefusedError);
    }

    void applyOtherAddressOnTheSamePort()
    {
        // A port that is free at one address may be that of another program's connection at another, from ::1 even, and then
        // the system lets nobody listen on it at all of them.
        const ReservedPort port;
        RelayFixture f;
        f.settings.host = u"::"_s;
        f.settings.port = port.number();
        QVERIFY(f.start());
        QCOMPARE(f.relay.snapshot().listenAddress, u"::"_s);
        const auto client = f.call();
        QCOMPARE(
            f.relay.snapshot(Relay::Detail::Calls).calls[0].clientAddress, u"127.0.0.1"_s); // as everywhere
        for (const QString &host : {u"127.0.0.1"_s, u"0.0.0.0"_s, u"::"_s, u"0.0.0.0"_s, u"localhost"_s,
                 u"::"_s, u"localhost"_s, u"0.0.0.0"_s}) {
            f.settings.host = host;
            const auto error = f.relay.apply(f.settings);
            QVERIFY2(!error, error ? qPrintable(plain(error->detail)) : "");
            QCOMPARE(f.relay.port(), port.number());
            QVERIFY(lives(f, *client, 0));
            if (host == u"localhost"_s) {
                QVERIFY(QHostAddress(f.relay.snapshot().listenAddress).isLoopback());
                continue;
            }
            QCOMPARE(f.relay.snapshot().listenAddress, host);
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
        const ReservedPort port;
        RelayFixture f;
        f.settings.port = port.number();
        QVERIFY(f.start());
        const Settings before = f.relay.settings();
        const auto client = f.call();
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        Settings settings = f.settings;
        settings.host = host;
        settings.port = takenPort ? other.serverPort() : port.number();
        settings.tlsCertFile = certificate;
        settings.maxConnections = 1;
        QVERIFY(f.relay.apply(settings));
        QCOMPARE(f.relay.settings(), before);
        QCOMPARE(f.relay.port(), port.number());
        QVERIFY(lives(f, *client));
        QCOMPARE(f.call()->status(), 101); // there is still room
    }

    void applyWhileStopped()
    {
        RelayFixture f;
        QCOMPARE(f.relay.apply(f.settings)->code, "not_running");
    }

    void drainWaitsForCalls()
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

    void aDrainIsCalledOff()
    {
        RelayFixture f;
        f.settings.drainTimeout = 60s;
        QVERIFY(f.start());
        f.relay.keepRunning(); // nothing to call off
        QCOMPARE(f.relay.state(), RelayState::Running);
        const auto client = f.call();
        for (int i = 0; i < 3; ++i) {
            f.relay.drain();
            QCOMPARE(f.relay.state(), RelayState::Draining);
            QVERIFY(f.relay.snapshot().drainLeftMs > 0);
            f.relay.keepRunning();
            QCOMPARE(f.relay.state(), RelayState::Running);
            QCOMPARE(f.relay.snapshot().drainLeftMs, 0);
        }
        QVERIFY(lives(f, *client));
        const auto second = f.call(); // is let in
        QVERIFY(lives(f, *second));
        client->socket().abort();
        second->socket().abort();
        QTRY_COMPARE(f.relay.snapshot().activeConnections, 0);
        QCOMPARE(f.relay.state(), RelayState::Running);

        f.relay.drain(); // a worker says at once that it is idle, of a drain that is over when it is heard
        f.relay.keepRunning();
        f.relay.drain();
        f.relay.keepRunning();
        const auto third = f.call();
        QVERIFY(lives(f, *third));
        QCOMPARE(f.relay.state(), RelayState::Running);

        QSignalSpy stopped(&f.relay, &Relay::stopped);
        f.relay.drain();
        f.relay.stopNow();
        f.relay.keepRunning(); // too late
        QCOMPARE(f.relay.state(), RelayState::Draining);
        QCOMPARE(f.relay.snapshot().drainLeftMs, 0);
        third->socket().abort();
        QTRY_COMPARE(stopped.size(), 1);
    }

    void tellsWhenTheUpstreamAnsweredLast()
    {
        RelayFixture f;
        QVERIFY(f.start());
        QVERIFY(!f.relay.snapshot().upstreamAnsweredAt.isValid());
        const auto client = f.call();
        QVERIFY(f.relay.snapshot().upstreamAnsweredAt.isValid());
        f.relay.upstreamFailed(TroubleCode::UpstreamUnreachable, "Why.");
        QVERIFY(!f.relay.snapshot().upstreamAnsweredAt.isValid());
        f.relay.upstreamAnswered(false);
        QVERIFY(f.relay.snapshot().upstreamAnsweredAt.isValid());
        f.settings.upstreamUrl.setPath(u"/v2/realtime"_s); // of this one nothing is known
        QVERIFY(!f.relay.apply(f.settings));
        QVERIFY(!f.relay.snapshot().upstreamAnsweredAt.isValid());
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

    void endCalls()
    {
        RelayFixture f;
        QVERIFY(f.start());
        const auto first = f.call();
        const auto second = f.call();
        QTRY_COMPARE(f.relay.snapshot(Relay::Detail::Calls).calls.size(), 2);
        const quint64 number = f.relay.snapshot(Relay::Detail::Calls).calls[0].number;
        f.relay.endCalls({number, 999'999});
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
        QVERIFY(totals.calls.isEmpty());
        const Snapshot all = f.relay.snapshot(Relay::Detail::Calls);
        QCOMPARE(all.calls.size(), 1);
        QCOMPARE(all.calls[0].state, CallState::Open);
        QCOMPARE(all.calls[0].model, u"gpt-realtime"_s);
        QCOMPARE(all.calls[0].clientAddress, u"127.0.0.1"_s);
    }

    void destroyedWhileBusy()
    {
        auto f = std::make_unique<RelayFixture>();
        QVERIFY(f->start());
        const auto open = f->call();
        RawClient dialling(f->relay.port());
        dialling.ask(
            "/realtime", "Origin: http://localhost:5173\r\nAuthorization: Bearer sk-any\r\n"); // 101 at once
        RawClient asking(f->relay.port());
        asking.socket().write("GET /realtime HTTP/1.1\r\n");
        QTRY_COMPARE(dialling.status(), 101);
        f.reset();
        QTRY_VERIFY(open->isGone() && dialling.isGone() && asking.isGone());
    }

    /// With no other line in the journal, and no snapshot that is kept: the truth is told all the same.
    void upstreamTroubleComesAndGoes()
    {
        bool isWell = false;
        RelayFixture f([&isWell](const QByteArray &head) {
            return isWell ? switchingProtocols(head) : "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"_ba;
        });
        f.journal.setLevel(LogLevel::Error);
        QVERIFY(f.start());
        RawClient client(f.relay.port());
        client.ask("/v1/realtime");
        QTRY_COMPARE(codesOf(f), Codes{TroubleCode::UpstreamRefused});
        QVERIFY(plain(f.relay.snapshot().troubles[0].text).contains(u"HTTP 503"));
        QTRY_COMPARE(linesOf(f, "trouble_began"), 1);
        QCOMPARE(linesOf(f, "session_closed"), 0);

        isWell = true;
        f.journal.setLevel(LogLevel::Info);
        const auto another = f.call();
        QTRY_COMPARE(codesOf(f), Codes{});
        QTRY_COMPARE(linesOf(f, "trouble_ended"), 1);
        QCOMPARE(linesOf(f, "trouble_began"), 1);
    }

    void anUpstreamThatAnswersAnotherWayIsNoTrouble()
    {
        RelayFixture f([](const QByteArray &) { return "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"_ba; });
        QVERIFY(f.start());
        RawClient client(f.relay.port());
        client.ask("/v1/realtime");
        QTRY_COMPARE(codesOf(f), Codes{TroubleCode::UpstreamRefused});
        f.relay.upstreamAnswered(false); // says nothing of what is refused
        QCOMPARE(codesOf(f), Codes{TroubleCode::UpstreamRefused});
        f.relay.upstreamAnswered(true);
        QCOMPARE(codesOf(f), Codes{});
    }

    /// The upstream's words decide, whether it opens the call first or not; a call that works ends it.
    void aRefusedKeyIsATroubleUntilItIsTaken()
    {
        RelayFixture f;
        QVERIFY(f.start());
        const auto wrong = f.call();
        f.upstreamSays(Opcode::Close, QByteArray::fromHex("0bb8") + "invalid_request_error.invalid_api_key");
        QTRY_COMPARE(codesOf(f), Codes{TroubleCode::KeyRefused});
        QCOMPARE(f.relay.snapshot().troubles[0].subjects.value(0).name, u"127.0.0.1"_s);
        const auto right = f.call();
        QCOMPARE(codesOf(f), Codes{TroubleCode::KeyRefused}); // that it is opened says nothing
        f.upstreamSays(Opcode::Text, R"({"type":"session.created","session":{}})");
        QTRY_COMPARE(codesOf(f), Codes{});
    }

    void callsThatAreCutOffAreATrouble()
    {
        RelayFixture f;
        QVERIFY(f.start());
        const auto client = f.call();
        QVERIFY(lives(f, *client));
        f.upstreamSocket()->abort();
        QTRY_COMPARE(codesOf(f), Codes{TroubleCode::UpstreamLost});
        QTRY_COMPARE(client->closeCode(), 1011);
        client->send(8, QByteArray::fromHex("03f3"));
        QTRY_COMPARE(f.relay.snapshot().endsByReason[size_t(EndReason::UpstreamVanished)], 1);
    }

    void clientsTurnedAwayAreATrouble()
    {
        RelayFixture f;
        f.settings.maxConnections = 1;
        QVERIFY(f.start());
        RawClient stranger(f.relay.port());
        stranger.ask("/v1/realtime", "Origin: https://a.example\r\nAuthorization: Bearer sk-any\r\n");
        QTRY_COMPARE(stranger.status(), 403);
        const auto client = f.call();
        RawClient late(f.relay.port());
        late.ask("/v1/realtime");
        QTRY_COMPARE(late.status(), 503);
        QCOMPARE(codesOf(f), (Codes{TroubleCode::RelayFull, TroubleCode::OriginRefused}));
        QVERIFY(plain(f.relay.snapshot().troubles[1].text).contains(u"https://a.example"));
        QVERIFY(!f.relay.apply(f.settings)); // nothing is other now
        QCOMPARE(codesOf(f), (Codes{TroubleCode::RelayFull, TroubleCode::OriginRefused}));
        f.settings.maxConnections = 2;
        QVERIFY(!f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), Codes{TroubleCode::OriginRefused});
        RawClient another(f.relay.port());
        another.ask("/v1/realtime", "Origin: https://b.example\r\nAuthorization: Bearer sk-any\r\n");
        QTRY_COMPARE(another.status(), 403);
        f.settings.allowedOrigins.append(QStringLiteral("https://a.example"));
        QVERIFY(!f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), Codes{TroubleCode::OriginRefused}); // of the other one
        QCOMPARE(f.relay.snapshot().troubles[0].subjects.size(), 1);
        f.settings.allowedOrigins = {QStringLiteral("*")};
        QVERIFY(!f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), Codes{});
    }

    void aPortThatCannotBeHadIsATrouble()
    {
        RelayFixture f;
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        f.settings.port = other.serverPort();
        QVERIFY(f.relay.start(f.settings));
        QCOMPARE(codesOf(f), Codes{TroubleCode::NotListening});
        f.settings.port = 0;
        QVERIFY(f.start());
        QCOMPARE(codesOf(f), Codes{});
    }

    void certificateTroubles()
    {
        const TestCertificate certificate; // for two days
        RelayFixture f;
        f.settings.tlsCertFile = certificate.certFile();
        f.settings.tlsKeyFile = certificate.keyFile();
        QVERIFY(f.start());
        QCOMPARE(codesOf(f), Codes{TroubleCode::CertificateExpires});
        QVERIFY(QFile::rename(certificate.keyFile(), certificate.keyFile() + u'x'));
        QVERIFY(f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), (Codes{TroubleCode::CertificateRefused, TroubleCode::CertificateExpires}));
        QVERIFY(QFile::rename(certificate.keyFile() + u'x', certificate.keyFile()));
        QVERIFY(!f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), Codes{TroubleCode::CertificateExpires});
        // Another file that is wrong is the fault of who has named it.
        f.settings.tlsKeyFile = u"/nowhere/key.pem"_s;
        QVERIFY(f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), Codes{TroubleCode::CertificateExpires});
        f.relay.stopNow();
        QTRY_COMPARE(codesOf(f), Codes{});
    }

    void aKeyForNobodyIsATrouble()
    {
        RelayFixture f;
        f.settings.openaiApiKey = u"sk-held"_s;
        QVERIFY(f.start());
        QCOMPARE(codesOf(f), Codes{TroubleCode::HeldKeyIdle});
        f.settings.storeUrl = u"sqlite:store"_s; // whoever opens it
        QVERIFY(!f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), Codes{});
        f.settings.storeUrl.clear();
        QVERIFY(!f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), Codes{TroubleCode::HeldKeyIdle});
        f.settings.openaiApiKey.clear();
        QVERIFY(!f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), Codes{});
    }

    void tellsHowTheRowsOfTheStoreFare()
    {
        FakeLedger ledger;
        ledger.told = {12, 34};
        RelayFixture f;
        QVERIFY(!f.relay.snapshot().storeRows);
        f.relay.setLedger(&ledger);
        QVERIFY(f.start());
        QCOMPARE(f.relay.snapshot().storeRows, std::optional(StoreRows{12, 34}));
    }

    void pricesThatCannotBeUsedAreATrouble()
    {
        QTemporaryDir dir;
        const auto write = [&dir](const QByteArray &content) {
            QFile file(dir.filePath(u"prices.json"_s));
            return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
        };
        RelayFixture f;
        f.settings.pricesFile = dir.filePath(u"prices.json"_s);
        QVERIFY(write(R"({"checked":"2026-01-02","models":[]})"));
        QVERIFY(f.start());
        QCOMPARE(f.relay.snapshot().pricesFrom, u"2026-01-02"_s);
        QVERIFY(write("{}"));
        QVERIFY(f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), Codes{TroubleCode::PricesRefused});
        QCOMPARE(f.relay.snapshot().pricesFrom, u"2026-01-02"_s);
        QVERIFY(write(R"({"checked":"2026-01-03","models":[]})"));
        QVERIFY(!f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), Codes{});
        QCOMPARE(f.relay.snapshot().pricesFrom, u"2026-01-03"_s);
        // Another file that is wrong is the fault of who has named it.
        f.settings.pricesFile = u"/nowhere/prices.json"_s;
        QVERIFY(f.relay.apply(f.settings));
        QCOMPARE(codesOf(f), Codes{});
    }

#ifdef Q_OS_LINUX
    void aFullDiskIsATrouble()
    {
        QFile full(u"/dev/full"_s);
        QVERIFY(full.open(QIODevice::WriteOnly));
        RelayFixture f;
        f.journal.writeTo(full.handle(), LogFormat::Text);
        QVERIFY(f.start());
        f.journal.add({});
        QTRY_COMPARE(codesOf(f), Codes{TroubleCode::JournalLost});
    }
#endif
};

RELAY_TEST(tst_Relay)
#include "tst_relay.moc"
