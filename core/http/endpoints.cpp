// SPDX-License-Identifier: MIT
#include "core/http/endpoints.h"

#include "core/http/query.h"
#include "core/http/trypage.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QVarLengthArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {
namespace {

/// What "OPTIONS *" is told, which is about no path.
constexpr QByteArrayView methodsOfAll = "GET, HEAD, OPTIONS";

HttpResponse json(int status, const QJsonObject &object)
{
    return {status, "application/json"_ba, QJsonDocument(object).toJson(QJsonDocument::Compact), {}};
}

QString statusWord(const Snapshot &snapshot)
{
    return snapshot.state == RelayState::Running ? u"healthy"_s : u"draining"_s;
}

QString timestamp(const Snapshot &snapshot)
{
    return snapshot.takenAt.toUTC().toString(Qt::ISODateWithMs);
}

/// Whether a call would be let in, and why not. How many places there are is nobody's business: anyone may ask here.
HttpResponse readiness(const Snapshot &snapshot)
{
    const bool running = snapshot.state == RelayState::Running;
    const bool ready = running && snapshot.placesTaken < snapshot.maxConnections;
    const QString status = ready ? u"ready"_s : (running ? u"full"_s : statusWord(snapshot));
    return json(ready ? 200 : 503,
        {{u"ready"_s, ready}, {u"status"_s, status}, {u"timestamp"_s, timestamp(snapshot)}});
}

/// What /health and /stats both say.
QJsonObject health(const Snapshot &snapshot)
{
    const QJsonObject stats{{u"totalConnections"_s, snapshot.totalConnections},
        {u"activeConnections"_s, snapshot.activeConnections},
        {u"messagesRelayed"_s, snapshot.up.messages + snapshot.down.messages},
        {u"errors"_s, snapshot.errors}};
    return {{u"status"_s, statusWord(snapshot)}, {u"uptime"_s, snapshot.uptimeMs / 1000}, {u"stats"_s, stats},
        {u"timestamp"_s, timestamp(snapshot)}};
}

QJsonObject direction(const DirectionTotals &totals)
{
    return {{u"messages"_s, totals.messages}, {u"bytes"_s, totals.bytes},
        {u"backlogBytes"_s, totals.backlogBytes}};
}

QJsonObject exchanges(const Snapshot &snapshot)
{
    QJsonObject all;
    for (auto each = snapshot.exchanges.cbegin(); each != snapshot.exchanges.cend(); ++each) {
        QJsonObject results;
        for (size_t i = 0; i < exchangeResultNames.size(); ++i)
            results.insert(exchangeResultNames[i], each.value()[i]);
        all.insert(QString::fromLatin1(each.key()), results);
    }
    return all;
}

/// The cost as a decimal number in a string, for a number of JSON is a binary fraction to most; null: it is unknown.
QJsonObject usage(const UsageTotals &totals)
{
    const Usage &used = totals.usage;
    const QJsonObject tokens{{u"textIn"_s, used.textIn}, {u"audioIn"_s, used.audioIn},
        {u"imageIn"_s, used.imageIn}, {u"textCached"_s, used.textCached},
        {u"audioCached"_s, used.audioCached}, {u"imageCached"_s, used.imageCached},
        {u"textOut"_s, used.textOut}, {u"audioOut"_s, used.audioOut}};
    return {{u"tokens"_s, tokens}, {u"billedMs"_s, used.ms},
        {u"costUsd"_s,
            totals.isCostKnown() ? QJsonValue(QString::fromLatin1(decimalText(totals.cost)))
                                 : QJsonValue(QJsonValue::Null)},
        {u"responses"_s, totals.responses}, {u"cancelled"_s, totals.cancelled},
        {u"unpriced"_s, totals.unpriced}, {u"unread"_s, totals.unread}};
}

QJsonObject usage(const Snapshot &snapshot)
{
    QJsonArray models;
    for (const ModelUsage &each : snapshot.usageByModel) {
        QJsonObject ofModel = usage(each.totals);
        ofModel.insert(u"model"_s, each.model);
        models.append(ofModel);
    }
    QJsonObject all = usage(snapshot.usage);
    all.insert(u"models"_s, models);
    all.insert(u"pricesFrom"_s, snapshot.pricesFrom);
    return all;
}

/// By access token.
QJsonArray access(const Snapshot &snapshot)
{
    QJsonArray all;
    for (const AccessUsage &each : snapshot.usageByAccess) {
        QJsonObject ofToken = usage(each.totals);
        ofToken.insert(u"name"_s, each.name);
        ofToken.insert(u"calls"_s, each.calls);
        ofToken.insert(u"activeCalls"_s, each.active);
        all.append(ofToken);
    }
    return all;
}

QJsonObject stats(const Snapshot &snapshot)
{
    QJsonObject rejected;
    for (auto it = snapshot.rejected.cbegin(); it != snapshot.rejected.cend(); ++it)
        rejected.insert(QString::fromLatin1(it.key()), it.value());

    QJsonObject failed;
    for (size_t i = 0; i < connectionFailureNames.size(); ++i)
        failed.insert(connectionFailureNames[i], snapshot.failedConnections[i]);

    QJsonObject ends;
    for (size_t i = 0; i < endReasonNames.size(); ++i)
        ends.insert(endReasonNames[i], snapshot.endsByReason[i]);
    QJsonObject kinds;
    for (size_t i = 0; i < callKindNames.size(); ++i)
        kinds.insert(callKindNames[i], snapshot.callsByKind[i]);
    // Without its text, which may hold what is nobody's business: anyone may ask here.
    QJsonArray troubles;
    for (const Trouble &trouble : snapshot.troubles)
        troubles.append(QJsonObject{{u"code"_s, nameOf(trouble.code)},
            {u"severity"_s, nameOf(trouble.severity)}, {u"title"_s, plain(trouble.title)},
            {u"since"_s, trouble.since.toUTC().toString(Qt::ISODateWithMs)}, {u"times"_s, trouble.times}});

    QJsonObject all = health(snapshot);
    all.insert(u"version"_s, snapshot.version);
    all.insert(u"peakConnections"_s, snapshot.peakConnections);
    all.insert(u"maxConnections"_s, snapshot.maxConnections);
    all.insert(u"sharedCalls"_s, snapshot.sharedCalls);
    all.insert(u"callsByKind"_s, kinds);
    all.insert(u"up"_s, direction(snapshot.up));
    all.insert(u"down"_s, direction(snapshot.down));
    all.insert(u"usage"_s, usage(snapshot));
    all.insert(u"access"_s, access(snapshot));
    if (snapshot.storeRows)
        all.insert(u"store"_s,
            QJsonObject{{u"rowsWaiting"_s, snapshot.storeRows->waiting},
                {u"rowsDropped"_s, snapshot.storeRows->dropped}});
    all.insert(u"rejected"_s, rejected);
    all.insert(u"failedConnections"_s, failed);
    all.insert(u"ends"_s, ends);
    all.insert(u"troubles"_s, troubles);
    all.insert(u"exchanges"_s, exchanges(snapshot));
    all.insert(u"upstreamConnectMs"_s,
        QJsonObject{{u"p50"_s, snapshot.connectP50Ms}, {u"p95"_s, snapshot.connectP95Ms}});
    all.insert(u"process"_s,
        QJsonObject{{u"memoryBytes"_s, snapshot.memoryBytes}, {u"cpuSeconds"_s, snapshot.cpuSeconds},
            {u"workers"_s, snapshot.workers}});
    return all;
}

bool isThere(const Endpoint &endpoint, Audience audience, bool hasTryPage)
{
    return isFor(endpoint, audience) && (hasTryPage || endpoint.kind != Endpoint::Kind::TryPage);
}

QJsonObject index(const Snapshot &snapshot, Audience audience, bool hasTryPage)
{
    QJsonArray endpoints;
    for (const Endpoint &endpoint : relayEndpoints) {
        const bool isListed
            = endpoint.kind != Endpoint::Kind::Index && endpoint.kind != Endpoint::Kind::WebRtc;
        if (isListed && isThere(endpoint, audience, hasTryPage))
            endpoints.append(QString::fromLatin1(endpoint.path));
    }
    return {{u"name"_s, u"Realtime Relay"_s}, {u"version"_s, snapshot.version}, {u"endpoints"_s, endpoints}};
}

QByteArray allowed(const Endpoint *endpoint)
{
    return (endpoint ? endpoint->methods : methodsOfAll).toByteArray();
}

HttpResponse get(Endpoint::Kind kind, const Snapshot &snapshot, Audience audience, bool hasTryPage,
    const std::function<QByteArray()> &metricsText)
{
    switch (kind) {
    case Endpoint::Kind::Health:
        return json(snapshot.state == RelayState::Running ? 200 : 503, health(snapshot));
    case Endpoint::Kind::Ready:
        return readiness(snapshot);
    case Endpoint::Kind::Stats:
        return json(200, stats(snapshot));
    case Endpoint::Kind::Metrics:
        return {200, "text/plain; version=0.0.4; charset=utf-8"_ba, metricsText(), {}};
    case Endpoint::Kind::Index:
        return json(200, index(snapshot, audience, hasTryPage));
    case Endpoint::Kind::TryPage:
        return tryPage(snapshot.demo ? TryPageKeys::Any : TryPageKeys::Upstreams);
    case Endpoint::Kind::Call:
    case Endpoint::Kind::Exchange:
    case Endpoint::Kind::Recording:
    case Endpoint::Kind::BetaSession:
    case Endpoint::Kind::BetaTranscription:
    case Endpoint::Kind::WebRtc:
    case Endpoint::Kind::Check:
        break;
    }
    return errorResponse(
        426, "upgrade_required"_ba, u"This address speaks WebSocket: connect with ws:// or wss://."_s);
}

constexpr QByteArrayView anyId = "{id}";

using Segments = QVarLengthArray<QByteArrayView, 8>;

/// What stands between the slashes, without what is empty.
Segments segmentsOf(QByteArrayView path)
{
    Segments segments;
    while (!path.isEmpty()) {
        const qsizetype slash = path.indexOf('/');
        const QByteArrayView segment = slash < 0 ? path : path.first(slash);
        path = slash < 0 ? QByteArrayView() : path.sliced(slash + 1);
        if (!segment.isEmpty())
            segments.append(segment);
    }
    return segments;
}

/// Not what leads elsewhere once somebody decodes it (RFC 3986 5.2.4).
bool isId(QByteArrayView segment)
{
    const QByteArray decoded = QByteArray::fromPercentEncoding(segment.toByteArray());
    return decoded != "." && decoded != ".." && !decoded.contains('/') && !decoded.contains('\\');
}

/// Whether the path means that of OpenAI's, however a client came to write it.
bool leadsTo(const Segments &path, const Endpoint &endpoint)
{
    if (!endpoint.path.startsWith("/v1/"))
        return false;
    const Segments own = segmentsOf(endpoint.path.sliced(3));
    const qsizetype before = path.size() - own.size();
    if (before < 0 || before > 3)
        return false;
    for (qsizetype i = 0; i < own.size(); ++i) {
        const QByteArrayView segment = path[before + i];
        if (own[i] == anyId ? !isId(segment) : segment != own[i])
            return false;
    }
    for (qsizetype i = 0; i < before; ++i) {
        const auto here = path.begin() + i;
        const bool mayStandThere = *here == "realtime" || *here == "v1" || *here == "openai";
        const bool beginsAnew = i > 0 && *here == "v1" && *(here - 1) == "realtime";
        if (!mayStandThere || (!beginsAnew && std::find(path.begin(), here, *here) != here))
            return false;
    }
    return true;
}

HttpResponse answerToAnyone(const RequestHead &head, const Endpoint *endpoint, const Snapshot &snapshot,
    Audience audience, bool hasTryPage, const std::function<QByteArray()> &metricsText)
{
    const bool options = head.method == "OPTIONS";
    if (!endpoint && isAzurePreview(head))
        return errorResponse(404, "not_found"_ba,
            u"This is the path of Azure's preview of the Realtime API, which is not carried. Use "
            "/openai/v1/realtime?model=DEPLOYMENT, without api-version and deployment, and a client for the "
            "API of today."_s);
    if (head.wantsUpgrade() && !isCall(endpoint, head))
        return errorResponse(404, "not_found"_ba,
            u"No WebSocket is spoken at this path. Calls are relayed at /v1/realtime and /realtime."_s);
    if (!endpoint && !(options && head.path == "*"))
        return errorResponse(404, "not_found"_ba,
            u"There is nothing at this path. Calls are relayed at /v1/realtime and /realtime; "
            "/health tells how the relay is."_s);
    if (!options && allowsMethod(*endpoint, head.method))
        return get(endpoint->kind, snapshot, audience, hasTryPage, metricsText);
    HttpResponse response = options
        ? HttpResponse{204, {}, {}, {}}
        : errorResponse(405, "method_not_allowed"_ba,
            u"This method is not allowed here. These are: %1."_s.arg(QString::fromLatin1(allowed(endpoint))));
    response.headers.append({"Allow"_ba, allowed(endpoint)});
    return response;
}

} // namespace

