// SPDX-License-Identifier: MIT
// Who has no Origin gets its 101 when the upstream has answered, and an HTTP status when that comes to nothing. And what
// clients are told later than it happens: that their calls keep failing.
#include "core/admission/failurepacer.h"
#include "core/wire/framewriter.h"
#include "tests/core/call/callfixture.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtEndian>

#include <variant>
#include <vector>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using Phase = Call::Phase;

namespace {

QByteArray statusLine(const CallFixture &f)
{
    return f.client->written.left(13).trimmed();
}

QString toldCode(const CallFixture &f)
{
    const QByteArray body = f.client->written.mid(f.client->written.indexOf("\r\n\r\n") + 4);
    return QJsonDocument::fromJson(body)[u"error"_s][u"code"_s].toString();
}

/// As if others of the client's calls had failed just now: its next failure is told so much later.
void delayFailures(CallFixture &f, std::chrono::milliseconds by)
{
    const auto before = std::chrono::steady_clock::now() + by - FailurePacer::spacing;
    QCOMPARE(f.services.failures.delay(f.plan.client, before), 0ms);
}

// For the client to be told while a test waits: enough for what is to be seen before, on a busy machine as well.
constexpr std::chrono::milliseconds aWhile = 3s;
// Where no test waits for it.
constexpr auto atMost = FailurePacer::longest;

} // namespace

