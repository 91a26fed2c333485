// SPDX-License-Identifier: MIT
#include "ui/control/relayaddress.h"

#include <QNetworkInterface>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

QUrl relayUrl(const QString &host, quint16 port, bool tls)
{
    QUrl url;
    url.setScheme(tls ? u"wss"_s : u"ws"_s);
    url.setHost(host);
    url.setPort(port);
    url.setPath(u"/realtime"_s);
    return url;
}

QUrl publicUrl(QString text, quint16 port, bool tls)
{
    text = text.trimmed();
    if (text.isEmpty())
        return {};
    const bool isUrl = text.contains("://"_L1);
    // Behind a name that others reach, TLS may end at a proxy in front: only a URL can say so.
    QUrl url(isUrl ? text : (tls ? u"wss://"_s : u"ws://"_s) + text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return {};
    if (url.scheme() == "https"_L1)
        url.setScheme(u"wss"_s);
    else if (url.scheme() == "http"_L1)
        url.setScheme(u"ws"_s);
    if (url.scheme() != "ws"_L1 && url.scheme() != "wss"_L1)
        return {};
    if (!isUrl && url.port() < 0)
        url.setPort(port);
    if (url.path().isEmpty() || url.path() == u"/"_s)
        url.setPath(u"/realtime"_s);
    return url;
}

bool isLinkLocalV4(const QHostAddress &address)
{
    return address.isInSubnet(QHostAddress(u"169.254.0.0"_s), 16);
}

} // namespace

QList<RelayAddress> relayAddresses(const QString &host, quint16 port, bool tls,
    const QList<QHostAddress> &network, const QString &publicAddress)
{
    QList<RelayAddress> addresses;
    const QHostAddress bound(host);
    const bool everyV4 = bound == QHostAddress::Any || bound == QHostAddress::AnyIPv4;
    const bool everyV6 = bound == QHostAddress::Any || bound == QHostAddress::AnyIPv6;
    if (everyV4 || everyV6 || bound.isLoopback()) {
        const QString self = bound.isLoopback() && bound.protocol() == QAbstractSocket::IPv6Protocol
            ? u"::1"_s
            : u"127.0.0.1"_s;
        addresses.append({RelayAddress::ThisMachine, relayUrl(self, port, tls)});
    }
    for (const QHostAddress &address : network) {
        const bool isV6 = address.protocol() == QAbstractSocket::IPv6Protocol;
        // "::" listens for IPv4 too, with Qt's dual-stack sockets.
        if ((isV6 && everyV6) || (!isV6 && (everyV4 || everyV6)) || address == bound)
            addresses.append({RelayAddress::LocalNetwork, relayUrl(address.toString(), port, tls)});
    }
    if (const QUrl url = publicUrl(publicAddress, port, tls); !url.isEmpty())
        addresses.append({RelayAddress::Public, url});
    return addresses;
}

QList<QHostAddress> networkAddresses()
{
    QList<QHostAddress> addresses;
    const auto interfaces = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &interface : interfaces) {
        if (!interface.flags().testFlag(QNetworkInterface::IsRunning)
            || interface.flags().testFlag(QNetworkInterface::IsLoopBack))
            continue;
        const auto entries = interface.addressEntries();
        for (const QNetworkAddressEntry &entry : entries) {
            const QHostAddress address = entry.ip();
            if (!address.isLinkLocal() && !isLinkLocalV4(address))
                addresses.append(address);
        }
    }
    std::stable_partition(addresses.begin(), addresses.end(),
        [](const QHostAddress &address) { return address.protocol() == QAbstractSocket::IPv4Protocol; });
    return addresses;
}

QString environmentLine(const QUrl &url)
{
    return "VITE_OPENAI_RELAY_URL="_L1 + url.toString();
}

QString wscatLine(const QUrl &url)
{
    return u"wscat -c \"%1?model=gpt-realtime\" -H \"Authorization: Bearer $OPENAI_API_KEY\""_s.arg(
        url.toString());
}

} // namespace rr
