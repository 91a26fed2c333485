// SPDX-License-Identifier: MIT
// A Call between a client and an upstream of which every byte is decided here. A Relay makes it: nothing of it is
// asked but settings in, bytes and records out.
#include "core/admission/failurepacer.h"

#include <QElapsedTimer>
#include <QTest>

#include "core/wire/framewriter.h"
#include "tests/core/relay/relayfixture.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QSignalSpy>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Of a browser, which has its 101 before the upstream has answered.
constexpr char browser[] = "Origin: http://localhost:5173\r\n";
constexpr char browserWithKey[] = "Origin: http://localhost:5173\r\nAuthorization: Bearer sk-any\r\n";

QByteArray closeWith(quint16 code, const QByteArray &reason = {})
{
    QByteArray payload(2, 0);
    qToBigEndian(code, payload.data());
    return payload + reason;
}

QString errorCode(RawClient &client)
{
    const auto messages = client.messages();
    return messages.isEmpty() ? QString()
                              : QJsonDocument::fromJson(messages.last())[u"error"_s][u"code"_s].toString();
}

} // namespace

class tst_Call : public QObject
{
    Q_OBJECT

    /// For a peer that does not answer a close.
    static Patience hasty()
    {
        Patience patience;
        patience.closing = 100ms;
        return patience;
    }

