// SPDX-License-Identifier: MIT
#include "core/wire/opening.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

namespace {

using Proxy = OpeningRules::Proxy;

/// "incomplete", "proxy", "opened", or the code of the refusal.
QByteArray outcome(QByteArrayView bytes, const OpeningRules &rules)
{
    const auto read = readOpening(bytes, rules);
    if (const auto *error = std::get_if<HeadError>(&read))
        return error->code;
    if (std::holds_alternative<ProxyHeader>(read))
        return "proxy";
    return std::holds_alternative<Opened>(read) ? "opened" : "incomplete";
}

} // namespace

class tst_Opening : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void outcomes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("plain"); ///< outcome where HTTP is to come
        QTest::addColumn<QByteArray>("tls"); ///< and where TLS is
        const auto row = [](const char *name, const QByteArray &bytes, const char *plain, const char *tls) {
            QTest::newRow(name) << bytes << QByteArray(plain) << QByteArray(tls);
        };
        row("nothing", "", "incomplete", "incomplete");
        row("TLS", "\x16", "tls_on_plain_port", "opened");
        row("an old hello", "\x80\x2e\x01", "opened", "opened"); // OpenSSL says what that is
        row("HTTP", "G", "opened", "http_on_tls_port");
        row("HTTP in small letters", "get", "opened", "http_on_tls_port");
        row("perhaps the PROXY protocol", "P", "incomplete", "incomplete");
        row("perhaps it still", "PROXY", "incomplete", "incomplete");
        row("another method", "POST", "opened", "http_on_tls_port");
        row("another one", "PROPFIND", "opened", "http_on_tls_port");
        row("the PROXY protocol", "PROXY ", "proxy_not_trusted", "proxy_not_trusted");
        row("perhaps version 2", "\r\n\r\n", "incomplete", "incomplete");
        row("an empty line", "\r\nGET", "opened", "opened");
        row("version 2", QByteArray("\r\n\r\n\0\r\nQUIT\n", 12), "proxy_not_trusted", "proxy_not_trusted");
        row("something else", "\x05\x01", "opened", "opened");
    }
    void outcomes()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, plain);
        QFETCH(QByteArray, tls);
        QCOMPARE(outcome(bytes, {false, Proxy::NotTrusted}), plain);
        QCOMPARE(outcome(bytes, {true, Proxy::NotTrusted}), tls);
    }

    void trustedProxy()
    {
        const QByteArray header = "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\n";
        for (const bool tls : {false, true}) {
            for (qsizetype size = 0; size < header.size(); ++size)
                QCOMPARE(outcome(QByteArrayView(header).first(size), {tls, Proxy::Trusted}), "incomplete");
            QCOMPARE(outcome(header, {tls, Proxy::Trusted}), "proxy");
            QCOMPARE(outcome("PROXY TCP9 \r\n", {tls, Proxy::Trusted}), "proxy_header_malformed");
        }
        // It need not speak it.
        QCOMPARE(outcome("GET", {false, Proxy::Trusted}), "opened");
        QCOMPARE(outcome("\x16", {true, Proxy::Trusted}), "opened");
        // A second one would be its client's.
        QCOMPARE(outcome(header, {false, Proxy::Heard}), "opened"); // no request line
        QCOMPARE(outcome(header, {true, Proxy::Heard}), "http_on_tls_port");
    }
};

RELAY_TEST(tst_Opening)
#include "tst_opening.moc"
