// SPDX-License-Identifier: MIT
#include "core/relay/exchangeplan.h"
#include "core/relay/worker.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_ExchangePlan : public QObject
{
    Q_OBJECT

    static Exchange::Plan planOf(const QByteArray &bytes, const QByteArray &body = {}, Settings settings = {})
    {
        RelayRules rules;
        rules.settings = std::make_shared<const Settings>(std::move(settings));
        rules.upstreamProxy = QNetworkProxy(QNetworkProxy::HttpProxy, u"proxy"_s, 3128);
        const auto parsed = parseRequestHead(bytes);
        const auto *head = std::get_if<RequestHead>(&parsed);
        if (!head)
            qFatal("no head: %s", bytes.constData());
        return exchangePlan(rules, *head, readCredentials(*head), *findEndpoint(relayEndpoints, *head), body);
    }
    static QByteArray lineOf(const Exchange::Plan &plan)
    {
        return plan.request.left(plan.request.indexOf("\r\n"));
    }

private Q_SLOTS:
    void wayIsThatOfCalls()
    {
        Settings settings;
        settings.connectTimeout = 7s;
        const Exchange::Plan plan
            = planOf("POST /v1/realtime/client_secrets HTTP/1.1\r\nHost: relay\r\n\r\n", "{}", settings);
        QCOMPARE(plan.to.host, u"api.openai.com"_s);
        QCOMPARE(plan.to.port, quint16(443));
        QVERIFY(plan.to.secure);
        QCOMPARE(plan.to.proxy.hostName(), u"proxy"_s);
        QVERIFY(plan.timeout == 7s);
        QVERIFY(!plan.streams);
    }

    void bytes()
    {
        Settings settings;
        settings.forwardHeaders = {u"X-Gateway-*"_s, u"Accept"_s};
        const Exchange::Plan plan
            = planOf("POST /realtime/client_secrets/?a=b%20c HTTP/1.1\r\nHost: relay\r\n"
                     "Authorization: Bearer sk-1\r\nContent-Type: text/x\r\nAccept: */*\r\n"
                     "Cookie: a=b\r\nOrigin: https://a\r\nOpenAI-Project: proj_1\r\n"
                     "X-Gateway-Key: gk\r\nAccept-Encoding: br\r\nContent-Length: 2\r\n\r\n",
                "{}", settings);
        QCOMPARE(plan.request,
            "POST /v1/realtime/client_secrets?a=b%20c HTTP/1.1\r\nHost: api.openai.com\r\nConnection: close\r\n"
            "Accept-Encoding: identity\r\nAccept: */*\r\nContent-Type: text/x\r\nContent-Length: 2\r\n"
            "Authorization: Bearer sk-1\r\nOpenAI-Project: proj_1\r\nX-Gateway-Key: gk\r\n\r\n{}"_ba);
    }

    void nothingOfABodyIsSaidWithGet()
    {
        const Exchange::Plan plan
            = planOf("GET /v1/live/sessions/live%20_1/content HTTP/1.1\r\nHost: relay\r\n"
                     "api-key: k\r\n\r\n");
        QCOMPARE(plan.request,
            "GET /v1/live/sessions/live%20_1/content HTTP/1.1\r\nHost: api.openai.com\r\nConnection: close\r\n"
            "Accept-Encoding: identity\r\napi-key: k\r\n\r\n"_ba);
        QVERIFY(plan.streams);
    }

    void paths_data()
    {
        QTest::addColumn<QUrl>("upstream");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("expected");
        const QUrl azure(u"wss://a.openai.azure.com/openai/v1/realtime"_s);
        const QUrl openai = Settings().upstreamUrl;
        const QUrl bare(u"wss://gateway.example"_s);
        const auto row = [](const QUrl &upstream, const QByteArray &line, const QByteArray &expected) {
            QTest::newRow(upstream.host().toLatin1() + ' ' + line) << upstream << line << expected;
        };
        const QByteArray translations = "POST /v1/realtime/translations/client_secrets";
        row(openai, translations, translations);
        row(azure, "POST /realtime/client_secrets", "POST /openai/v1/realtime/client_secrets");
        row(azure, "GET /v1/live/sessions/a/content", "GET /openai/v1/live/sessions/a/content");
        row(openai, "POST /v1/realtime/sessions", "POST /v1/realtime/client_secrets");
        row(azure, "POST /realtime/transcription_sessions", "POST /openai/v1/realtime/client_secrets");
        row(bare, "POST /realtime/client_secrets", "POST /v1/realtime/client_secrets");
        row(bare, "GET /live/sessions/a/content", "GET /v1/live/sessions/a/content");
    }
    void paths()
    {
        QFETCH(QUrl, upstream);
        QFETCH(QByteArray, line);
        Settings settings;
        settings.upstreamUrl = upstream;
        QFETCH(QByteArray, expected);
        QCOMPARE(
            lineOf(planOf(line + " HTTP/1.1\r\nHost: relay\r\n\r\n", {}, settings)), expected + " HTTP/1.1");
    }
};

RELAY_TEST(tst_ExchangePlan)
#include "tst_exchangeplan.moc"
