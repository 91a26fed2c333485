// SPDX-License-Identifier: MIT
#include "core/admission/originpolicy.h"
#include "core/config/settings.h"
#include "tests/support/relaytest.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace rr;

class TestOriginPolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allows_data();
    void allows();
    void allowsWhatItSaysAndNothingElse();
    void canBeAllowed_data();
    void canBeAllowed();
};

void TestOriginPolicy::canBeAllowed_data()
{
    QTest::addColumn<bool>("expected");
    for (const char *origin : {"https://app.example.org", "http://localhost:5173", "http://[::1]:8080"})
        QTest::newRow(origin) << true;
    // What would let in others, too, and what no entry lets in.
    for (const char *origin :
        {"*", "https://*.example.org", "https://app-*.example.org", "https://app.example.org:*", "null", "", "nonsense",
            "https://app.example.org/", "https://app.example.org,*", "https://\xe2\x80\xa6.example.org"})
        QTest::newRow(origin) << false;
}

void TestOriginPolicy::canBeAllowed()
{
    const QByteArray origin = QTest::currentDataTag();
    QTEST(OriginPolicy::canBeAllowed(origin), "expected");
    QFETCH(bool, expected);
    if (expected)
        QVERIFY(OriginPolicy({QString::fromUtf8(origin)}).allows(origin));
}

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

    const QStringList preview{u"https://app-*-team.vercel.app"_s};
    row("preview", preview, "https://app-1a2b3c-team.vercel.app"_ba, true);
    row("preview, hyphens", preview, "https://app-git-main-team.vercel.app"_ba, true);
    row("preview, nothing for the star", preview, "https://app--team.vercel.app"_ba, false);
    row("preview, too short", preview, "https://app-team.vercel.app"_ba, false);
    row("preview, a dot for the star", preview, "https://app-a.b-team.vercel.app"_ba, false);
    row("preview, another team", preview, "https://app-1a2b3c-teams.vercel.app"_ba, false);
    row("preview, another app", preview, "https://xapp-1a2b3c-team.vercel.app"_ba, false);
    row("preview, below", preview, "https://x.app-1a2b3c-team.vercel.app"_ba, false);
    row("preview, another provider", preview, "https://app-1a2b3c-team.vercel.app.evil.org"_ba, false);
    row("preview, another suffix", preview, "https://app-1-team.evilvercel.app"_ba, false);
    row("preview, another scheme", preview, "http://app-1a2b3c-team.vercel.app"_ba, false);
    row("preview, port", preview, "https://app-1a2b3c-team.vercel.app:8443"_ba, false);
    row("preview, the pattern itself", preview, "https://app-*-team.vercel.app"_ba, false);
    row("preview, final dot", preview, "https://app-1a2b3c-team.vercel.app."_ba, false);
    const QStringList suffix{u"https://*-team.vercel.app"_s};
    row("suffix of a label", suffix, "https://anything-team.vercel.app"_ba, true);
    row("suffix of a label, no more", suffix, "https://-team.vercel.app"_ba, false);
    row("suffix of a label, two labels", suffix, "https://a.b-team.vercel.app"_ba, false);
    row("two stars", {u"https://*a*.example.org"_s}, "https://bab.example.org"_ba, true);
    row("two stars, the last unmet", {u"https://*a*.example.org"_s}, "https://ba.example.org"_ba, false);
    row("a star goes back", {u"https://*ab.example.org"_s}, "https://xabab.example.org"_ba, true);
    row("a label in the middle", {u"https://a.*.example.org"_s}, "https://a.b.example.org"_ba, true);
    row("one label in the middle", {u"https://a.*.example.org"_s}, "https://a.b.c.example.org"_ba, false);
    const QStringList below{u"https://*.app-*.example.org"_s};
    row("any depth before a part", below, "https://x.y.app-1.example.org"_ba, true);
    row("none before a part", below, "https://app-1.example.org"_ba, false);

    const QStringList extensions{u"moz-extension://*"_s};
    row("extension of Firefox", extensions, "moz-extension://0f5ff2b4-2c3a-4b07-9d5c-2f1f36a6e9ab"_ba, true);
    row("extension of Chrome", extensions, "chrome-extension://abcdef"_ba, false);
    row("a page, for extensions", extensions, "https://example.org"_ba, false);
    row("an extension without a host", extensions, "moz-extension://"_ba, false);
    row("an extension with dots", extensions, "moz-extension://a.b"_ba, false);
    row("the pattern of extensions", extensions, "moz-extension://*"_ba, false);
    row("null, for extensions", extensions, "null"_ba, false);
    row("a shell of apps", {u"capacitor://localhost"_s}, "capacitor://localhost"_ba, true);
    row("another shell", {u"capacitor://localhost"_s}, "ionic://localhost"_ba, false);

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

/// Against the same said as a regular expression, for patterns and origins put together of few parts, so that they often
/// nearly fit.
void TestOriginPolicy::allowsWhatItSaysAndNothingElse()
{
    QRandomGenerator random(1);
    const auto pick = [&random](const QStringList &from) { return from[random.bounded(from.size())]; };
    const auto host = [&](const QStringList &parts) {
        QString text;
        for (int labels = 1 + random.bounded(3); labels > 0; --labels) {
            for (int i = 1 + random.bounded(3); i > 0; --i)
                text += pick(parts);
            text += u'.';
        }
        return QString(text + u"example.org"_s);
    };
    int allowed = 0;
    for (int i = 0; i < 6'000; ++i) {
        const QString scheme = pick({u"https"_s, u"http"_s});
        const QString wanted = host({u"a"_s, u"b"_s, u"-"_s, u"*"_s});
        QString regex = QRegularExpression::escape(wanted);
        if (wanted.startsWith("*."_L1))
            regex.replace(0, 4, u"([^.]+\\.)+"_s); // "\\*\\."
        regex = u"^https://"_s + regex.replace("\\*"_L1, "[^.]+"_L1) + u'$';
        const QString origin = scheme + u"://"_s + host({u"a"_s, u"b"_s, u"-"_s});
        const bool expected = QRegularExpression(regex).match(origin).hasMatch();
        allowed += expected ? 1 : 0;
        QVERIFY2(OriginPolicy({u"https://"_s + wanted}).allows(origin.toLatin1()) == expected,
            qPrintable(QString(wanted + u' ' + origin)));
    }
    QVERIFY(allowed > 30);
}

RELAY_TEST(TestOriginPolicy)
#include "tst_originpolicy.moc"
