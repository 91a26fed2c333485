// SPDX-License-Identifier: MIT
#include "ui/control/networkaddress.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QUdpSocket>

#include <algorithm>
#include <tuple>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

bool isIn(const QHostAddress &address, const char *network, int bits)
{
    return address.isInSubnet(QHostAddress(QString::fromLatin1(network)), bits);
}

bool isV6(const QHostAddress &address)
{
    return address.protocol() == QAbstractSocket::IPv6Protocol;
}

/// Where a packet to that address would come from. None is sent: to connect a datagram socket is to ask for the route.
QHostAddress sourceTowards(const char *address)
{
    QUdpSocket socket;
    socket.connectToHost(QHostAddress(QString::fromLatin1(address)), 9);
    return socket.state() == QAbstractSocket::ConnectedState ? socket.localAddress() : QHostAddress();
}

} // namespace

NetworkKind networkKind(const QString &interfaceName, QNetworkInterface::InterfaceType type)
{
    // Docker, Podman, Kubernetes, libvirt, LXC, VMware, VirtualBox, Hyper-V and WSL, systemd-nspawn.
    static const QRegularExpression containers(
        u"^(docker|br-[0-9a-f]{12}|veth|virbr|vnet|cni|flannel|cali|cilium|podman|lxc|lxd|incus|vmnet|vboxnet|vb-|ve-|bridge1)"
        u"|vEthernet|VirtualBox|VMware"_s);
    static const QRegularExpression tunnels(
        u"^(tun|tap|wg|ppp|utun|ipsec|zt|nordlynx|proton|mullvad|tailscale|ts[0-9])"
        u"|VPN|WireGuard|Tailscale|ZeroTier"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (containers.match(interfaceName).hasMatch())
        return NetworkKind::Containers;
    if (tunnels.match(interfaceName).hasMatch() || type == QNetworkInterface::Ppp)
        return NetworkKind::Vpn;
    if (type == QNetworkInterface::Wifi)
        return NetworkKind::WiFi;
    static const QRegularExpression ethernet(u"^(eth|en)"_s);
    return type == QNetworkInterface::Ethernet && ethernet.match(interfaceName).hasMatch()
        ? NetworkKind::Ethernet
        : NetworkKind::Other;
}

QString interfaceName(const QString &name, const QString &readable, NetworkKind kind)
{
    if (name.contains("tailscale"_L1, Qt::CaseInsensitive)
        || readable.contains("tailscale"_L1, Qt::CaseInsensitive))
        return u"Tailscale"_s;
    const QString best = readable.isEmpty() ? name : readable;
    switch (kind) {
    case NetworkKind::Ethernet:
        return QCoreApplication::translate("NetworkAddress", "Ethernet");
    case NetworkKind::WiFi:
        return QCoreApplication::translate("NetworkAddress", "Wi-Fi");
    case NetworkKind::Vpn:
        return QCoreApplication::translate("NetworkAddress", "VPN (%1)").arg(best);
    case NetworkKind::Other:
    case NetworkKind::Containers:
        break;
    }
    return best;
}

bool isOfTheInternet(const QHostAddress &address)
{
    if (isV6(address))
        return isIn(address, "2000::", 3); // all that is given out (RFC 4291 2.4)
    return !isIn(address, "10.0.0.0", 8) && !isIn(address, "172.16.0.0", 12)
        && !isIn(address, "192.168.0.0", 16) && !isIn(address, "100.64.0.0", 10)
        && !isIn(address, "169.254.0.0", 16) && !isIn(address, "127.0.0.0", 8);
}

QList<NetworkAddress> inOrder(QList<NetworkAddress> addresses)
{
    const auto rank = [](const NetworkAddress &each) {
        const bool containers = each.kind == NetworkKind::Containers;
        // Where all traffic goes through a VPN, the neighbours still are on the network below it.
        const bool first = each.isDefaultRoute && each.kind != NetworkKind::Vpn && !isV6(each.address);
        return std::tuple(containers, !first, isV6(each.address), each.kind);
    };
    std::stable_sort(addresses.begin(), addresses.end(),
        [&rank](const NetworkAddress &one, const NetworkAddress &other) { return rank(one) < rank(other); });
    return addresses;
}

QList<NetworkAddress> withFirst(QList<NetworkAddress> addresses, const QString &address)
{
    const auto isIt
        = [wanted = QHostAddress(address)](const NetworkAddress &each) { return each.address == wanted; };
    std::stable_partition(addresses.begin(), addresses.end(), isIt);
    return addresses;
}

QList<NetworkAddress> networkAddresses()
{
    // Reserved for documentation: nobody's, so that the way there is the default one.
    const QHostAddress sources[] = {sourceTowards("192.0.2.1"), sourceTowards("2001:db8::1")};
    QList<NetworkAddress> addresses;
    const auto interfaces = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &interface : interfaces) {
        if (!interface.flags().testFlag(QNetworkInterface::IsRunning)
            || interface.flags().testFlag(QNetworkInterface::IsLoopBack))
            continue;
        const QString readable
            = interface.humanReadableName() == interface.name() ? QString() : interface.humanReadableName();
        const NetworkKind kind
            = networkKind(readable.isEmpty() ? interface.name() : readable, interface.type());
        const QString name = interfaceName(interface.name(), readable, kind);
        const auto entries = interface.addressEntries();
        for (const QNetworkAddressEntry &entry : entries) {
            const QHostAddress address = entry.ip();
            if (address.isLinkLocal() || isIn(address, "169.254.0.0", 16))
                continue;
            const bool isDefault
                = std::find(std::begin(sources), std::end(sources), address) != std::end(sources);
            addresses.append({address, kind, name, isDefault});
        }
    }
    return inOrder(std::move(addresses));
}

} // namespace rr
