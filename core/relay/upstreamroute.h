// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"
#include "core/http/requesthead.h"
#include "core/realtime/credentials.h"
#include "core/websocket/upstreamdial.h"

#include <QNetworkProxy>
#include <QProcessEnvironment>

namespace rr {

/// The proxy on the way to the upstream: Settings::upstreamProxy; when that is empty, HTTPS_PROXY (HTTP_PROXY for
/// a ws:// upstream) of the environment unless NO_PROXY names the upstream's host. In lower case too, as curl
/// takes them. NoProxy when there is none.
QNetworkProxy upstreamProxy(const Settings &settings, const QProcessEnvironment &environment);

/// Where one call goes: the upstream's URL with the call's own sub-path and query, and the client's headers.
UpstreamDial::Target upstreamTarget(const Settings &settings, const UpstreamTls &tls,
    const QNetworkProxy &proxy, const RequestHead &head, const Credentials &credentials);

/// The `model` of a query, decoded, for people; empty when it names none.
QString modelInQuery(const QByteArray &query);

} // namespace rr
