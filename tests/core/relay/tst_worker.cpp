// SPDX-License-Identifier: MIT
// A Worker in the test's own thread, given connections as a Relay gives them.
#include <QTest>

#include "core/relay/worker.h"
#include "core/websocket/framewriter.h"
#include "tests/core/simulator/rawclient.h"
#include "tests/core/websocket/scriptedserver.h"

#include <QSignalSpy>

#include <memory>

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
class Fixture : public QTcpServer
{
public:
    Fixture()
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("listen");
        settings.upstreamUrl = urlOf(upstream);
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
        if (!QTest::qWaitFor([&] { return worker->load() > before; }))
            qWarning("no connection");
        return client;
    }
    /// A client whose upstream is open too.
    std::unique_ptr<RawClient> call(ScriptedServer &to)
    {
        const auto before = to.heads.size();
        auto client = std::make_unique<RawClient>(serverPort());
        client->ask("/v1/realtime");
        if (!QTest::qWaitFor([&] { return client->status() == 101 && to.heads.size() > before; }))
            qWarning("no call");
        return client;
    }
    std::unique_ptr<RawClient> call() { return call(upstream); }

    /// That a message still comes from the upstream to its client.
    static bool lives(ScriptedServer &from, qsizetype which, RawClient &client)
    {
        const auto before = client.messages().size();
        from.sockets.at(which)->write(makeFrame(FrameScanner::Sender::Server, Opcode::Text, "down"));
        return QTest::qWaitFor([&] { return client.messages().size() == before + 1; });
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
    std::unique_ptr<Worker> worker;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        worker->expectConnection();
        worker->adopt(descriptor);
    }
};

} // namespace