const Endpoint *findEndpoint(Endpoints endpoints, const RequestHead &head)
{
    Segments path = segmentsOf(head.path);
    if (path.isEmpty() && head.wantsUpgrade())
        path = {"realtime"};
    if (isAzurePreview(head))
        return nullptr;
    auto found = std::find_if(endpoints.begin(), endpoints.end(),
        [&path](const Endpoint &endpoint) { return leadsTo(path, endpoint); });
    if (found == endpoints.end())
        found = std::find_if(endpoints.begin(), endpoints.end(),
            [&head](const Endpoint &endpoint) { return endpoint.path == head.path; });
    return found == endpoints.end() ? nullptr : &*found;
}

bool isAzurePreview(const RequestHead &head)
{
    const Segments path = segmentsOf(head.path);
    if (path.size() < 2 || path.last() != "realtime" || path[path.size() - 2] != "openai")
        return false;
    return !queryValue(head.query, "deployment", Qt::CaseInsensitive).isNull()
        || queryValue(head.query, "api-version", Qt::CaseInsensitive).endsWith("-preview");
}

QByteArray canonicalPath(const Endpoint &endpoint, QByteArrayView path)
{
    const Segments own = segmentsOf(endpoint.path);
    const Segments asked = segmentsOf(path);
    QByteArray canonical = endpoint.path.toByteArray();
    // Counted from the end, for what stands before may be anything.
    for (qsizetype i = 1; i <= std::min(own.size(), asked.size()); ++i) {
        if (own[own.size() - i] == anyId)
            canonical.replace(anyId, asked[asked.size() - i]);
    }
    return canonical;
}

