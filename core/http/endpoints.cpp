// SPDX-License-Identifier: MIT
#include "core/http/endpoints.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {
namespace {

constexpr QByteArrayView relayPaths[] = {"/realtime", "/v1/realtime", "/v1/realtime/translations"};
constexpr QByteArrayView plainPaths[] = {"/", "/health", "/stats", "/metrics"};
constexpr QByteArrayView allowedMethods = "GET, HEAD, OPTIONS";

HttpResponse json(int status, const QJsonObject &object)
{
    return {status, "application/json"_ba, QJsonDocument(object).toJson(QJsonDocument::Compact), {}};
}

QString statusWord(const Snapshot &snapshot)
{
    return snapshot.state == RelayState::Running ? u"healthy"_s : u"draining"_s;
}

/// What /health and /stats both say.
QJsonObject health(const Snapshot &snapshot)
{
    const QJsonObject stats{{u"totalConnections"_s, snapshot.totalConnections},
        {u"activeConnections"_s, snapshot.activeConnections},
        {u"messagesRelayed"_s, snapshot.up.messages + snapshot.down.messages},
        {u"errors"_s, snapshot.errors}};
    return {{u"status"_s, statusWord(snapshot)}, {u"uptime"_s, snapshot.uptimeMs / 1000}, {u"stats"_s, stats},
        {u"timestamp"_s, snapshot.takenAt.toUTC().toString(Qt::ISODateWithMs)}};
}

QJsonObject direction(const DirectionTotals &totals)
{
    return {{u"messages"_s, totals.messages}, {u"bytes"_s, totals.bytes},
        {u"backlogBytes"_s, totals.backlogBytes}};
}

QJsonObject stats(const Snapshot &snapshot)
{
    QJsonObject rejected;
    for (auto it = snapshot.rejected.cbegin(); it != snapshot.rejected.cend(); ++it)
        rejected.insert(QString::fromLatin1(it.key()), it.value());

    QJsonObject all = health(snapshot);
    all.insert(u"version"_s, snapshot.version);
    all.insert(u"peakConnections"_s, snapshot.peakConnections);
    all.insert(u"up"_s, direction(snapshot.up));
    all.insert(u"down"_s, direction(snapshot.down));
    all.insert(u"rejected"_s, rejected);
    all.insert(u"upstreamConnectMs"_s,
        QJsonObject{{u"p50"_s, snapshot.connectP50Ms}, {u"p95"_s, snapshot.connectP95Ms}});
    all.insert(u"process"_s,
        QJsonObject{{u"memoryBytes"_s, snapshot.memoryBytes}, {u"cpuSeconds"_s, snapshot.cpuSeconds},
            {u"workers"_s, snapshot.workers}});
    return all;
}

QJsonObject index(const Snapshot &snapshot)
{
    QJsonArray endpoints;
    for (const QByteArrayView path : relayPaths)
        endpoints.append(QString::fromLatin1(path));
    for (const QByteArrayView path : plainPaths) {
        if (path != "/")
            endpoints.append(QString::fromLatin1(path));
    }
    return {{u"name"_s, u"Realtime Relay"_s}, {u"version"_s, snapshot.version}, {u"endpoints"_s, endpoints}};
}

bool isPlainPath(QByteArrayView path)
{
    return std::find(std::begin(plainPaths), std::end(plainPaths), path) != std::end(plainPaths);
}

HttpResponse get(
    const RequestHead &head, const Snapshot &snapshot, const std::function<QByteArray()> &metricsText)
{
    if (head.path == "/health")
        return json(snapshot.state == RelayState::Running ? 200 : 503, health(snapshot));
    if (head.path == "/stats")
        return json(200, stats(snapshot));
    if (head.path == "/metrics")
        return {200, "text/plain; version=0.0.4; charset=utf-8"_ba, metricsText(), {}};
    if (head.path == "/")
        return json(200, index(snapshot));
    return errorResponse(
        426, "upgrade_required"_ba, u"This address speaks WebSocket: connect with ws:// or wss://."_s);
}

HttpResponse answerToAnyone(
    const RequestHead &head, const Snapshot &snapshot, const std::function<QByteArray()> &metricsText)
{
    const bool options = head.method == "OPTIONS";
    if (!isRelayPath(head.path) && !isPlainPath(head.path) && !(options && head.path == "*"))
        return errorResponse(404, "not_found"_ba,
            u"There is nothing at this path. Calls are relayed at /v1/realtime and /realtime; "
            "/health tells how the relay is."_s);
    if (head.method == "GET" || head.method == "HEAD")
        return get(head, snapshot, metricsText);
    HttpResponse response = options
        ? HttpResponse{204, {}, {}, {}}
        : errorResponse(405, "method_not_allowed"_ba, u"This method is not allowed here. Use GET."_s);
    response.headers.append({"Allow"_ba, allowedMethods.toByteArray()});
    return response;
}

} // namespace

bool isRelayPath(QByteArrayView path)
{
    return std::find(std::begin(relayPaths), std::end(relayPaths), path) != std::end(relayPaths);
}

HttpResponse answer(const RequestHead &head, const Snapshot &snapshot, bool originAllowed,
    const std::function<QByteArray()> &metricsText)
{
    HttpResponse response = answerToAnyone(head, snapshot, metricsText);
    const QByteArray origin = head.header("Origin");
    if (origin.isNull() || !originAllowed)
        return response;
    response.headers.append({"Access-Control-Allow-Origin"_ba, origin});
    response.headers.append({"Vary"_ba, "Origin"_ba});
    if (head.method != "OPTIONS" || head.header("Access-Control-Request-Method").isNull())
        return response;

    // A preflight (fetch.spec.whatwg.org, "CORS-preflight request")
    response.headers.append({"Access-Control-Allow-Methods"_ba, allowedMethods.toByteArray()});
    if (const QByteArray asked = head.header("Access-Control-Request-Headers"); !asked.isEmpty())
        response.headers.append({"Access-Control-Allow-Headers"_ba, asked});
    response.headers.append({"Access-Control-Max-Age"_ba, "600"_ba});
    if (head.header("Access-Control-Request-Private-Network") == "true")
        response.headers.append({"Access-Control-Allow-Private-Network"_ba, "true"_ba});
    return response;
}

} // namespace rr
