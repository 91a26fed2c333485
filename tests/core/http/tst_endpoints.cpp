// SPDX-License-Identifier: MIT
#include "core/http/endpoints.h"
#include "tests/support/relaytest.h"

#include <QJsonArray>
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

HttpResponse answer(const RequestHead &head, const Snapshot &snapshot, bool originAllowed,
    const std::function<QByteArray()> &metricsText)
{
    return rr::answer(head, findEndpoint(relayEndpoints, head), snapshot, originAllowed, metricsText);
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
    snapshot.placesTaken = 2;
    snapshot.maxConnections = 7;
    snapshot.sharedCalls = 3;
    snapshot.callsByKind[size_t(CallKind::Beta)] = 4;
    snapshot.errors = 3;
    snapshot.endsByReason[size_t(EndReason::UpstreamVanished)] = 6;
    snapshot.troubles = {{TroubleCode::RelayFull, Severity::Warning, "All are taken.",
        "Of nobody's business.", QDateTime::fromString(u"2026-11-23T09:00:00Z"_s, Qt::ISODate), 8}};
    snapshot.up = {100, 5'000'000'000, 1};
    snapshot.down = {23, 7, 2};
    snapshot.rejected = {{"origin_not_allowed"_ba, 4}, {"relay_full"_ba, 1}};
    snapshot.failedConnections[size_t(ConnectionFailure::CertificateNotTrusted)] = 9;
    snapshot.exchanges[QByteArray("/v1/realtime/client_secrets")] = {3, 2, 1, 0};
    snapshot.connectP50Ms = 80;
    snapshot.connectP95Ms = 200;
    const UsageTotals priced{{1, 2, 3, 4, 5, 6, 7, 8, 1500}, Money::ofPico(12'345'678'900), 3, 1, 0, 4};
    const UsageTotals unpriced{{9, 0, 0, 0, 0, 0, 0, 0, 0}, {}, 2, 0, 2, 0};
    snapshot.usageByAccess = {{u"demo"_s, 4, 1, unpriced}};
    snapshot.usageByModel = {{u"gpt-realtime"_s, priced}, {u"of tomorrow"_s, unpriced}};
    snapshot.usage = priced;
    snapshot.usage += unpriced;
    snapshot.pricesFrom = u"2026-11-26"_s;
    snapshot.storeRows = {12, 34};
    snapshot.memoryBytes = 30'000'000;
    snapshot.cpuSeconds = 1.5;
    snapshot.workers = 2;
    CallSnapshot call;
    call.clientAddress = u"192.0.2.77"_s;
    snapshot.calls.append(call);
    return snapshot;
}

QJsonObject bodyOf(const HttpResponse &response)
{
    return QJsonDocument::fromJson(response.body).object();
}

const HttpHeader asksToUpgrade[] = {{"Connection"_ba, "Upgrade"_ba}, {"Upgrade"_ba, "websocket"_ba}};

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
    void ready_data();
    void ready();
    void stats();
    void metricsAreMadeOnlyWhenAsked();
    void upgradeRequired();
    void callsAreFoundWidely_data();
    void callsAreFoundWidely();
    void surfaces();
    void azurePreview_data();
    void azurePreview();
    void noUpgradeElsewhere_data();
    void noUpgradeElsewhere();
    void allow_data();
    void allow();
    void exchanges_data();
    void exchanges();
    void anotherTable();
    void audiences_data();
    void audiences();
    void tryPage_data();
    void tryPage();
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
    for (const char *path : {"/", "/health", "/ready", "/stats", "/metrics"}) {
        for (const char *method : {"GET", "HEAD"})
            QTest::addRow("%s %s", method, path) << QByteArray(method) << QByteArray(path) << 200;
    }
    for (const char *path : {"/realtime", "/v1/realtime", "/v1/realtime/translations", "/v1/live/sessions",
             "/live/sessions/live_1/attach", "/v1/live/sessions/live_1/fork"}) {
        for (const char *method : {"GET", "HEAD"})
            QTest::addRow("%s %s", method, path) << QByteArray(method) << QByteArray(path) << 426;
    }
    for (const char *method : {"POST", "PUT", "DELETE", "TRACE", "get", "BREW"}) {
        for (const char *path : {"/", "/health", "/v1/realtime"})
            QTest::addRow("%s %s", method, path) << QByteArray(method) << QByteArray(path) << 405;
    }
    for (const char *path :
        {"/nothing", "/health/", "/Health", "//health", "/%68ealth", "/v1", "/v1/realtime/../../health",
            "/v1/live", "/v1/live/sessions/live_1", "/v1/live/sessions//attach", "/favicon.ico", "*"}) {
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

void TestEndpoints::ready_data()
{
    QTest::addColumn<RelayState>("state");
    QTest::addColumn<qint64>("taken");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("why");
    QTest::newRow("ready") << RelayState::Running << qint64(6) << 200 << u"ready"_s;
    QTest::newRow("full") << RelayState::Running << qint64(7) << 503 << u"full"_s;
    QTest::newRow("more than full") << RelayState::Running << qint64(8) << 503 << u"full"_s;
    QTest::newRow("draining") << RelayState::Draining << qint64(0) << 503 << u"draining"_s;
    QTest::newRow("stopped") << RelayState::Stopped << qint64(0) << 503 << u"draining"_s;
}

void TestEndpoints::ready()
{
    QFETCH(RelayState, state);
    QFETCH(qint64, taken);
    Snapshot snapshot = running();
    snapshot.state = state;
    snapshot.placesTaken = taken;
    const HttpResponse response = answer(request("GET"_ba, "/ready"_ba), snapshot, false, metrics);
    QTEST(response.status, "status");
    const QJsonObject body = bodyOf(response);
    QCOMPARE(body.keys(), QStringList({u"ready"_s, u"status"_s, u"timestamp"_s}));
    QCOMPARE(body["ready"_L1].toBool(), response.status == 200);
    QTEST(body["status"_L1].toString(), "why");
    QCOMPARE(body["timestamp"_L1].toString(), u"2026-11-23T10:00:00.007Z"_s);
}

void TestEndpoints::stats()
{
    const HttpResponse response = answer(request("GET"_ba, "/stats"_ba), running(), false, metrics);
    QJsonObject body = bodyOf(response);
    QCOMPARE(QJsonDocument(body.take("troubles"_L1).toArray()).toJson(QJsonDocument::Compact),
        R"([{"code":"relay_full","severity":"warning","since":"2026-11-23T09:00:00.000Z","times":8,)"
        R"("title":"All are taken."}])"_ba);
    const QJsonObject ends = body.take("ends"_L1).toObject();
    QCOMPARE(ends.size(), qsizetype(endReasonNames.size()));
    QCOMPARE(ends["upstream_vanished"_L1].toInt(), 6);
    QCOMPARE(ends["client_closed"_L1].toInt(-1), 0);
    QCOMPARE(QJsonDocument(body.take("callsByKind"_L1).toObject()).toJson(QJsonDocument::Compact),
        R"({"beta":4,"live":0,"realtime":0,"sideband":0,"transcription":0,"translation":0})"_ba);
    QCOMPARE(body.take("sharedCalls"_L1).toInt(), 3);
    const auto tokens = [](int textIn) -> QByteArray {
        return R"("tokens":{"audioCached":5,"audioIn":2,"audioOut":8,"imageCached":6,"imageIn":3,"textCached":4,"textIn":)"
            + QByteArray::number(textIn) + R"(,"textOut":7})";
    };
    QCOMPARE(QJsonDocument(body.take("usage"_L1).toObject()).toJson(QJsonDocument::Compact),
        R"({"billedMs":1500,"cancelled":1,"costUsd":"0.012346","models":[)"
        R"({"billedMs":1500,"cancelled":1,"costUsd":"0.012346","model":"gpt-realtime","responses":3,)"
            + tokens(1)
            + R"(,"unpriced":0,"unread":4},{"billedMs":0,"cancelled":0,"costUsd":null,"model":"of tomorrow","responses":2,)"
              R"("tokens":{"audioCached":0,"audioIn":0,"audioOut":0,"imageCached":0,"imageIn":0,"textCached":0,"textIn":9,)"
              R"("textOut":0},"unpriced":2,"unread":0}],"pricesFrom":"2026-11-26","responses":5,)"
            + tokens(10) + R"(,"unpriced":2,"unread":4})");
    QCOMPARE(QJsonDocument(body.take("access"_L1).toArray()).toJson(QJsonDocument::Compact),
        R"([{"activeCalls":1,"billedMs":0,"calls":4,"cancelled":0,"costUsd":null,"name":"demo","responses":2,)"
        R"("tokens":{"audioCached":0,"audioIn":0,"audioOut":0,"imageCached":0,"imageIn":0,"textCached":0,"textIn":9,)"
        R"("textOut":0},"unpriced":2,"unread":0}])"_ba);
    QCOMPARE(QJsonDocument(body.take("store"_L1).toObject()).toJson(QJsonDocument::Compact),
        R"({"rowsDropped":34,"rowsWaiting":12})"_ba);
    Snapshot storeless = running();
    storeless.storeRows.reset();
    QVERIFY(!bodyOf(answer(request("GET"_ba, "/stats"_ba), storeless, false, metrics)).contains("store"_L1));
    QCOMPARE(QJsonDocument(body).toJson(QJsonDocument::Compact),
        R"({"down":{"backlogBytes":2,"bytes":7,"messages":23},)"
        R"("exchanges":{"/v1/realtime/client_secrets":{"2xx":3,"4xx":2,"5xx":1,"cancelled":0}},)"
        R"("failedConnections":{"certificate_not_trusted":9,"left_after_tls":0,"left_at_certificate":0,"left_early":0,"request_timeout":0,)"
        R"("tls_failed":0,"tls_version_too_old":0},"maxConnections":7,"peakConnections":5,)"
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
}

void TestEndpoints::callsAreFoundWidely_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("means"); ///< empty: no call
    QTest::addColumn<bool>("upgrade");
    const auto rows = [](std::initializer_list<const char *> paths, const QByteArray &means, bool upgrade) {
        for (const char *path : paths)
            QTest::addRow("%s%s", path, upgrade ? ", upgrade" : "") << QByteArray(path) << means << upgrade;
    };
    rows({"/realtime", "/v1/realtime", "/v1/realtime/", "//realtime", "/realtime/", "/v1//realtime/",
             "/realtime/realtime", "/v1/realtime/realtime", "/realtime/v1/realtime", "/openai/v1/realtime",
             "/openai/realtime", "/realtime/openai/v1/realtime", "/v1/realtime/v1/realtime",
             "//v1//realtime//v1//realtime//"},
        "/v1/realtime"_ba, false);
    rows({"/v1/realtime/translations", "/realtime/translations", "/v1/realtime/v1/realtime/translations",
             "/realtime/realtime//translations/", "/openai/v1/realtime/translations"},
        "/v1/realtime/translations"_ba, false);
    rows({"/v1/live/sessions", "/live/sessions", "/live//sessions/", "/openai/v1/live/sessions",
             "/realtime/v1/live/sessions"},
        "/v1/live/sessions"_ba, true);
    for (const QByteArray part : {"/attach", "/fork"}) {
        const auto row = [&part](const QByteArray &id, const char *before = "/v1") {
            const QByteArray path = before + "/live/sessions/"_ba + id + part;
            QTest::newRow(path) << path << "/v1/live/sessions/"_ba + id + part << true;
        };
        row("live_123");
        row("live_123", "");
        row("sess_123", "/openai/v1");
        row("a%20b%C3%A9", "//realtime/v1/");
        row("%7E..", "");
        row("live");
        row("...");
        row("{id}");
    }
    rows({"/", "//", "/realtime/"}, "/v1/realtime"_ba, true);
    rows({"/", "", "*", "/v1", "/openai", "/translations", "/v1/translations", "/Realtime", "/realtime2",
             "/realtime/realtime/realtime", "/v1/v1/realtime", "/v1/v1/realtime/realtime", "/%72ealtime",
             "/realtime/../realtime", "/realtime/v1", "/deployments/x/realtime"},
        {}, false);
    rows({"/v1", "/ws", "/health", "/translations", "/live", "/sessions", "/v1/live/sessions/live_1",
             "/v1/live/sessions/attach", "/v1/live/sessions/a/b/attach", "/v1/live/sessions/./attach",
             "/v1/live/sessions/../attach", "/v1/live/sessions/%2e%2E/attach",
             "/v1/live/sessions/a%2Fb/attach", "/v1/live/sessions/..%5Ca/fork", "/v1/live/sessions/a/detach",
             "/v1/live/sessions/live/sessions", "/live/v1/sessions", "/v1/realtime/calls"},
        {}, true);
}

void TestEndpoints::callsAreFoundWidely()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, means);
    QFETCH(bool, upgrade);
    RequestHead head = request("GET"_ba, path);
    if (upgrade)
        head.headers.append({std::begin(asksToUpgrade), std::end(asksToUpgrade)});
    const Endpoint *found = findEndpoint(relayEndpoints, head);
    QCOMPARE(isCall(found, head), upgrade && !means.isEmpty());
    const bool isOfCalls = found && found->surface;
    QCOMPARE(isOfCalls ? canonicalPath(*found, path) : QByteArray(), means);
}

void TestEndpoints::surfaces()
{
    const auto at = [](const QByteArray &path) {
        return findEndpoint(relayEndpoints, request("GET"_ba, path))->surface;
    };
    QCOMPARE(at("/realtime"_ba), CallSurface::Realtime);
    QCOMPARE(at("/v1/realtime"_ba), CallSurface::Realtime);
    QCOMPARE(at("/v1/realtime/translations"_ba), CallSurface::Translations);
    QCOMPARE(at("/v1/live/sessions"_ba), CallSurface::Live);
    QCOMPARE(at("/v1/live/sessions/a/attach"_ba), CallSurface::LiveAttach);
    QCOMPARE(at("/v1/live/sessions/a/fork"_ba), CallSurface::LiveFork);
    QVERIFY(!at("/health"_ba));
}

void TestEndpoints::azurePreview_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<bool>("preview");
    const auto row = [](const QByteArray &path, const QByteArray &query, bool preview) {
        QTest::newRow(path + '?' + query) << path << query << preview;
    };
    row("/openai/realtime"_ba, "api-version=2025-04-01-preview&deployment=gpt-4o"_ba, true);
    row("/openai/realtime"_ba, "api-version=2024-10-01-preview"_ba, true);
    row("//openai/realtime/"_ba, "deployment=gpt-4o&api-key=k"_ba, true);
    row("/realtime/openai/realtime"_ba, "deployment="_ba, true);
    row("/openai/realtime"_ba, "model=gpt-realtime"_ba, false);
    row("/openai/realtime"_ba, "api-version=2025-08-28&model=gpt-realtime"_ba, false);
    row("/openai/realtime"_ba, {}, false);
    row("/openai/v1/realtime"_ba, "api-version=preview&deployment=d"_ba, false);
    row("/v1/realtime"_ba, "api-version=2024-10-01-preview"_ba, false);
    row("/realtime"_ba, "deployment=d"_ba, false);
    row("/openai/live/sessions"_ba, "api-version=2024-10-01-preview"_ba, false);
}

void TestEndpoints::azurePreview()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, query);
    QFETCH(bool, preview);
    for (const bool upgrade : {true, false}) {
        RequestHead head = request("GET"_ba, path);
        head.query = query;
        if (upgrade)
            head.headers.append({std::begin(asksToUpgrade), std::end(asksToUpgrade)});
        const Endpoint *found = findEndpoint(relayEndpoints, head);
        QCOMPARE(isAzurePreview(head), preview);
        QCOMPARE(found == nullptr, preview);
        if (!preview)
            continue;
        const HttpResponse refused = answer(head, running(), false, metrics);
        QCOMPARE(refused.status, 404);
        QVERIFY(refused.body.contains("preview") && refused.body.contains("/openai/v1/realtime"));
    }
}

