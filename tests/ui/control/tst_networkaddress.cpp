// SPDX-License-Identifier: MIT
#include "ui/control/networkaddress.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_NetworkAddress : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void kinds_data()
    {
        QTest::addColumn<QNetworkInterface::InterfaceType>("type");
        QTest::addColumn<NetworkKind>("kind");
        QTest::addColumn<QString>("words");
        using enum NetworkKind;
        const auto row
            = [](const char *name, QNetworkInterface::InterfaceType type, NetworkKind kind,
                  const char *words) { QTest::newRow(name) << type << kind << QString::fromLatin1(words); };
        constexpr auto ethernet = QNetworkInterface::Ethernet;
        row("eth0", ethernet, Ethernet, "Ethernet");
        row("enp3s0", ethernet, Ethernet, "Ethernet");
        row("en7", ethernet, Ethernet, "Ethernet");
        row("wlan0", QNetworkInterface::Wifi, WiFi, "Wi-Fi");
        row("wlp2s0", QNetworkInterface::Wifi, WiFi, "Wi-Fi");
        row("tailscale0", QNetworkInterface::Virtual, Vpn, "Tailscale");
        row("Tailscale", QNetworkInterface::Virtual, Vpn, "Tailscale");
        row("wg0", QNetworkInterface::Virtual, Vpn, "VPN (wg0)");
        row("tun0", QNetworkInterface::Virtual, Vpn, "VPN (tun0)");
        row("utun4", QNetworkInterface::Unknown, Vpn, "VPN (utun4)");
        row("ppp0", QNetworkInterface::Ppp, Vpn, "VPN (ppp0)");
        for (const char *name :
            {"docker0", "br-0123456789ab", "veth12ab", "virbr0", "cni0", "cni-podman0", "podman1", "lxcbr0",
                "flannel.1", "vmnet8", "vboxnet0", "vEthernet (WSL)", "VirtualBox Host-Only Network"})
            row(name, ethernet, Containers, name);
        row("br0", ethernet, Other, "br0"); // a bridge of one's own often is the network itself
        row("bond0", ethernet, Other, "bond0");
        row("Ethernet 2", ethernet, Other, "Ethernet 2");
    }
    void kinds()
    {
        QFETCH(QNetworkInterface::InterfaceType, type);
        const QString name = QString::fromLatin1(QTest::currentDataTag());
        const NetworkKind kind = networkKind(name, type);
        QTEST(kind, "kind");
        QTEST(interfaceName(name, {}, kind), "words");
    }

    void whatTheSystemCallsItIsUsed()
    {
        QCOMPARE(interfaceName(u"ethernet_32769"_s, u"Ethernet 2"_s, NetworkKind::Other), u"Ethernet 2"_s);
        QCOMPARE(interfaceName(u"iftype53_32768"_s, u"Tailscale"_s, NetworkKind::Vpn), u"Tailscale"_s);
    }

    void ofTheInternet_data()
    {
        QTest::addColumn<bool>("expected");
        for (const char *address : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2a01:4f8::1"})
            QTest::newRow(address) << true;
        for (const char *address : {"10.1.2.3", "172.17.0.1", "192.168.1.5", "100.101.102.103", "169.254.1.1",
                 "127.0.0.1", "fd7a:115c:a1e0::1", "fe80::1", "::1"})
            QTest::newRow(address) << false;
    }
    void ofTheInternet()
    {
        QTEST(isOfTheInternet(QHostAddress(QString::fromLatin1(QTest::currentDataTag()))), "expected");
    }

    void usefulOnesComeFirst()
    {
        using enum NetworkKind;
        const auto address = [](const char *text, NetworkKind kind, bool isDefault = false) {
            return NetworkAddress{QHostAddress(QString::fromLatin1(text)), kind, {}, isDefault};
        };
        QStringList order;
        for (const NetworkAddress &each : inOrder(
                 {address("172.17.0.1", Containers), address("100.64.0.7", Vpn), address("fd00::5", Ethernet),
                     address("2a01:4f8::5", Ethernet, true), address("10.9.0.2", Ethernet),
                     address("192.168.1.5", WiFi, true), address("172.18.0.1", Containers)}))
            order.append(each.address.toString());
        QCOMPARE(order,
            QStringList({u"192.168.1.5"_s, u"10.9.0.2"_s, u"100.64.0.7"_s, u"fd00::5"_s, u"2a01:4f8::5"_s,
                u"172.17.0.1"_s, u"172.18.0.1"_s}));
    }

    /// All traffic through a VPN: colleagues still are on the network below it.
    void aVpnIsNotTheNetworkBelowIt()
    {
        const NetworkAddress vpn{QHostAddress(u"10.8.0.2"_s), NetworkKind::Vpn, {}, true};
        const NetworkAddress wifi{QHostAddress(u"192.168.1.5"_s), NetworkKind::WiFi, {}, false};
        QCOMPARE(inOrder({vpn, wifi}), (QList<NetworkAddress>{wifi, vpn}));
    }

    void thoseOfThisMachineCanBeReached()
    {
        const auto addresses = networkAddresses();
        QCOMPARE(addresses, inOrder(addresses));
        for (const NetworkAddress &each : addresses) {
            QVERIFY2(!each.address.isLoopback() && !each.address.isLinkLocal(),
                qPrintable(each.address.toString()));
            QVERIFY(!each.interface.isEmpty());
        }
    }
};

RELAY_TEST(tst_NetworkAddress)
#include "tst_networkaddress.moc"
