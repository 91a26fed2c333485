// SPDX-License-Identifier: MIT
#include "core/relay/upstreamroute.h"

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
        QTest::newRow("socks5") << openai << u"socks5://p"_s << Map{} << u"socks :@p:1080"_s;
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
        const QNetworkProxy result = upstreamProxy(settings, variables);
        QString text;
        if (result.type() != QNetworkProxy::NoProxy)
            text = u"%1 %2:%3@%4:%5"_s
                       .arg(result.type() == QNetworkProxy::Socks5Proxy ? u"socks"_s : u"http"_s,
                           result.user(), result.password(), result.hostName())
                       .arg(result.port());
        QCOMPARE(text, proxy);
    }

    void target_data()
    {
        QTest::addColumn<QString>("upstream");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("url");
        const QString openai = u"wss://api.openai.com/v1/realtime"_s;
        QTest::newRow("no query") << openai << QByteArray("/realtime") << QByteArray()
                                  << QByteArray("wss://api.openai.com/v1/realtime");
        QTest::newRow("model") << openai << QByteArray("/v1/realtime") << QByteArray("model=gpt-realtime")
                               << QByteArray("wss://api.openai.com/v1/realtime?model=gpt-realtime");
        QTest::newRow("any query as it came")
            << openai << QByteArray("/realtime") << QByteArray("a=%2B%26%3D%20&&b=+x&call_id=rtc_1&a=2")
            << QByteArray("wss://api.openai.com/v1/realtime?a=%2B%26%3D%20&&b=+x&call_id=rtc_1&a=2");
        QTest::newRow("empty query") << openai << QByteArray("/realtime") << QByteArray("")
                                     << QByteArray("wss://api.openai.com/v1/realtime?");
        QTest::newRow("translations")
            << openai << QByteArray("/v1/realtime/translations") << QByteArray("model=t")
            << QByteArray("wss://api.openai.com/v1/realtime/translations?model=t");
        QTest::newRow("Azure") << u"wss://me.openai.azure.com/openai/v1/realtime"_s << QByteArray("/realtime")
                               << QByteArray("model=d")
                               << QByteArray("wss://me.openai.azure.com/openai/v1/realtime?model=d");
        QTest::newRow("a host alone") << u"ws://127.0.0.1:9999"_s << QByteArray("/realtime") << QByteArray()
                                      << QByteArray("ws://127.0.0.1:9999/v1/realtime");
    }
    void target()
    {
        QFETCH(QString, upstream);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, url);
        Settings settings;
        settings.upstreamUrl = QUrl(upstream);
        settings.connectTimeout = std::chrono::milliseconds(1234);
        RequestHead head;
        head.path = path;
        head.query = query;
        head.headers = {{"Authorization", "Bearer sk-1234567890"}, {"Cookie", "a=b"}, {"Origin", "http://x"}};
        const QNetworkProxy proxy(QNetworkProxy::HttpProxy, u"p"_s, 1);
        const auto target = upstreamTarget(settings, {}, proxy, head, readCredentials(head));
        QCOMPARE(target.request.url().toEncoded(), url);
        QCOMPARE(target.request.rawHeader("Authorization"), "Bearer sk-1234567890");
        QVERIFY(!target.request.hasRawHeader("Cookie"));
        QVERIFY(!target.request.hasRawHeader("Origin"));
        QCOMPARE(target.proxy, proxy);
        QCOMPARE(target.timeout.count(), 1234);
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

QTEST_GUILESS_MAIN(tst_UpstreamRoute)
#include "tst_upstreamroute.moc"
