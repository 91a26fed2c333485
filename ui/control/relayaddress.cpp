// SPDX-License-Identifier: MIT
#include "ui/control/relayaddress.h"

#include <QCoreApplication>

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

} // namespace

QUrl publicUrl(const QString &typed, quint16 port, bool tls)
{
    const QString text = typed.trimmed();
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

std::optional<QString> publicAddressProblem(const QString &address)
{
    if (address.isEmpty() || !publicUrl(address, 1, false).isEmpty())
        return {};
    return QCoreApplication::translate("rr::ApplicationForm",
        "This is no address: write a host, a host and port, or a URL, such as relay.example.org:8080.");
}

QList<RelayAddress> relayAddresses(const QString &host, quint16 port, bool tls,
    const QList<NetworkAddress> &network, const QString &publicAddress)
{
    QList<RelayAddress> addresses;
    QList<RelayAddress> containers;
    if (const QUrl url = publicUrl(publicAddress, port, tls); !url.isEmpty())
        addresses.append({RelayAddress::Public, url});
    const QHostAddress bound(host);
    const bool everyV4 = bound == QHostAddress::Any || bound == QHostAddress::AnyIPv4;
    const bool everyV6 = bound == QHostAddress::Any || bound == QHostAddress::AnyIPv6;
    for (const NetworkAddress &each : network) {
        const bool isV6 = each.address.protocol() == QAbstractSocket::IPv6Protocol;
        // "::" listens for IPv4 too, with Qt's dual-stack sockets.
        const bool isOneOfAll = isV6 ? everyV6 : everyV4 || everyV6;
        if (!isOneOfAll && each.address != bound)
            continue;
        const QUrl url = relayUrl(each.address.toString(), port, tls);
        if (each.kind == NetworkKind::Containers && isOneOfAll && each != network.first())
            containers.append({RelayAddress::Containers, url, each.interface});
        else
            addresses.append({isOfTheInternet(each.address) ? RelayAddress::Internet : RelayAddress::Network,
                url, each.interface});
    }
    if (everyV4 || everyV6 || bound.isLoopback()) {
        const QString self = bound.isLoopback() && bound.protocol() == QAbstractSocket::IPv6Protocol
            ? u"::1"_s
            : u"127.0.0.1"_s;
        addresses.append({RelayAddress::ThisMachine, relayUrl(self, port, tls)});
    }
    return addresses + containers;
}

} // namespace rr
