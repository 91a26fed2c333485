// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/destination.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QNetworkProxy>
#include <QSslCertificate>
#include <QUrl>

namespace rr {

/// Who the service in between is to take us for: some show a browser a page of their own first, and let programs pass.
enum class Guise : quint8 { Program, Browser };

/// A request to the share's check path. A plain value.
struct CheckRequest
{
    QByteArray host; ///< the header of that name
    QByteArray nonce; ///< ShareProofs::issue()
    Guise guise = Guise::Program;
    QByteArray webSocketKey = {}; ///< Sec-WebSocket-Key; empty: a plain request
    QByteArray origin = {}; ///< with a WebSocket
    QByteArray forwardedFor = {}; ///< X-Forwarded-For, forged; empty: none
    bool keep = false; ///< the WebSocket is to stay open
};

/// The subprotocols that a check offers, as a page does that hands its key over so (no key is in it).
QList<QByteArray> checkSubprotocols();

/// The head of it, as it goes onto the wire. It sends no cookie, for one may have a page passed over that others see.
QByteArray headOf(const CheckRequest &request);

QByteArray newWebSocketKey(); ///< RFC 6455 4.1

/// The Host of requests to an address, and what Origin a page there has (RFC 6454 6.2).
QByteArray hostHeader(const QUrl &address);
QByteArray originOf(const QUrl &address);

/// Where connections to the share's address go: with TLS by Qt, whose words people may know from elsewhere, and HTTP/1.1
/// alone. `connectTo`: where the name is; null: it is looked up. Through a proxy that does.
Destination destinationOf(const QUrl &address, const QHostAddress &connectTo, const QNetworkProxy &proxy,
    const QList<QSslCertificate> &authorities);

} // namespace rr