    static CallSnapshot ended(RelayFixture &f)
    {
        CallSnapshot result;
        const bool closed = QTest::qWaitFor(
            [&] {
                const auto snapshot = f.relay.snapshot(Relay::Detail::Calls);
                if (!snapshot.calls.isEmpty())
                    result = snapshot.calls.last();
                // It is closed a moment before it is counted.
                return result.state == CallState::Closed && snapshot.activeConnections == 0;
            },
            30'000);
        if (!closed)
            qWarning("the call has not ended");
        return result;
    }

private Q_SLOTS:
    void passesUntouched()
    {
        RelayFixture f;
        QVERIFY(f.start());
        const auto client = f.call();
        client->sendText("hello");
        client->send(9, "ping");
        client->send(1, "frag", false);
        client->send(0, "ment");
        client->send(2, QByteArray(100'000, 'b'));
        QTRY_COMPARE(f.upstreamHeard().size() >= 5, true);
        QTRY_VERIFY(f.upstream.received.size() > 100'000);
        const auto heard = f.upstreamHeard();
        QCOMPARE(heard.mid(0, 4), (QList<QByteArray>{"1 hello", "9 ping", "1 frag", "0 ment"}));
        f.upstreamSays(Opcode::Text, "welcome");
        f.upstreamSays(Opcode::Pong, "ping");
        QTRY_COMPARE(client->frames().size(), 2);
        QCOMPARE(client->frames()[0].payload, "welcome");
        QCOMPARE(client->frames()[1].opcode, 10);
    }

    // Wherever it stands in the session, and however it comes.
    void sessionsExpiryIsRead()
    {
        RelayFixture f;
        QVERIFY(f.start());
        const auto client = f.call();
        const QByteArray created = makeFrame(FrameScanner::Sender::Server, Opcode::Text,
            R"({"type":"session.created","session":{"instructions":")" + QByteArray(80'000, 'x')
                + R"(","expires_at":1766000000}})");
        f.upstreamSocket()->write(created.first(50'000));
        QTRY_VERIFY(client->rest().size() == 50'000); // it passes as it comes
        f.upstreamSocket()->write(created.mid(50'000));
        QTRY_COMPARE(client->messages().size(), 1);
        QTRY_COMPARE(f.relay.snapshot(Relay::Detail::Calls).calls[0].expiresAt, 1766000000);
    }

    void earlyMessagesWait()
    {
        RelayFixture f([](const QByteArray &) { return QByteArray(); }); // the upstream takes its time
        QVERIFY(f.start());
        RawClient client(f.relay.port());
        client.ask("/realtime", browserWithKey);
        QTRY_COMPARE(client.status(), 101);
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        for (int i = 0; i < 20; ++i)
            client.sendText("early " + QByteArray::number(i));
        QTest::qWait(20);
        QVERIFY(f.upstream.received.isEmpty());
        f.upstreamSocket()->write(switchingProtocols(f.upstream.heads[0]));
        QTRY_COMPARE(f.upstreamHeard().size(), 20);
        QCOMPARE(f.upstreamHeard().first(), "1 early 0");
        QCOMPARE(f.upstreamHeard().last(), "1 early 19");
    }

    void upstreamCloses_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("failed");
        QTest::newRow("1000") << closeWith(1000) << 1000 << false;
        QTest::newRow("60 minutes") << closeWith(1001, "Your session hit the maximum duration of 60 minutes.")
                                    << 1001 << false;
        QTest::newRow("wrong key") << closeWith(3000, "invalid_request_error.invalid_api_key") << 3000
                                   << true;
        QTest::newRow("4000") << closeWith(4000, "invalid_request_error.missing_model") << 4000 << true;
        QTest::newRow("1013") << closeWith(1013, "insufficient_quota.insufficient_quota") << 1013 << true;
        QTest::newRow("no code") << QByteArray() << 1005 << false;
    }
    void upstreamCloses()
    {
        QFETCH(QByteArray, payload);
        QFETCH(int, code);
        QFETCH(bool, failed);
        for (const bool atOnce : {false, true}) { // whether it waits for the client's answer
            RelayFixture f;
            QVERIFY(f.start());
            const auto client = f.call();
            f.upstreamSays(Opcode::Text, "the reason");
            f.upstreamSays(Opcode::Close, payload);
            if (atOnce)
                f.upstreamSocket()->disconnectFromHost();
            QTRY_COMPARE(client->closeCode(), code);
            QCOMPARE(client->closeReason(), payload.mid(2));
            QCOMPARE(client->messages(), QList<QByteArray>{"the reason"});
            client->send(8, payload);
            if (!atOnce) {
                QTRY_VERIFY(f.upstreamHeard().contains("8 " + payload));
                f.upstreamSocket()->disconnectFromHost();
            }
            QTRY_VERIFY(client->isGone());
            const auto end = ended(f);
            QCOMPARE(end.endedBy, EndedBy::Upstream);
            QCOMPARE(int(end.closeCode), code);
            QCOMPARE(f.relay.snapshot().errors, failed ? 1 : 0);
        }
    }

    void clientCloses_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("1000") << closeWith(1000, "bye");
        QTest::newRow("4321") << closeWith(4321);
        QTest::newRow("no code") << QByteArray();
    }
    void clientCloses()
    {
        QFETCH(QByteArray, payload);
        RelayFixture f;
        QVERIFY(f.start());
        const auto client = f.call();
        client->send(8, payload);
        QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"8 " + payload});
        f.upstreamSays(Opcode::Close, payload);
        f.upstreamSocket()->disconnectFromHost();
        QTRY_VERIFY(client->isGone());
        QCOMPARE(client->closeCode(),
            payload.isEmpty() ? 1005 : int(qFromBigEndian<quint16>(payload.constData())));
        QCOMPARE(ended(f).endedBy, EndedBy::Client);
    }

    // What may never stand on the wire (RFC 6455 7.4.1) is a breach, and reaches nobody.
    void invalidCloses_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("1005") << closeWith(1005);
        QTest::newRow("1006") << closeWith(1006);
        QTest::newRow("1015") << closeWith(1015);
        QTest::newRow("999") << closeWith(999);
        QTest::newRow("one byte") << QByteArray("x");
        QTest::newRow("not UTF-8") << closeWith(1000, "\xff");
    }
    void invalidCloses()
    {
        QFETCH(QByteArray, payload);
        {
            RelayFixture f(switchingProtocols, hasty());
            QVERIFY(f.start());
            const auto client = f.call();
            client->send(8, payload);
            QTRY_COMPARE(client->closeCode(), 1002);
            QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"8 " + closeWith(1000)});
            QCOMPARE(ended(f).endReason, EndReason::ClientBreach);
        }
        {
            RelayFixture f(switchingProtocols, hasty());
            QVERIFY(f.start());
            const auto client = f.call();
            f.upstreamSays(Opcode::Close, payload);
            QTRY_COMPARE(client->closeCode(), 1002);
            QTRY_VERIFY(!f.upstreamHeard().isEmpty());
            QCOMPARE(f.upstreamHeard().last().left(4), "8 " + closeWith(1002));
            QCOMPARE(ended(f).endReason, EndReason::UpstreamBreach);
        }
        { // as the answer to a close
            RelayFixture f;
            QVERIFY(f.start());
            const auto client = f.call();
            f.upstreamSays(Opcode::Close, closeWith(1000));
            QTRY_COMPARE(client->closeCode(), 1000);
            client->send(8, payload);
            QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"8 " + closeWith(1000)});
            f.upstreamSocket()->disconnectFromHost();
            QCOMPARE(ended(f).endReason, EndReason::UpstreamClosed);
        }
    }

    void clientVanishes()
    {
        RelayFixture f;
        QVERIFY(f.start());
        const auto client = f.call();
        client->sendText("last words");
        client->socket().flush();
        client->socket().disconnectFromHost();
        QTRY_COMPARE(f.upstreamSocket()->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(f.upstreamHeard(), QList<QByteArray>{"1 last words"}); // and no close frame
        QCOMPARE(ended(f).closeCode, 1006);
    }

    void clientVanishesWhileDialling()
    {
        RelayFixture f([](const QByteArray &) { return QByteArray(); });
        QVERIFY(f.start());
        RawClient client(f.relay.port());
        client.ask("/realtime", browserWithKey);
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        QTRY_COMPARE(client.status(), 101);
        client.socket().abort();
        QTRY_COMPARE(f.upstreamSocket()->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(ended(f).endedBy, EndedBy::Client);
    }

    // Whatever it has said before: nobody is dialled for it any more.
    void clientLeavesWhileDialling_data()
    {
        QTest::addColumn<bool>("browser");
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<int>("how"); ///< 0: a close frame; 1: the connection ends; 2: is reset
        const QByteArray frame = makeFrame(FrameScanner::Sender::Client, Opcode::Text, "hello");
        const QByteArray much
            = makeFrame(FrameScanner::Sender::Client, Opcode::Text, QByteArray(100'000, 'x'));
        for (const int how : {0, 1, 2}) {
            QTest::addRow("nothing, %d", how) << true << QByteArray() << how;
            QTest::addRow("a message, %d", how) << true << frame << how;
            if (how > 0) {
                QTest::addRow("much, %d", how) << true << much << how;
                QTest::addRow("before its 101, %d", how) << false << frame << how;
            }
        }
    }
    void clientLeavesWhileDialling()
    {
        QFETCH(bool, browser);
        QFETCH(QByteArray, said);
        QFETCH(int, how);
        RelayFixture f([](const QByteArray &) { return QByteArray(); });
        f.settings.connectTimeout = 1h;
        QVERIFY(f.start());
        RawClient client(f.relay.port());
        client.ask("/realtime", browser ? browserWithKey : "Authorization: Bearer sk-any\r\n");
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        if (browser)
            QTRY_COMPARE(client.status(), 101);
        client.socket().write(said);
        QTRY_COMPARE(client.socket().bytesToWrite(), 0);
        if (how == 0) {
            client.send(8, closeWith(4321, "bye"));
            QTRY_COMPARE(client.closeCode(), 4321); // answered at once
            QTRY_VERIFY(client.isGone());
        } else if (how == 1) {
            client.socket().disconnectFromHost();
        } else {
            QTest::qWait(20); // so that what it has said is there
            client.socket().abort();
        }
        QTRY_COMPARE(f.upstreamSocket()->state(), QAbstractSocket::UnconnectedState);
        const auto end = ended(f);
        QCOMPARE(end.endedBy, EndedBy::Client);
        QCOMPARE(end.endReason, how == 0 ? EndReason::ClientClosed : EndReason::ClientVanished);
    }

    void upstreamVanishes_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<bool>("told");
        QTest::addColumn<bool>("withEvent");
        const QByteArray whole = makeFrame(FrameScanner::Sender::Server, Opcode::Text, "whole");
        QByteArray fragment = whole;
        fragment[0] = 0x01;
        QTest::newRow("between messages") << whole << true << true;
        QTest::newRow("between fragments") << fragment << true << false;
        QTest::newRow("in a frame") << whole.left(4) << false << false;
    }
    void upstreamVanishes()
    {
        QFETCH(QByteArray, before);
        QFETCH(bool, told);
        QFETCH(bool, withEvent);
        RelayFixture f;
        QVERIFY(f.start());
        const auto client = f.call();
        f.upstreamSocket()->write(before);
        f.upstreamSocket()->disconnectFromHost();
        if (told) {
            QTRY_COMPARE(client->closeCode(), 1011);
            QCOMPARE(client->frames().size(), withEvent ? 3 : 2);
            QCOMPARE(client->closeReason(), "server_error.upstream_disconnected");
            client->send(8, closeWith(1011));
        }
        QTRY_VERIFY(client->isGone());
        QCOMPARE(client->closeCode(), told ? 1011 : -1); // never a frame inside a frame
        QCOMPARE(int(ended(f).closeCode), told ? 1011 : 1006);
    }

    void dialFails_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("error");
        const auto status = [](int code) {
            return "HTTP/1.1 " + QByteArray::number(code) + " X\r\nContent-Length: 0\r\n\r\n";
        };
        QTest::newRow("400") << status(400) << 4000 << u"upstream_refused"_s;
        QTest::newRow("401") << status(401) << 3000 << u"invalid_api_key"_s;
        QTest::newRow("403") << status(403) << 3003 << u"access_denied"_s;
        QTest::newRow("404") << status(404) << 4004 << u"model_not_found"_s;
        for (const int code : {429, 500, 503})
            QTest::addRow("%d", code) << status(code) << 1013 << u"upstream_refused"_s;
        QTest::newRow("in its own words") << QByteArray(
            "HTTP/1.1 429 X\r\nContent-Length: 40\r\n\r\n{\"error\":{\"code\":\"billing_not_active\"}} ")
                                          << 4000 << u"billing_not_active"_s;
        QTest::newRow("silence") << QByteArray() << 1013 << u"upstream_unreachable"_s;
    }
    void dialFails()
    {
        QFETCH(QByteArray, answer);
        QFETCH(int, code);
        QFETCH(QString, error);
        RelayFixture f([&](const QByteArray &) { return answer; });
        f.settings.connectTimeout = answer.isEmpty() ? 1000ms : 1h;
        QVERIFY(f.start());
        RawClient client(f.relay.port());
        client.ask("/realtime", browserWithKey);
        QTRY_COMPARE(client.status(), 101);
        client.sendText("unread for ever");
        QTRY_COMPARE(client.closeCode(), code);
        QCOMPARE(errorCode(client), error);
        client.send(8, closeWith(quint16(code)));
        QTRY_VERIFY(client.isGone());
        ended(f);
        QCOMPARE(f.relay.snapshot().errors, 1);
    }

    void missingKey()
    {
        RelayFixture f;
        QVERIFY(f.start());
        RawClient client(f.relay.port());
        client.ask("/realtime",
            browser + QByteArray("Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.null\r\n"));
        QTRY_COMPARE(client.closeCode(), 3000);
        QCOMPARE(errorCode(client), u"invalid_api_key"_s);
        QCOMPARE(client.closeReason(), "invalid_request_error.invalid_api_key");
        client.send(8, closeWith(3000));
        QTRY_VERIFY(client.isGone());
        QCOMPARE(f.upstream.sockets.size(), 0);
    }

    void failuresAreToldOneAfterTheOther()
    {
        RelayFixture f;
        QVERIFY(f.start());
        const auto fail = [&f] {
            auto client = std::make_unique<RawClient>(f.relay.port());
            client->ask("/realtime", browser); // without a key
            return client;
        };
        const auto leave = [](RawClient &client) {
            client.send(8, closeWith(3000));
            QTRY_VERIFY(client.isGone());
        };
        QElapsedTimer sinceFirst; // from a little before it is told
        sinceFirst.start();
        const auto first = fail();
        QTRY_COMPARE(first->closeCode(), 3000);
        leave(*first);

        const auto second = fail();
        QTRY_COMPARE(second->status(), 101);
        // Meanwhile whoever else comes has a call like any other.
        const auto good = f.call();
        good->sendText("hello");
        QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"1 hello"});
        QTRY_COMPARE(second->closeCode(), 3000);
        QVERIFY(sinceFirst.elapsed() > 0.95 * FailurePacer::spacing.count()); // never too early
        QCOMPARE(errorCode(*second), u"invalid_api_key"_s);
        leave(*second);

        // Whom the end waits for may leave at once, and is told at once when the relay stops.
        const auto third = fail();
        QTRY_COMPARE(f.relay.snapshot().activeConnections, 2);
        QTRY_COMPARE(third->status(), 101);
        third->socket().abort();
        QTRY_COMPARE(f.relay.snapshot().activeConnections, 1);
        const auto fourth = fail();
        QTRY_COMPARE(f.relay.snapshot().activeConnections, 2);
        QTRY_COMPARE(fourth->status(), 101);
        f.relay.stopNow();
        QTRY_COMPARE(fourth->closeCode(), 3000);
    }

    void clientThatNeverAnswersIsCut_data()
    {
        QTest::addColumn<Patience>("patience");
        QTest::newRow("and takes nothing") << hasty();
        Patience inAll = hasty();
        inAll.closing = 1h;
        inAll.closingInAll = 100ms;
        QTest::newRow("and takes a little now and then") << inAll;
    }
    void clientThatNeverAnswersIsCut()
    {
        QFETCH(Patience, patience);
        RelayFixture f(switchingProtocols, patience);
        QVERIFY(f.start());
        RawClient client(f.relay.port());
        client.ask("/realtime", browser);
        QTRY_COMPARE(client.closeCode(), 3000);
        QTRY_VERIFY_WITH_TIMEOUT(client.isGone(), 20'000);
        ended(f);
    }

    void nobodyAnswersAClose()
    {
        RelayFixture f(switchingProtocols, hasty());
        QVERIFY(f.start());
        const auto client = f.call();
        f.upstreamSays(Opcode::Close, closeWith(1000));
        QTRY_COMPARE(client->closeCode(), 1000);
        QTRY_VERIFY(client->isGone());
        QTRY_COMPARE(f.upstreamSocket()->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(ended(f).endReason, EndReason::UpstreamClosed);
    }

    void stopNowWaitsForNobody()
    {
        Patience patience;
        patience.closing = patience.closingInAll = patience.boundary = 1h;
        patience.shutDown = 100ms;
        RelayFixture f(switchingProtocols, patience);
        QVERIFY(f.start());
        const auto client = f.call(); // answers no close
        QSignalSpy stopped(&f.relay, &Relay::stopped);
        f.relay.stopNow();
        QTRY_COMPARE(stopped.size(), 1);
        QTRY_COMPARE(client->closeCode(), 1001);
    }

    void breaches_data()
    {
        QTest::addColumn<bool>("byClient");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("upstreamHears");
        QTest::newRow("client does not mask")
            << true << QByteArray::fromHex("8101") + 'x' << 1002 << "8 " + closeWith(1000);
        QTest::newRow("upstream masks")
            << false << QByteArray::fromHex("818100000000") << 1002 << "8 " + closeWith(1002);
        QTest::newRow("client too large")
            << true << QByteArray::fromHex("82fe2711a1b2c3d4") << 1009 << "8 " + closeWith(1000);
        QTest::newRow("upstream too large")
            << false << QByteArray::fromHex("827e2711") << 1009 << "8 " + closeWith(1009);
    }
    void breaches()
    {
        QFETCH(bool, byClient);
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        QFETCH(QByteArray, upstreamHears);
        RelayFixture f;
        f.settings.maxMessageBytes = 10'000;
        QVERIFY(f.start());
        const auto client = f.call();
        if (byClient)
            client->socket().write(bytes);
        else
            f.upstreamSocket()->write(bytes);
        QTRY_COMPARE(client->closeCode(), code);
        QTRY_VERIFY(!f.upstreamHeard().isEmpty());
        QVERIFY(f.upstreamHeard().last().startsWith(upstreamHears));
        client->send(8, closeWith(quint16(code)));
        f.upstreamSocket()->disconnectFromHost();
        QTRY_VERIFY(client->isGone());
        QCOMPARE(int(ended(f).closeCode), code);
    }

    // What else ends by the clock: tst_heartbeat, whose clock is the test's.
    void inactivityIsLimited()
    {
        RelayFixture f;
        f.settings.inactivityTimeout = 200ms;
        QVERIFY(f.start());
        const auto client = f.call();
        QTRY_COMPARE(client->closeCode(), 4408);
        QCOMPARE(errorCode(*client), u"inactivity_timeout"_s);
        QTRY_VERIFY(!f.upstreamHeard().isEmpty());
        QCOMPARE(f.upstreamHeard().last().left(4), "8 " + closeWith(1000));
        client->send(8, closeWith(4408));
        f.upstreamSocket()->disconnectFromHost();
        QTRY_VERIFY(client->isGone());
        ended(f);
        QCOMPARE(f.relay.snapshot().errors, 0);
    }

    void clientClosesWhileTheEndWaits()
    {
        Patience patience;
        patience.boundary = 1h;
        RelayFixture f(switchingProtocols, patience);
        QVERIFY(f.start());
        const auto client = f.call();
        QByteArray first = makeFrame(FrameScanner::Sender::Server, Opcode::Text, "half of it");
        first[0] = char(Opcode::Text); // without FIN
        f.upstreamSocket()->write(first);
        QTRY_COMPARE(client->frames().size(), 1);
        f.relay.endCalls({f.relay.snapshot(Relay::Detail::Calls).calls.last().number});
        client->send(8, closeWith(4001));
        QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"8 " + closeWith(4001)});
        f.upstreamSays(Opcode::Continuation, " and half");
        QTRY_COMPARE(client->frames().size(), 2);
        f.upstreamSays(Opcode::Close, closeWith(4001));
        QTRY_COMPARE(client->closeCode(), 4001);
        f.upstreamSocket()->disconnectFromHost();
        QTRY_VERIFY(client->isGone());
        const auto end = ended(f);
        QCOMPARE(end.endedBy, EndedBy::Client);
        QCOMPARE(int(end.closeCode), 4001);
        QCOMPARE(f.upstreamHeard().size(), 1);
    }

    void heartbeat()
    {
        RelayFixture f(switchingProtocols, hasty());
        f.settings.heartbeatInterval = 100ms;
        QVERIFY(f.start());
        const auto client = f.call();
        QTRY_VERIFY(!client->frames().isEmpty() && !f.upstreamHeard().isEmpty());
        QCOMPARE(client->frames()[0].opcode, 9);
        QVERIFY(f.upstreamHeard()[0].startsWith("9 "));
        QTRY_VERIFY(client->isGone()); // neither has answered, and it is looked at first
        QCOMPARE(ended(f).endReason, EndReason::ClientSilent);
    }

    void slowClientHoldsUpTheUpstream()
    {
        RelayFixture f;
        QVERIFY(f.start());
        const auto client = f.call();
        client->socket().setReadBufferSize(1000);
        QByteArray sent;
        for (int i = 0; i < 300; ++i) {
            QByteArray payload(100'000, char('a' + i % 26));
            sent += payload;
            f.upstreamSays(Opcode::Text, payload);
        }
        QTest::qWait(300);
        QVERIFY(f.upstreamSocket()->bytesToWrite() > 1'000'000);
        QVERIFY(f.relay.snapshot().down.backlogBytes <= 300 * 1024);
        client->socket().setReadBufferSize(0);
        QTRY_COMPARE_WITH_TIMEOUT(client->messages().size(), 300, 60'000);
        QVERIFY(client->messages().join() == sent);
        QTRY_COMPARE(f.relay.snapshot().down.backlogBytes, 0);
    }

    void stalledSide_data()
    {
        QTest::addColumn<bool>("client");
        QTest::newRow("client") << true;
        QTest::newRow("upstream") << false;
    }
    void stalledSide()
    {
        QFETCH(bool, client);
        RelayFixture f(switchingProtocols, hasty());
        f.settings.stallTimeout = 300ms;
        QVERIFY(f.start());
        const auto caller = f.call();
        const QByteArray payload(10'000'000, 'x');
        if (client) {
            caller->socket().setReadBufferSize(1000);
            f.upstreamSays(Opcode::Text, payload);
            f.upstreamSays(Opcode::Text, payload);
        } else {
            f.upstreamSocket()->setReadBufferSize(1000);
            f.upstreamSocket()->disconnect(&f.upstream);
            caller->send(2, payload);
            caller->send(2, payload);
        }
        const auto end = ended(f);
        QCOMPARE(end.endedBy, EndedBy::Relay);
        QVERIFY(plain(end.closeReason)
                    .contains(client ? u"client stopped reading"_s : u"upstream stopped reading"_s));
        if (!client)
            QCOMPARE(end.closeCode, 1013);
    }
};

RELAY_TEST(tst_Call)
#include "tst_call.moc"
