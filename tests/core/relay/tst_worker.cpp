// SPDX-License-Identifier: MIT
// A Worker in the test's own thread, given connections as a Relay gives them.
#include <QTest>

#include "core/relay/worker.h"
#include "core/wire/framewriter.h"
#include "tests/core/simulator/rawclient.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/support/relaytest.h"

#include <QAbstractEventDispatcher>
#include <QSignalSpy>

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <variant>
#include <vector>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#include <unistd.h>
#endif

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

QByteArray code(quint16 number)
{
    QByteArray payload(2, 0);
    qToBigEndian(number, payload.data());
    return payload;
}

/// A worker, the port whose connections it gets, and the upstream it dials.
class WorkerFixture : public QTcpServer
{
public:
    WorkerFixture()
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("listen");
        settings.upstreamUrl = urlOf(upstream);
        settings.handshakeTimeout = std::chrono::hours(1); // what asks nothing stays as long as the test
        services.snapshot = [] {
            Snapshot snapshot;
            snapshot.state = RelayState::Running;
            return snapshot;
        };
    }

    static QUrl urlOf(const ScriptedServer &server)
    {
        return QUrl(u"ws://127.0.0.1:%1/v1/realtime"_s.arg(server.serverPort()));
    }

    /// As the settings stand now.
    std::shared_ptr<const RelayRules> rules()
    {
        services.admission.setRules(settings);
        services.halfOpen.setLimits(settings);
        services.budget.setLimits(settings.sessionBufferBytes, settings.bufferBudgetBytes);
        auto made = std::make_shared<RelayRules>();
        made->settings = std::make_shared<const Settings>(settings);
        made->upstreamProxy = QNetworkProxy(QNetworkProxy::NoProxy);
        made->trustedProxies = TrustedProxies(settings.trustedProxies);
        return made;
    }
    void start() { worker = std::make_unique<Worker>(services, rules()); }

    std::unique_ptr<RawClient> connection()
    {
        const int before = worker->load();
        auto client = std::make_unique<RawClient>(serverPort());
        if (!QTest::qWaitFor([&] { return worker->load() > before; }, 30'000))
            qWarning("no connection");
        return client;
    }
    /// A client whose upstream is open too.
    std::unique_ptr<RawClient> call(ScriptedServer &to)
    {
        const auto before = to.heads.size();
        auto client = std::make_unique<RawClient>(serverPort());
        client->ask("/v1/realtime");
        if (!QTest::qWaitFor([&] { return client->status() == 101 && to.heads.size() > before; }, 30'000))
            qWarning("no call");
        return client;
    }
    std::unique_ptr<RawClient> call() { return call(upstream); }

    /// That a message still comes from the upstream to its client.
    static bool lives(ScriptedServer &from, qsizetype which, RawClient &client)
    {
        const auto before = client.messages().size();
        from.sockets.at(which)->write(makeFrame(FrameScanner::Sender::Server, Opcode::Text, "down"));
        return QTest::qWaitFor([&] { return client.messages().size() == before + 1; }, 30'000);
    }

    /// The calls of this machine have failed, and some are yet to show what becomes of them.
    std::vector<std::variant<Ticket, Refusal>> failing()
    {
        std::vector<std::variant<Ticket, Refusal>> tickets;
        for (int i = 0; i < 100; ++i)
            tickets.push_back(services.admission.admit({QHostAddress::LocalHost, {}}));
        for (int i = 0; i < 50; ++i)
            std::get<Ticket>(tickets[std::size_t(i)]).leave(true);
        return tickets;
    }

    Snapshot seen() const
    {
        Snapshot snapshot;
        services.registry.fill(snapshot, true);
        return snapshot;
    }
    QByteArray journalText() const
    {
        QByteArray lines;
        const auto entries = journal.entriesAfter(0);
        for (const JournalEntry &entry : entries)
            lines += journalLine(entry, LogFormat::Json) + '\n';
        return lines;
    }

    Settings settings;
    Journal journal;
    RelayServices services{journal, {}, {}, {}, {}, {}};
    ScriptedServer upstream{switchingProtocols};
    Door door = Door::Public; ///< by which they come
    std::unique_ptr<Worker> worker;

protected:
    void incomingConnection(qintptr descriptor) override { worker->take(descriptor, door); }
};

} // namespace

class tst_Worker : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void loadIsConnectionsAndCalls()
    {
        WorkerFixture f;
        f.start();
        QCOMPARE(f.worker->load(), 0);
        RawClient client(f.serverPort());
        QTRY_COMPARE(f.worker->load(), 1);
        client.socket().abort();
        QTRY_COMPARE(f.worker->load(), 0);

        const auto call = f.call();
        QTRY_COMPARE(f.worker->load(), 1); // a call now, and a connection no more
        call->socket().abort();
        QTRY_COMPARE(f.worker->load(), 0);
        QTRY_COMPARE(f.services.admission.liveCount(), 0);
    }

#ifdef Q_OS_UNIX
    // However many come: they are adopted a few at a time, and it says when no more should be accepted.
    void takesAFewInEachTurn()
    {
        WorkerFixture f;
        f.start();
        std::vector<std::array<int, 2>> pairs(2 * Worker::mostArrived);
        std::size_t taken = 0;
        for (auto &pair : pairs) {
            QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
            ++taken;
            QCOMPARE(f.worker->take(pair[1]), taken < Worker::mostArrived);
        }
        QCOMPARE(f.worker->load(), int(taken)); // on their way
        const auto adopted = [&f] { return f.worker->findChildren<IncomingConnection *>().size(); };
        qsizetype most = 0;
        for (int turns = 0; turns < 1000 && adopted() < qsizetype(taken); ++turns) {
            const auto before = adopted();
            QAbstractEventDispatcher::instance()->processEvents(QEventLoop::AllEvents);
            most = std::max(most, adopted() - before);
        }
        QCOMPARE(adopted(), qsizetype(taken));
        QVERIFY2(most <= 16, qPrintable(QString::number(most)));

        int last[2];
        QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, last), 0);
        QVERIFY(f.worker->take(last[1])); // there is room again
        f.worker.reset(); // before it was adopted
        char byte;
        QCOMPARE(::read(last[0], &byte, 1), 0);
        ::close(last[0]);
        for (const auto &pair : pairs)
            ::close(pair[0]);
    }
#endif

    void answersRequests_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("counted"); ///< as a refusal; empty: not
        QTest::newRow("health") << "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"_ba << 200 << QByteArray();
        QTest::newRow("metrics") << "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"_ba << 200 << QByteArray();
        QTest::newRow("a call without an upgrade")
            << "GET /v1/realtime HTTP/1.1\r\nHost: x\r\n\r\n"_ba << 426 << QByteArray();
        const QByteArray upgrade
            = " HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";
        QTest::newRow("an upgrade where none is") << "GET /health" + upgrade << 404 << "not_found"_ba;
        QTest::newRow("an upgrade where nothing is") << "GET /nowhere" + upgrade << 404 << "not_found"_ba;
        QTest::newRow("TLS") << "\x16\x03\x01"_ba << 400 << "tls_on_plain_port"_ba;
        QTest::newRow("a proxy that is not trusted")
            << "PROXY UNKNOWN\r\n"_ba << 400 << "proxy_not_trusted"_ba;
        QTest::newRow("nothing there")
            << "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"_ba << 404 << "not_found"_ba;
        QTest::newRow("no host") << "GET /health HTTP/1.1\r\n\r\n"_ba << 400 << "bad_request"_ba;
        QTest::newRow("too long") << "GET /" + QByteArray(20'000, 'a') << 431 << "head_too_large"_ba;
    }
    void answersRequests()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        QFETCH(QByteArray, counted);
        WorkerFixture f;
        f.start();
        RawClient client(f.serverPort());
        client.socket().write(request);
        QTRY_COMPARE(client.status(), status);
        using Counts = QMap<QByteArray, qint64>;
        QCOMPARE(f.services.admission.rejected(), counted.isEmpty() ? Counts() : Counts({{counted, 1}}));
        QCOMPARE(f.seen().totalConnections, 0);
        client.socket().abort();
        QTRY_COMPARE(f.worker->load(), 0);
    }

    void cutsTheOldestThatAskNothing_data()
    {
        QTest::addColumn<QStringList>("trusted");
        QTest::addColumn<QByteArray>("counted");
        QTest::newRow("of one address") << QStringList() << "too_many_half_open_from_address"_ba;
        QTest::newRow("in all") << QStringList{u"127.0.0.1"_s} << "too_many_half_open"_ba;
    }
    void cutsTheOldestThatAskNothing()
    {
        QFETCH(QStringList, trusted);
        QFETCH(QByteArray, counted);
        WorkerFixture f;
        f.settings.maxHalfOpen = 3;
        f.settings.maxHalfOpenPerIp = trusted.isEmpty() ? 3 : 1;
        f.settings.trustedProxies = trusted;
        if (trusted.isEmpty())
            f.settings.maxHalfOpen = 100;
        f.start();
        const auto call = f.call(); // is none any more
        const auto oldest = f.connection();
        const auto second = f.connection();
        const auto third = f.connection();
        QVERIFY(!oldest->isGone());
        RawClient newest(f.serverPort());
        QTRY_VERIFY(oldest->isGone());
        newest.socket().write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        QTRY_COMPARE(newest.status(), 200);
        QVERIFY(!second->isGone());
        QVERIFY(!third->isGone());
        QVERIFY(WorkerFixture::lives(f.upstream, 0, *call));
        QCOMPARE(f.services.admission.rejected(), (QMap<QByteArray, qint64>{{counted, 1}}));
        const auto troubles = f.services.troubles.current();
        QCOMPARE(troubles.size(), 1);
        QCOMPARE(troubles[0].code, TroubleCode::HalfOpenCut);
        QCOMPARE(plain(troubles[0].text).contains(u"127.0.0.1"_s), trusted.isEmpty());
    }

    // Once in the journal, however often; and then it is a trouble.
    void whatFailsIsTold_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<TroubleCode>("trouble");
        const QByteArray upgrade
            = "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";
        QTest::newRow("TLS") << "\x16\x03\x01"_ba
                             << "refused"_ba
                             << "tls_on_plain_port"_ba << TroubleCode::TlsOnPlainPort;
        QTest::newRow("another path") << upgrade << "refused"_ba
                                      << "not_found"_ba << TroubleCode::WrongPath;
        QTest::newRow("half a request") << "GET /"_ba
                                        << "connection_failed"_ba
                                        << "left_early"_ba << TroubleCode::RequestsUnfinished;
    }
    void whatFailsIsTold()
    {
        QFETCH(QByteArray, said);
        QFETCH(QByteArray, event);
        QFETCH(QByteArray, code);
        QFETCH(TroubleCode, trouble);
        WorkerFixture f;
        f.start();
        for (int i = 0; i < 10; ++i) {
            RawClient client(f.serverPort());
            client.socket().write(said);
            QTRY_COMPARE(client.socket().bytesToWrite(), 0);
            client.socket().disconnectFromHost();
            const auto told = [&f] {
                const auto rejected = f.services.admission.rejected();
                return std::accumulate(rejected.begin(), rejected.end(),
                    f.services.connectionFailures.totals()[size_t(ConnectionFailure::LeftEarly)]);
            };
            QTRY_COMPARE(told(), i + 1);
        }
        const auto entries = f.journal.entriesAfter(0);
        QCOMPARE(entries.size(), 1);
        QCOMPARE(entries[0].event, event);
        QCOMPARE(entries[0].fields[0].second.toByteArray(), code);
        QVERIFY(f.journalText().contains("127.0.0.1"));
        const auto troubles = f.services.troubles.current();
        QCOMPARE(troubles.size(), 1);
        QCOMPARE(troubles[0].code, trouble);
        QCOMPARE(f.services.connectionFailures.totals()[size_t(ConnectionFailure::LeftEarly)],
            event == "connection_failed" ? 10 : 0);
    }

    void snapshotIsAsked()
    {
        WorkerFixture f;
        f.services.snapshot = [] {
            Snapshot snapshot;
            snapshot.state = RelayState::Draining;
            return snapshot;
        };
        f.start();
        RawClient client(f.serverPort());
        client.socket().write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        QTRY_COMPARE(client.status(), 503);
    }

    void refusesACall()
    {
        WorkerFixture f;
        f.start();
        RawClient client(f.serverPort());
        client.ask("/v1/realtime", "Origin: http://elsewhere.example\r\nAuthorization: Bearer sk-SECRET\r\n");
        QTRY_COMPARE(client.status(), 403);
        QTRY_VERIFY(client.isGone());
        QTRY_COMPARE(f.worker->load(), 0);
        QCOMPARE(f.services.admission.liveCount(), 0);
        QCOMPARE(f.seen().totalConnections, 0);
        QCOMPARE(f.upstream.sockets.size(), 0);
        const auto entries = f.journal.entriesAfter(0);
        QCOMPARE(entries.size(), 1);
        QCOMPARE(entries[0].event, "refused");
        const auto told = [&](const QByteArray &name) {
            for (const auto &[key, value] : entries[0].fields) {
                if (key == name)
                    return value.toString();
            }
            return QString();
        };
        QCOMPARE(told("code"), u"origin_not_allowed"_s);
        QCOMPARE(told("status"), u"403"_s);
        QCOMPARE(told("client"), u"127.0.0.1"_s);
        QCOMPARE(told("origin"), u"http://elsewhere.example"_s);
        QVERIFY2(!f.journalText().contains("SECRET"), f.journalText());
    }

    // Of an address whose calls keep failing, whatever it is told: nobody is dialled.
    void refusesWhoFailsAgainAndAgain()
    {
        WorkerFixture f;
        f.start();
        const auto tickets = f.failing();
        std::vector<std::unique_ptr<RawClient>> held;
        for (int i = 0; i < 64; ++i) {
            held.push_back(std::make_unique<RawClient>(f.serverPort()));
            held.back()->ask("/v1/realtime");
        }
        QTRY_COMPARE(f.services.admission.rejected()["too_many_failing_calls"], 64);
        RawClient last(f.serverPort()); // more are not held
        last.ask("/v1/realtime");
        QTRY_COMPARE(last.status(), 429);
        QVERIFY(
            std::all_of(held.begin(), held.end(), [](const auto &client) { return client->status() == 0; }));
        QCOMPARE(f.upstream.heads.size(), 0);
        QCOMPARE(f.journal.entriesAfter(0).size(), 1);
        QVERIFY(f.journalText().contains("too_many_failing_calls"));
    }

    void tellsThemAtLast()
    {
        WorkerFixture f;
        f.settings.handshakeTimeout = std::chrono::seconds(1);
        f.start();
        const auto tickets = f.failing();
        RawClient client(f.serverPort());
        client.ask("/v1/realtime");
        QTRY_COMPARE(client.status(), 429);
        QVERIFY(client.head().contains("\r\nRetry-After: "));
        QTRY_COMPARE(f.worker->load(), 0);
    }

    // Its operator may not be looking for calls there, but whoever asks thinks so.
    void namesTheDoorWhereThereAreNoCalls()
    {
        WorkerFixture f;
        f.settings.adminPort = 1;
        f.door = Door::Admin;
        f.start();
        RawClient client(f.serverPort());
        client.ask("/v1/realtime", "Authorization: Bearer sk-any\r\n");
        QTRY_COMPARE(client.status(), 404);
        QVERIFY2(f.journalText().contains("ADMIN_PORT"), f.journalText());
        QVERIFY2(!f.journalText().contains("calls go to"), f.journalText());
    }

    // What is guarded is known by the same settings as how, or it would be open while a worker has yet to hear of new ones.
    void guardsAsItKnows()
    {
        WorkerFixture f;
        f.settings.statsToken = u"0123456789abcdef"_s;
        f.start();
        f.settings.statsToken = QString();
        f.settings.adminPort = 1;
        const auto changed = f.rules(); // by which strangers are admitted already
        RawClient before(f.serverPort());
        before.socket().write("GET /stats HTTP/1.1\r\nHost: x\r\n\r\n");
        QTRY_COMPARE(before.status(), 401);
        f.worker->setRules(changed);
        RawClient after(f.serverPort());
        after.socket().write("GET /stats HTTP/1.1\r\nHost: x\r\n\r\n");
        QTRY_COMPARE(after.status(), 404);
    }

    void callWithoutAKey_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QString>("reason");
        const QByteArray browser = "Origin: http://localhost:5173\r\n";
        QTest::newRow("none") << browser << u"no key was sent"_s;
        QTest::newRow("one that cannot be") << browser + "Authorization: Bearer SECRET\xe9\r\n"
                                            << u"characters"_s;
    }
    void callWithoutAKey()
    {
        QFETCH(QByteArray, headers);
        QFETCH(QString, reason);
        WorkerFixture f;
        f.start();
        RawClient client(f.serverPort());
        client.ask("/v1/realtime", headers);
        QTRY_COMPARE(client.closeCode(), 3000);
        QCOMPARE(client.messages().size(), 1); // the error event
        QVERIFY2(client.messages()[0].contains(reason.toUtf8()), client.messages()[0]);
        client.send(8, code(3000));
        QTRY_COMPARE(f.worker->load(), 0);
        QCOMPARE(f.upstream.sockets.size(), 0); // nobody was dialled
        QCOMPARE(f.seen().calls.size(), 1);
        QCOMPARE(f.seen().calls[0].endReason, EndReason::MissingKey);
        QVERIFY2(!f.journalText().contains("SECRET"), f.journalText());
    }

    void identity_data()
    {
        QTest::addColumn<QStringList>("trusted");
        QTest::addColumn<QString>("client");
        QTest::newRow("no proxy is trusted") << QStringList() << u"127.0.0.1"_s;
        QTest::newRow("behind a proxy") << QStringList{u"127.0.0.1"_s} << u"203.0.113.7"_s;
    }
    void proxyProtocolBeforeForwarding_data()
    {
        QTest::addColumn<QByteArray>("named");
        QTest::addColumn<QString>("client");
        QTest::newRow("a client") << "192.0.2.1"_ba << u"192.0.2.1"_s;
        QTest::newRow("a proxy that is trusted, too") << "10.0.0.1"_ba << u"203.0.113.7"_s;
    }
    // Whom the PROXY protocol names is who speaks, and is believed of others only if trusted.
    void proxyProtocolBeforeForwarding()
    {
        QFETCH(QByteArray, named);
        QFETCH(QString, client);
        WorkerFixture f;
        f.settings.trustedProxies = QStringList{u"127.0.0.1"_s, u"10.0.0.1"_s};
        f.start();
        RawClient asking(f.serverPort());
        asking.socket().write("PROXY TCP4 " + named + " 192.0.2.2 1 2\r\n");
        asking.ask("/realtime", "Authorization: Bearer sk-any\r\nX-Forwarded-For: 203.0.113.7\r\n");
        QTRY_COMPARE(f.seen().calls.size(), 1);
        QCOMPARE(f.seen().calls[0].clientAddress, client);
    }
    void identity()
    {
        QFETCH(QStringList, trusted);
        QFETCH(QString, client);
        WorkerFixture f;
        f.settings.trustedProxies = trusted;
        f.start();
        RawClient asking(f.serverPort());
        asking.ask("/v1/realtime?model=a%2Fb&api-key=sk-SECRET",
            "X-Forwarded-For: 203.0.113.7\r\nOrigin: http://localhost:3000\r\n");
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        QVERIFY2(f.upstream.heads[0].contains("SECRET"), f.upstream.heads[0]);
        const auto calls = f.seen().calls;
        QCOMPARE(calls.size(), 1);
        QCOMPARE(calls[0].clientAddress, client);
        QCOMPARE(calls[0].origin, u"http://localhost:3000"_s);
        QCOMPARE(calls[0].model, u"a/b"_s);
        QVERIFY2(!f.journalText().contains("SECRET"), f.journalText());
    }

    void upstreamsPathIsItsOwn_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("upstream");
        QTest::newRow("/") << "/?model=a%2Fb"_ba
                           << "/v1/realtime?model=a%2Fb"_ba;
        QTest::newRow("twice") << "//realtime/realtime/?a=100%"_ba
                               << "/v1/realtime?a=100%"_ba;
        QTest::newRow("translations") << "/openai/v1/realtime//translations/"_ba
                                      << "/v1/realtime/translations"_ba;
        QTest::newRow("fork") << "/live/sessions/live_1%20/fork"_ba
                              << "/v1/live/sessions/live_1%20/fork"_ba;
    }
    void upstreamsPathIsItsOwn()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, upstream);
        WorkerFixture f;
        f.start();
        RawClient asking(f.serverPort());
        asking.ask(target);
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        QVERIFY2(f.upstream.heads[0].startsWith("GET " + upstream + " HTTP/1.1\r\n"), f.upstream.heads[0]);
    }

    void kindIsKnownAtBirth_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<CallKind>("kind");
        QTest::newRow("Realtime") << "/realtime?model=m"_ba << QByteArray() << CallKind::Realtime;
        QTest::newRow("beta") << "/realtime?model=m"_ba
                              << "OpenAI-Beta: realtime=v1\r\n"_ba << CallKind::Beta;
        QTest::newRow("transcription")
            << "/realtime?intent=transcription"_ba << QByteArray() << CallKind::Transcription;
        QTest::newRow("sideband") << "/realtime?call_id=rtc_1"_ba << QByteArray() << CallKind::Sideband;
        QTest::newRow("translation") << "/v1/realtime/translations?model=m"_ba << QByteArray()
                                     << CallKind::Translation;
        QTest::newRow("Live") << "/v1/live/sessions"_ba << QByteArray() << CallKind::Live;
        QTest::newRow("attached") << "/v1/live/sessions/live_1/attach"_ba << QByteArray()
                                  << CallKind::Sideband;
    }
    void kindIsKnownAtBirth()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, headers);
        WorkerFixture f;
        f.start();
        RawClient asking(f.serverPort());
        asking.ask(target, "Authorization: Bearer sk-any\r\n" + headers);
        QTRY_COMPARE(f.seen().calls.size(), 1);
        QTEST(f.seen().calls[0].kind, "kind");
    }

    void ticksForTheShortestTimeOfTheCallsThatLive()
    {
        WorkerFixture f;
        f.settings.heartbeatInterval = std::chrono::milliseconds(640);
        f.start();
        const auto interval = [&f] {
            return f.worker->findChild<QTimer *>(QString(), Qt::FindDirectChildrenOnly)->interval();
        };
        const int before = interval();
        const auto client = f.call();
        f.settings.heartbeatInterval = std::chrono::hours(1);
        f.worker->setRules(f.rules());
        QCOMPARE(interval(), before); // the call keeps its own
        client->socket().abort();
        QTRY_COMPARE(f.worker->load(), 0);
        QVERIFY(interval() > before);
    }

    // doc/access.md promises that calls of a token that has expired are ended within a second of that. Each call is looked at in half
    // of it, which leaves the other to the coarseness of timers, and to the end of the call; what a look finds is tst_callaccess's.
    void looksAtEachCallWithATokenInHalfASecond()
    {
        WorkerFixture f;
        f.start();
        const auto round = [&f] {
            const auto *const timer = f.worker->findChild<QTimer *>(QString(), Qt::FindDirectChildrenOnly);
            return timer->intervalAsDuration() * Worker::tickParts;
        };
        f.services.patience = {std::chrono::hours(1), std::chrono::hours(1), {}, std::chrono::hours(1), {}};
        f.worker->accessChanged();
        QVERIFY(round() > std::chrono::milliseconds(500));
        AccessTerms terms;
        terms.id = 7;
        f.services.accounts.setBook(std::make_shared<const AccessBook>(QList<AccessTerms>{terms}));
        f.worker->accessChanged();
        QVERIFY(round() <= std::chrono::milliseconds(500));
    }

    void endsTheCallsThatAreNamed()
    {
        WorkerFixture f;
        f.start();
        const auto first = f.call();
        const auto second = f.call();
        const auto third = f.call();
        const auto calls = f.seen().calls;
        QCOMPARE(calls.size(), 3);
        f.worker->endCalls({calls[2].number + 1, calls[1].number}); // the one before is of nobody
        QTRY_COMPARE(second->closeCode(), 4410);
        QVERIFY(WorkerFixture::lives(f.upstream, 0, *first));
        QVERIFY(WorkerFixture::lives(f.upstream, 2, *third));
        QCOMPARE(first->closeCode(), -1);
        QCOMPARE(third->closeCode(), -1);
    }

    void newRulesAreForNewCalls()
    {
        WorkerFixture f;
        f.start();
        const auto before = f.call();
        ScriptedServer other(switchingProtocols);
        f.settings.upstreamUrl = WorkerFixture::urlOf(other);
        f.settings.maxMessageBytes = 100;
        f.worker->setRules(f.rules());
        const auto after = f.call(other);
        QCOMPARE(other.heads.size(), 1);
        QCOMPARE(f.upstream.heads.size(), 1);
        QVERIFY(WorkerFixture::lives(f.upstream, 0, *before));
        QVERIFY(WorkerFixture::lives(other, 0, *after));
        after->sendText(QByteArray(101, 'x'));
        QTRY_COMPARE(after->closeCode(), 1009);
        QCOMPARE(before->closeCode(), -1);
    }

    // They are looked at in parts, and only while there are any.
    void looksAfterEveryCall()
    {
        WorkerFixture f;
        // Counted from when the call is open: a limit of its length might end it while a slow machine still dials.
        f.settings.inactivityTimeout = std::chrono::milliseconds(200);
        f.start();
        for (const int count : {18, 1}) {
            std::vector<std::unique_ptr<RawClient>> calls;
            for (int i = 0; i < count; ++i)
                calls.push_back(f.call());
            for (const auto &call : calls) {
                QTRY_COMPARE(call->closeCode(), 4408);
                call->socket().abort();
            }
            QTRY_COMPARE(f.worker->load(), 0);
        }
    }

    void shutsDown()
    {
        WorkerFixture f;
        f.start();
        QSignalSpy idle(f.worker.get(), &Worker::idle);
        int loadWhenIdle = -1;
        connect(f.worker.get(), &Worker::idle, this, [&] { loadWhenIdle = f.worker->load(); });
        const auto quiet = f.connection();
        const auto call = f.call();
        f.worker->shutDown(1);
        QTRY_COMPARE(call->closeCode(), 1001);
        QTRY_VERIFY(quiet->isGone());
        call->send(8, code(1001));
        f.upstream.sockets[0]->disconnectFromHost();
        QTRY_COMPARE(idle.size(), 1);
        QCOMPARE(loadWhenIdle, 0); // not before all are gone
        QTRY_VERIFY(call->isGone());
        QCOMPARE(f.seen().calls[0].endReason, EndReason::RelayShutdown);
        QCOMPARE(idle.size(), 1);
    }

    void saysWhenItIsIdle()
    {
        WorkerFixture f;
        f.start();
        QSignalSpy idle(f.worker.get(), &Worker::idle);
        const auto quiet = f.connection(); // is no call
        f.worker->watchForIdle(1);
        QCOMPARE(idle.size(), 1);

        const auto first = f.call();
        const auto second = f.call();
        f.worker->watchForIdle(1);
        first->socket().abort();
        QTRY_COMPARE(f.worker->load(), 2);
        QCOMPARE(idle.size(), 1); // the second is still there
        QVERIFY(WorkerFixture::lives(f.upstream, 1, *second));
        second->socket().abort();
        QTRY_COMPARE(idle.size(), 2);

        const auto third = f.call(); // which nobody waits for
        third->socket().abort();
        QTRY_COMPARE(f.worker->load(), 1);
        QCOMPARE(idle.size(), 2);
        QVERIFY(!quiet->isGone());

        const auto fourth = f.call();
        f.worker->watchForIdle(7);
        f.worker->watchForIdle(0); // called off
        fourth->socket().abort();
        QTRY_COMPARE(f.worker->load(), 1);
        QCOMPARE(idle.size(), 2);
        f.worker->watchForIdle(8);
        QCOMPARE(idle.size(), 3);
        QCOMPARE(idle.last().first().toInt(), 8);
    }

    void destroyed()
    {
        WorkerFixture f;
        f.start();
        const auto quiet = f.connection();
        const auto call = f.call();
        QTRY_COMPARE(f.worker->load(), 2);
        f.worker.reset();
        QTRY_VERIFY(quiet->isGone());
        QTRY_VERIFY(call->isGone());
        QTRY_COMPARE(f.upstream.sockets[0]->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(f.services.admission.liveCount(), 0);
    }
};

RELAY_TEST(tst_Worker)
#include "tst_worker.moc"
