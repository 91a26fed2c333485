// SPDX-License-Identifier: MIT
#include "core/http/endpoints.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace rr;

namespace {

QByteArray metrics()
{
    return "relay_up 1\n"_ba;
}

RequestHead request(const QByteArray &method, const QByteArray &path, const QList<HttpHeader> &headers = {})
{
    RequestHead head;
    head.method = method;
    head.target = head.path = path;
    head.headers = headers;
    return head;
}

Snapshot running()
{
    Snapshot snapshot;
    snapshot.state = RelayState::Running;
    snapshot.takenAt = QDateTime::fromString(u"2026-11-23T10:00:00.007Z"_s, Qt::ISODateWithMs);
    snapshot.version = u"1.2.3"_s;
    snapshot.uptimeMs = 61'999;
    snapshot.totalConnections = 10;
    snapshot.activeConnections = 2;
    snapshot.peakConnections = 5;
    snapshot.errors = 3;
    snapshot.up = {100, 5'000'000'000, 1};
    snapshot.down = {23, 7, 2};
    snapshot.rejected = {{"origin_not_allowed"_ba, 4}, {"relay_full"_ba, 1}};
    snapshot.connectP50Ms = 80;
    snapshot.connectP95Ms = 200;
    snapshot.memoryBytes = 30'000'000;
    snapshot.cpuSeconds = 1.5;
    snapshot.workers = 2;
    SessionSnapshot session;
    session.clientAddress = u"192.0.2.77"_s;
    snapshot.sessions.append(session);
    return snapshot;
}

QJsonObject bodyOf(const HttpResponse &response)
{
    return QJsonDocument::fromJson(response.body).object();
}

QByteArray valueOf(const HttpResponse &response, QByteArrayView name)
{
    QList<QByteArray> values;
    for (const HttpHeader &header : response.headers) {
        if (header.name == name)
            values.append(header.value);
    }
    return values.size() > 1 ? "(twice)"_ba : values.value(0);
}

} // namespace

class TestEndpoints : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statuses_data();
    void statuses();
    void health();
    void healthWhileNotRunning();
    void stats();
    void metricsAreMadeOnlyWhenAsked();
    void upgradeRequired();
    void allow_data();
    void allow();
    void originsThatMayRead_data();
    void originsThatMayRead();
    void preflight_data();
    void preflight();
};

void TestEndpoints::statuses_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("expected");
    for (const char *path : {"/", "/health", "/stats", "/metrics"}) {
        for (const char *method : {"GET", "HEAD"})
            QTest::addRow("%s %s", method, path) << QByteArray(method) << QByteArray(path) << 200;
    }
    for (const char *path : {"/realtime", "/v1/realtime", "/v1/realtime/translations"}) {
        for (const char *method : {"GET", "HEAD"})
            QTest::addRow("%s %s", method, path) << QByteArray(method) << QByteArray(path) << 426;
    }
    for (const char *method : {"POST", "PUT", "DELETE", "TRACE", "get", "BREW"}) {
        for (const char *path : {"/", "/health", "/v1/realtime"})
            QTest::addRow("%s %s", method, path) << QByteArray(method) << QByteArray(path) << 405;
    }
    for (const char *path : {"/nothing", "/health/", "/Health", "//health", "/%68ealth", "/v1",
             "/v1/realtime/", "/realtime/translations", "/v1/realtime/../../health", "/favicon.ico", "*"}) {
        for (const char *method : {"GET", "POST"})
            QTest::addRow("%s %s", method, path) << QByteArray(method) << QByteArray(path) << 404;
    }
    for (const char *path : {"*", "/", "/health", "/v1/realtime"})
        QTest::addRow("OPTIONS %s", path) << "OPTIONS"_ba << QByteArray(path) << 204;
    QTest::addRow("OPTIONS /nothing") << "OPTIONS"_ba
                                      << "/nothing"_ba << 404;
}

void TestEndpoints::statuses()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    QFETCH(int, expected);
    const HttpResponse response = answer(request(method, path), running(), false, metrics);
    QCOMPARE(response.status, expected);
    if (expected >= 400) {
        const QJsonObject error = bodyOf(response).value("error"_L1).toObject();
        QCOMPARE(error.keys(), (QStringList{u"code"_s, u"message"_s, u"type"_s}));
        QVERIFY(!error.value("message"_L1).toString().isEmpty());
    }
    QVERIFY(!response.body.contains("192.0.2.77"));
}