class tst_HeldCall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void waitsForTheUpstream()
    {
        CallFixture f(silence);
        f.start(false);
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        QVERIFY(f.client->written.isEmpty());
        f.upstreamSays(switchingProtocols(f.upstream.heads[0])
            + makeFrame(FrameScanner::Sender::Server, Opcode::Text, "first"));
        QTRY_COMPARE(f.call->phase(), Phase::Open);
        QTRY_COMPARE(f.clientHeard(), QList<QByteArray>{"81 first"});
        QVERIFY(f.client->written.startsWith(f.switching)); // and once
        f.clientSays(Opcode::Text, "hello");
        QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"81 hello"});
    }

    void browserDoesNot()
    {
        CallFixture f(silence);
        f.start(true);
        QCOMPARE(f.client->written, f.switching);
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        f.upstreamSays("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
        QTRY_COMPARE(f.call->phase(), Phase::Closing);
        QCOMPARE(f.clientHeard().size(), 2);
        QVERIFY(f.clientHeard()[0].contains("invalid_api_key"));
        QVERIFY(f.clientHeard()[1].startsWith("88 "));
    }

    void isToldTheUpstreamsOwnStatus()
    {
        CallFixture f([](const QByteArray &) -> QByteArray {
            return "HTTP/1.1 429 No\r\nContent-Type: application/json\r\nRetry-After: 7\r\n"
                   "x-request-id: req_1\r\nWWW-Authenticate: Bearer\r\nContent-Length: 33\r\n\r\n"
                   "{\"error\":{\"code\":\"rate_limited\"}}";
        });
        f.start(false);
        QTRY_COMPARE(f.call->phase(), Phase::Closing);
        QCOMPARE(statusLine(f), "HTTP/1.1 429");
        QVERIFY(f.client->written.endsWith("\r\n\r\n{\"error\":{\"code\":\"rate_limited\"}}"));
        for (const char *line : {"Content-Type: application/json", "Retry-After: 7", "x-request-id: req_1",
                 "Content-Length: 33", "Connection: close"})
            QVERIFY2(f.client->written.contains(QByteArray("\r\n") + line + "\r\n"), line);
        QVERIFY(!f.client->written.contains("WWW-Authenticate"));
        QVERIFY(f.client->closing);
        QVERIFY(f.client->reading); // to see it go
        QCOMPARE(f.upstream.heads.size(), 1);
        f.client->tellEnded();
        QCOMPARE(f.call->phase(), Phase::Over);
        QCOMPARE(f.record->endReason, EndReason::UpstreamRefused);
        QCOMPARE(int(f.record->closeCode), 1013); // what would have stood in a close
    }

    void missingKey()
    {
        CallFixture f;
        f.plan.missingKey = "no key was sent";
        f.start(false);
        QCOMPARE(statusLine(f), "HTTP/1.1 401");
        QCOMPARE(toldCode(f), u"invalid_api_key"_s);
        f.client->tellEnded();
        QCOMPARE(f.upstream.heads.size(), 0);
        QCOMPARE(f.record->endReason, EndReason::MissingKey);
    }

    void unreachable()
    {
        CallFixture f;
        const ReservedPort port;
        f.plan.target.port = port.number();
        f.start(false);
        QTRY_COMPARE(statusLine(f), "HTTP/1.1 502");
        QCOMPARE(toldCode(f), u"upstream_unreachable"_s);
        QVERIFY(f.client->written.contains("\r\nRetry-After: "));
    }

    void timeOut()
    {
        CallFixture f(silence);
        f.plan.target.timeout = 50ms;
        f.start(false);
        QTRY_COMPARE(statusLine(f), "HTTP/1.1 504");
        QCOMPARE(toldCode(f), u"upstream_unreachable"_s);
    }

    void isEnded_data()
    {
        QTest::addColumn<int>("reason");
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<QString>("code");
        QTest::newRow("shutdown") << int(EndReason::RelayShutdown) << QByteArray("HTTP/1.1 503")
                                  << u"relay_shutdown"_s;
        QTest::newRow("operator") << int(EndReason::ClosedByOperator) << QByteArray("HTTP/1.1 403")
                                  << u"closed_by_operator"_s;
        QTest::newRow("length") << int(EndReason::SessionLimit) << QByteArray("HTTP/1.1 503")
                                << u"session_limit"_s;
    }
    void isEnded()
    {
        QFETCH(int, reason);
        QFETCH(QByteArray, status);
        CallFixture f(silence);
        f.start(false);
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        f.call->end(EndReason(reason));
        QCOMPARE(statusLine(f), status);
        QTEST(toldCode(f), "code");
        QTRY_COMPARE(f.upstream.sockets[0]->state(), QAbstractSocket::UnconnectedState); // no more dial
        f.client->tellEnded();
        QCOMPARE(f.call->phase(), Phase::Over);
    }

    void isCut()
    {
        CallFixture f(silence);
        f.start(false);
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        f.call->abort();
        QVERIFY(f.client->written.isEmpty());
        QCOMPARE(f.call->phase(), Phase::Over);
    }

    void goesAwayBeforeItsAnswer()
    {
        CallFixture f(silence);
        f.start(false);
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        f.client->tellEnded();
        QTRY_COMPARE(f.upstream.sockets[0]->state(), QAbstractSocket::UnconnectedState);
        QVERIFY(f.client->written.isEmpty());
        QCOMPARE(f.record->endReason, EndReason::ClientVanished);
    }

    void whatItSaysTooEarlyIsNotRead()
    {
        for (const bool refused : {false, true}) {
            CallFixture f(silence);
            f.start(false);
            QTRY_COMPARE(f.upstream.heads.size(), 1);
            f.clientSays(Opcode::Text, "early");
            QCOMPARE(f.client->reads, 0);
            QVERIFY(!f.client->reading);
            f.upstreamSays(refused ? QByteArray("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n")
                                   : switchingProtocols(f.upstream.heads[0]));
            if (!refused) {
                QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"81 early"});
                continue;
            }
            QTRY_COMPARE(statusLine(f), "HTTP/1.1 400");
            f.client->tellReadable();
            QVERIFY(f.client->incoming.isEmpty()); // or its end would never be seen
            QVERIFY(f.upstreamHeard().isEmpty());
        }
    }

    void failuresAreToldOneAfterTheOther()
    {
        CallFixture f;
        f.plan.missingKey = "no key was sent";
        QElapsedTimer since;
        since.start();
        delayFailures(f, aWhile);
        f.start(false);
        QCOMPARE(f.call->phase(), Phase::Closing);
        QVERIFY(f.client->written.isEmpty());
        QTRY_COMPARE(statusLine(f), "HTTP/1.1 401");
        QVERIFY(since.elapsed() > 0.95 * aWhile.count()); // never too early
        f.call->abort();

        // At once when the relay stops.
        delayFailures(f, atMost);
        f.start(false);
        QVERIFY(f.client->written.isEmpty());
        f.call->end(EndReason::RelayShutdown);
        QCOMPARE(statusLine(f), "HTTP/1.1 401");
    }

    void theUpstreamsOwnEndIsPaced_data()
    {
        QTest::addColumn<QByteArrayList>("words"); // of the upstream, before it closes
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("isFailure");
        const QByteArray error = R"({"type":"error","error":{"code":"insufficient_quota"}})";
        const QByteArray created = R"({"type":"session.created"})";
        QTest::newRow("an error, 3000") << QByteArrayList{error} << 3000 << true;
        QTest::newRow("an error, 1013") << QByteArrayList{error} << 1013 << true;
        QTest::newRow("an error, 1000") << QByteArrayList{error} << 1000 << true;
        QTest::newRow("a session, an error, 4004") << QByteArrayList{created, error} << 4004 << true;
        QTest::newRow("nothing, 1011") << QByteArrayList() << 1011 << true;
        QTest::newRow("a session, 1000") << QByteArrayList{created} << 1000 << false;
    }
    void theUpstreamsOwnEndIsPaced()
    {
        QFETCH(QByteArrayList, words);
        QFETCH(int, code);
        QFETCH(bool, isFailure);
        QByteArray payload(2, '\0');
        qToBigEndian(quint16(code), payload.data());
        QByteArray frames;
        QList<QByteArray> asTheyCome;
        for (const QByteArray &word : words) {
            frames += makeFrame(FrameScanner::Sender::Server, Opcode::Text, word);
            asTheyCome.append("81 " + word);
        }
        frames += makeFrame(FrameScanner::Sender::Server, Opcode::Close, payload + "why");
        asTheyCome.append("88 " + payload + "why");
        for (const bool failedBefore : {false, true}) {
            CallFixture f;
            QVERIFY(f.open());
            f.record->startedNs += std::chrono::nanoseconds(1h).count(); // brief, however long this takes
            QElapsedTimer since;
            since.start();
            const auto before = std::chrono::steady_clock::now();
            if (failedBefore)
                delayFailures(f, aWhile);
            f.upstreamSays(frames);
            const bool isHeld = failedBefore && isFailure;
            QTRY_COMPARE(f.call->phase(), Phase::Closing);
            if (isHeld) {
                const QList<QByteArray> passed
                    = words.size() > 1 ? asTheyCome.mid(0, 2) : QList<QByteArray>();
                QCOMPARE(f.clientHeard(), passed);
                QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{asTheyCome.last()}); // is answered at once
            }
            QTRY_COMPARE(f.clientHeard(), asTheyCome);
            QVERIFY(!isHeld || since.elapsed() > 0.95 * aWhile.count());
            if (!failedBefore) // it was counted, and once
                QCOMPARE(f.services.failures.delay(f.plan.client, before) > 0ms, isFailure);
            const auto most = failedBefore && !isFailure ? aWhile : 2 * FailurePacer::spacing;
            QVERIFY(f.services.failures.delay(f.plan.client) <= most + 2ms); // each is rounded up
        }
    }

    // The error of an upstream that goes on: nothing of it is lost, and nothing overtakes.
    void anErrorThatEndsNothing()
    {
        CallFixture f;
        QVERIFY(f.open());
        delayFailures(f, aWhile);
        const QByteArray error = R"({"type":"error"})";
        const auto says = [&f](Opcode opcode, const QByteArray &payload) {
            f.upstreamSays(makeFrame(FrameScanner::Sender::Server, opcode, payload));
        };
        says(Opcode::Text, error);
        says(Opcode::Binary, "second");
        QVERIFY(f.clientHeard().isEmpty());
        f.clientSays(Opcode::Text, "hello");
        QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"81 hello"});
        says(Opcode::Text, "third");
        const QList<QByteArray> all{"81 " + error, "82 second", "81 third"};
        QTRY_COMPARE(f.clientHeard(), all);
        says(Opcode::Text, error); // no longer the first word
        QTRY_COMPARE(f.clientHeard().size(), 4);
        QCOMPARE(f.call->phase(), Phase::Open);
    }

    void closesWhileItIsToBeTold()
    {
        for (const bool leaves : {false, true}) {
            CallFixture f;
            QVERIFY(f.open());
            delayFailures(f, leaves ? atMost : aWhile);
            const QByteArray error = R"({"type":"error"})";
            f.upstreamSays(makeFrame(FrameScanner::Sender::Server, Opcode::Text, error));
            QTRY_COMPARE(f.record->down.messages.value(), 1);
            QVERIFY(f.clientHeard().isEmpty());
            const QByteArray close = QByteArray::fromHex("03e8");
            f.clientSays(Opcode::Close, close);
            QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"88 " + close});
            if (leaves)
                f.client->tellEnded();
            f.upstreamSays(makeFrame(FrameScanner::Sender::Server, Opcode::Close, close));
            f.upstream.sockets[0]->disconnectFromHost();
            if (leaves)
                QTRY_COMPARE(f.call->phase(), Phase::Over);
            else
                QTRY_COMPARE(f.clientHeard(), (QList<QByteArray>{"81 " + error, "88 " + close}));
        }
    }

    // It is not read meanwhile, so it cannot be heard.
    void theUpstreamIsNotTakenForSilent()
    {
        CallFixture f;
        f.settings.heartbeatInterval = 30s;
        f.settings.inactivityTimeout = 0ms;
        QVERIFY(f.open());
        delayFailures(f, atMost);
        f.upstreamSays(makeFrame(FrameScanner::Sender::Server, Opcode::Text, R"({"type":"error"})"));
        QTRY_COMPARE(f.record->down.messages.value(), 1);
        const qint64 opened = CallRegistry::nowNs();
        for (int second = 0; second < 100; ++second) {
            f.clientSays(Opcode::Pong, {});
            f.call->tick(opened + second * std::chrono::nanoseconds(1s).count());
        }
        QVERIFY(!f.client->written.contains("error")); // is held back still
        QCOMPARE(f.call->phase(), Phase::Open);
    }

    void leavesWhileItIsToBeTold()
    {
        for (const bool withError : {false, true}) {
            CallFixture f;
            QVERIFY(f.open());
            delayFailures(f, atMost);
            QByteArray frames
                = makeFrame(FrameScanner::Sender::Server, Opcode::Close, QByteArray("\x0b\xb8", 2));
            if (withError)
                frames.prepend(makeFrame(FrameScanner::Sender::Server, Opcode::Text, R"({"type":"error"})"));
            f.upstreamSays(frames);
            QTRY_COMPARE(f.call->phase(), Phase::Closing);
            f.client->tellEnded();
            f.upstream.sockets[0]->disconnectFromHost();
            QTRY_COMPARE(f.call->phase(), Phase::Over);
            QVERIFY(f.clientHeard().isEmpty());
            QCOMPARE(f.record->endReason, EndReason::UpstreamClosed);
        }
    }

    void aBreachIsPacedAndTheUpstreamToldAtOnce()
    {
        CallFixture f;
        QVERIFY(f.open());
        delayFailures(f, aWhile);
        f.client->incoming = QByteArray(64, '\0');
        f.client->tellReadable();
        QCOMPARE(f.call->phase(), Phase::Closing);
        QTRY_COMPARE(f.upstreamHeard().size(), 1);
        QVERIFY(f.clientHeard().isEmpty());
        QTRY_COMPARE(f.clientHeard().size(), 2);
        QVERIFY(f.clientHeard()[0].contains("protocol_error"));
    }

    void provesItselfWithTime_data()
    {
        QTest::addColumn<int>("ms"); // that it lasts
        QTest::addColumn<bool>("fails");
        QTest::addColumn<bool>("proven");
        QTest::newRow("brief") << 100 << false << false;
        QTest::newRow("longer") << 3000 << false << true;
        QTest::newRow("failed") << 100 << true << false;
    }
    void provesItselfWithTime()
    {
        QFETCH(int, ms);
        QFETCH(bool, fails);
        QFETCH(bool, proven);
        CallFixture f;
        QVERIFY(f.open());
        // The others are on probation: as many as go well let as many more try.
        std::vector<std::variant<Ticket, Refusal>> others;
        for (int i = 0; i < 60; ++i)
            others.push_back(f.services.admission.admit({f.plan.client, {}}));
        for (int i = 0; i < 50; ++i)
            std::get<Ticket>(others[std::size_t(i)]).leave(true);
        others.erase(others.begin(), others.begin() + 53); // seven, and the call
        const auto mayTry = [&] {
            return std::holds_alternative<Ticket>(
                f.services.admission.admit({f.plan.client, {}, std::chrono::steady_clock::now() + 20s}));
        };
        QVERIFY(!mayTry());
        f.call->tick(f.record->startedNs + ms * 1'000'000LL);
        if (fails)
            f.upstream.sockets[0]->abort();
        if (fails)
            QTRY_VERIFY(f.call->phase() > Phase::Open);
        QCOMPARE(mayTry(), proven || fails); // what has failed is paid for by then
    }
};

RELAY_TEST(tst_HeldCall)
#include "tst_heldcall.moc"
