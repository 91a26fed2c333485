// SPDX-License-Identifier: MIT
#include "core/admission/originpolicy.h"
#include "core/config/settings.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace rr;

class TestOriginPolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allows_data();
    void allows();
};

void TestOriginPolicy::allows_data()
{
    QTest::addColumn<QStringList>("patterns");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *name, const QStringList &patterns, const QByteArray &origin,
                         bool expected) { QTest::newRow(name) << patterns << origin << expected; };

    row("no header", {}, QByteArray(), true);
    row("no patterns", {}, "http://localhost"_ba, false);
    row("a pattern that is none", {u"localhost"_s}, "http://localhost"_ba, false);

    const QStringList exact{u"https://app.example.org"_s};
    row("exact", exact, "https://app.example.org"_ba, true);
    row("exact, other case", exact, "HTTPS://App.Example.ORG"_ba, true);
    row("pattern in other case", {u"HTTPS://App.Example.ORG"_s}, "https://app.example.org"_ba, true);
    row("default port named", exact, "https://app.example.org:443"_ba, true);
    row("default port in the pattern", {u"https://app.example.org:443"_s}, "https://app.example.org"_ba,
        true);
    row("default port of http", {u"http://a.org"_s}, "http://a.org:80"_ba, true);
    row("the other scheme's port", exact, "https://app.example.org:80"_ba, false);
    row("another port", exact, "https://app.example.org:8443"_ba, false);
    row("another scheme", exact, "http://app.example.org"_ba, false);
    row("another host", exact, "https://evil.org"_ba, false);
    row("subdomain", exact, "https://x.app.example.org"_ba, false);
    row("suffix", exact, "https://app.example.org.evil.org"_ba, false);
    row("prefix", exact, "https://evilapp.example.org"_ba, false);
    row("user information", exact, "https://app.example.org@evil.org"_ba, false);
    row("final dot", exact, "https://app.example.org."_ba, false);
    row("final slash", exact, "https://app.example.org/"_ba, false);
    row("path", exact, "https://app.example.org/x"_ba, false);
    row("query", exact, "https://app.example.org?x"_ba, false);
    row("blanks", exact, " https://app.example.org"_ba, false);
    row("two", exact, "https://app.example.org https://app.example.org"_ba, false);
    row("empty", exact, ""_ba, false);
    row("null", exact, "null"_ba, false);
    row("no scheme", exact, "app.example.org"_ba, false);
    row("non-ASCII", exact, "https://app.ex\xe4mple.org"_ba, false);
    row("second of two", {u"https://a.org"_s, u"https://b.org"_s}, "https://b.org"_ba, true);
    row("international", {u"https://caf\u00e9.example"_s}, "https://xn--caf-dma.example"_ba, true);
    row("extension", {u"chrome-extension://abcdef"_s}, "chrome-extension://abcdef"_ba, true);

    const QStringList subdomains{u"https://*.example.org"_s};
    row("one label", subdomains, "https://a.example.org"_ba, true);
    row("two labels", subdomains, "https://a.b.example.org"_ba, true);
    row("the bare domain", subdomains, "https://example.org"_ba, false);
    row("an empty label", subdomains, "https://.example.org"_ba, false);
    row("no dot before", subdomains, "https://evilexample.org"_ba, false);
    row("text after", subdomains, "https://a.example.org.evil.org"_ba, false);
    row("subdomain, another port", subdomains, "https://a.example.org:8443"_ba, false);
    row("subdomain, another scheme", subdomains, "http://a.example.org"_ba, false);
    row("wildcard origin", subdomains, "https://*.example.org"_ba, false);

    const QStringList ports{u"http://localhost:*"_s};
    row("any port", ports, "http://localhost:5173"_ba, true);
    row("any port, none", ports, "http://localhost"_ba, true);
    row("any port, highest", ports, "http://localhost:65535"_ba, true);
    row("any port, too high", ports, "http://localhost:65536"_ba, false);
    row("any port, zero", ports, "http://localhost:0"_ba, false);
    row("any port, empty", ports, "http://localhost:"_ba, false);
    row("any port, asterisk", ports, "http://localhost:*"_ba, false);
    row("any port, another host", ports, "http://localhost.evil.org:80"_ba, false);
    row("any port, another scheme", ports, "https://localhost"_ba, false);
    row("subdomain and any port", {u"http://*.localhost:*"_s}, "http://a.localhost:3000"_ba, true);

    row("IPv6", {u"http://[::1]:3000"_s}, "http://[::1]:3000"_ba, true);
    row("IPv6, written otherwise", {u"http://[0:0:0:0:0:0:0:1]:*"_s}, "http://[::1]:3000"_ba, true);
    row("IPv6, another", {u"http://[::1]:*"_s}, "http://[::2]:3000"_ba, false);

    row("everything", {u"*"_s}, "https://anyone.example:1"_ba, true);
    row("everything, null", {u"*"_s}, "null"_ba, true);
    row("everything, garbage", {u"*"_s}, "?"_ba, true);
    row("everything as an origin", exact, "*"_ba, false);

    const QStringList defaults = Settings().allowedOrigins;
    row("default: localhost", defaults, "http://localhost:3000"_ba, true);
    row("default: localhost, TLS", defaults, "https://localhost:3000"_ba, true);
    row("default: 127.0.0.1", defaults, "http://127.0.0.1:8000"_ba, true);
    row("default: other pages", defaults, "https://example.org"_ba, false);
    row("default: files", defaults, "null"_ba, false);
}

void TestOriginPolicy::allows()
{
    QFETCH(QStringList, patterns);
    QFETCH(QByteArray, origin);
    QTEST(OriginPolicy(patterns).allows(origin), "expected");
}

QTEST_GUILESS_MAIN(TestOriginPolicy)
#include "tst_originpolicy.moc"