void TestEndpoints::health()
{
    const HttpResponse response = answer(request("GET"_ba, "/health"_ba), running(), false, metrics);
    QCOMPARE(response.contentType, "application/json"_ba);
    QCOMPARE(QJsonDocument(bodyOf(response)).toJson(QJsonDocument::Compact),
        R"({"stats":{"activeConnections":2,"errors":3,"messagesRelayed":123,"totalConnections":10},)"
        R"("status":"healthy","timestamp":"2026-11-23T10:00:00.007Z","uptime":61})"_ba);
}

void TestEndpoints::healthWhileNotRunning()
{
    for (const RelayState state : {RelayState::Draining, RelayState::Stopped}) {
        Snapshot snapshot = running();
        snapshot.state = state;
        const HttpResponse response = answer(request("GET"_ba, "/health"_ba), snapshot, false, metrics);
        QCOMPARE(response.status, 503);
        QCOMPARE(bodyOf(response).value("status"_L1).toString(), u"draining"_s);
        QCOMPARE(answer(request("GET"_ba, "/stats"_ba), snapshot, false, metrics).status, 200);
    }
}

void TestEndpoints::stats()
{
    const HttpResponse response = answer(request("GET"_ba, "/stats"_ba), running(), false, metrics);
    QCOMPARE(QJsonDocument(bodyOf(response)).toJson(QJsonDocument::Compact),
        R"({"down":{"backlogBytes":2,"bytes":7,"messages":23},"peakConnections":5,)"
        R"("process":{"cpuSeconds":1.5,"memoryBytes":30000000,"workers":2},)"
        R"("rejected":{"origin_not_allowed":4,"relay_full":1},)"
        R"("stats":{"activeConnections":2,"errors":3,"messagesRelayed":123,"totalConnections":10},)"
        R"("status":"healthy","timestamp":"2026-11-23T10:00:00.007Z",)"
        R"("up":{"backlogBytes":1,"bytes":5000000000,"messages":100},)"
        R"("upstreamConnectMs":{"p50":80,"p95":200},"uptime":61,"version":"1.2.3"})"_ba);
}

void TestEndpoints::metricsAreMadeOnlyWhenAsked()
{
    int made = 0;
    const auto counted = [&made] {
        ++made;
        return metrics();
    };
    answer(request("GET"_ba, "/health"_ba), running(), false, counted);
    answer(request("POST"_ba, "/metrics"_ba), running(), false, counted);
    QCOMPARE(made, 0);
    const HttpResponse response = answer(request("GET"_ba, "/metrics"_ba), running(), false, counted);
    QCOMPARE(made, 1);
    QCOMPARE(response.body, metrics());
    QCOMPARE(response.contentType, "text/plain; version=0.0.4; charset=utf-8"_ba);
}

void TestEndpoints::upgradeRequired()
{
    const HttpResponse response = answer(request("GET"_ba, "/v1/realtime"_ba), running(), false, metrics);
    QCOMPARE(valueOf(response, "Upgrade"), "websocket"_ba);
    QVERIFY(isRelayPath("/realtime"));
    QVERIFY(isRelayPath("/v1/realtime/translations"));
    QVERIFY(!isRelayPath("/health"));
    QVERIFY(!isRelayPath("/v1/realtime/"));
    QVERIFY(!isRelayPath(""));
}

void TestEndpoints::allow_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("GET") << "GET"_ba << QByteArray();
    QTest::newRow("POST") << "POST"_ba
                          << "GET, HEAD, OPTIONS"_ba;
    QTest::newRow("OPTIONS") << "OPTIONS"_ba
                             << "GET, HEAD, OPTIONS"_ba;
}

void TestEndpoints::allow()
{
    QFETCH(QByteArray, method);
    QTEST(valueOf(answer(request(method, "/health"_ba), running(), true, metrics), "Allow"), "expected");
}

