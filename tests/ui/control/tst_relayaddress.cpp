// SPDX-License-Identifier: MIT
#include "ui/control/relayaddress.h"

#include <QTest>

using namespace rr;

class TestRelayAddress : public QObject
{
    Q_OBJECT
private Q_SLOTS:
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
        row("every IPv4 network", "0.0.0.0", false, "", {self, lan});
        row("every network", "::", false, "", {self, lan, lan6});
        row("one address", "192.168.1.5", false, "", {lan});
        row("TLS", "127.0.0.1", true, "", {QStringLiteral("wss://127.0.0.1:8080/realtime")});
        row("public host", "127.0.0.1", false, "relay.example.org",
            {self, QStringLiteral("ws://relay.example.org:8080/realtime")});
        row("public host and port", "127.0.0.1", false, " relay.example.org:443 ",
            {self, QStringLiteral("ws://relay.example.org:443/realtime")});
        row("public URL", "127.0.0.1", false, "https://relay.example.org/",
            {self, QStringLiteral("wss://relay.example.org/realtime")});
        row("public URL with a path", "127.0.0.1", false, "wss://example.org/relay/realtime",
            {self, QStringLiteral("wss://example.org/relay/realtime")});
        row("public nonsense", "127.0.0.1", false, "ftp://example.org", {self});
        row("public nonsense 2", "127.0.0.1", false, "a b", {self});
    }
    void reach()
    {
        QFETCH(QString, host);
        QFETCH(bool, tls);
        QFETCH(QString, publicAddress);
        const QList<QHostAddress> network{
            QHostAddress(QStringLiteral("192.168.1.5")), QHostAddress(QStringLiteral("2001:db8::5"))};
        QStringList urls;
        const auto addresses = relayAddresses(host, 8080, tls, network, publicAddress);
        for (const RelayAddress &address : addresses)
            urls.append(address.url.toString());
        QTEST(urls, "urls");
    }

    void networkAddressesCanBeReached()
    {
        const auto addresses = networkAddresses();
        for (const QHostAddress &address : addresses)
            QVERIFY2(!address.isLoopback() && !address.isLinkLocal(), qPrintable(address.toString()));
    }

    void lines()
    {
        const QUrl url(QStringLiteral("ws://127.0.0.1:8080/realtime"));
        QCOMPARE(environmentLine(url), QStringLiteral("VITE_OPENAI_RELAY_URL=ws://127.0.0.1:8080/realtime"));
        QVERIFY(wscatLine(url).startsWith(QLatin1String("wscat -c \"ws://127.0.0.1:8080/realtime?model=")));
        QVERIFY(wscatLine(url).contains(QLatin1String("$OPENAI_API_KEY")));
    }
};

QTEST_GUILESS_MAIN(TestRelayAddress)
#include "tst_relayaddress.moc"
