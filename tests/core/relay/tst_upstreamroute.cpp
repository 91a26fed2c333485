// SPDX-License-Identifier: MIT
#include "core/relay/upstreamroute.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;
using Map = QMap<QString, QString>;

class tst_UpstreamRoute : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void proxy_data()
    {
        QTest::addColumn<QString>("upstream");
        QTest::addColumn<QString>("setting");
        QTest::addColumn<Map>("environment");
        QTest::addColumn<QString>("proxy"); ///< "type user:password@host:port"; empty: none
        const QString openai = u"wss://api.openai.com/v1/realtime"_s;
        const QString https = u"HTTPS_PROXY"_s;
        const QString no = u"NO_PROXY"_s;
        const QString corp = u"http://proxy.corp:3128"_s;
        const QString isCorp = u"http :@proxy.corp:3128"_s;
        QTest::newRow("none") << openai << QString() << Map{} << QString();
        QTest::newRow("setting") << openai << u"http://p:1"_s << Map{} << u"http :@p:1"_s;
        QTest::newRow("setting wins") << openai << u"http://p:1"_s << Map{{https, corp}} << u"http :@p:1"_s;
        QTest::newRow("NO_PROXY is not for the setting")
            << openai << u"http://p:1"_s << Map{{no, u"*"_s}} << u"http :@p:1"_s;
        QTest::newRow("user") << openai << u"http://me:p%40ss@p:1"_s << Map{} << u"http me:p@ss@p:1"_s;
        QTest::newRow("socks5") << openai << u"socks5://p:1080"_s << Map{} << u"socks :@p:1080"_s;
        QTest::newRow("socks5h") << openai << u"socks5h://p:9"_s << Map{} << u"socks :@p:9"_s;
        QTest::newRow("environment") << openai << QString() << Map{{https, corp}} << isCorp;
        QTest::newRow("lower case") << openai << QString() << Map{{u"https_proxy"_s, corp}} << isCorp;
        QTest::newRow("no scheme") << openai << QString() << Map{{https, u"proxy.corp:3128"_s}} << isCorp;
        QTest::newRow("HTTP_PROXY is not for wss")
            << openai << QString() << Map{{u"HTTP_PROXY"_s, corp}} << QString();
        QTest::newRow("HTTPS_PROXY is not for ws")
            << u"ws://inner.example/"_s << QString() << Map{{https, corp}} << QString();
        QTest::newRow("HTTP_PROXY for ws")
            << u"ws://inner.example/"_s << QString() << Map{{u"HTTP_PROXY"_s, corp}} << isCorp;
        QTest::newRow("all, and socks5 without a port")
            << openai << QString() << Map{{u"all_proxy"_s, u"socks5h://s/"_s}} << u"socks :@s:1080"_s;
        QTest::newRow("quotes, which a file of variables kept")
            << openai << QString() << Map{{https, u"\"http://proxy.corp:3128\""_s}} << isCorp;
        QTest::newRow("IPv6") << openai << QString() << Map{{https, u"http://[::1]:3128"_s}}
                              << u"http :@::1:3128"_s;
        const auto noProxy
            = [&](const char *name, const QString &upstream, const QString &members, bool used) {
                  QTest::newRow(name) << upstream << QString() << Map{{https, corp}, {no, members}}
                                      << (used ? isCorp : QString());
              };
        noProxy("all", openai, u"*"_s, false);
        noProxy("the host", openai, u"localhost, api.openai.com"_s, false);
        noProxy("the host, other case", openai, u"API.OpenAI.com"_s, false);
        noProxy("its domain", openai, u"openai.com"_s, false);
        noProxy("its domain with a dot", openai, u".openai.com"_s, false);
        noProxy("a domain that only ends alike", openai, u"ai.com"_s, true);
        noProxy("another", openai, u"example.org, ,"_s, true);
        noProxy("an address", u"wss://10.1.2.3/"_s, u"10.1.2.3"_s, false);
        noProxy("a subnet", u"wss://10.1.2.3/"_s, u"10.0.0.0/8"_s, false);
        noProxy("another subnet", u"wss://10.1.2.3/"_s, u"192.168.0.0/16"_s, true);
    }
    void proxy()
    {
        QFETCH(QString, upstream);
        QFETCH(QString, setting);
        QFETCH(Map, environment);
        QFETCH(QString, proxy);
        Settings settings;
        settings.upstreamUrl = QUrl(upstream);
        settings.upstreamProxy = setting;
        QProcessEnvironment variables;
        for (auto it = environment.begin(); it != environment.end(); ++it)
            variables.insert(it.key(), it.value());
        const QNetworkProxy result = std::get<QNetworkProxy>(upstreamProxy(settings, variables));
        QString text;
        if (result.type() != QNetworkProxy::NoProxy)
            text = u"%1 %2:%3@%4:%5"_s
                       .arg(result.type() == QNetworkProxy::Socks5Proxy ? u"socks"_s : u"http"_s,
                           result.user(), result.password(), result.hostName())
                       .arg(result.port());
        QCOMPARE(text, proxy);
    }

    /// Who has a proxy does not want to go without.
    void unusableProxyOfTheEnvironment_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("says");
        QTest::newRow("socks") << u"socks://me:hunter2@p:1"_s << u"write socks5://"_s;
        QTest::newRow("socks4") << u"socks4://p:1"_s << u"write socks5://"_s;
        QTest::newRow("https") << u"https://p:1"_s << u"not reached by TLS"_s;
        QTest::newRow("no port") << u"http://hunter2@p"_s << u"no port"_s;
        QTest::newRow("nothing of the kind") << u"???"_s << u"no"_s;
    }
    void unusableProxyOfTheEnvironment()
    {
        QFETCH(QString, value);
        QFETCH(QString, says);
        QProcessEnvironment variables;
        variables.insert(u"ALL_PROXY"_s, value);
        const auto result = upstreamProxy({}, variables);
        const auto *error = std::get_if<RelayError>(&result);
        QVERIFY(error);
        QCOMPARE(error->code, "settings");
        QCOMPARE(error->setting, "upstreamProxy");
        const QString text = plain(error->detail);
        QVERIFY2(text.contains(says) && text.contains(u"ALL_PROXY"_s), qPrintable(text));
        QVERIFY(!text.contains(u"hunter2"_s));

        variables.insert(u"NO_PROXY"_s, u"api.openai.com"_s);
        QCOMPARE(std::get<QNetworkProxy>(upstreamProxy({}, variables)).type(), QNetworkProxy::NoProxy);
        variables.remove(u"NO_PROXY"_s);
        Settings settings;
        settings.upstreamProxy = u"http://p:1"_s;
        QVERIFY(std::holds_alternative<QNetworkProxy>(upstreamProxy(settings, variables)));
    }

    void target_data()
    {
        QTest::addColumn<QString>("upstream");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("target");
        const QString openai = u"wss://api.openai.com/v1/realtime"_s;
        const auto row = [](const char *name, const QString &upstream, const QByteArray &path,
                             const QByteArray &query, const QByteArray &expected) {
            QTest::newRow(name) << upstream << path << query << expected;
        };
        row("no query", openai, "/realtime", {}, "/v1/realtime");
        row("model", openai, "/v1/realtime", "model=gpt-realtime", "/v1/realtime?model=gpt-realtime");
        for (const char *query :
            {"a=%2B%26%3D%20&&b=+x&call_id=rtc_1&a=2", "x=c%2fd%41%zz%", "x={y}|^`\"<>[]\\", "", "?"})
            row(query, openai, "/realtime", query, "/v1/realtime?" + QByteArray(query));
        row("translations", openai, "/v1/realtime/translations", "model=t",
            "/v1/realtime/translations?model=t");
        row("Azure", u"wss://me.openai.azure.com/openai/v1/realtime?api-version=1"_s, "/realtime", {},
            "/openai/v1/realtime?api-version=1");
        row("Azure with a query", u"wss://me.openai.azure.com/openai/v1/realtime?api-version=1"_s,
            "/realtime", "model=d", "/openai/v1/realtime?model=d");
        row("translations, a slash behind it", u"wss://h/v1/realtime/"_s, "/v1/realtime/translations", {},
            "/v1/realtime/translations");
        row("live", openai, "/v1/live/sessions", {}, "/v1/live/sessions");
        row("attach", openai, "/v1/live/sessions/a%20b%2f/attach", "graceful_close=true",
            "/v1/live/sessions/a%20b%2f/attach?graceful_close=true");
        row("live at Azure", u"wss://me.openai.azure.com/openai/v1/realtime?api-version=1"_s,
            "/v1/live/sessions", {}, "/openai/v1/live/sessions");
        row("live at a host alone", u"ws://127.0.0.1:9999"_s, "/v1/live/sessions", {}, "/v1/live/sessions");
        row("live, a slash behind it", u"ws://h/v1/realtime/"_s, "/v1/live/sessions", {},
            "/v1/live/sessions");
        row("live at a path of somebody's own", u"ws://h/openai-proxy"_s, "/v1/live/sessions", {},
            "/openai-proxy/live/sessions");
        row("a host alone", u"ws://127.0.0.1:9999"_s, "/realtime", {}, "/v1/realtime");
        row("a path that must be encoded", u"ws://h/a b/\u00e9"_s, "/realtime", {}, "/a%20b/%C3%A9");
    }
    void target()
    {
        QFETCH(QString, upstream);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, query);
        Settings settings;
        settings.upstreamUrl = QUrl(upstream);
        settings.connectTimeout = std::chrono::milliseconds(1234);
        RequestHead head;
        head.path = path;
        head.query = query;
        head.headers = {{"Authorization", "Bearer sk-1234567890"}, {"Cookie", "a=b"}, {"Origin", "http://x"}};
        const QNetworkProxy proxy(QNetworkProxy::HttpProxy, u"p"_s, 1);
        const auto target = upstreamTarget(settings, {}, proxy, head, readCredentials(head));
        QTEST(target.request.target, "target");
        QCOMPARE(target.request.headers.size(), 1);
        QCOMPARE(target.request.headers.first().name, "Authorization");
        QCOMPARE(target.request.headers.first().value, "Bearer sk-1234567890");
        QCOMPARE(target.proxy, proxy);
        QCOMPARE(target.timeout.count(), 1234);
    }

    void destination_data()
    {
        QTest::addColumn<QString>("upstream");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<bool>("secure");
        QTest::addColumn<QByteArray>("header");
        QTest::newRow("wss") << u"wss://api.openai.com/"_s << u"api.openai.com"_s << 443 << true
                             << QByteArray("api.openai.com");
        QTest::newRow("ws") << u"ws://inner/"_s << u"inner"_s << 80 << false << QByteArray("inner");
        QTest::newRow("port") << u"wss://inner:8443/"_s << u"inner"_s << 8443 << true
                              << QByteArray("inner:8443");
        QTest::newRow("IPv6") << u"ws://[::1]:81/"_s << u"::1"_s << 81 << false << QByteArray("[::1]:81");
        QTest::newRow("not ASCII") << u"wss://b\u00fccher.example/"_s << u"xn--bcher-kva.example"_s << 443
                                   << true << QByteArray("xn--bcher-kva.example");
        QTest::newRow("user information, which is nobody's business")
            << u"wss://me:secret@inner/"_s << u"inner"_s << 443 << true << QByteArray("inner");
    }
    void destination()
    {
        QFETCH(QString, upstream);
        QFETCH(int, port);
        Settings settings;
        settings.upstreamUrl = QUrl(upstream);
        const auto target = upstreamTarget(settings, {}, QNetworkProxy::NoProxy, {}, {});
        QTEST(target.host, "host");
        QCOMPARE(int(target.port), port);
        QTEST(target.secure, "secure");
        QTEST(target.request.host, "header");
    }

    void model_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("model");
        QTest::newRow("none") << QByteArray() << QString();
        QTest::newRow("other") << QByteArray("intent=transcription") << QString();
        QTest::newRow("model") << QByteArray("a=b&model=gpt-realtime") << u"gpt-realtime"_s;
        QTest::newRow("encoded") << QByteArray("model=a%2Fb") << u"a/b"_s;
        QTest::newRow("very long") << "model=" + QByteArray(1000, 'x') << QString(100, u'x');
    }
    void model()
    {
        QFETCH(QByteArray, query);
        QFETCH(QString, model);
        QCOMPARE(modelInQuery(query), model);
    }
};

RELAY_TEST(tst_UpstreamRoute)
#include "tst_upstreamroute.moc"