class tst_Worker : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void loadIsConnectionsAndSessions()
    {
        Fixture f;
        f.start();
        QCOMPARE(f.worker->load(), 0);
        f.worker->expectConnection(); // on its way
        QCOMPARE(f.worker->load(), 1);
        RawClient client(f.serverPort());
        QTRY_COMPARE(f.worker->load(), 2);
        client.socket().abort();
        QTRY_COMPARE(f.worker->load(), 1);

        const auto call = f.call();
        QTRY_COMPARE(f.worker->load(), 2); // a session now, and a connection no more
        call->socket().abort();
        QTRY_COMPARE(f.worker->load(), 1);
        QTRY_COMPARE(f.services.admission.liveCount(), 0);
    }

    void answersRequests_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("counted"); ///< as a refusal; empty: not
        QTest::newRow("health") << "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"_ba << 200 << QByteArray();
        QTest::newRow("metrics") << "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"_ba << 200 << QByteArray();
        QTest::newRow("a call without an upgrade")
            << "GET /v1/realtime HTTP/1.1\r\nHost: x\r\n\r\n"_ba << 426 << QByteArray();
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
        Fixture f;
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

    void snapshotIsAsked()
    {
        Fixture f;
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
        Fixture f;
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

    void callWithoutAKey_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QString>("reason");
        QTest::newRow("none") << QByteArray() << u"no key was sent"_s;
        QTest::newRow("one that cannot be") << "Authorization: Bearer SECRET\xe9\r\n"_ba << u"characters"_s;
    }
    void callWithoutAKey()
    {
        QFETCH(QByteArray, headers);
        QFETCH(QString, reason);
        Fixture f;
        f.start();
        RawClient client(f.serverPort());
        client.ask("/v1/realtime", headers);
        QTRY_COMPARE(client.closeCode(), 3000);
        QCOMPARE(client.messages().size(), 1); // the error event
        QVERIFY2(client.messages()[0].contains(reason.toUtf8()), client.messages()[0]);
        client.send(8, code(3000));
        QTRY_COMPARE(f.worker->load(), 0);
        QCOMPARE(f.upstream.sockets.size(), 0); // nobody was dialled
        QCOMPARE(f.seen().sessions.size(), 1);
        QCOMPARE(f.seen().sessions[0].endReason, "missing_key");
        QVERIFY2(!f.journalText().contains("SECRET"), f.journalText());
    }

    void identity_data()
    {
        QTest::addColumn<QStringList>("trusted");
        QTest::addColumn<QString>("client");
        QTest::newRow("no proxy is trusted") << QStringList() << u"127.0.0.1"_s;
        QTest::newRow("behind a proxy") << QStringList{u"127.0.0.1"_s} << u"203.0.113.7"_s;
    }
    void identity()
    {
        QFETCH(QStringList, trusted);
        QFETCH(QString, client);
        Fixture f;
        f.settings.trustedProxies = trusted;
        f.start();
        RawClient asking(f.serverPort());
        asking.ask("/v1/realtime?model=a%2Fb&api-key=sk-SECRET",
            "X-Forwarded-For: 203.0.113.7\r\nOrigin: http://localhost:3000\r\n");
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        QVERIFY2(f.upstream.heads[0].contains("SECRET"), f.upstream.heads[0]);
        const auto sessions = f.seen().sessions;
        QCOMPARE(sessions.size(), 1);
        QCOMPARE(sessions[0].clientAddress, client);
        QCOMPARE(sessions[0].origin, u"http://localhost:3000"_s);
        QCOMPARE(sessions[0].model, u"a/b"_s);
        QVERIFY2(!f.journalText().contains("SECRET"), f.journalText());
    }

    void endsTheSessionsThatAreNamed()
    {
        Fixture f;
        f.start();
        const auto first = f.call();
        const auto second = f.call();
        const auto third = f.call();
        const auto sessions = f.seen().sessions;
        QCOMPARE(sessions.size(), 3);
        f.worker->endSessions({sessions[2].number + 1, sessions[1].number}); // the one before is of nobody
        QTRY_COMPARE(second->closeCode(), 4410);
        QVERIFY(Fixture::lives(f.upstream, 0, *first));
        QVERIFY(Fixture::lives(f.upstream, 2, *third));
        QCOMPARE(first->closeCode(), -1);
        QCOMPARE(third->closeCode(), -1);
    }

    void newRulesAreForNewCalls()
    {
        Fixture f;
        f.start();
        const auto before = f.call();
        ScriptedServer other(switchingProtocols);
        f.settings.upstreamUrl = Fixture::urlOf(other);
        f.settings.maxMessageBytes = 100;
        f.worker->setRules(f.rules());
        const auto after = f.call(other);
        QCOMPARE(other.heads.size(), 1);
        QCOMPARE(f.upstream.heads.size(), 1);
        QVERIFY(Fixture::lives(f.upstream, 0, *before));
        QVERIFY(Fixture::lives(other, 0, *after));
        after->sendText(QByteArray(101, 'x'));
        QTRY_COMPARE(after->closeCode(), 1009);
        QCOMPARE(before->closeCode(), -1);
    }

    // They are looked at in parts, and only while there are any.
    void looksAfterEverySession()
    {
        Fixture f;
        f.settings.sessionLimit = std::chrono::milliseconds(200);
        f.start();
        for (const int count : {18, 1}) {
            std::vector<std::unique_ptr<RawClient>> calls;
            for (int i = 0; i < count; ++i)
                calls.push_back(f.call());
            for (const auto &call : calls) {
                QTRY_COMPARE(call->closeCode(), 4409);
                call->socket().abort();
            }
            QTRY_COMPARE(f.worker->load(), 0);
        }
    }

    void shutsDown()
    {
        Fixture f;
        f.start();
        QSignalSpy idle(f.worker.get(), &Worker::idle);
        int loadWhenIdle = -1;
        connect(f.worker.get(), &Worker::idle, this, [&] { loadWhenIdle = f.worker->load(); });
        const auto quiet = f.connection();
        const auto call = f.call();
        f.worker->shutDown();
        QTRY_COMPARE(call->closeCode(), 1001);
        QTRY_VERIFY(quiet->isGone());
        call->send(8, code(1001));
        f.upstream.sockets[0]->disconnectFromHost();
        QTRY_COMPARE(idle.size(), 1);
        QCOMPARE(loadWhenIdle, 0); // not before all are gone
        QTRY_VERIFY(call->isGone());
        QCOMPARE(f.seen().sessions[0].endReason, "relay_shutdown");
        QCOMPARE(idle.size(), 1);
    }

    void saysWhenItIsIdle()
    {
        Fixture f;
        f.start();
        QSignalSpy idle(f.worker.get(), &Worker::idle);
        const auto quiet = f.connection(); // is no session
        f.worker->watchForIdle();
        QCOMPARE(idle.size(), 1);

        const auto first = f.call();
        const auto second = f.call();
        f.worker->watchForIdle();
        first->socket().abort();
        QTRY_COMPARE(f.worker->load(), 2);
        QCOMPARE(idle.size(), 1); // the second is still there
        QVERIFY(Fixture::lives(f.upstream, 1, *second));
        second->socket().abort();
        QTRY_COMPARE(idle.size(), 2);

        const auto third = f.call(); // which nobody waits for
        third->socket().abort();
        QTRY_COMPARE(f.worker->load(), 1);
        QCOMPARE(idle.size(), 2);
        QVERIFY(!quiet->isGone());
    }

    void destroyed()
    {
        Fixture f;
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

QTEST_GUILESS_MAIN(tst_Worker)
#include "tst_worker.moc"
