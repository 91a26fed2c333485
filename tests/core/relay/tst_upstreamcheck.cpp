// SPDX-License-Identifier: MIT
#include "core/relay/upstreamcheck.h"

#include "core/simulator/simulatorserver.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(rr::UpstreamCheckResult)

namespace {

UpstreamCheckResult check(const Settings &settings)
{
    UpstreamCheck check;
    UpstreamCheckResult result{u"no result"_s, {}, RelayError{}};
    QObject::connect(
        &check, &UpstreamCheck::finished, &check, [&](const UpstreamCheckResult &got) { result = got; });
    QSignalSpy finished(&check, &UpstreamCheck::finished);
    check.run(settings);
    finished.wait(60'000);
    return result;
}

Settings upstreamAt(quint16 port)
{
    Settings settings;
    settings.upstreamUrl = QUrl(u"ws://127.0.0.1:%1/v1/realtime"_s.arg(port));
    settings.connectTimeout = std::chrono::milliseconds(30'000);
    return settings;
}

QString said(const UpstreamFailure &failure)
{
    return plain(sentenceOf({u"api.example.org"_s, failure, {}}));
}

/// Answers every connection with the same bytes.
class FixedServer : public QTcpServer
{
public:
    explicit FixedServer(const QByteArray &answer)
    {
        connect(this, &QTcpServer::newConnection, this, [this, answer] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [this, socket, answer] {
                request += socket->readAll();
                socket->write(answer);
                socket->disconnectFromHost();
            });
        });
        listen(QHostAddress::LocalHost);
    }

    QByteArray request;
};

} // namespace

