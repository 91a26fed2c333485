// SPDX-License-Identifier: MIT
#include "core/config/settingchecks.h"
#include "tests/support/relaytest.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

using Check = std::optional<Sentence> (*)(QString &);
Q_DECLARE_METATYPE(Check)

class TestSettingChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void right_data()
    {
        QTest::addColumn<Check>("check");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("stored");
        const auto row = [](const char *name, Check check, const QString &text, const QString &stored) {
            QTest::newRow(name) << check << text << stored;
        };
        row("IPv4", checkListenAddress, u"0.0.0.0"_s, u"0.0.0.0"_s);
        row("IPv6", checkListenAddress, u"::"_s, u"::"_s);
        row("IPv6 in brackets", checkListenAddress, u"[::1]"_s, u"::1"_s);
        row("localhost", checkListenAddress, u"LocalHost"_s, u"127.0.0.1"_s);
        row("proxy address", checkTrustedProxy, u"10.0.0.1"_s, u"10.0.0.1"_s);
        row("proxy subnet", checkTrustedProxy, u"172.16.0.0/12"_s, u"172.16.0.0/12"_s);
        row("proxy subnet, IPv6", checkTrustedProxy, u"fd00::/8"_s, u"fd00::/8"_s);
        row("OpenAI", checkUpstreamUrl, u"wss://api.openai.com/v1/realtime"_s,
            u"wss://api.openai.com/v1/realtime"_s);
        row("Azure", checkUpstreamUrl, u"wss://x.openai.azure.com/openai/v1/realtime/"_s,
            u"wss://x.openai.azure.com/openai/v1/realtime"_s);
        row("upstream with a port", checkUpstreamUrl, u"ws://127.0.0.1:9000"_s, u"ws://127.0.0.1:9000"_s);
        row("upstream, IPv6", checkUpstreamUrl, u"ws://[::1]:9000/a"_s, u"ws://[::1]:9000/a"_s);
        row("no proxy", checkUpstreamProxy, QString(), QString());
        row("http proxy", checkUpstreamProxy, u"http://proxy:3128/"_s, u"http://proxy:3128"_s);
        row("socks5 proxy", checkUpstreamProxy, u"socks5://u:p%40ss@10.0.0.1:1080"_s,
            u"socks5://u:p%40ss@10.0.0.1:1080"_s);
        row("socks5h proxy", checkUpstreamProxy, u"socks5h://10.0.0.1:9"_s, u"socks5h://10.0.0.1:9"_s);
        row("socks5 proxy, usual port", checkUpstreamProxy, u"socks5://p"_s, u"socks5://p:1080"_s);
        row("proxy without a scheme", checkUpstreamProxy, u"10.0.0.1:3128"_s, u"http://10.0.0.1:3128"_s);
        row("proxy without a scheme, name", checkUpstreamProxy, u"u:p@proxy.corp:3128"_s,
            u"http://u:p@proxy.corp:3128"_s);
        row("proxy, IPv6", checkUpstreamProxy, u"http://[::1]:3128"_s, u"http://[::1]:3128"_s);
        row("proxy, upper case", checkUpstreamProxy, u"HTTP://Proxy:3128"_s, u"http://proxy:3128"_s);
        row("origin", checkOriginPattern, u"https://a.org/"_s, u"https://a.org"_s);
        row("host name", checkHostName, u"Relay.Example.org."_s, u"relay.example.org"_s);
        row("one label", checkHostName, u"relay"_s, u"relay"_s);
        row("subdomains", checkHostName, u"*.Example.org"_s, u"*.example.org"_s);
        row("every host", checkHostName, u"*"_s, u"*"_s);
        row("host name, as browsers write it", checkHostName, u"bücher.example"_s,
            u"xn--bcher-kva.example"_s);
        row("address as a host", checkHostName, u"192.0.2.1"_s, u"192.0.2.1"_s);
        row("IPv6 address as a host", checkHostName, u"[::1]"_s, u"::1"_s);
        row("header", checkForwardHeader, u"X-Portkey-*"_s, u"X-Portkey-*"_s);
        row("alias", checkModelAlias, u"a-1.5=ft:b_2@x/y"_s, u"a-1.5=ft:b_2@x/y"_s);
        row("alias with blanks", checkModelAlias, u"old = new"_s, u"old=new"_s);
        row("alias that is none", checkModelAlias, u"old="_s, u"old="_s);
        row("no built-in aliases", checkModelAlias, u"none"_s, u"none"_s);
        row("no token", checkStatsToken, QString(), QString());
        row("token", checkStatsToken, u"aZ09-._~+/aZ09=="_s, u"aZ09-._~+/aZ09=="_s);
        row("no key", checkApiKey, QString(), QString());
        row("key", checkApiKey, u"sk-proj-A_b-9"_s, u"sk-proj-A_b-9"_s);
        row("key of another upstream", checkApiKey, u"0123456789abcdef"_s, u"0123456789abcdef"_s);
        row("no store", checkStoreUrl, QString(), QString());
        row("file", checkStoreUrl, u"sqlite:/var/lib/relay.sqlite"_s, u"sqlite:/var/lib/relay.sqlite"_s);
        row("file, as a URL", checkStoreUrl, u"SQLite:///var/lib/relay.sqlite"_s,
            u"sqlite:/var/lib/relay.sqlite"_s);
        row("file, relative", checkStoreUrl, u"sqlite:relay.sqlite"_s, u"sqlite:relay.sqlite"_s);
        row("file with blanks and signs", checkStoreUrl, u"sqlite:/a b/c@d?e.sqlite"_s,
            u"sqlite:/a b/c@d?e.sqlite"_s);
        row("PostgreSQL", checkStoreUrl, u"postgresql://u:p%40ss@db.example.org:5433/relay"_s,
            u"postgresql://u:p%40ss@db.example.org:5433/relay"_s);
        row("PostgreSQL, short", checkStoreUrl, u"postgres://db/relay"_s, u"postgresql://db/relay"_s);
        row("PostgreSQL, options", checkStoreUrl, u"postgresql://u@[::1]/relay?sslmode=verify-full"_s,
            u"postgresql://u@[::1]/relay?sslmode=verify-full"_s);
        row("PostgreSQL, socket", checkStoreUrl, u"postgresql:///relay?host=/run/postgresql"_s,
            u"postgresql:///relay?host=/run/postgresql"_s);
        row("no budget", checkBudget, QString(), QString());
        row("budget", checkBudget, u"12.50"_s, u"12.5"_s);
        row("least budget", checkBudget, u"0.01"_s, u"0.01"_s);
        row("largest budget", checkBudget, u"1000000"_s, u"1000000"_s);
        row("factor", checkPriceFactor, u"1.1"_s, u"1.1"_s);
        row("factor with noughts", checkPriceFactor, u"10.000000"_s, u"10"_s);
        row("least factor", checkPriceFactor, u"0.01"_s, u"0.01"_s);
        row("no file", checkReadableFile, QString(), QString());
        row("file", checkReadableFile, QStringLiteral(__FILE__), QStringLiteral(__FILE__));
    }

    void right()
    {
        QFETCH(Check, check);
        QFETCH(QString, text);
        QCOMPARE(check(text), std::nullopt);
        QTEST(text, "stored");
    }

    void wrong_data()
    {
        QTest::addColumn<Check>("check");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, Check check, const QString &text, const QString &says) {
            QTest::newRow(name) << check << text << says;
        };
        row("no address", checkListenAddress, QString(), u"not an address"_s);
        row("a host name", checkListenAddress, u"relay.example.org"_s, u"not an address"_s);
        row("a port as address", checkListenAddress, u"8080"_s, u"not an address"_s);
        row("address and port", checkListenAddress, u"0.0.0.0:80"_s, u"not an address"_s);
        row("proxy, a name", checkTrustedProxy, u"proxy"_s, u"subnet"_s);
        row("proxy, abbreviated", checkTrustedProxy, u"10"_s, u"subnet"_s);
        row("proxy, too many bits", checkTrustedProxy, u"10.0.0.0/33"_s, u"subnet"_s);
        row("proxy, no bits", checkTrustedProxy, u"10.0.0.0/x"_s, u"subnet"_s);
        row("no host name", checkHostName, u""_s, u"not the name"_s);
        row("host with a port", checkHostName, u"relay.example.org:8080"_s, u"only the host's name"_s);
        row("host with a scheme", checkHostName, u"https://relay.example.org"_s, u"only the host's name"_s);
        row("host with a path", checkHostName, u"relay.example.org/x"_s, u"only the host's name"_s);
        row("host with a * within", checkHostName, u"a.*.example.org"_s, u"not the name"_s);
        row("subdomains of nothing", checkHostName, u"*."_s, u"not the name"_s);
        row("host with an empty label", checkHostName, u"a..example.org"_s, u"not the name"_s);
        row("header that may not pass", checkForwardHeader, u"Host"_s, u"handshake"_s);
        row("alias without =", checkModelAlias, u"gpt-realtime"_s, u"two names"_s);
        row("alias of nothing", checkModelAlias, u"=new"_s, u"two names"_s);
        row("two aliases in one", checkModelAlias, u"a=b=c"_s, u"two names"_s);
        row("alias that would end the query", checkModelAlias, u"a=b&c"_s, u"two names"_s);
        row("short token", checkStatsToken, u"0123456789abcde"_s, u"guessed"_s);
        row("token with a blank", checkStatsToken, u"0123456789 abcdef"_s, u"characters"_s);
        row("token with a comma", checkStatsToken, u"0123456789,abcdef"_s, u"characters"_s);
        row("key with a blank", checkApiKey, u"sk-hunter2 hunter2"_s, u"blanks"_s);
        row("key with a line end", checkApiKey, u"sk-hunter2\n"_s, u"blanks"_s);
        row("key with a letter of no key", checkApiKey, u"sk-hunter2…"_s, u"characters"_s);
        row("endless key", checkApiKey, QString(4097, u'x'), u"too long"_s);
        row("an access token as the key", checkApiKey, u"ek_rr_hunter2"_s, u"access token"_s);
        row("a store of another kind", checkStoreUrl, u"mysql://u:hunter2@h/d"_s, u"neither with sqlite:"_s);
        row("a path for a store", checkStoreUrl, u"/var/lib/relay.sqlite"_s, u"neither with sqlite:"_s);
        row("no file for a store", checkStoreUrl, u"sqlite:"_s, u"no file"_s);
        row("a host for a file", checkStoreUrl, u"sqlite://host/file"_s, u"no host"_s);
        row("a folder for a store", checkStoreUrl, "sqlite:"_L1 + QDir::tempPath(), u"a folder"_s);
        row("a path that is to be a folder", checkStoreUrl, u"sqlite:/var/lib/none/"_s, u"a folder"_s);
        row("a store's path that JSON has read", checkStoreUrl, u"sqlite:C:\new.db"_s, u"backslash"_s);
        row("no database", checkStoreUrl, u"postgresql://u:hunter2@h"_s, u"no database"_s);
        row("no database behind the slash", checkStoreUrl, u"postgresql://u:hunter2@h/"_s, u"no database"_s);
        row("port 0 of a database", checkStoreUrl, u"postgresql://h:0/d"_s, u"port 0"_s);
        row("a password as it is", checkStoreUrl, u"postgresql://u:hun[ter2@h/d"_s, u"%XX"_s);
        row("a password behind", checkStoreUrl, u"postgresql://h/d?password=hunter2"_s, u"before the host"_s);
        row("a fragment behind", checkStoreUrl, u"postgresql://h/d#x"_s, u"fragment"_s);
        row("budget of nothing", checkBudget, u"0"_s, u"too small"_s);
        row("small budget", checkBudget, u"0.009999"_s, u"too small"_s);
        row("large budget", checkBudget, u"1000000.000001"_s, u"too large"_s);
        row("budget with a sign", checkBudget, u"$5"_s, u"no number"_s);
        row("no factor", checkPriceFactor, QString(), u"no number"_s);
        row("factor with a comma", checkPriceFactor, u"1,1"_s, u"no number"_s);
        row("factor of less than nothing", checkPriceFactor, u"-1"_s, u"no number"_s);
        row("factor of too many decimals", checkPriceFactor, u"1.0000001"_s, u"no number"_s);
        row("factor of nothing", checkPriceFactor, u"0"_s, u"too small"_s);
        row("small factor", checkPriceFactor, u"0.009999"_s, u"too small"_s);
        row("large factor", checkPriceFactor, u"10.000001"_s, u"too large"_s);
        row("no upstream", checkUpstreamUrl, QString(), u"must be an upstream"_s);
        row("https upstream", checkUpstreamUrl, u"https://api.openai.com/v1/realtime"_s,
            u"write wss://api.openai.com/v1/realtime"_s);
        row("http upstream", checkUpstreamUrl, u"http://localhost:90/a"_s, u"write ws://localhost:90/a"_s);
        row("upstream without a scheme", checkUpstreamUrl, u"api.openai.com"_s, u"complete"_s);
        row("upstream of another scheme", checkUpstreamUrl, u"ftp://a.org/x"_s, u"wss://"_s);
        row("upstream without a host", checkUpstreamUrl, u"wss:///v1/realtime"_s, u"no host"_s);
        row("upstream at port 0", checkUpstreamUrl, u"wss://a.org:0/x"_s, u"port 0"_s);
        row("upstream with a query", checkUpstreamUrl, u"wss://a.org/x?api-version=1"_s,
            u"forwarded as received"_s);
        row("upstream with a fragment", checkUpstreamUrl, u"wss://a.org/x#y"_s, u"fragment"_s);
        row("upstream with a user", checkUpstreamUrl, u"wss://u:hunter2@a.org/x"_s, u"password"_s);
        row("https proxy", checkUpstreamProxy, u"https://u:hunter2@p:1"_s, u"not reached by TLS"_s);
        row("socks proxy", checkUpstreamProxy, u"socks://u:hunter2@p:1"_s, u"write socks5://"_s);
        row("socks4 proxy", checkUpstreamProxy, u"socks4://p:1"_s, u"write socks5://"_s);
        row("socks4a proxy", checkUpstreamProxy, u"SOCKS4A://p:1"_s, u"write socks5://"_s);
        row("another kind of proxy", checkUpstreamProxy, u"ftp://p:1"_s, u"neither http:// nor socks5://"_s);
        row("proxy, a password as it is", checkUpstreamProxy, u"http://u:hun[ter2@p:1"_s, u"%XX"_s);
        row("proxy, quotes", checkUpstreamProxy, u"\"http://p:1\""_s, u"complete"_s);
        row("proxy, IPv6 without brackets", checkUpstreamProxy, u"http://::1:3128"_s, u"complete"_s);
        row("proxy without a scheme or port", checkUpstreamProxy, u"proxy.corp"_s, u"no port"_s);
        row("proxy at port 0", checkUpstreamProxy, u"socks5://p:0"_s, u"no port"_s);
        row("proxy without a port", checkUpstreamProxy, u"http://u:hunter2@proxy"_s, u"no port"_s);
        row("proxy without a host", checkUpstreamProxy, u"http://:3128"_s, u"o"_s);
        row("proxy with a path", checkUpstreamProxy, u"http://p:1/hunter2"_s, u"follow"_s);
        row("origin with a path", checkOriginPattern, u"https://a.org/x"_s, u"write https://a.org"_s);
        row("a path that JSON has read", checkReadableFile, u"C:\new\tls.pem"_s,
            u"backslash is written twice"_s);
        row("missing file", checkReadableFile, u"/nonexistent/cert.pem"_s, u"no such file"_s);
        row("a folder", checkReadableFile, QDir::tempPath(), u"not a file"_s);
    }

    void wrong()
    {
        QFETCH(Check, check);
        QFETCH(QString, text);
        QFETCH(QString, says);
        const std::optional<Sentence> problem = check(text);
        QVERIFY(problem);
        QVERIFY2(plain(*problem).contains(says), qPrintable(plain(*problem)));
        QVERIFY(!plain(*problem).contains("hunter2"_L1));
    }
};

RELAY_TEST(TestSettingChecks)
#include "tst_settingchecks.moc"
