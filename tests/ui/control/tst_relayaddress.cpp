// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/control/relayaddress.h"

#include <QTest>

using namespace rr;

class TestRelayAddress : public QObject
{
    Q_OBJECT

    static QList<NetworkAddress> network()
    {
        return {
            {QHostAddress(QStringLiteral("192.168.1.5")), NetworkKind::WiFi, QStringLiteral("Wi-Fi"), true},
            {QHostAddress(QStringLiteral("2001:db8::5")), NetworkKind::WiFi, QStringLiteral("Wi-Fi"), true},
            {QHostAddress(QStringLiteral("172.17.0.1")), NetworkKind::Containers, QStringLiteral("docker0"),
                false}};
    }

private Q_SLOTS:
    void whatWasChosenComesFirst()
    {
        const auto first = [](const char *chosen) {
            return relayAddresses(
                QStringLiteral("::"), 8080, false, withFirst(network(), QString::fromLatin1(chosen)), {})
                .first();
        };
        QCOMPARE(first("").url.host(), QStringLiteral("192.168.1.5"));
        QCOMPARE(first("2001:db8::5").url.host(), QStringLiteral("2001:db8::5"));
        QCOMPARE(first("203.0.113.9").url.host(), QStringLiteral("192.168.1.5")); // it is gone
        QCOMPARE(first("172.17.0.1").url.host(), QStringLiteral("172.17.0.1"));
        QCOMPARE(first("172.17.0.1").reach, RelayAddress::Network); // on purpose
    }

    void reach_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("tls");
        QTest::addColumn<QString>("publicAddress");
        QTest::addColumn<QStringList>("urls");

        const auto row = [](const char *name, const char *host, bool tls, const char *publicAddress,
                             const QStringList &urls) {
            QTest::newRow(name) << QString::fromLatin1(host) << tls << QString::fromLatin1(publicAddress)
                                << urls;
        };
        const QString self = QStringLiteral("ws://127.0.0.1:8080/realtime");
        const QString lan = QStringLiteral("ws://192.168.1.5:8080/realtime");
        const QString lan6 = QStringLiteral("ws://[2001:db8::5]:8080/realtime");
        row("this machine only", "127.0.0.1", false, "", {self});
        row("this machine only, IPv6", "::1", false, "", {QStringLiteral("ws://[::1]:8080/realtime")});
        const QString container = QStringLiteral("ws://172.17.0.1:8080/realtime");
        row("every IPv4 network", "0.0.0.0", false, "", {lan, self, container});
        row("every network", "::", false, "", {lan, lan6, self, container});
        row("every network and a name", "0.0.0.0", false, "wss://relay.example.org",
            {QStringLiteral("wss://relay.example.org/realtime"), lan, self, container});
        row("a container's, on purpose", "172.17.0.1", false, "", {container});
        row("one address", "192.168.1.5", false, "", {lan});
        row("TLS", "127.0.0.1", true, "", {QStringLiteral("wss://127.0.0.1:8080/realtime")});
        row("public host", "127.0.0.1", false, "relay.example.org",
            {QStringLiteral("ws://relay.example.org:8080/realtime"), self});
        row("public host and port", "127.0.0.1", false, " relay.example.org:443 ",
            {QStringLiteral("ws://relay.example.org:443/realtime"), self});
        row("public URL", "127.0.0.1", false, "https://relay.example.org/",
            {QStringLiteral("wss://relay.example.org/realtime"), self});
        row("public URL with a path", "127.0.0.1", false, "wss://example.org/relay/realtime",
            {QStringLiteral("wss://example.org/relay/realtime"), self});
        row("public nonsense", "127.0.0.1", false, "ftp://example.org", {self});
        row("public nonsense 2", "127.0.0.1", false, "a b", {self});
    }
    void reach()
    {
        QFETCH(QString, host);
        QFETCH(bool, tls);
        QFETCH(QString, publicAddress);
        QStringList urls;
        const auto addresses = relayAddresses(host, 8080, tls, network(), publicAddress);
        for (const RelayAddress &address : addresses)
            urls.append(address.url.toString());
        QTEST(urls, "urls");
    }

    void whatTheyAreIsTold()
    {
        const auto addresses = relayAddresses(QStringLiteral("::"), 8080, false, network(), {});
        QCOMPARE(addresses.size(), 4);
        QCOMPARE(addresses[0].reach, RelayAddress::Network);
        QCOMPARE(addresses[0].network, QStringLiteral("Wi-Fi"));
        QCOMPARE(addresses[1].reach, RelayAddress::Internet);
        QCOMPARE(addresses[2].reach, RelayAddress::ThisMachine);
        QCOMPARE(addresses[3].reach, RelayAddress::Containers);
        QCOMPARE(addresses[3].network, QStringLiteral("docker0"));
        const auto chosen = relayAddresses(QStringLiteral("172.17.0.1"), 8080, false, network(), {});
        QCOMPARE(chosen.value(0).reach, RelayAddress::Network); // it is not folded away
    }
};

RELAY_TEST(TestRelayAddress)
#include "tst_relayaddress.moc"