void TestEndpoints::noUpgradeElsewhere_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"/health", "/stats", "/metrics", "/ws", "//health"}) {
        for (const char *method : {"GET", "HEAD", "POST", "OPTIONS"})
            QTest::addRow("%s %s", method, path) << QByteArray(method) << QByteArray(path);
    }
}

void TestEndpoints::noUpgradeElsewhere()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    const HttpResponse response
        = answer(request(method, path, {std::begin(asksToUpgrade), std::end(asksToUpgrade)}), running(),
            false, metrics);
    QCOMPARE(response.status, 404);
    QVERIFY(response.body.contains("/v1/realtime")); // where one is
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

void TestEndpoints::audiences_data()
{
    QTest::addColumn<int>("audience");
    QTest::addColumn<QStringList>("paths");
    QTest::newRow("everyone") << int(audienceAt(Door::Public, false))
                              << QStringList{u"/realtime"_s, u"/v1/live/sessions"_s, u"/health"_s,
                                     u"/ready"_s, u"/stats"_s, u"/metrics"_s};
    QTest::newRow("callers") << int(audienceAt(Door::Public,
        true)) << QStringList{u"/realtime"_s, u"/v1/live/sessions"_s, u"/health"_s, u"/ready"_s};
    QTest::newRow("guests") << int(audienceAt(Door::Share, true))
                            << QStringList{u"/realtime"_s, u"/v1/live/sessions"_s};
    QTest::newRow("operator") << int(audienceAt(Door::Admin, true))
                              << QStringList{u"/health"_s, u"/ready"_s, u"/stats"_s, u"/metrics"_s};
}

