// SPDX-License-Identifier: MIT
#include "core/sharing/checkrequest.h"

#include "core/base/randomtext.h"

#include <QSslConfiguration>

namespace rr {

namespace {

constexpr const char *checkPath = "/.well-known/realtime-relay/check";
constexpr const char *programsName = "realtime-relay-check/1";
/// That of Chrome, which all of its kind send in this form; services look for "Mozilla/".
constexpr const char *browsersName
    = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
      "Chrome/140.0.0.0 Safari/537.36";

bool isSecure(const QUrl &address)
{
    return address.scheme() != QLatin1String("http");
}

} // namespace

QByteArray headOf(const CheckRequest &request)
{
    const bool isBrowser = request.guise == Guise::Browser;
    const bool isWebSocket = !request.webSocketKey.isEmpty();
    QByteArray head = QByteArray("GET ") + checkPath + "?n=" + request.nonce + (request.keep ? "&keep=1" : "")
        + " HTTP/1.1\r\nHost: " + request.host
        + "\r\nUser-Agent: " + (isBrowser ? browsersName : programsName) + "\r\n";
    if (isWebSocket)
        head
            += "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + request.webSocketKey + "\r\nSec-WebSocket-Protocol: " + checkSubprotocols().join(", ")
            + "\r\nOrigin: " + request.origin + "\r\n";
    else
        head += QByteArray("Connection: close\r\nAccept: ")
            + (isBrowser ? "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
                         : "application/json")
            + "\r\n";
    if (isBrowser)
        head += "Accept-Language: en-US,en;q=0.9\r\nCache-Control: no-cache\r\n";
    if (!request.forwardedFor.isEmpty())
        head += "X-Forwarded-For: " + request.forwardedFor + "\r\n";
    return head + "\r\n";
}

QList<QByteArray> checkSubprotocols()
{
    return {"realtime", "openai-insecure-api-key.none"};
}

QByteArray newWebSocketKey()
{
    return randomBytes(16).toBase64();
}

QByteArray hostHeader(const QUrl &address)
{
    QByteArray host = address.host(QUrl::FullyEncoded).toLatin1();
    if (host.contains(':'))
        host = '[' + host + ']';
    const int usual = isSecure(address) ? 443 : 80;
    return address.port(usual) == usual ? host : host + ':' + QByteArray::number(address.port());
}

QByteArray originOf(const QUrl &address)
{
    return (isSecure(address) ? "https://" : "http://") + hostHeader(address);
}

Destination destinationOf(const QUrl &address, const QHostAddress &connectTo, const QNetworkProxy &proxy,
    const QList<QSslCertificate> &authorities)
{
    Destination to;
    to.host = address.host(QUrl::FullyEncoded);
    to.secure = isSecure(address);
    to.port = quint16(address.port(to.secure ? 443 : 80));
    to.proxy = proxy;
    to.address = connectTo;
    auto tls = QSslConfiguration::defaultConfiguration();
    // Not even an empty list, else Qt does not look for the system's as it needs them.
    if (!authorities.isEmpty())
        tls.setCaCertificates(authorities);
    tls.setAllowedNextProtocols({QSslConfiguration::NextProtocolHttp1_1});
    to.tls.qt = tls;
    return to;
}

} // namespace rr
