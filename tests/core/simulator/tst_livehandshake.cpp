// SPDX-License-Identifier: MIT
#include "tests/core/simulator/testserver.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

/// Through the server, for a refusal is what comes over the wire.
class TestLiveHandshake : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("error"); // its code
        const auto row = [](const char *name, const char *headers, int status, const char *error = "",
                             const char *target = "/v1/live/sessions") {
            QTest::newRow(name) << QByteArray(target) << QByteArray(headers) << status << QByteArray(error);
        };
        constexpr auto key = "Authorization: Bearer sk-any\r\n";
        row("key", key, 101);
        row("without v1", key, 101, "", "/live/sessions");
        row("Azure", key, 101, "", "/openai/v1/live/sessions");
        row("a page with a key", "Authorization: Bearer sk-any\r\nOrigin: https://app.example\r\n", 403,
            "forbidden");
        row("no key", "", 401, "missing_authorization");
        row("key in a subprotocol", "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk-any\r\n",
            401, "missing_authorization");
        row("another scheme", "Authorization: Basic eDp5\r\n", 401, "missing_authorization");
        row("key in a header of Azure's", "api-key: sk-any\r\n", 401, "missing_authorization");
        row("invalid", "Authorization: Bearer sk-invalid\r\n", 401, "invalid_api_key");
        row("null", "Authorization: Bearer null\r\n", 401, "invalid_api_key");
        row("expired", "Authorization: Bearer sk-expired\r\n", 401, "invalid_api_key");
        row("a client secret", "Authorization: Bearer ek_1\r\n", 401, "invalid_api_key");
        row("forbidden", "Authorization: Bearer sk-forbidden\r\n", 403,
            "unsupported_country_region_territory");
        row("quota", "Authorization: Bearer sk-quota\r\n", 429, "insufficient_quota");
        row("refuse", key, 503, "server_error", "/v1/live/sessions?simulate=refuse:503");
        row("error 3000", key, 401, "invalid_api_key", "/v1/live/sessions?simulate=error:3000");
        row("error 4000", key, 400, "missing_model", "/v1/live/sessions?simulate=error:4000");
        row("error 4004", key, 404, "model_not_found", "/v1/live/sessions?simulate=error:4004");
        row("error 1013", key, 429, "insufficient_quota", "/v1/live/sessions?simulate=error:1013");
        row("no session to attach to", key, 404, "session_not_found", "/v1/live/sessions/live_1/attach");
        row("no session to fork", key, 404, "session_not_found", "/v1/live/sessions/live_1/fork");
        row("key first", "", 401, "missing_authorization", "/v1/live/sessions/live_1/attach");
    }

    void answers()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, headers);
        QFETCH(int, status);
        QFETCH(QByteArray, error);
        Server server;
        RawClient client(server.serverPort());
        client.ask(target, headers);
        QTRY_COMPARE(client.status(), status);
        if (status != 101) {
            QTRY_VERIFY(client.isGone());
            const QJsonObject told = QJsonDocument::fromJson(client.rest())[u"error"_s].toObject();
            QCOMPARE(told[u"code"_s].toString().toLatin1(), error);
            QVERIFY(!told[u"message"_s].toString().isEmpty() && !told[u"type"_s].toString().isEmpty());
        }
    }

    /// OpenAI takes no subprotocol here, and names none.
    void echoesNoSubprotocol()
    {
        Server server;
        RawClient client(server.serverPort());
        client.ask(
            "/v1/live/sessions", "Authorization: Bearer sk-any\r\nSec-WebSocket-Protocol: realtime\r\n");
        QTRY_COMPARE(client.status(), 101);
        QVERIFY(!client.head().toLower().contains("sec-websocket-protocol"));
    }

    void saysNothingBeforeTheStart()
    {
        Server server;
        RawClient client(server.serverPort());
        client.ask("/v1/live/sessions", "Authorization: Bearer sk-any\r\n");
        client.sendText(R"({"type":"session.start","session":{"model":"gpt-live-1"}})");
        QTRY_COMPARE(client.messages().size(), 1);
        QCOMPARE(typeOf(client.messages().at(0)), u"session.started"_s);
    }
};

RELAY_TEST(TestLiveHandshake)
#include "tst_livehandshake.moc"