void TestEndpoints::audiences()
{
    QFETCH(int, audience);
    QFETCH(QStringList, paths);
    const auto ask = [&](const QByteArray &method, const QString &path) {
        const RequestHead head = request(method, path.toLatin1());
        return rr::answer(
            head, findEndpoint(relayEndpoints, head), running(), true, metrics, Audience(audience));
    };
    const HttpResponse index = ask("GET"_ba, u"/"_s);
    const bool hasIndex = Audience(audience) != Audience::Guests;
    QCOMPARE(index.status, hasIndex ? 200 : 404);
    const QJsonArray told = bodyOf(index)["endpoints"_L1].toArray();
    for (const QString &path :
        {u"/realtime"_s, u"/v1/live/sessions"_s, u"/health"_s, u"/ready"_s, u"/stats"_s, u"/metrics"_s}) {
        for (const QByteArray &method : {"GET"_ba, "OPTIONS"_ba, "DELETE"_ba})
            QCOMPARE(ask(method, path).status != 404, paths.contains(path));
        QCOMPARE(told.contains(path), hasIndex && paths.contains(path));
    }
    const auto checked = ask("GET"_ba, u"/.well-known/realtime-relay/check"_s);
    QCOMPARE(checked.status == 404, hasIndex);
}

void TestEndpoints::tryPage_data()
{
    QTest::addColumn<Audience>("audience");
    QTest::addColumn<bool>("hasTryPage");
    QTest::addColumn<bool>("expected");
    QTest::newRow("everyone") << Audience::Everyone << true << true;
    QTest::newRow("callers") << Audience::Callers << true << true;
    QTest::newRow("the operator") << Audience::Operator << true << false;
    QTest::newRow("switched off") << Audience::Everyone << false << false;
    QTest::newRow("switched off for callers") << Audience::Callers << false << false;
}

