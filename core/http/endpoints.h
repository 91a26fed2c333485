// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/callkind.h"
#include "core/base/door.h"
#include "core/http/response.h"
#include "core/monitor/snapshot.h"

#include <QByteArrayView>

#include <functional>
#include <optional>
#include <span>

namespace rr {

/// One path that there is something at.
struct Endpoint
{
    /// By what a plain request is answered.
    enum class Kind : quint8 {
        Call, ///< by nothing: only calls are opened there
        Health,
        Ready,
        Stats,
        Metrics,
        Index,
        TryPage, ///< by the page of trypage.h, where it is served
        Exchange, ///< by the upstream, as it comes
        Recording, ///< likewise, however long it is
        BetaSession, ///< by the upstream's client_secrets, as the beta answered
        BetaTranscription, ///< likewise
        WebRtc, ///< by a refusal, for its media would not pass
        Check, ///< by a proof, for who has a nonce of this process (ShareProofs of core/admission)
    };

    QByteArrayView path; ///< a segment "{id}" stands for any one that is an id
    QByteArrayView methods; ///< that are answered, as Allow has them
    Kind kind;
    std::optional<CallSurface> surface{}; ///< what an upgrade opens a call to; nothing: it is refused
    bool takesBody = false; ///< with POST; that of any other request is passed over
};

/// All of them, in the order in which the index tells them.
using Endpoints = std::span<const Endpoint>;

inline constexpr Endpoint relayEndpoints[] = {
    {"/realtime", "GET, HEAD, OPTIONS", Endpoint::Kind::Call, CallSurface::Realtime},
    {"/v1/realtime", "GET, HEAD, OPTIONS", Endpoint::Kind::Call, CallSurface::Realtime},
    {"/v1/realtime/translations", "GET, HEAD, OPTIONS", Endpoint::Kind::Call, CallSurface::Translations},
    {"/v1/live/sessions", "GET, HEAD, POST, OPTIONS", Endpoint::Kind::Call, CallSurface::Live},
    {"/v1/live/sessions/{id}/attach", "GET, HEAD, OPTIONS", Endpoint::Kind::Call, CallSurface::LiveAttach},
    {"/v1/live/sessions/{id}/fork", "GET, HEAD, POST, OPTIONS", Endpoint::Kind::Call, CallSurface::LiveFork},
    {"/v1/realtime/client_secrets", "POST, OPTIONS", Endpoint::Kind::Exchange, {}, true},
    {"/v1/realtime/translations/client_secrets", "POST, OPTIONS", Endpoint::Kind::Exchange, {}, true},
    {"/v1/realtime/sessions", "POST, OPTIONS", Endpoint::Kind::BetaSession, {}, true},
    {"/v1/realtime/transcription_sessions", "POST, OPTIONS", Endpoint::Kind::BetaTranscription, {}, true},
    {"/v1/live/sessions/{id}/content", "GET, OPTIONS", Endpoint::Kind::Recording},
    {"/v1/realtime/calls", "POST, OPTIONS", Endpoint::Kind::WebRtc},
    {"/v1/realtime/translations/calls", "POST, OPTIONS", Endpoint::Kind::WebRtc},
    {"/v1/realtime/calls/{id}/accept", "POST, OPTIONS", Endpoint::Kind::WebRtc},
    {"/v1/realtime/calls/{id}/hangup", "POST, OPTIONS", Endpoint::Kind::WebRtc},
    {"/v1/realtime/calls/{id}/refer", "POST, OPTIONS", Endpoint::Kind::WebRtc},
    {"/v1/realtime/calls/{id}/reject", "POST, OPTIONS", Endpoint::Kind::WebRtc},
    {"/v1/live/sessions/{id}/accept", "POST, OPTIONS", Endpoint::Kind::WebRtc},
    {"/v1/live/sessions/{id}/hangup", "POST, OPTIONS", Endpoint::Kind::WebRtc},
    {"/v1/live/sessions/{id}/refer", "POST, OPTIONS", Endpoint::Kind::WebRtc},
    {"/v1/live/sessions/{id}/reject", "POST, OPTIONS", Endpoint::Kind::WebRtc},
    {"/health", "GET, HEAD, OPTIONS", Endpoint::Kind::Health},
    {"/ready", "GET, HEAD, OPTIONS", Endpoint::Kind::Ready},
    {"/stats", "GET, HEAD, OPTIONS", Endpoint::Kind::Stats},
    {"/metrics", "GET, HEAD, OPTIONS", Endpoint::Kind::Metrics},
    {"/try", "GET, HEAD, OPTIONS", Endpoint::Kind::TryPage},
    {"/.well-known/realtime-relay/check", "GET", Endpoint::Kind::Check},
    {"/", "GET, HEAD, OPTIONS", Endpoint::Kind::Index},
};

/// For whom a door is.
enum class Audience : quint8 {
    Everyone, ///< there is but one
    Callers, ///< the operator has one of his own
    Operator,
    Guests, ///< who come by the door of a share
};

constexpr Audience audienceAt(Door door, bool operatorHasOwn)
{
    switch (door) {
    case Door::Admin:
        return Audience::Operator;
    case Door::Share:
        return Audience::Guests;
    case Door::Public:
        break;
    }
    return operatorHasOwn ? Audience::Callers : Audience::Everyone;
}

/// Whether guests need the secret of the link for it.
constexpr bool needsLink(const Endpoint &endpoint)
{
    return endpoint.kind != Endpoint::Kind::Check && endpoint.kind != Endpoint::Kind::TryPage;
}

/// Whether it tells what is nobody's business but the operator's.
constexpr bool isForOperator(const Endpoint &endpoint)
{
    return endpoint.kind == Endpoint::Kind::Stats || endpoint.kind == Endpoint::Kind::Metrics;
}

/// Whether there is such an endpoint where these come in.
constexpr bool isFor(const Endpoint &endpoint, Audience audience)
{
    if (endpoint.kind == Endpoint::Kind::Check)
        return audience == Audience::Guests;
    switch (audience) {
    case Audience::Callers:
        return !isForOperator(endpoint);
    case Audience::Guests: // calls, and what belongs to them
        return endpoint.surface || endpoint.path.startsWith("/v1/") || !needsLink(endpoint);
    case Audience::Operator:
        return isForOperator(endpoint) || endpoint.kind == Endpoint::Kind::Health
            || endpoint.kind == Endpoint::Kind::Ready || endpoint.kind == Endpoint::Kind::Index;
    case Audience::Everyone:
        break;
    }
    return true;
}

/// The one that the request is for, by its path; null: there is none.
///
/// What OpenAI has (what begins with "/v1/") is found more widely than byte by byte, for clients put their paths behind the
/// address that they are given, whichever that is: it may have a "realtime", a "v1" and an "openai" before it, each once
/// (a "v1" once more behind a "realtime", where a whole path was put behind a whole path), or no "v1", and slashes may stand
/// doubled or at its end. A WebSocket that is asked for at "/" is a call to "/v1/realtime", too. So whatever a client adds to
/// the address of a call, "/v1/realtime", "/realtime", "/" or nothing, that is one as well; and so it is behind the secret of a
/// link (linksecret.h), which is taken off before. None of it is what isAzurePreview().
const Endpoint *findEndpoint(Endpoints endpoints, const RequestHead &head);

/// Whether it is for the preview of Azure's Realtime API, which is another protocol than the one of today:
/// "/openai/realtime" with "deployment=…" or "api-version=…-preview" in the query. Today's is at "/openai/v1/realtime", and
/// names neither (learn.microsoft.com, realtime-audio-preview-api-migration-guide).
bool isAzurePreview(const RequestHead &head);

/// Whether a WebSocket is asked for where calls are opened.
inline bool isCall(const Endpoint *endpoint, const RequestHead &head)
{
    return endpoint && endpoint->surface && head.wantsUpgrade();
}

/// The endpoint's path as it is written at OpenAI, with the id in it as it came; `path` is one by which it was found.
QByteArray canonicalPath(const Endpoint &endpoint, QByteArrayView path);

/// Whether the row names the method.
bool allowsMethod(const Endpoint &endpoint, QByteArrayView method);

/// Whether it is answered as the beta answered.
constexpr bool isBeta(const Endpoint &endpoint)
{
    return endpoint.kind == Endpoint::Kind::BetaSession || endpoint.kind == Endpoint::Kind::BetaTranscription;
}

/// Whether the request is one for the upstream beside calls, which answer() does not know: it is passed on, or refused
/// where it would begin a WebRTC session, by Exchanges of core/relay.
bool isExchange(const Endpoint *endpoint, const RequestHead &head);

/// Whether a WebSocket is asked for where it is told a proof, and what it says again.
inline bool isEcho(const Endpoint *endpoint, const RequestHead &head)
{
    return endpoint && endpoint->kind == Endpoint::Kind::Check && head.wantsUpgrade();
}

/// Answers a plain request, one that is not an upgrade to where calls are opened, by what is at its path. A pure function
/// for any thread; the caller leaves the body out of the answer to HEAD (see serialise()).
///
/// GET, HEAD  /         name, version and the list of the others
///            /health   200 while running, else 503: {"status","uptime","stats","timestamp"}
///            /ready    200 while calls are taken, else 503: {"ready","status","timestamp"}
///            /stats    every total of the snapshot; no call's own
///            /metrics  `metricsText`, called only then
///            /try      the page of trypage.h if `hasTryPage`, else there is no such path
///            where only calls are opened: 426
/// A WebSocket that is asked for anywhere but where calls are opened: 404. So is what isAzurePreview(), in words of its own.
/// OPTIONS    204 with Allow, for "*" too; a preflight of an allowed origin gets the permissions it asks for
/// other methods 405 with Allow, other paths (`endpoint` is null), and those that are not for this audience, 404.
///
/// What isExchange() is not for this.
///
/// `originAllowed` is about the request's Origin header: when that is there and allowed, the page may read
/// the answer; when not, the answer is the same without the permission, and the browser withholds it.
HttpResponse answer(const RequestHead &head, const Endpoint *endpoint, const Snapshot &snapshot,
    bool originAllowed, const std::function<QByteArray()> &metricsText,
    Audience audience = Audience::Everyone, bool hasTryPage = false);

/// Has a page of that origin read the response.
void letPageRead(HttpResponse &response, const QByteArray &origin);

} // namespace rr
