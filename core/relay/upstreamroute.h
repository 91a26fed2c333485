// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/relayerror.h"
#include "core/config/settings.h"
#include "core/http/requesthead.h"
#include "core/realtime/credentials.h"
#include "core/wire/dial.h"

#include <QNetworkProxy>
#include <QProcessEnvironment>
#include <QUrl>

#include <variant>

namespace rr {

/// The proxy on the way to the upstream: Settings::upstreamProxy; when that is empty, that of the environment, see
/// core/config/proxyenvironment.h. NoProxy when there is none. An error when the environment's is none that can be used:
/// who has a proxy does not want to go without.
std::variant<QNetworkProxy, RelayError> upstreamProxy(
    const Settings &settings, const QProcessEnvironment &environment);

/// The path at the upstream for one of ours, as canonicalPath() has it. `url` is Settings::upstreamUrl, which names the one
/// of Realtime calls, so what is below that is put behind it, and what is beside it ("/v1/live/…") in the place of its
/// last segment "realtime"; a URL without a path means OpenAI's own.
QByteArray upstreamPath(const QUrl &url, QByteArrayView path);

/// Where one call goes: the upstream's URL with upstreamPath() and, byte for byte, the client's query, or that of the
/// URL where the client has none and the call is to Realtime; and the client's headers.
Dial::Target upstreamTarget(const Settings &settings, const UpstreamTls &tls, const QNetworkProxy &proxy,
    const RequestHead &head, const Credentials &credentials);

/// The `model` of a query, decoded, for people; empty when it names none.
QString modelInQuery(const QByteArray &query);

} // namespace rr