bool allowsMethod(const Endpoint &endpoint, QByteArrayView method)
{
    const QList<QByteArray> methods = endpoint.methods.toByteArray().split(',');
    return std::any_of(
        methods.begin(), methods.end(), [method](const QByteArray &one) { return one.trimmed() == method; });
}

bool isExchange(const Endpoint *endpoint, const RequestHead &head)
{
    if (!endpoint || head.wantsUpgrade() || head.method == "OPTIONS" || !allowsMethod(*endpoint, head.method))
        return false;
    switch (endpoint->kind) {
    case Endpoint::Kind::Exchange:
    case Endpoint::Kind::Recording:
    case Endpoint::Kind::BetaSession:
    case Endpoint::Kind::BetaTranscription:
    case Endpoint::Kind::WebRtc:
        return true;
    case Endpoint::Kind::Call:
        return head.method == "POST"; // with the description of a WebRTC session
    default:
        return false;
    }
}

void letPageRead(HttpResponse &response, const QByteArray &origin)
{
    response.headers.append({"Access-Control-Allow-Origin"_ba, origin});
    response.headers.append({"Vary"_ba, "Origin"_ba});
}

HttpResponse answer(const RequestHead &head, const Endpoint *endpoint, const Snapshot &snapshot,
    bool originAllowed, const std::function<QByteArray()> &metricsText, Audience audience, bool hasTryPage)
{
    if (endpoint && !isThere(*endpoint, audience, hasTryPage))
        endpoint = nullptr;
    HttpResponse response = answerToAnyone(head, endpoint, snapshot, audience, hasTryPage, metricsText);
    const QByteArray origin = head.header("Origin");
    if (origin.isNull() || !originAllowed)
        return response;
    letPageRead(response, origin);
    if (head.method != "OPTIONS" || head.header("Access-Control-Request-Method").isNull())
        return response;

    // A preflight (fetch.spec.whatwg.org, "CORS-preflight request")
    response.headers.append({"Access-Control-Allow-Methods"_ba, allowed(endpoint)});
    if (const QByteArray asked = head.header("Access-Control-Request-Headers"); !asked.isEmpty())
        response.headers.append({"Access-Control-Allow-Headers"_ba, asked});
    response.headers.append({"Access-Control-Max-Age"_ba, "600"_ba});
    if (head.header("Access-Control-Request-Private-Network") == "true")
        response.headers.append({"Access-Control-Allow-Private-Network"_ba, "true"_ba});
    return response;
}

} // namespace rr