class tst_UpstreamCheck : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        for (const char *name :
            {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"})
            qunsetenv(name);
    }

    void reachable_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("reachable");
        for (const int status : {400, 401, 429})
            QTest::addRow("%d", status) << status << true;
        for (const int status : {200, 301, 402, 403, 404, 407, 426, 500, 502, 503})
            QTest::addRow("%d", status) << status << false;
    }
    void reachable()
    {
        QFETCH(int, status);
        const UpstreamCheckResult result{u"h"_s, UpstreamFailure{UpstreamFailure::Refused, status}, {}};
        QTEST(result.isReachable(), "reachable");
    }
    void noFailureIsReachable()
    {
        for (int kind = UpstreamFailure::Dns; kind <= UpstreamFailure::Network; ++kind)
            QVERIFY(
                !(UpstreamCheckResult{{}, UpstreamFailure{UpstreamFailure::Kind(kind)}, {}}.isReachable()));
        QVERIFY((UpstreamCheckResult{{}, {}, {}}.isReachable()));
        QVERIFY(!(UpstreamCheckResult{{}, {}, RelayError{}}.isReachable()));
    }

    void saysWhatARefusalMeansWithoutAKey_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("word");
        QTest::newRow("asks for a key") << 401 << QByteArray() << u"asks for a key"_s;
        QTest::newRow("region") << 403
                                << QByteArray(R"({"error":{"code":"unsupported_country_region_territory"}})")
                                << u"supported region"_s;
        QTest::newRow("forbidden") << 403 << QByteArray() << u"refuses this machine"_s;
        QTest::newRow("parameters") << 400 << QByteArray() << u"400"_s;
        QTest::newRow("too many") << 429 << QByteArray() << u"slow down"_s;
        QTest::newRow("as in a call") << 502 << QByteArray() << u"502"_s;
        QTest::newRow("a page for people") << 200 << QByteArray("<html>") << u"sign-in page"_s;
    }
    void saysWhatARefusalMeansWithoutAKey()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QString, word);
        const QString words = said({UpstreamFailure::Refused, status, {}, body});
        QVERIFY2(words.contains(word), qPrintable(words));
        QVERIFY(words.contains(u"api.example.org"_s));
    }

    void saysOfFailuresWhatACallSays()
    {
        for (int kind = UpstreamFailure::Dns; kind <= UpstreamFailure::Network; ++kind) {
            const UpstreamFailure failure{UpstreamFailure::Kind(kind), 0, asTheySaid(u"more of it"_s)};
            QCOMPARE(said(failure), plain(adviceFor(failure, u"api.example.org"_s)));
        }
    }

    void saysWhatItIsWithoutFailure()
    {
        QVERIFY(plain(sentenceOf({u"api.example.org"_s, {}, {}})).contains(u"api.example.org was reached"_s));
        QCOMPARE(plain(sentenceOf({{}, {}, RelayError{"tls_files", {}, "It cannot be read."}})),
            u"It cannot be read."_s);
    }

    void reachesTheSimulator()
    {
        SimulatorServer simulator{SimulatorSettings()};
        QVERIFY(!simulator.start());
        Settings settings;
        settings.upstreamUrl = simulator.url();
        const UpstreamCheckResult result = check(settings);
        QVERIFY(result.isReachable());
        QCOMPARE(result.host, settings.upstreamUrl.host());
    }

    void readsAnAnswerAndSendsNoKey()
    {
        FixedServer server("HTTP/1.1 401 Unauthorized\r\nContent-Length: 5\r\n\r\nwords");
        const UpstreamCheckResult result = check(upstreamAt(server.serverPort()));
        QVERIFY(result.isReachable());
        QCOMPARE(result.failure->status, 401);
        QCOMPARE(result.failure->body, "words");
        QVERIFY(server.request.startsWith("GET /v1/realtime HTTP/1.1\r\n"));
        QVERIFY(!server.request.toLower().contains("authorization:"));
    }

    void doesNotFollowARedirect()
    {
        FixedServer server(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
        QCOMPARE(check(upstreamAt(server.serverPort())).failure->status, 302);
    }

    void refusedConnection()
    {
        const ReservedPort port;
        QCOMPARE(check(upstreamAt(port.number())).failure->kind, UpstreamFailure::ConnectRefused);
    }

    void silence()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        Settings settings = upstreamAt(server.serverPort());
        settings.connectTimeout = std::chrono::milliseconds(200);
        QCOMPARE(check(settings).failure->kind, UpstreamFailure::Timeout);
    }

    void noTls()
    {
        FixedServer server("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        Settings settings = upstreamAt(server.serverPort());
        settings.upstreamUrl.setScheme(u"wss"_s);
        QCOMPARE(check(settings).failure->kind, UpstreamFailure::Tls);
    }

    void authoritiesOfTheSettings()
    {
        Settings settings = upstreamAt(1);
        settings.upstreamUrl.setScheme(u"wss"_s);
        settings.upstreamCaFile = u"/nowhere/authority.pem"_s;
        const UpstreamCheckResult result = check(settings);
        QVERIFY(result.unusable);
        QCOMPARE(result.unusable->code, "tls_files");
    }

    void goesThroughTheProxy()
    {
        FixedServer proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        Settings settings = upstreamAt(1);
        settings.upstreamUrl = QUrl(u"wss://upstream.example.org/v1/realtime"_s);
        settings.upstreamProxy = u"http://127.0.0.1:%1"_s.arg(proxy.serverPort());
        QCOMPARE(check(settings).failure->kind, UpstreamFailure::Proxy);
        QVERIFY2(proxy.request.startsWith("CONNECT upstream.example.org:443 "), proxy.request.constData());
    }

    void tellsNothingOfAFileWhenCancelled()
    {
        Settings settings = upstreamAt(1);
        settings.upstreamUrl.setScheme(u"wss"_s);
        settings.upstreamCaFile = u"/nonexistent"_s;
        UpstreamCheck check;
        QSignalSpy finished(&check, &UpstreamCheck::finished);
        check.run(settings);
        QVERIFY(check.isRunning());
        check.cancel();
        QVERIFY(!check.isRunning());
        check.run(settings);
        QTRY_COMPARE(finished.size(), 1);
        QCoreApplication::processEvents();
        QCOMPARE(finished.size(), 1);
    }

    void tellsNothingWhenCancelled()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        UpstreamCheck check;
        QSignalSpy finished(&check, &UpstreamCheck::finished);
        check.run(upstreamAt(silent.serverPort()));
        QVERIFY(check.isRunning());
        check.cancel();
        QVERIFY(!check.isRunning());
        check.run(upstreamAt(silent.serverPort())); // and can begin anew
        QVERIFY(check.isRunning());
        QCOMPARE(finished.size(), 0);
    }
};

RELAY_TEST(tst_UpstreamCheck)
#include "tst_upstreamcheck.moc"
