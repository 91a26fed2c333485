// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace rr {

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
        Network, ///< anything else: unreachable, reset
    };
    Kind kind = Network;
    int status = 0; ///< Refused only
    QString detail; ///< as it came: may hold anything, is cleaned before it is shown
};

/// One sentence or two for client and operator: what happened to the dial to `upstreamHost`, and what to do.
/// Holds no key, whatever `detail` holds.
QString adviceFor(const UpstreamFailure &failure, const QString &upstreamHost);

} // namespace rr
