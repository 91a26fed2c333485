// SPDX-License-Identifier: MIT
// What a worker's exchanges do beside passing a request on: bounds, troubles, ends. The rest: tests/integration/rest.test.mjs.
#include "core/admission/probation.h"
#include "core/http/responsereader.h"
#include "core/relay/exchanges.h"
#include "core/relay/worker.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QElapsedTimer>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

using namespace rr;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

/// A worker in the test's thread, the port whose connections it gets, and the upstream it asks.
class ExchangesFixture : public QTcpServer
{
public:
    explicit ExchangesFixture(const QByteArray &answer)
        : upstream([answer](const QByteArray &) { return answer; })
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("listen");
        settings.upstreamUrl = QUrl(u"ws://127.0.0.1:%1/v1/realtime"_s.arg(upstream.serverPort()));
        for (auto *deadline : // none that comes before the test is done with what it holds up
            {&settings.connectTimeout, &settings.handshakeTimeout, &settings.stallTimeout})
            *deadline = 1h;
        services.snapshot = [] { return Snapshot(); };
    }

    void start()
    {
        services.admission.setRules(settings);
        services.halfOpen.setLimits(settings);
        auto rules = std::make_shared<RelayRules>();
        rules->settings = std::make_shared<const Settings>(settings);
        rules->upstreamProxy = QNetworkProxy(QNetworkProxy::NoProxy);
        rules->trustedProxies = TrustedProxies({u"127.0.0.1"_s});
        worker = std::make_unique<Worker>(services, rules);
    }

    std::unique_ptr<QTcpSocket> ask(const QByteArray &line, const QByteArray &headers = {})
    {
        auto client = std::make_unique<QTcpSocket>();
        client->connectToHost(QHostAddress::LocalHost, serverPort());
        client->write(
            line + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-any\r\n" + headers + "\r\n");
        return client;
    }
    std::unique_ptr<QTcpSocket> askForSecret(const QByteArray &headers = {})
    {
        return ask("POST /v1/realtime/client_secrets", "Content-Length: 0\r\n" + headers);
    }
    std::unique_ptr<QTcpSocket> askForRecording(std::size_t client = 0)
    {
        return ask("GET /v1/live/sessions/a/content", from(client));
    }
    static QByteArray from(std::size_t client)
    {
        return "X-Forwarded-For: 192.0.2." + QByteArray::number(quint64(client)) + "\r\n";
    }
    static int statusOf(QTcpSocket &client)
    {
        if (!QTest::qWaitFor([&client] { return client.bytesAvailable() > 12; }, 30'000))
            return 0;
        return client.peek(12).mid(9).toInt();
    }
    /// All of it, to its last byte.
    static QByteArray answerTo(QTcpSocket &client)
    {
        ResponseReader reader;
        QByteArray answer;
        const auto isWhole = [&] {
            const QByteArray more = client.readAll();
            answer += more;
            reader.add(more);
            return reader.isOver();
        };
        if (!QTest::qWaitFor(isWhole, 30'000))
            qWarning("no answer");
        return answer;
    }
    int answered()
    { // in this turn or later
        const auto client = askForSecret();
        return statusOf(*client);
    }

    ExchangeTotals totals(const QByteArray &path = "/v1/realtime/client_secrets") const
    {
        return services.exchanges.totals().value(path);
    }
    bool hasTrouble(TroubleCode code) const
    {
        const auto troubles = services.troubles.current(Moment::now() + std::chrono::seconds(60));
        return std::any_of(troubles.begin(), troubles.end(),
            [code](const Trouble &trouble) { return trouble.code == code; });
    }
    QList<JournalEntry> entries(const QByteArray &event) const
    {
        QList<JournalEntry> found;
        const auto all = journal.entriesAfter(0);
        std::copy_if(all.begin(), all.end(), std::back_inserter(found),
            [&event](const JournalEntry &entry) { return entry.event == event; });
        return found;
    }

    Settings settings;
    Journal journal;
    RelayServices services{journal, {}, {}, {}, {}, {}};
    ScriptedServer upstream;
    std::unique_ptr<Worker> worker;

protected:
    void incomingConnection(qintptr descriptor) override { worker->take(descriptor); }
};

} // namespace

class tst_Exchanges : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void soManyAtOnce()
    {
        ExchangesFixture f{QByteArray()};
        f.start();
        std::vector<std::unique_ptr<QTcpSocket>> clients;
        for (std::size_t i = 0; i < Exchanges::mostAtOnce; ++i)
            clients.push_back(f.askForSecret());
        QTRY_COMPARE(f.upstream.heads.size(), qsizetype(Exchanges::mostAtOnce));
        const auto one = f.askForSecret();
        QCOMPARE(ExchangesFixture::statusOf(*one), 503);
        const QByteArray told = ExchangesFixture::answerTo(*one);
        QVERIFY2(told.contains("too_many_exchanges") && told.contains("\r\nRetry-After: 1\r\n"), told);
        QCOMPARE(f.services.admission.rejected().value("too_many_exchanges"), 1);
        f.upstream.sockets[0]->write(good);
        QTRY_COMPARE(f.totals()[0], 1);
        const auto next = f.askForSecret(); // there is room again
        QTRY_COMPARE(f.upstream.heads.size(), qsizetype(Exchanges::mostAtOnce) + 1);
    }

    void soManyRecordingsAtOnce()
    {
        ExchangesFixture f("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nab");
        f.start();
        std::vector<std::unique_ptr<QTcpSocket>> clients;
        for (std::size_t i = 0; i < Exchanges::mostRecordings; ++i) {
            clients.push_back(f.askForRecording(i / Exchanges::mostRecordingsOfClient));
            QCOMPARE(ExchangesFixture::statusOf(*clients.back()), 200);
        }
        const auto recording = f.askForRecording(100);
        QCOMPARE(ExchangesFixture::statusOf(*recording), 503);
        const auto secret = f.askForSecret(); // which is short
        QTRY_COMPARE(f.upstream.heads.size(), qsizetype(Exchanges::mostRecordings) + 1);
        f.upstream.sockets[0]->write(QByteArray(98, 'x'));
        QTRY_COMPARE(f.totals("/v1/live/sessions/{id}/content")[0], 1);
        clients.push_back(f.askForRecording(100));
        QCOMPARE(ExchangesFixture::statusOf(*clients.back()), 200);
    }

    // A slow reader does not keep the others from theirs.
    void soManyRecordingsOfOneClient()
    {
        ExchangesFixture f("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nab");
        f.start();
        std::vector<std::unique_ptr<QTcpSocket>> clients;
        for (std::size_t i = 0; i < Exchanges::mostRecordingsOfClient; ++i) {
            clients.push_back(f.askForRecording(1));
            QCOMPARE(ExchangesFixture::statusOf(*clients.back()), 200);
        }
        const auto oneMore = f.askForRecording(1);
        QCOMPARE(ExchangesFixture::statusOf(*oneMore), 503);
        QVERIFY(ExchangesFixture::answerTo(*oneMore).contains("too_many_exchanges"));
        const auto another = f.askForRecording(2);
        QCOMPARE(ExchangesFixture::statusOf(*another), 200);
    }

    // Who comes back at once with what fails at once is told a while later.
    void failuresAreTakenSlowly()
    {
        ExchangesFixture f("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
        f.start();
        QElapsedTimer since;
        since.start();
        QCOMPARE(f.answered(), 401);
        QCOMPARE(f.answered(), 401);
        QVERIFY(since.elapsed() >= FailurePacer::spacing.count());
    }

    // Nor does who fails keep others out: what is yet to be told takes no room and no socket. What comes on top is not asked.
    void failuresTakeNoRoom()
    {
        ExchangesFixture f{QByteArray()};
        f.start();
        std::vector<std::unique_ptr<QTcpSocket>> clients;
        for (std::size_t i = 0; i < Exchanges::mostAtOnce; ++i)
            clients.push_back(f.askForSecret(ExchangesFixture::from(1)));
        QTRY_COMPARE(f.upstream.heads.size(), qsizetype(Exchanges::mostAtOnce));
        // Some are yet to fail: what has failed is forgotten in a second each, sooner than a slow machine may be done here.
        const auto sockets = f.upstream.sockets.sliced(Probation::few);
        for (QSslSocket *socket : sockets)
            socket->write("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
        for (QSslSocket *socket : sockets)
            QTRY_COMPARE(socket->state(), QAbstractSocket::UnconnectedState);
        QVERIFY(f.totals()[1] < 8); // the others are yet to be told
        constexpr std::size_t others = 16; // more than can have been told by now
        for (std::size_t i = 0; i < others; ++i)
            clients.push_back(f.askForSecret(ExchangesFixture::from(2 + i)));
        QTRY_COMPARE(f.upstream.heads.size(), qsizetype(Exchanges::mostAtOnce + others));

        const auto again = f.askForSecret(ExchangesFixture::from(1));
        QCOMPARE(ExchangesFixture::statusOf(*again), 429);
        const QByteArray told = ExchangesFixture::answerTo(*again);
        QVERIFY2(told.contains("too_many_failing_calls") && told.contains("\r\nRetry-After: 5\r\n"), told);
        QCOMPARE(f.services.admission.rejected().value("too_many_failing_calls"), 1);
        QCOMPARE(f.upstream.heads.size(), qsizetype(Exchanges::mostAtOnce + others));
    }

    void troublesOfTheUpstream()
    {
        const ReservedPort port; // which nobody else has in the meantime
        ExchangesFixture f(good);
        f.upstream.close();
        f.settings.upstreamUrl.setPort(port.number());
        f.start();
        QCOMPARE(f.answered(), 502);
        QVERIFY(f.hasTrouble(TroubleCode::UpstreamUnreachable));
        QVERIFY(f.upstream.listen(QHostAddress::LocalHost, port.number()));
        QCOMPARE(f.answered(), 200);
        QVERIFY(!f.hasTrouble(TroubleCode::UpstreamUnreachable));
        QCOMPARE(f.totals(), (ExchangeTotals{1, 0, 1, 0}));
    }

    void noKeyIsATrouble()
    {
        ExchangesFixture f(good);
        f.start();
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, f.serverPort());
        client.write(
            "POST /v1/realtime/client_secrets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        QCOMPARE(ExchangesFixture::statusOf(client), 401);
        QVERIFY(f.hasTrouble(TroubleCode::KeyMissing));
        QCOMPARE(f.services.admission.rejected().value("invalid_api_key"), 1);
        QVERIFY(f.upstream.heads.isEmpty());
    }

    // The page for trying asks so when no WebSocket came about: that is no client's mistake.
    void noKeyOfThePageForTryingIsNone()
    {
        ExchangesFixture f(good);
        f.settings.tryPage = true;
        f.start();
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, f.serverPort());
        client.write("POST /v1/realtime/client_secrets HTTP/1.1\r\nHost: localhost:8080\r\n"
                     "Origin: http://localhost:8080\r\nContent-Length: 0\r\n\r\n");
        QCOMPARE(ExchangesFixture::statusOf(client), 401);
        QVERIFY(!f.hasTrouble(TroubleCode::KeyMissing));
    }

    // The worker is not idle before they are over, and when it is to stop at once it calls them off.
    void endWithTheWorker()
    {
        ExchangesFixture f{QByteArray()};
        f.start();
        QList<int> idle;
        QObject::connect(
            f.worker.get(), &Worker::idle, f.worker.get(), [&idle](int drain) { idle.append(drain); });
        const auto one = f.askForSecret();
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        f.worker->watchForIdle(1);
        QVERIFY(idle.isEmpty());
        f.upstream.sockets[0]->write(good);
        QTRY_COMPARE(idle, QList{1});
        QCOMPARE(ExchangesFixture::statusOf(*one), 200);

        const auto other = f.askForSecret();
        QTRY_COMPARE(f.upstream.heads.size(), 2);
        f.worker->shutDown(2);
        QTRY_COMPARE(idle, (QList{1, 2}));
        QTRY_COMPARE(f.upstream.sockets[1]->state(), QAbstractSocket::UnconnectedState);
        QTRY_COMPARE(other->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(f.totals(), (ExchangeTotals{1, 0, 0, 1}));
        QCOMPARE(f.entries("exchange").size(), 2);
    }

    void workerMayGoInTheMidst()
    {
        ExchangesFixture f("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nab");
        f.start();
        const auto recording = f.ask("GET /v1/live/sessions/a/content");
        QCOMPARE(ExchangesFixture::statusOf(*recording), 200);
        const auto secret = f.askForSecret();
        QTRY_COMPARE(f.upstream.heads.size(), 2);
        f.worker.reset();
        QTRY_COMPARE(recording->state(), QAbstractSocket::UnconnectedState);
    }
};

RELAY_TEST(tst_Exchanges)
#include "tst_exchanges.moc"