void TestEndpoints::tryPage()
{
    QFETCH(Audience, audience);
    QFETCH(bool, hasTryPage);
    QFETCH(bool, expected);
    const auto ask = [&](const QByteArray &method, const QByteArray &path, const Snapshot &snapshot) {
        const RequestHead head = request(method, path);
        return rr::answer(
            head, findEndpoint(relayEndpoints, head), snapshot, false, metrics, audience, hasTryPage);
    };
    for (const QByteArray &method : {"GET"_ba, "HEAD"_ba}) {
        const HttpResponse page = ask(method, "/try"_ba, running());
        QCOMPARE(page.status, expected ? 200 : 404);
        QCOMPARE(page.body.contains("data-keys=\"upstream\""), expected);
        QCOMPARE(valueOf(page, "Content-Security-Policy").startsWith("default-src 'none'; "), expected);
    }
    QCOMPARE(ask("POST"_ba, "/try"_ba, running()).status, expected ? 405 : 404);
    QCOMPARE(ask("OPTIONS"_ba, "/try"_ba, running()).status, expected ? 204 : 404);
    QCOMPARE(
        bodyOf(ask("GET"_ba, "/"_ba, running()))["endpoints"_L1].toArray().contains(u"/try"_s), expected);

    Snapshot demo = running();
    demo.demo = true;
    QCOMPARE(ask("GET"_ba, "/try"_ba, demo).body.contains("data-keys=\"any\""), expected);
}

