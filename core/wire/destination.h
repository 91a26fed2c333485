// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/tlsclient.h"

#include <QHostAddress>
#include <QNetworkProxy>
#include <QSslConfiguration>
#include <QString>

#include <memory>

namespace rr {

/// How the upstream's certificate is checked, made once for all dials. Without `client` QSslSocket makes the TLS
/// connection, after `qt`.
struct UpstreamTls
{
    QSslConfiguration qt;
    std::shared_ptr<const TlsClient> client; ///< Linux only
};

/// Where a connection goes, and on which way. A plain value.
struct Destination
{
    QString host; ///< a name, or an address without brackets
    QHostAddress address = {}; ///< of the host, where it is known; null: it is looked up. Not through a proxy
    quint16 port = 443;
    bool secure = true; ///< with TLS
    UpstreamTls tls;
    std::shared_ptr<TlsSessionCache> sessions; ///< of connections to here with this `tls`; null: none
    QNetworkProxy proxy = QNetworkProxy(QNetworkProxy::NoProxy);

    bool isThroughProxy() const { return proxy.type() != QNetworkProxy::NoProxy; }
    /// Whether a QSslSocket is to be used, from the first byte on.
    bool isSecuredByQt() const { return secure && !tls.client; }
};

} // namespace rr
