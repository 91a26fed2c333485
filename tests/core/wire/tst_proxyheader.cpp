// SPDX-License-Identifier: MIT
#include "core/wire/proxyheader.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

/// A header of version 2. `addresses`: with what is behind them.
QByteArray binary(char command, char family, const QByteArray &addresses)
{
    return proxySignature.toByteArray() + command + family + char(addresses.size() >> 8)
        + char(addresses.size()) + addresses;
}

const QByteArray ipv4("\xc0\x00\x02\x07\xc6\x33\x64\x01\x10\x92\x01\xbb", 12); // 192.0.2.7 to 198.51.100.1
const QByteArray ipv6 = QByteArray::fromHex("20010db8000000000000000000000007"
                                            "20010db80000000000000000000000010001bb01");

} // namespace

class tst_ProxyHeader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void good_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QHostAddress>("client"); ///< null: the peer's holds
        const QHostAddress four(u"192.0.2.7"_s);
        const QHostAddress six(u"2001:db8::7"_s);
        const auto row = [](const char *name, const QByteArray &header, const QHostAddress &client = {}) {
            QTest::newRow(name) << header << client;
        };
        row("1, IPv4", "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", four);
        row("1, ports at their ends", "PROXY TCP4 192.0.2.7 198.51.100.1 0 65535\r\n", four);
        row("1, IPv6", "PROXY TCP6 2001:db8::7 2001:DB8::1 1 2\r\n", six);
        row("1, unknown", "PROXY UNKNOWN\r\n");
        row("1, unknown, and more", "PROXY UNKNOWN ffff:f...f:ffff what ever\r\n");
        row("1, as long as may be", "PROXY UNKNOWN " + QByteArray(107 - 16, 'f') + "\r\n");
        row("2, IPv4", binary('\x21', '\x11', ipv4), four);
        row("2, IPv4, datagrams", binary('\x21', '\x12', ipv4), four);
        row("2, IPv4 and extensions",
            binary('\x21', '\x11', ipv4 + QByteArray("\x03\x00\x04\x00\x00\x00\x00", 7)), four);
        row("2, IPv4 and most extensions",
            binary('\x21', '\x11', ipv4 + QByteArray(maxProxyHeaderBytes - 16 - 12, 'x')), four);
        row("2, IPv6", binary('\x21', '\x21', ipv6), six);
        row("2, Unix", binary('\x21', '\x31', QByteArray(216, 'u')));
        row("2, unspecified", binary('\x21', '\x00', {}));
        row("2, unspecified, and something", binary('\x21', '\x00', ipv4));
        row("2, local", binary('\x20', '\x00', {}));
        row("2, local, and an address", binary('\x20', '\x11', ipv4));
        row("2, local, of what nobody knows", binary('\x20', '\xff', "x"));
    }
    void good()
    {
        QFETCH(QByteArray, header);
        QFETCH(QHostAddress, client);
        const QByteArray bytes = header + "GET /";
        const qsizetype first = header.startsWith("PROXY") ? proxyLineStart.size() : proxySignature.size();
        for (qsizetype size = first; size < header.size(); ++size) // cut at every byte
            QVERIFY(
                std::holds_alternative<HeadIncomplete>(readProxyHeader(QByteArrayView(bytes).first(size))));
        for (qsizetype size = header.size(); size <= bytes.size(); ++size) {
            const auto read = readProxyHeader(QByteArrayView(bytes).first(size));
            const auto *found = std::get_if<ProxyHeader>(&read);
            QVERIFY(found);
            QCOMPARE(found->client, client);
            QCOMPARE(found->size, header.size());
        }
    }

    void bad_data()
    {
        QTest::addColumn<QByteArray>("header");
        const auto row = [](const char *name, const QByteArray &header) { QTest::newRow(name) << header; };
        row("1, nothing", "PROXY \r\n");
        row("1, another family", "PROXY TCP5 192.0.2.7 198.51.100.1 1 2\r\n");
        row("1, in small letters", "PROXY tcp4 192.0.2.7 198.51.100.1 1 2\r\n");
        row("1, a port is missing", "PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n");
        row("1, one too many", "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n");
        row("1, two blanks", "PROXY TCP4 192.0.2.7  198.51.100.1 1 2\r\n");
        row("1, a blank at the end", "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 \r\n");
        row("1, a port too high", "PROXY TCP4 192.0.2.7 198.51.100.1 1 65536\r\n");
        row("1, a port that is none", "PROXY TCP4 192.0.2.7 198.51.100.1 1 -2\r\n");
        row("1, IPv6 as IPv4", "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n");
        row("1, IPv4 as IPv6", "PROXY TCP6 192.0.2.7 198.51.100.1 1 2\r\n");
        row("1, a short address", "PROXY TCP4 192.7 198.51.100.1 1 2\r\n");
        row("1, an octal address", "PROXY TCP4 192.0.02.7 198.51.100.1 1 2\r\n");
        row("1, a scope", "PROXY TCP6 fe80::1%1 fe80::2 1 2\r\n");
        row("1, a NUL behind an address", "PROXY TCP6 fe80::1\0 fe80::2 1 2\r\n"_ba);
        row("1, a short address within one", "PROXY TCP6 ::ffff:127.1 fe80::2 1 2\r\n");
        row("1, an address that is one number", "PROXY TCP4 2130706433 127.0.0.1 1 2\r\n");
        row("1, a name", "PROXY TCP4 localhost 198.51.100.1 1 2\r\n");
        row("1, the other end is none", "PROXY TCP4 192.0.2.7 x 1 2\r\n");
        row("1, only a line feed", "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n" + QByteArray(107, 'x'));
        row("1, too long", "PROXY UNKNOWN " + QByteArray(107 - 15, 'f') + "\r\n");
        row("2, of version 1", binary('\x11', '\x11', ipv4));
        row("2, of version 3", binary('\x31', '\x11', ipv4));
        row("2, another command", binary('\x22', '\x11', ipv4));
        row("2, another family", binary('\x21', '\x41', QByteArray(300, 'x')));
        row("2, another transport", binary('\x21', '\x13', ipv4));
        row("2, IPv4 too short", binary('\x21', '\x11', ipv4.chopped(1)));
        row("2, IPv6 too short", binary('\x21', '\x21', ipv6.chopped(1)));
        row("2, Unix too short", binary('\x21', '\x31', QByteArray(215, 'u')));
        row("2, too large", binary('\x21', '\x11', QByteArray(maxProxyHeaderBytes - 15, 'x')));
        row("2, far too large, to come", binary('\x21', '\x11', QByteArray(65535, 'x')).first(16));
    }
    void bad()
    {
        QFETCH(QByteArray, header);
        const auto read = readProxyHeader(header);
        const auto *error = std::get_if<HeadError>(&read);
        QVERIFY(error);
        QCOMPARE(error->status, 400);
        QCOMPARE(error->code, "proxy_header_malformed"_ba);
        // No piece of it is good.
        const qsizetype first = header.startsWith("PROXY") ? proxyLineStart.size() : proxySignature.size();
        for (qsizetype size = first; size < header.size(); ++size)
            QVERIFY(
                !std::holds_alternative<ProxyHeader>(readProxyHeader(QByteArrayView(header).first(size))));
    }
};

RELAY_TEST(tst_ProxyHeader)
#include "tst_proxyheader.moc"
