// SPDX-License-Identifier: MIT
#include "ui/overview/upstreamcheck.h"

#include "core/simulator/simulatorserver.h"

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
    UpstreamCheckResult result{false, u"no result"_s, {}};
    QObject::connect(
        &check, &UpstreamCheck::finished, &check, [&](const UpstreamCheckResult &got) { result = got; });
    QSignalSpy finished(&check, &UpstreamCheck::finished);
    check.run(settings);
    finished.wait(10'000);
    return result;
}

Settings upstreamAt(quint16 port)
{
    Settings settings;
    settings.upstreamUrl = QUrl(u"ws://127.0.0.1:%1/v1/realtime"_s.arg(port));
    settings.connectTimeout = std::chrono::milliseconds(5'000);
    return settings;
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

class TestUpstreamCheck : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        for (const char *name : {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"})
            qunsetenv(name);
    }

    void answers_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("reachable");
        QTest::addColumn<QString>("word");
        QTest::newRow("asks for a key") << 401 << QByteArray() << true << u"key"_s;
        QTest::newRow("region") << 403
                                << QByteArray(R"({"error":{"code":"unsupported_country_region_territory"}})")
                                << false << u"region"_s;
        QTest::newRow("forbidden") << 403 << QByteArray() << false << u"403"_s;
        QTest::newRow("a page for people") << 200 << QByteArray("<html>") << false << u"200"_s;
        QTest::newRow("wrong path") << 404 << QByteArray() << false << u"404"_s;
        QTest::newRow("asks for a WebSocket") << 400 << QByteArray() << true << u"400"_s;
        QTest::newRow("upgrade required") << 426 << QByteArray() << true << u"426"_s;
        QTest::newRow("too many") << 429 << QByteArray() << true << u"429"_s;
        QTest::newRow("redirect") << 301 << QByteArray() << false << u"redirect"_s;
        QTest::newRow("broken") << 502 << QByteArray() << false << u"502"_s;
        QTest::newRow("proxy") << 407 << QByteArray() << false << u"proxy"_s;
    }
    void answers()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QString, word);
        const UpstreamCheckResult result = describeAnswer(status, body, u"api.example.org"_s);
        QTEST(result.reachable, "reachable");
        QVERIFY2(result.text.contains(word), qPrintable(result.text));
        QVERIFY(result.text.contains(u"api.example.org"_s));
        QCOMPARE(result.nextStep.isEmpty(), result.reachable);
    }

    void everyFailureHasANextStep()
    {
        for (int kind = UpstreamFailure::Refused; kind <= UpstreamFailure::Network; ++kind) {
            const auto result = describeFailure(UpstreamFailure::Kind(kind), u"api.example.org"_s);
            QVERIFY(!result.reachable);
            QVERIFY(!result.text.isEmpty());
            QVERIFY(!result.nextStep.isEmpty());
        }
    }

    void reachesTheSimulator()
    {
        SimulatorServer simulator{SimulatorSettings()};
        QVERIFY(!simulator.start());
        Settings settings;
        settings.upstreamUrl = simulator.url();
        const UpstreamCheckResult result = check(settings);
        QVERIFY2(result.reachable, qPrintable(result.text));
    }

    void readsAnAnswerAndSendsNoKey()
    {
        FixedServer server("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
        QVERIFY(check(upstreamAt(server.serverPort())).reachable);
        QVERIFY(server.request.startsWith("GET /v1/realtime "));
        QVERIFY(!server.request.toLower().contains("authorization:"));
    }

    void doesNotFollowARedirect()
    {
        FixedServer server(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
        QVERIFY(check(upstreamAt(server.serverPort())).text.contains(u"302"_s));
    }

    void refusedConnection()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const quint16 port = server.serverPort();
        server.close();
        QCOMPARE(check(upstreamAt(port)).text,
            describeFailure(UpstreamFailure::ConnectRefused, u"127.0.0.1"_s).text);
    }

    void silence()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        Settings settings = upstreamAt(server.serverPort());
        settings.connectTimeout = std::chrono::milliseconds(200);
        QCOMPARE(check(settings).text, describeFailure(UpstreamFailure::Timeout, u"127.0.0.1"_s).text);
    }

    void noTls()
    {
        FixedServer server("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        Settings settings = upstreamAt(server.serverPort());
        settings.upstreamUrl.setScheme(u"wss"_s);
        QCOMPARE(check(settings).text, describeFailure(UpstreamFailure::Tls, u"127.0.0.1"_s).text);
    }

    void goesThroughTheProxy()
    {
        FixedServer proxy("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
        Settings settings = upstreamAt(1);
        settings.upstreamUrl.setHost(u"upstream.example.org"_s);
        settings.upstreamProxy = u"http://127.0.0.1:%1"_s.arg(proxy.serverPort());
        QVERIFY(check(settings).reachable);
        QVERIFY2(proxy.request.contains("upstream.example.org"), proxy.request.constData());
    }

    void theProxyRefuses()
    {
        FixedServer proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        Settings settings = upstreamAt(1);
        settings.upstreamUrl = QUrl(u"wss://upstream.example.org/v1/realtime"_s);
        settings.upstreamProxy = u"http://127.0.0.1:%1"_s.arg(proxy.serverPort());
        QCOMPARE(
            check(settings).text, describeFailure(UpstreamFailure::Proxy, u"upstream.example.org"_s).text);
        QVERIFY2(proxy.request.startsWith("CONNECT "), proxy.request.constData());
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
        QCOMPARE(finished.size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestUpstreamCheck)
#include "tst_upstreamcheck.moc"