void TestEndpoints::exchanges_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("expected");
    const auto rows = [](const char *method, std::initializer_list<const char *> paths, bool expected) {
        for (const char *path : paths)
            QTest::addRow("%s %s", method, path) << QByteArray(method) << QByteArray(path) << expected;
    };
    rows("POST",
        {"/v1/realtime/client_secrets", "/realtime/client_secrets", "/openai/v1//realtime/client_secrets/",
            "/v1/realtime/translations/client_secrets", "/v1/realtime/sessions", "/realtime/sessions",
            "/v1/realtime/transcription_sessions", "/v1/realtime/calls", "/v1/realtime/calls/rtc_1/accept",
            "/v1/realtime/calls/rtc_1/hangup", "/v1/realtime/calls/rtc_1/refer",
            "/v1/realtime/calls/rtc_1/reject", "/v1/live/sessions", "/v1/live/sessions/live_1/fork",
            "/v1/live/sessions/live_1/accept", "/v1/live/sessions/live_1/hangup",
            "/v1/live/sessions/live_1/refer", "/v1/live/sessions/live_1/reject"},
        true);
    rows("GET", {"/v1/live/sessions/live_1/content", "/live/sessions/live_1/content"}, true);
    rows("GET",
        {"/v1/realtime/client_secrets", "/v1/live/sessions", "/v1/live/sessions/live_1/fork", "/health",
            "/none"},
        false);
    rows("POST",
        {"/v1/realtime", "/v1/live/sessions/live_1/attach", "/v1/live/sessions/live_1/content", "/health",
            "/none"},
        false);
    for (const char *method : {"OPTIONS", "HEAD", "PUT"})
        rows(method,
            {"/v1/realtime/client_secrets", "/v1/live/sessions/live_1/content", "/v1/realtime/calls"}, false);
}

