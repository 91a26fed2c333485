// SPDX-License-Identifier: MIT
#include "core/admission/clientaddress.h"
#include "tests/support/relaytest.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace rr;

class TestClientAddress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void trust_data();
    void trust();
    void network_data();
    void network();
    void client_data();
    void client();
    void last_data();
    void last();
};

void TestClientAddress::trust_data()
{
    QTest::addColumn<QStringList>("proxies");
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("expected");
    QTest::newRow("nobody") << QStringList() << u"127.0.0.1"_s << false;
    QTest::newRow("garbage") << QStringList{u"proxy"_s} << u"127.0.0.1"_s << false;
    QTest::newRow("address") << QStringList{u"10.0.0.1"_s} << u"10.0.0.1"_s << true;
    QTest::newRow("neighbour") << QStringList{u"10.0.0.1"_s} << u"10.0.0.2"_s << false;
    QTest::newRow("subnet") << QStringList{u"10.0.0.0/8"_s} << u"10.9.8.7"_s << true;
    QTest::newRow("beside the subnet") << QStringList{u"10.0.0.0/8"_s} << u"11.0.0.0"_s << false;
    QTest::newRow("second") << QStringList{u"10.0.0.0/8"_s, u" fd00::/8"_s} << u"fd12::1"_s << true;
    QTest::newRow("another family") << QStringList{u"0.0.0.0/0"_s} << u"2001:db8::1"_s << false;
    QTest::newRow("mapped address") << QStringList{u"::ffff:10.0.0.1"_s} << u"10.0.0.1"_s << true;
    QTest::newRow("mapped subnet") << QStringList{u"::ffff:10.0.0.0/104"_s} << u"10.9.8.7"_s << true;
    QTest::newRow("beside the mapped subnet")
        << QStringList{u"::ffff:10.0.0.0/104"_s} << u"11.0.0.0"_s << false;
}

void TestClientAddress::trust()
{
    QFETCH(QStringList, proxies);
    QFETCH(QString, address);
    QTEST(TrustedProxies(proxies).contains(QHostAddress(address)), "expected");
}

void TestClientAddress::network_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("expected");
    QTest::newRow("IPv4") << u"192.0.2.7"_s << u"192.0.2.7"_s;
    QTest::newRow("mapped") << u"::ffff:192.0.2.7"_s << u"192.0.2.7"_s;
    QTest::newRow("IPv6") << u"2001:db8:1:2:3:4:5:6"_s << u"2001:db8:1:2::"_s;
    QTest::newRow("link-local") << u"fe80::7%lo"_s << u"fe80::"_s;
    QTest::newRow("loopback") << u"::1"_s << u"::"_s;
}

void TestClientAddress::network()
{
    QFETCH(QString, address);
    QTEST(clientNetwork(canonical(QHostAddress(address))).toString(), "expected");
}

