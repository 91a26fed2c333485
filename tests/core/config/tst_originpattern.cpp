// SPDX-License-Identifier: MIT
#include "core/config/originpattern.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

Q_DECLARE_METATYPE(rr::OriginPattern)

class TestOriginPattern : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void right_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<OriginPattern>("pattern");
        const auto origin = [](const QString &scheme, const QString &host, quint16 port = 0) {
            return OriginPattern{.scheme = scheme, .host = host, .port = port};
        };
        QTest::newRow("everything") << u"*"_s << OriginPattern{.matchesEverything = true};
        QTest::newRow("plain") << u"https://app.example.org"_s << origin(u"https"_s, u"app.example.org"_s);
        QTest::newRow("port") << u"http://localhost:5173"_s << origin(u"http"_s, u"localhost"_s, 5173);
        QTest::newRow("any port") << u"http://localhost:*"_s
                                  << OriginPattern{
                                         .scheme = u"http"_s, .host = u"localhost"_s, .anyPort = true};
        QTest::newRow("subdomains") << u"https://*.example.org:8443"_s
                                    << OriginPattern{.scheme = u"https"_s,
                                           .host = u"example.org"_s,
                                           .wildcardSubdomain = true,
                                           .port = 8443};
        QTest::newRow("default port of https") << u"https://a.org:443"_s << origin(u"https"_s, u"a.org"_s);
        QTest::newRow("default port of http") << u"http://a.org:80"_s << origin(u"http"_s, u"a.org"_s);
        QTest::newRow("no default port") << u"https://a.org:80"_s << origin(u"https"_s, u"a.org"_s, 80);
        QTest::newRow("one trailing slash") << u" https://a.org/ "_s << origin(u"https"_s, u"a.org"_s);
        QTest::newRow("upper case") << u"HTTPS://A.Example.ORG"_s << origin(u"https"_s, u"a.example.org"_s);
        QTest::newRow("IPv4") << u"http://127.0.0.1:3000"_s << origin(u"http"_s, u"127.0.0.1"_s, 3000);
        QTest::newRow("IPv6") << u"http://[0:0::1]:3000"_s << origin(u"http"_s, u"[::1]"_s, 3000);
        QTest::newRow("IPv6 without a port") << u"http://[::1]"_s << origin(u"http"_s, u"[::1]"_s);
        QTest::newRow("punycode") << u"https://bücher.example"_s
                                  << origin(u"https"_s, u"xn--bcher-kva.example"_s);
        QTest::newRow("part of a label")
            << u"https://App-*-Team.vercel.app"_s << origin(u"https"_s, u"app-*-team.vercel.app"_s);
        QTest::newRow("a whole label, not the first")
            << u"https://a.*.example.org"_s << origin(u"https"_s, u"a.*.example.org"_s);
        QTest::newRow("every extension") << u"moz-extension://*"_s << origin(u"moz-extension"_s, u"*"_s);
        QTest::newRow("a shell of apps")
            << u"capacitor://localhost"_s << origin(u"capacitor"_s, u"localhost"_s);
        QTest::newRow("a name that nobody can register")
            << u"http://*-app.localhost:*"_s
            << OriginPattern{.scheme = u"http"_s, .host = u"*-app.localhost"_s, .anyPort = true};
        QTest::newRow("every host of the own network")
            << u"http://*.lan"_s
            << OriginPattern{.scheme = u"http"_s, .host = u"lan"_s, .wildcardSubdomain = true};
        QTest::newRow("other scheme")
            << u"chrome-extension://abcdef"_s << origin(u"chrome-extension"_s, u"abcdef"_s);
    }

    void right()
    {
        QFETCH(QString, text);
        QFETCH(OriginPattern, pattern);
        QCOMPARE(originPatternProblem(text), std::nullopt);
        const std::optional<OriginPattern> parsed = parseOriginPattern(text);
        QVERIFY(parsed);
        QCOMPARE(parsed->scheme, pattern.scheme);
        QCOMPARE(parsed->host, pattern.host);
        QCOMPARE(parsed->port, pattern.port);
        QVERIFY(*parsed == pattern);
    }

    void wrong_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << u" "_s << u"empty"_s;
        QTest::newRow("no scheme") << u"localhost:5173"_s << u"write https://localhost:5173"_s;
        QTest::newRow("empty scheme") << u"://a.org"_s << u"scheme"_s;
        QTest::newRow("bad scheme") << u"ht tp://a.org"_s << u"scheme"_s;
        QTest::newRow("null") << u"null"_s << u"only *"_s;
        QTest::newRow("path") << u"https://a.org/app"_s << u"no path: write https://a.org"_s;
        QTest::newRow("two slashes") << u"https://a.org//"_s << u"no path: write https://a.org"_s;
        QTest::newRow("query") << u"https://a.org?x"_s << u"no path: write https://a.org"_s;
        QTest::newRow("user") << u"https://me@a.org"_s << u"user name"_s;
        QTest::newRow("port 0") << u"https://a.org:0"_s << u"1 to 65535"_s;
        QTest::newRow("port too large") << u"https://a.org:65536"_s << u"1 to 65535"_s;
        QTest::newRow("port empty") << u"https://a.org:"_s << u"1 to 65535"_s;
        QTest::newRow("port a word") << u"https://a.org:http"_s << u"1 to 65535"_s;
        QTest::newRow("port with a sign") << u"https://a.org:+443"_s << u"1 to 65535"_s;
        QTest::newRow("port with what is not seen")
            << QString::fromLatin1("https://a.org:443\0\0", 19) << u"1 to 65535"_s;
        QTest::newRow("no host") << u"https://"_s << u"host"_s;
        QTest::newRow("only a wildcard") << u"https://*"_s << u"https://*.example.org"_s;
        QTest::newRow("wildcard in a label") << u"https://a*.org"_s << u"https://*.example.org"_s;
        QTest::newRow("wildcard in the middle") << u"https://a.*.org"_s << u"https://*.example.org"_s;
        QTest::newRow("all of a top-level domain") << u"https://*.com"_s << u"anybody can have such a host"_s;
        QTest::newRow("whoever registers it") << u"https://*-x.com"_s << u"anybody can have such a host"_s;
        QTest::newRow("and its subdomains") << u"https://*.*.com"_s << u"anybody can have such a host"_s;
        QTest::newRow("any of two") << u"https://*.*"_s << u"anybody can have such a host"_s;
        QTest::newRow("any port of any host") << u"https://*:*"_s << u"anybody can have such a host"_s;
        QTest::newRow("not quite localhost") << u"http://*localhost"_s << u"anybody can have such a host"_s;
        QTest::newRow("IPv4") << u"http://10.*.0.1"_s << u"an address has no *"_s;
        QTest::newRow("the last of IPv4") << u"http://192.168.1.*"_s << u"anybody can have such a host"_s;
        QTest::newRow("before IPv4") << u"http://*.168.1.1"_s << u"an address has no *"_s;
        QTest::newRow("IPv6") << u"http://[::*]"_s << u"host"_s;
        QTest::newRow("not ASCII") << u"https://b\u00fc*.example.org"_s << u"host"_s;
        QTest::newRow("wildcard scheme") << u"*://a.example.org"_s << u"scheme"_s;
        QTest::newRow("part of a port") << u"https://a.org:80*"_s << u"1 to 65535"_s;
        QTest::newRow("empty label") << u"https://a..org"_s << u"host"_s;
        QTest::newRow("space in the host") << u"https://a b.org"_s << u"host"_s;
        QTest::newRow("bad IPv6") << u"http://[::g]"_s << u"host"_s;
        QTest::newRow("unclosed IPv6") << u"http://[::1"_s << u"port"_s;
    }

    void wrong()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const std::optional<Sentence> problem = originPatternProblem(text);
        QVERIFY(problem);
        QVERIFY2(plain(*problem).contains(says), qPrintable(plain(*problem)));
        QVERIFY(!parseOriginPattern(text));
    }
};

RELAY_TEST(TestOriginPattern)
#include "tst_originpattern.moc"
