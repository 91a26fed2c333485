// SPDX-License-Identifier: MIT
#include "core/simulator/clientsecrets.h"
#include "tests/core/simulator/caller.h"
#include "tests/support/relaytest.h"

#include <QDateTime>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestClientSecrets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void mints_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("seconds");
        QTest::addColumn<QString>("type"); ///< of the session
        QTest::addColumn<QString>("instructions");
        QTest::newRow("nothing") << QByteArray() << 600 << u"realtime"_s
                                 << u"You are the voice of a simulator – clear, friendly, brief."_s;
        QTest::newRow("an empty object") << "{}"_ba << 600 << u"realtime"_s
                                         << u"You are the voice of a simulator – clear, friendly, brief."_s;
        QTest::newRow("a session")
            << R"({"session":{"type":"realtime","model":"gpt-realtime-mini","instructions":"Be brief.",
                  "audio":{"output":{"voice":"marin"}}}})"_ba
            << 600 << u"realtime"_s << u"Be brief."_s;
        QTest::newRow("shortest") << R"({"expires_after":{"anchor":"created_at","seconds":10},
                                      "session":{"type":"realtime","instructions":""}})"_ba
                                  << 10 << u"realtime"_s << QString();
        QTest::newRow("longest, a transcription")
            << R"({"expires_after":{"seconds":7200},"session":{"type":"transcription",
                  "audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}}})"_ba
            << 7200 << u"transcription"_s << QString();
    }
    void mints()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, seconds);
        QFETCH(QString, type);
        QFETCH(QString, instructions);
        Keys keys({"sk-mine"});
        const qint64 before = QDateTime::currentSecsSinceEpoch();
        const HttpAnswer answer = mintRealtimeSecret({{}, body}, {keys, Models(), LiveSessions()});
        QVERIFY2(answer.status == 200, answer.body);
        QJsonObject json = QJsonDocument::fromJson(answer.body).object();
        const qint64 expiresAt = json[u"expires_at"_s].toInteger();
        QVERIFY(expiresAt >= before + seconds && expiresAt <= QDateTime::currentSecsSinceEpoch() + seconds);
        const QByteArray secret = json[u"value"_s].toString().toLatin1();
        QCOMPARE(int(keys.judge(secret, expiresAt - 1)), int(Keys::Verdict::Good));
        QCOMPARE(int(keys.judge(secret, expiresAt)), int(Keys::Verdict::Expired));
        QCOMPARE(json[u"session"_s][u"type"_s].toString(), type);
        QCOMPARE(json[u"session"_s][u"instructions"_s].toString(), instructions);
        QCOMPARE(json[u"session"_s][u"expires_at"_s].toInt(-1), 0);
        QCOMPARE(keys.session(secret)[u"type"_s].toString(), type);
        QCOMPARE(
            schemas().errors(withoutNulls(json), u"RealtimeCreateClientSecretResponse"_s), QStringList());
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("param");
        const auto row = [](const char *body, int status, const char *code, const char *param) {
            QTest::newRow(body) << QByteArray(body) << status << QString::fromLatin1(code)
                                << QString::fromLatin1(param);
        };
        row("{", 400, "invalid_json", "");
        row("[]", 400, "invalid_json", "");
        row(R"({"model":"gpt-realtime"})", 400, "unknown_parameter", "model"); // the beta's form
        row(R"({"session":{}})", 400, "missing_required_parameter", "session.type");
        row(R"({"session":{"type":"realtime","modalities":["text"]}})", 400, "unknown_parameter",
            "session.modalities");
        row(R"({"session":{"type":"realtime","output_modalities":["audio","text"]}})", 400, "invalid_value",
            "session.output_modalities");
        row(R"({"session":{"type":"transcription","instructions":"x"}})", 400, "unknown_parameter",
            "session.instructions");
        row(R"({"session":{"type":"realtime","model":"gpt-4o-realtime-preview"}})", 404, "model_not_found",
            "session.model");
        row(R"({"expires_after":{"seconds":9}})", 400, "integer_below_min_value", "expires_after.seconds");
        row(R"({"expires_after":{"seconds":7201}})", 400, "integer_above_max_value", "expires_after.seconds");
        row(R"({"expires_after":{"anchor":"now"}})", 400, "invalid_value", "expires_after.anchor");
    }
    void refuses()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QString, code);
        QFETCH(QString, param);
        Keys keys;
        const HttpAnswer answer = mintRealtimeSecret({{}, body}, {keys, Models(), LiveSessions()});
        QVERIFY2(answer.status == status, answer.body);
        const QJsonObject error = QJsonDocument::fromJson(answer.body)[u"error"_s].toObject();
        QCOMPARE(error[u"code"_s].toString(), code);
        QCOMPARE(error[u"param"_s].toString(), param);
        QCOMPARE(error[u"type"_s].toString(), u"invalid_request_error"_s);
    }

    void translations_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("param");
        const auto row = [](const char *body, int status, const char *param) {
            QTest::newRow(body) << QByteArray(body) << status << QString::fromLatin1(param);
        };
        row(R"({"session":{"model":"gpt-realtime-translate"}})", 200, "");
        row(R"({"expires_after":{"seconds":60},"session":{"model":"gpt-realtime-translate","audio":{
            "input":{"transcription":{"model":"gpt-realtime-whisper"},"noise_reduction":{"type":"near_field"}},
            "output":{"language":"es"}}}})",
            200, "");
        row("", 400, "session");
        row("null", 400, "");
        row(R"({"session":{}})", 400, "session.model");
        row(R"({"session":{"model":"gpt-realtime-translate","type":"translation"}})", 400, "session.type");
        row(R"({"session":{"model":"gpt-realtime-translate","audio":{"input":{"transcription":{}}}}})", 400,
            "session.audio.input.transcription.model");
        row(R"({"session":{"model":"gpt-realtime"}})", 404, "session.model");
        row(R"({"expires_after":{"seconds":1},"session":{"model":"gpt-realtime-translate"}})", 400,
            "expires_after.seconds");
    }
    void translations()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QString, param);
        static const auto live
            = JsonSchemas::load(QStringLiteral(RELAY_TEST_DATA "/realtime/live-schemas.json"));
        QVERIFY(live);
        Keys keys;
        const HttpAnswer answer = mintTranslationSecret({{}, body}, {keys, Models(), LiveSessions()});
        QVERIFY2(answer.status == status, answer.body);
        const QJsonObject json = QJsonDocument::fromJson(answer.body).object();
        QCOMPARE(json[u"error"_s][u"param"_s].toString(), param);
        if (status != 200)
            return;
        QCOMPARE(live->errors(json, u"RealtimeTranslationClientSecretCreateResponse"_s), QStringList());
        QCOMPARE(
            keys.session(json[u"value"_s].toString().toLatin1())[u"type"_s].toString(), u"translation"_s);
    }

private:
    /// The server writes null for what it does not have (tests/data/realtime/README.md).
    static QJsonObject withoutNulls(QJsonObject object)
    {
        for (auto member = object.begin(); member != object.end();) {
            if (member->isObject())
                *member = withoutNulls(member->toObject());
            if (member->isNull())
                member = object.erase(member);
            else
                ++member;
        }
        return object;
    }
};

RELAY_TEST(TestClientSecrets)
#include "tst_clientsecrets.moc"
