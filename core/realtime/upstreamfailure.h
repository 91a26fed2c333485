// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"
#include "core/http/requesthead.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <array>

namespace rr {

/// The headers of a refusal that go on to a client, beside Retry-After: what OpenAI's SDKs read or show.
inline constexpr std::array<QByteArrayView, 4> refusalHeaders{
    "Content-Type", "retry-after-ms", "x-should-retry", "x-request-id"};

/// Why a dial to the upstream did not become an open WebSocket. A plain value.
struct UpstreamFailure
{
    enum Kind : quint8 {
        Refused, ///< answered with an HTTP status other than 101
        Dns, ///< the host's name has no address
        ConnectRefused, ///< nothing listens there, or a firewall refuses
        Timeout, ///< no answer within the connect timeout
        Tls, ///< the certificate was not trusted, or no secure connection came about
        Proxy, ///< the proxy on the way refused or did not answer
        BadHandshake, ///< a 101 that is not a WebSocket's, or no HTTP at all
        NoDescriptors, ///< this process may open no more files
        Network, ///< anything else: unreachable, reset
    };
    Kind kind = Network;
    int status = 0; ///< Refused only
    Sentence detail
        = {}; ///< more about it; what comes from outside stands in it as it came, and is cleaned before it is shown
    QByteArray body = {}; ///< Refused only: what stood in the answer, at least the beginning; as it came
    QByteArray retryAfter = {}; ///< Refused only: the header of that name; null: none. As it came
    QList<HttpHeader> headers
        = {}; ///< Refused only: those of refusalHeaders that the answer has; as they came
};

/// What a refusal means for the client, read from its status and its body: `{"error":{"type","code","message"}}`, as
/// OpenAI and those who speak like it answer.
struct UpstreamRefusal
{
    QByteArray type; ///< the upstream's own, else the one that its status stands for
    QByteArray
        code; ///< the upstream's own, else the one that its status stands for; both fit for a close reason
    QString message; ///< the upstream's own, as it came; empty: it said nothing
    bool mayPass = false; ///< trying again may help: 408, 425, 429 and 5xx, but not where a quota is used up
    int retryAfterSeconds = 0; ///< as the upstream asks; 0: it does not say
};
/// To be called for Refused only.
UpstreamRefusal readRefusal(const UpstreamFailure &failure);

/// One sentence or two for client and operator: what happened to the dial to `upstreamHost`, and what to do; then
/// `detail`, which of a refusal is the upstream's own message. Holds no key, whatever `detail` holds.
Sentence adviceFor(const UpstreamFailure &failure, const QString &upstreamHost);

} // namespace rr