void TestEndpoints::originsThatMayRead_data()
{
    QTest::addColumn<QByteArray>("origin"); // null: no header
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("allowed") << "http://localhost:3000"_ba << true << "http://localhost:3000"_ba;
    QTest::newRow("not allowed") << "http://localhost:3000"_ba << false << QByteArray();
    QTest::newRow("no browser") << QByteArray() << true << QByteArray();
}

void TestEndpoints::originsThatMayRead()
{
    QFETCH(QByteArray, origin);
    QFETCH(bool, allowed);
    QFETCH(QByteArray, expected);
    QList<HttpHeader> headers;
    if (!origin.isNull())
        headers.append({"origin"_ba, origin});
    // A permission to read, errors included; never more than that
    for (const QByteArray &path : {"/health"_ba, "/nothing"_ba, "/realtime"_ba}) {
        const HttpResponse response = answer(request("GET"_ba, path, headers), running(), allowed, metrics);
        QCOMPARE(valueOf(response, "Access-Control-Allow-Origin"), expected);
        QCOMPARE(valueOf(response, "Vary"), expected.isNull() ? QByteArray() : "Origin"_ba);
        QVERIFY(valueOf(response, "Access-Control-Allow-Methods").isNull());
        QVERIFY(valueOf(response, "Access-Control-Allow-Credentials").isNull());
    }
}

void TestEndpoints::preflight_data()
{
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<QList<HttpHeader>>("headers");
    QTest::addColumn<QByteArray>("methods");
    QTest::addColumn<QByteArray>("permittedHeaders");
    QTest::addColumn<QByteArray>("privateNetwork");
    const HttpHeader origin{"Origin"_ba, "https://app.example.org"_ba};
    const HttpHeader method{"Access-Control-Request-Method"_ba, "GET"_ba};
    const HttpHeader names{"Access-Control-Request-Headers"_ba, "authorization,x-a"_ba};
    const HttpHeader network{"Access-Control-Request-Private-Network"_ba, "true"_ba};
    const HttpHeader networkFalse{"Access-Control-Request-Private-Network"_ba, "false"_ba};
    const QByteArray methods = "GET, HEAD, OPTIONS"_ba;
    using Headers = QList<HttpHeader>;
    QTest::newRow("plain") << true << Headers{origin, method} << methods << QByteArray() << QByteArray();
    QTest::newRow("headers") << true << Headers{origin, method, names} << methods << names.value
                             << QByteArray();
    QTest::newRow("private network") << true << Headers{origin, method, network} << methods << QByteArray()
                                     << "true"_ba;
    QTest::newRow("private network: false")
        << true << Headers{origin, method, networkFalse} << methods << QByteArray() << QByteArray();
    QTest::newRow("not allowed") << false << Headers{origin, method, names, network} << QByteArray()
                                 << QByteArray() << QByteArray();
    QTest::newRow("no origin") << true << Headers{method, names, network} << QByteArray() << QByteArray()
                               << QByteArray();
    QTest::newRow("no preflight") << true << Headers{origin, names, network} << QByteArray() << QByteArray()
                                  << QByteArray();
}

void TestEndpoints::preflight()
{
    QFETCH(bool, allowed);
    QFETCH(QList<HttpHeader>, headers);
    const HttpResponse response
        = answer(request("OPTIONS"_ba, "/health"_ba, headers), running(), allowed, metrics);
    QCOMPARE(response.status, 204);
    QTEST(valueOf(response, "Access-Control-Allow-Methods"), "methods");
    QTEST(valueOf(response, "Access-Control-Allow-Headers"), "permittedHeaders");
    QTEST(valueOf(response, "Access-Control-Allow-Private-Network"), "privateNetwork");
    QFETCH(QByteArray, methods);
    QCOMPARE(valueOf(response, "Access-Control-Max-Age"), methods.isNull() ? QByteArray() : "600"_ba);

    // The same request with another method is no preflight
    const HttpResponse get = answer(request("GET"_ba, "/health"_ba, headers), running(), allowed, metrics);
    QVERIFY(valueOf(get, "Access-Control-Allow-Private-Network").isNull());
    QVERIFY(valueOf(get, "Access-Control-Allow-Methods").isNull());
}

QTEST_GUILESS_MAIN(TestEndpoints)
#include "tst_endpoints.moc"
