// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QList>
#include <QNetworkInterface>
#include <QString>

namespace rr {

/// What an interface of this machine leads to, the most useful to others first.
enum class NetworkKind : quint8 {
    Ethernet,
    WiFi,
    Other,
    Vpn, ///< Tailscale, WireGuard and their like: those who are in it, wherever they are
    Containers, ///< and virtual machines: nobody outside this machine
};

/// One address by which other machines may reach this one. A plain value.
struct NetworkAddress
{
    QHostAddress address;
    NetworkKind kind = NetworkKind::Other;
    QString
        interface; ///< in people's words, "Wi-Fi" or "Tailscale", in the user's language; or the system's name of it
    bool isDefaultRoute = false; ///< what goes out to the internet comes from here

    bool operator==(const NetworkAddress &) const = default;
};

/// Those of interfaces that are up, without loopback and link-local ones: of the default route first, IPv4 before IPv6, by
/// kind, containers last. Asks the system each time.
QList<NetworkAddress> networkAddresses();

/// The same in order. Pure.
QList<NetworkAddress> inOrder(QList<NetworkAddress> addresses);

/// The same with that address first, if it is among them. Pure.
QList<NetworkAddress> withFirst(QList<NetworkAddress> addresses, const QString &address);

/// By its name, and by what the system says that it is.
NetworkKind networkKind(const QString &interfaceName, QNetworkInterface::InterfaceType type);
/// `readable`: what people call it, where the system knows (Windows).
QString interfaceName(const QString &name, const QString &readable, NetworkKind kind);

/// Anyone's on the internet may reach it, if no firewall is on the way.
bool isOfTheInternet(const QHostAddress &address);

} // namespace rr
