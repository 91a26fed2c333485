// SPDX-License-Identifier: MIT
#include "core/config/proxyenvironment.h"
#include "tests/support/relaytest.h"

#include <QMap>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

using Map = QMap<QString, QString>;

class TestProxyEnvironment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void variable_data()
    {
        QTest::addColumn<QString>("upstream");
        QTest::addColumn<Map>("environment");
        QTest::addColumn<QString>("found");
        const QString wss = u"wss://api.openai.com/v1/realtime"_s;
        const QString ws = u"ws://inner.example/"_s;
        const auto row
            = [](const char *name, const QString &upstream, const Map &environment, const QString &found) {
                  QTest::newRow(name) << upstream << environment << found;
              };
        const QString p = u"http://p:1"_s;
        row("none", wss, {}, u"="_s);
        row("https", wss, {{u"HTTPS_PROXY"_s, p}}, u"HTTPS_PROXY=http://p:1"_s);
        row("lower case", wss, {{u"https_proxy"_s, p}}, u"https_proxy=http://p:1"_s);
        row("lower case first", wss, {{u"https_proxy"_s, u"low"_s}, {u"HTTPS_PROXY"_s, u"up"_s}},
            u"https_proxy=low"_s);
        row("http is not for wss", wss, {{u"HTTP_PROXY"_s, p}}, u"="_s);
        row("https is not for ws", ws, {{u"HTTPS_PROXY"_s, p}}, u"="_s);
        row("http for ws", ws, {{u"HTTP_PROXY"_s, p}}, u"HTTP_PROXY=http://p:1"_s);
        row("all", wss, {{u"ALL_PROXY"_s, p}}, u"ALL_PROXY=http://p:1"_s);
        row("all, lower case, ws", ws, {{u"all_proxy"_s, p}}, u"all_proxy=http://p:1"_s);
        row("all after https", wss, {{u"all_proxy"_s, u"socks5://s:1"_s}, {u"HTTPS_PROXY"_s, p}},
            u"HTTPS_PROXY=http://p:1"_s);
        row("wss before https", wss, {{u"WSS_PROXY"_s, u"w"_s}, {u"https_proxy"_s, p}}, u"WSS_PROXY=w"_s);
        row("ws before http", ws, {{u"ws_proxy"_s, u"w"_s}, {u"http_proxy"_s, p}}, u"ws_proxy=w"_s);
        row("empty is none", wss, {{u"https_proxy"_s, u" "_s}, {u"ALL_PROXY"_s, p}},
            u"ALL_PROXY=http://p:1"_s);
        row("quotes and blanks", wss, {{u"HTTPS_PROXY"_s, u" \"http://p:1\" "_s}},
            u"HTTPS_PROXY=http://p:1"_s);
        row("NO_PROXY above all", wss,
            {{u"HTTPS_PROXY"_s, p}, {u"ALL_PROXY"_s, p}, {u"NO_PROXY"_s, u"api.openai.com"_s}}, u"="_s);
        row("no_proxy before NO_PROXY", wss,
            {{u"HTTPS_PROXY"_s, p}, {u"no_proxy"_s, u"x"_s}, {u"NO_PROXY"_s, u"*"_s}},
            u"HTTPS_PROXY=http://p:1"_s);
    }

    void variable()
    {
        QFETCH(QString, upstream);
        QFETCH(Map, environment);
        QFETCH(QString, found);
        const ProxyVariable variable = proxyVariable(QUrl(upstream), inEnvironment(environment));
        QCOMPARE(QString(variable.name + u'=' + variable.value), found);
    }

    void noProxy_data()
    {
        QTest::addColumn<QString>("upstream");
        QTest::addColumn<QString>("members");
        QTest::addColumn<bool>("isDirect");
        const auto row = [](const char *host, const char *members, bool isDirect) {
            QTest::addRow("%s for %s", members, host)
                << u"wss://%1/v1/realtime"_s.arg(QString::fromUtf8(host)) << QString::fromUtf8(members)
                << isDirect;
        };
        const char *openai = "api.openai.com";
        for (const char *members :
            {"*", "api.openai.com", "API.OpenAI.com", "openai.com", ".openai.com", "*.openai.com", "com",
                "api.openai.com.", "localhost, api.openai.com", "localhost api.openai.com",
                "localhost\t.openai.com", "localhost,,*.openai.com", "api.openai.com:443", ".openai.com:443",
                "*.openai.com:443", "\"localhost,openai.com\"", "localhost,*", "10.0.0.0/8,openai.com"})
            row(openai, members, true);
        for (const char *members : {"ai.com", "enai.com", "*.api.openai.com", ".api.openai.com.evil.org",
                 "api.openai.com:80", "api.openai.com:4430", "example.org", "", ", ,", "openai", "10.0.0.0/8",
                 "*openai.com", "api.*", "https://api.openai.com", "[api.openai.com]", "api.openai.com:x"})
            row(openai, members, false);
        row("openai.com", "*.openai.com", false);
        row("openai.com", ".openai.com", true);
        row("api.openai.com.", "openai.com", true);
        row("api.openai.com:8443", "api.openai.com:8443", true);
        row("api.openai.com:8443", "api.openai.com:443", false);
        row("api.openai.com:8443", "api.openai.com", true);
        row("my_host", "my_host", true);
        row("b\xc3\xbc"
            "cher.example",
            "b\xc3\xbc"
            "cher.example",
            true);
        row("b\xc3\xbc"
            "cher.example",
            "xn--bcher-kva.example", true);

        row("10.1.2.3", "10.1.2.3", true);
        row("10.1.2.3", "10.1.2.3:443", true);
        row("10.1.2.3", "10.1.2.3:80", false);
        row("10.1.2.3", "10.0.0.0/8", true);
        row("10.1.2.3", "192.168.0.0/16", false);
        row("10.1.2.3", "10/8", false);
        row("10.1.2.3", "10.", false);
        row("127.0.0.1", "127.", false);
        row("10.1.2.3", "2.3", false);
        row("10.1.2.3", "fd00::/8", false);
        row("[::1]", "::1", true);
        row("[::1]", "[::1]", true);
        row("[::1]", "0:0::1", true);
        row("[::1]", "[::1]:443", true);
        row("[::1]", "[::1]:80", false);
        row("[::1]:80", "[::1]:80", true);
        row("[fd00::2]", "fd00::/8", true);
        row("[fe80::2]", "fd00::/8", false);
        row("[fd00::2]", "fd00::1", false);
    }

    void noProxy()
    {
        QFETCH(QString, upstream);
        QFETCH(QString, members);
        QFETCH(bool, isDirect);
        const auto environment
            = inEnvironment({{u"HTTPS_PROXY"_s, u"http://p:1"_s}, {u"NO_PROXY"_s, members}});
        QCOMPARE(proxyVariable(QUrl(upstream), environment).name.isEmpty(), isDirect);
    }

    void unknownForms()
    {
        const QString members
            = u"*, api.openai.com .openai.com *.openai.com host:80 10.0.0.0/8 fd00::/8 ::1 [::1] "
              "[::1]:80 my_host <local> 10.* *openai.com https://a.org [a] a:b 10/8 1.2.3.4/99"_s;
        const QStringList expected{u"<local>"_s, u"10.*"_s, u"*openai.com"_s, u"https://a.org"_s, u"[a]"_s,
            u"a:b"_s, u"10/8"_s, u"1.2.3.4/99"_s};
        QCOMPARE(unknownInNoProxy(inEnvironment({{u"no_proxy"_s, members}})), expected);
        QCOMPARE(unknownInNoProxy({}), QStringList());
    }

private:
    static QProcessEnvironment inEnvironment(const Map &variables)
    {
        QProcessEnvironment environment;
        for (auto each = variables.begin(); each != variables.end(); ++each)
            environment.insert(each.key(), each.value());
        return environment;
    }
};

RELAY_TEST(TestProxyEnvironment)
#include "tst_proxyenvironment.moc"