void TestEndpoints::exchanges()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    RequestHead head = request(method, path);
    const Endpoint *found = findEndpoint(relayEndpoints, head);
    QTEST(isExchange(found, head), "expected");
    QVERIFY(!found || !isFor(*found, Audience::Operator) || path == "/health");
    head.headers.append({std::begin(asksToUpgrade), std::end(asksToUpgrade)});
    QVERIFY(!isExchange(findEndpoint(relayEndpoints, head), head));
}

void TestEndpoints::anotherTable()
{
    const Endpoint table[] = {{"/mint", "POST, OPTIONS", Endpoint::Kind::Index, {}, true},
        {"/v1/a/{id}", "POST, GET, OPTIONS", Endpoint::Kind::Index, CallSurface::Live, true}};
    QVERIFY(!findEndpoint(table, request("GET"_ba, "/health"_ba)));
    const Endpoint *mint = findEndpoint(table, request("GET"_ba, "/mint"_ba));
    QVERIFY(mint);
    QVERIFY(allowsMethod(*mint, "POST"));
    QVERIFY(!allowsMethod(*mint, "GET"));
    QVERIFY(!allowsMethod(*mint, "POS"));
    const auto get = rr::answer(request("GET"_ba, "/mint"_ba), mint, running(), true, metrics);
    QCOMPARE(get.status, 405);
    QCOMPARE(valueOf(get, "Allow"), "POST, OPTIONS");
    const auto preflight = rr::answer(
        request("OPTIONS"_ba, "/mint"_ba,
            {{"Origin"_ba, "https://app.example.org"_ba}, {"Access-Control-Request-Method"_ba, "POST"_ba}}),
        mint, running(), true, metrics);
    QCOMPARE(valueOf(preflight, "Access-Control-Allow-Methods"), "POST, OPTIONS");

    // A call by an upgrade, and something else by other requests
    RequestHead both = request("POST"_ba, "/a/b"_ba);
    const Endpoint *found = findEndpoint(table, both);
    QVERIFY(found && !isCall(found, both));
    QCOMPARE(rr::answer(both, found, running(), true, metrics).status, 200);
    both.headers.append({std::begin(asksToUpgrade), std::end(asksToUpgrade)});
    QVERIFY(isCall(found, both));
    QVERIFY(!isCall(mint, both));
    QVERIFY(!isCall(nullptr, both));
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

RELAY_TEST(TestEndpoints)
#include "tst_endpoints.moc"
