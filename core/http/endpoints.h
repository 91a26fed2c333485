// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/response.h"
#include "core/monitor/snapshot.h"

#include <functional>

namespace rr {

/// True for the paths where calls are relayed: /realtime, /v1/realtime and /v1/realtime/translations.
/// Compared byte by byte, as the upstream does.
bool isRelayPath(QByteArrayView path);

/// Answers a plain request, one that is not an upgrade to a relay path. A pure function for any thread; the
/// caller leaves the body out of the answer to HEAD (see serialise()).
///
/// GET, HEAD  /         name, version and the list of the others
///            /health   200 while running, else 503: {"status","uptime","stats","timestamp"}
///            /stats    every total of the snapshot; no session's own
///            /metrics  `metricsText`, called only then
///            relay paths: 426
/// OPTIONS    204 with Allow, for "*" too; a preflight of an allowed origin gets the permissions it asks for
/// other methods 405 with Allow, other paths 404.
///
/// `originAllowed` is about the request's Origin header: when that is there and allowed, the page may read
/// the answer; when not, the answer is the same without the permission, and the browser withholds it.
HttpResponse answer(const RequestHead &head, const Snapshot &snapshot, bool originAllowed,
    const std::function<QByteArray()> &metricsText);

} // namespace rr