void TestClientAddress::client_data()
{
    QTest::addColumn<QString>("peer");
    QTest::addColumn<QList<QByteArray>>("forwardedFor");
    QTest::addColumn<QString>("expected");
    using List = QList<QByteArray>;
    const auto row = [](const char *name, const QString &peer, const List &list, const QString &expected) {
        QTest::newRow(name) << peer << list << expected;
    };
    // trusted: 10.0.0.0/8 and fd00::/8
    row("direct", u"192.0.2.1"_s, {}, u"192.0.2.1"_s);
    row("direct, made up", u"192.0.2.1"_s, {"203.0.113.9"_ba}, u"192.0.2.1"_s);
    row("direct, mapped", u"::ffff:192.0.2.1"_s, {}, u"192.0.2.1"_s);
    row("direct, scoped", u"fe80::1%lo"_s, {}, u"fe80::1"_s);
    row("proxy without the header", u"10.0.0.1"_s, {}, u"10.0.0.1"_s);
    row("one proxy", u"10.0.0.1"_s, {"203.0.113.9"_ba}, u"203.0.113.9"_s);
    row("one mapped proxy", u"::ffff:10.0.0.1"_s, {"203.0.113.9"_ba}, u"203.0.113.9"_s);
    row("made up before it", u"10.0.0.1"_s, {"1.1.1.1"_ba, "203.0.113.9"_ba}, u"203.0.113.9"_s);
    row("a trusted one made up before it", u"10.0.0.1"_s, {"10.0.0.5"_ba, "203.0.113.9"_ba},
        u"203.0.113.9"_s);
    row("two proxies", u"10.0.0.1"_s, {"1.1.1.1"_ba, "203.0.113.9"_ba, "10.0.0.2"_ba}, u"203.0.113.9"_s);
    row("only proxies", u"10.0.0.1"_s, {"10.0.0.3"_ba, "10.0.0.2"_ba}, u"10.0.0.3"_s);
    row("IPv6 proxy and client", u"fd00::1"_s, {"2001:db8::9"_ba}, u"2001:db8::9"_s);
    row("mapped member", u"10.0.0.1"_s, {"::ffff:203.0.113.9"_ba}, u"203.0.113.9"_s);
    row("mapped trusted member", u"10.0.0.1"_s, {"203.0.113.9"_ba, "::ffff:10.0.0.2"_ba}, u"203.0.113.9"_s);
    row("port", u"10.0.0.1"_s, {"203.0.113.9:4711"_ba}, u"203.0.113.9"_s);
    row("brackets", u"10.0.0.1"_s, {"[2001:db8::9]"_ba}, u"2001:db8::9"_s);
    row("brackets and port", u"10.0.0.1"_s, {"[2001:db8::9]:80"_ba}, u"2001:db8::9"_s);
    row("blanks", u"10.0.0.1"_s, {" 203.0.113.9\t"_ba}, u"203.0.113.9"_s);
    for (const char *garbage : {"", "unknown", "_hidden", "client.example.org", "1.2.3", "127.1", "010.1.2.3",
             "1.2.3.4.5", "256.1.1.1", "0x7f000001", "2130706433", "1.2.3.4:", "1.2.3.4:x", "[1.2.3.4]",
             "[::1", "[::1]x", "[::1]:", "[]", "::1::", "1.2.3.4, 5.6.7.8", "\"1.2.3.4\"", ":80", "1.2.3.4/8",
             "::ffff:127.1", "::ffff:010.1.2.3", "1:: 1.2.3.4", "fe80::+1", "[fe80::1%eth0]:x]"}) {
        QTest::addRow("garbage: %s", garbage)
            << u"10.0.0.1"_s << List{"203.0.113.9"_ba, garbage, "10.0.0.2"_ba} << u"10.0.0.2"_s;
    }
}

void TestClientAddress::client()
{
    QFETCH(QString, peer);
    QFETCH(QList<QByteArray>, forwardedFor);
    const TrustedProxies proxies({u"10.0.0.0/8"_s, u"fd00::/8"_s});
    QTEST(clientAddress(QHostAddress(peer), forwardedFor, proxies).toString(), "expected");
}

void TestClientAddress::last_data()
{
    QTest::addColumn<QList<QByteArray>>("forwardedFor");
    QTest::addColumn<QString>("expected");
    QTest::newRow("none") << QList<QByteArray>() << u"127.0.0.1"_s;
    QTest::newRow("one") << QList<QByteArray>{"203.0.113.9"} << u"203.0.113.9"_s;
    QTest::newRow("forged before") << QList<QByteArray>{"192.0.2.77", "203.0.113.9"} << u"203.0.113.9"_s;
    QTest::newRow("with a port") << QList<QByteArray>{"[2001:db8::1]:443"} << u"2001:db8::1"_s;
    QTest::newRow("this machine's") << QList<QByteArray>{"203.0.113.9", "127.0.0.1"} << u"127.0.0.1"_s;
    QTest::newRow("none at last") << QList<QByteArray>{"203.0.113.9", "unknown"} << u"127.0.0.1"_s;
}

void TestClientAddress::last()
{
    QFETCH(QList<QByteArray>, forwardedFor);
    QTEST(lastForwarded(QHostAddress(u"::ffff:127.0.0.1"_s), forwardedFor).toString(), "expected");
}

RELAY_TEST(TestClientAddress)
#include "tst_clientaddress.moc"
