// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/requesthead.h"

#include <QByteArrayView>
#include <QHostAddress>

#include <variant>

namespace rr {

/// What a proxy says before the first byte of its client, in the PROXY protocol, version 1 (a line) or 2 (binary):
/// https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt. A plain value.
struct ProxyHeader
{
    /// The client's. Null: the peer speaks for itself (LOCAL, as a health check does), or its client's address is
    /// unknown or none of IP: then the peer's own holds.
    QHostAddress client;
    qsizetype size = 0; ///< bytes of the header; what is behind them is the client's
};

/// What the two versions begin with. No TLS record and no HTTP method does.
inline constexpr QByteArrayView proxyLineStart = "PROXY ";
inline constexpr QByteArrayView proxySignature{"\r\n\r\n\0\r\nQUIT\n", 12};

/// Of version 2, with all its extensions (TLVs), which are passed over: room for a client certificate among them.
inline constexpr qsizetype maxProxyHeaderBytes = 8 * 1024;

/// Reads a header at the start of `bytes`, which begin with one of the two; to be called again with all of them when
/// more have come. What is wrong is said as soon as it is seen: 400 proxy_header_malformed. A pure function.
std::variant<ProxyHeader, HeadIncomplete, HeadError> readProxyHeader(QByteArrayView bytes);

} // namespace rr
