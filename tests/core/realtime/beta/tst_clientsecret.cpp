// SPDX-License-Identifier: MIT
#include "core/realtime/beta/clientsecret.h"
#include "tests/support/relaytest.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_ClientSecret : public QObject
{
    Q_OBJECT

    static QJsonObject object(const QByteArray &json) { return QJsonDocument::fromJson(json).object(); }

private Q_SLOTS:
    void requests_data()
    {
        QTest::addColumn<QByteArray>("beta");
        QTest::addColumn<bool>("transcription");
        QTest::addColumn<QByteArray>("today");
        QTest::newRow("empty") << QByteArray() << false << QByteArray(R"({"session":{"type":"realtime"}})");
        QTest::newRow("blank") << QByteArray(" \r\n") << false
                               << QByteArray(R"({"session":{"type":"realtime"}})");
        QTest::newRow("empty object, for transcription")
            << QByteArray("{}") << true << QByteArray(R"({"session":{"type":"transcription"}})");
        QTest::newRow("retired model")
            << QByteArray(R"({"model":"gpt-4o-mini-realtime-preview"})") << false
            << QByteArray(R"({"session":{"type":"realtime","model":"gpt-realtime-mini"}})");
        QTest::newRow("another model")
            << QByteArray(R"({"model":"gpt-realtime"})") << false
            << QByteArray(R"({"session":{"type":"realtime","model":"gpt-realtime"}})");
        QTest::newRow("configured")
            << QByteArray(
                   R"({"modalities":["text","audio"],"voice":"verse","speed":0.25,"input_audio_format":"g711_alaw",
                "turn_detection":null,"max_response_output_tokens":"inf","temperature":0.8})")
            << false
            << QByteArray(
                   R"({"session":{"type":"realtime","output_modalities":["audio"],"max_output_tokens":"inf",
                "audio":{"input":{"format":{"type":"audio/pcma"},"turn_detection":null},"output":{"voice":"verse","speed":0.25}}}})");
        QTest::newRow("transcription")
            << QByteArray(
                   R"({"input_audio_transcription":{"model":"gpt-4o-transcribe"},"include":["item.input_audio_transcription.logprobs"]})")
            << true
            << QByteArray(
                   R"({"session":{"type":"transcription","include":["item.input_audio_transcription.logprobs"],
                "audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}}})");
        QTest::newRow("lifetime")
            << QByteArray(R"({"client_secret":{"expires_after":{"anchor":"created_at","seconds":60}}})")
            << false
            << QByteArray(
                   R"({"expires_after":{"anchor":"created_at","seconds":60},"session":{"type":"realtime"}})");
        QTest::newRow("no lifetime") << QByteArray(R"({"client_secret":null})") << false
                                     << QByteArray(R"({"session":{"type":"realtime"}})");
    }
    void requests()
    {
        QFETCH(QByteArray, beta);
        QFETCH(bool, transcription);
        QFETCH(QByteArray, today);
        BetaMemory memory;
        memory.isTranscription = transcription;
        QCOMPARE(object(secretRequestFromBeta(beta, memory)), object(today));
    }

    // For OpenAI to judge.
    void othersStay_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no JSON") << QByteArray("{\"model\":");
        QTest::newRow("an array") << QByteArray("[1]");
        QTest::newRow("of today") << QByteArray(
            R"({"session":{"type":"realtime","model":"gpt-4o-realtime-preview"}})");
    }
    void othersStay()
    {
        QFETCH(QByteArray, body);
        BetaMemory memory;
        QCOMPARE(secretRequestFromBeta(body, memory), body);
    }

    void modelAliasesCount()
    {
        BetaMemory memory;
        memory.modelAliases = {u"gpt-4o-realtime-preview=mine"_s};
        const QByteArray request = secretRequestFromBeta(R"({"model":"gpt-4o-realtime-preview"})", memory);
        QCOMPARE(object(request)["session"_L1]["model"_L1].toString(), u"mine"_s);
    }

    void answerHasBothShapes()
    {
        BetaMemory memory;
        secretRequestFromBeta(R"({"temperature":0.60})", memory);
        const QByteArray session
            = R"({"type":"realtime","object":"realtime.session","id":"sess_1","model":"gpt-realtime-1.5",
            "output_modalities":["audio"],"max_output_tokens":4096,"tools":[],"expires_at":0,"audio":{
            "input":{"format":{"type":"audio/pcm","rate":24000},"turn_detection":{"type":"semantic_vad"},"transcription":null},
            "output":{"format":{"type":"audio/pcmu"},"voice":"marin","speed":1.0}}})";
        const QByteArray answer = secretAnswerToBeta(
            R"({"value":"ek_1","expires_at":1756310470,"session":)" + session + '}', memory);
        QVERIFY2(answer.contains(R"("temperature":0.60)"), answer); // as it was written
        QJsonObject both = object(answer);
        QCOMPARE(both.take("value"_L1).toString(), u"ek_1"_s);
        QCOMPARE(both.take("expires_at"_L1).toInt(), 1756310470);
        QCOMPARE(
            both.take("client_secret"_L1).toObject(), object(R"({"value":"ek_1","expires_at":1756310470})"));
        QCOMPARE(both.take("session"_L1).toObject(), object(session));
        QCOMPARE(both["object"_L1].toString(), u"realtime.session"_s);
        QCOMPARE(both["id"_L1].toString(), u"sess_1"_s);
        QCOMPARE(both["model"_L1].toString(), u"gpt-realtime-1.5"_s);
        QCOMPARE(both["modalities"_L1].toArray(), (QJsonArray{u"audio"_s, u"text"_s}));
        QCOMPARE(both["input_audio_format"_L1].toString(), u"pcm16"_s);
        QCOMPARE(both["output_audio_format"_L1].toString(), u"g711_ulaw"_s);
        QCOMPARE(both["turn_detection"_L1].toObject(), object(R"({"type":"semantic_vad"})"));
        QCOMPARE(both["max_response_output_tokens"_L1].toInt(), 4096);
        for (const QLatin1String name :
            {"type"_L1, "audio"_L1, "output_modalities"_L1, "max_output_tokens"_L1})
            QVERIFY2(!both.contains(name), name.data());
        // Each name once, or readers would differ.
        QCOMPARE(answer.count("\"expires_at\":1756310470"), 2);
        QCOMPARE(answer.count("\"client_secret\":"), 1);
    }

    void transcriptionAnswer()
    {
        BetaMemory memory;
        memory.isTranscription = true;
        const QJsonObject both = object(secretAnswerToBeta(
            R"({"value":"ek_1","session":{"type":"transcription","object":"realtime.transcription_session","id":"sess_2",
                "audio":{"input":{"format":{"type":"audio/pcm","rate":24000}}}}})",
            memory));
        QCOMPARE(both["object"_L1].toString(), u"realtime.transcription_session"_s);
        QCOMPARE(both["input_audio_format"_L1].toString(), u"pcm16"_s);
        QCOMPARE(both["client_secret"_L1]["value"_L1].toString(), u"ek_1"_s);
        QVERIFY(!both.contains("expires_at"_L1));
    }

    void noAnswers_data()
    {
        QTest::addColumn<QByteArray>("answer");
        for (const char *answer :
            {"", "<html>", "[]", "{}", R"({"value":null})", R"({"value":"ek_1")", R"("ek_1")"})
            QTest::newRow(*answer ? answer : "nothing") << QByteArray(answer);
    }
    void noAnswers()
    {
        QFETCH(QByteArray, answer);
        BetaMemory memory;
        QVERIFY(secretAnswerToBeta(answer, memory).isNull());
    }

    void secretWithoutASession()
    {
        BetaMemory memory;
        const QJsonObject both
            = object(secretAnswerToBeta(R"({"value":"ek_1","expires_at":1,"session":null})", memory));
        QCOMPARE(both,
            object(R"({"value":"ek_1","expires_at":1,"client_secret":{"value":"ek_1","expires_at":1}})"));
    }
};

RELAY_TEST(tst_ClientSecret)
#include "tst_clientsecret.moc"
