// SPDX-License-Identifier: MIT
#include "core/simulator/rest.h"
#include "tests/core/simulator/livecaller.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestRest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code"); ///< of the error; empty: none
        const auto row
            = [](const QByteArray &line, int status, const char *code = "", const char *key = "sk-any") {
                  QTest::addRow("%s %s", line.constData(), key)
                      << line << QByteArray(key) << status << QString::fromLatin1(code);
              };
        row("POST /v1/realtime/client_secrets", 200);
        row("POST /realtime/client_secrets", 200);
        row("POST /openai/v1/realtime/client_secrets?api-version=1", 200);
        row("POST /v1/realtime/client_secrets", 401, "missing_authorization", "");
        row("POST /v1/realtime/client_secrets", 401, "invalid_api_key", "sk-invalid");
        row("POST /v1/realtime/client_secrets", 401, "invalid_api_key", "sk-expired");
        row("POST /v1/realtime/client_secrets", 401, "invalid_api_key", "ek_1");
        row("POST /v1/realtime/client_secrets", 403, "unsupported_country_region_territory", "sk-forbidden");
        row("POST /v1/realtime/client_secrets", 429, "insufficient_quota", "sk-quota");
        row("POST /v1/realtime/translations/client_secrets", 400, "missing_required_parameter"); // no session
        for (const char *path :
            {"/v1/realtime/calls", "/v1/realtime/translations/calls", "/v1/realtime/calls/rtc_1/accept",
                "/v1/realtime/calls/rtc_1/hangup", "/v1/realtime/calls/rtc_1/refer",
                "/v1/realtime/calls/rtc_1/reject", "/v1/live/sessions", "/v1/live/sessions/live_1/fork",
                "/v1/live/sessions/live_1/accept", "/v1/live/sessions/live_1/hangup",
                "/v1/live/sessions/live_1/refer", "/v1/live/sessions/live_1/reject"})
            row("POST " + QByteArray(path), 400, "not_simulated");
        row("GET /v1/live/sessions/live_1/content", 404, "session_not_found");
        row("GET /v1/live/sessions/live_1/content", 401, "missing_authorization", "");
        // The beta's, which are gone.
        row("POST /v1/realtime/sessions", 404, "not_found");
        row("POST /v1/realtime/transcription_sessions", 404, "not_found");
        row("POST /v1/realtime/sessions", 404, "not_found", ""); // whoever asks
        for (const char *line :
            {"POST /", "POST /v1/realtime/client_secrets/", "POST /v1/realtime/calls//accept",
                "POST /v1/v1/realtime/client_secrets", "GET /v1/realtime/client_secrets", "GET /v1/models"})
            row(line, 404, "not_found");
    }
    void answers()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, key);
        QFETCH(int, status);
        QFETCH(QString, code);
        const QByteArray bytes = line + " HTTP/1.1\r\nHost: localhost\r\n"
            + (key.isEmpty() ? "" : "Authorization: Bearer " + key + "\r\n") + "\r\n";
        const auto parsed = parseRequestHead(bytes);
        QVERIFY(std::holds_alternative<RequestHead>(parsed));
        Keys keys;
        const HttpAnswer answer
            = answerRest({std::get<RequestHead>(parsed), {}}, {keys, Models(), LiveSessions()});
        QVERIFY2(answer.status == status, answer.body);
        const QJsonDocument body = QJsonDocument::fromJson(answer.body);
        QCOMPARE(body[u"error"_s][u"code"_s].toString(), code);
        QVERIFY(!code.isEmpty() || body[u"value"_s].toString().startsWith("ek_"_L1));
        QVERIFY(code != "not_found"_L1 || body[u"error"_s][u"message"_s].toString().contains(u'/'));
    }

    void handsOutRecordings()
    {
        LiveCaller caller;
        caller.open({{u"store"_s, true}});
        caller.talk(1000);
        caller.send(R"({"type":"session.close"})");
        const QByteArray request = "GET /v1/live/sessions/" + caller.sessionId().toLatin1()
            + "/content HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-any\r\n\r\n";
        Keys keys;
        const HttpAnswer answer = answerRest(
            {std::get<RequestHead>(parseRequestHead(request)), {}}, {keys, Models(), *caller.sessions});
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.contentType, "audio/wav");
        QCOMPARE(answer.body, caller.sessions->stored(caller.sessionId())->recording);
        QVERIFY(answer.body.startsWith("RIFF"));
    }
};

RELAY_TEST(TestRest)
#include "tst_rest.moc"
