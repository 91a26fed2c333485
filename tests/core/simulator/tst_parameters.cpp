// SPDX-License-Identifier: MIT
#include "tests/core/simulator/caller.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

class TestParameters : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersBadInput_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("param"); // empty: null
        const auto row = [](const QByteArray &json, const char *code, const char *param) {
            QTest::newRow(json.constData())
                << json << QString::fromLatin1(code) << QString::fromLatin1(param);
        };
        row("{", "invalid_json", "");
        row("[]", "invalid_json", "");
        row("\xff", "invalid_json", "");
        row(R"({})", "missing_required_parameter", "type");
        row(R"({"type":7})", "invalid_value", "type");
        row(R"({"type":"nosuch"})", "invalid_value", "type");
        row(R"({"type":"output_audio_buffer.clear"})", "invalid_value", "type");
        row(R"({"type":"session.update"})", "missing_required_parameter", "session");
        row(R"({"type":"session.update","session":{}})", "missing_required_parameter", "session.type");
        row(R"({"type":"session.update","session":{"type":"realtime","modalities":["text"]}})",
            "unknown_parameter", "session.modalities");
        row(R"({"type":"session.update","session":{"type":"realtime","output_modalities":["smell"]}})",
            "invalid_value", "session.output_modalities");
        row(R"({"type":"session.update","session":{"type":"realtime","instructions":1}})", "invalid_type",
            "session.instructions");
        row(R"({"type":"session.update","session":{"type":"realtime","audio":{"output":{"speed":9}}}})",
            "decimal_above_max_value", "session.audio.output.speed");
        row(R"({"type":"session.update","session":{"type":"realtime","max_output_tokens":0}})",
            "integer_below_min_value", "session.max_output_tokens");
        row(R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{}}}}})",
            "missing_required_parameter", "session.audio.input.turn_detection.type");
        row(R"({"type":"session.update","session":{"type":"realtime","tools":[{"type":"function"}]}})",
            "missing_required_parameter", "session.tools[0].name");
        row(R"({"type":"session.update","session":{"instructions":"x","modalities":["text"]}})",
            "missing_required_parameter", "session.type"); // as the beta had it
        row(R"({"type":"session.update","session":{"type":"realtime","temperature":0.8}})",
            "unknown_parameter", "session.temperature");
        row(R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{"format":"pcm16"}}}})",
            "invalid_type", "session.audio.input.format");
        for (const char *both : {R"(["text","audio"])", R"(["audio","text"])", "[]"}) {
            row("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"output_modalities\":"
                    + QByteArray(both) + "}}",
                "invalid_value", "session.output_modalities");
            row("{\"type\":\"response.create\",\"response\":{\"output_modalities\":" + QByteArray(both)
                    + "}}",
                "invalid_value", "response.output_modalities");
        }
        row(R"({"type":"session.update","session":{"type":"realtime","model":"gpt-4o-realtime-preview"}})",
            "model_not_found", "session.model");
        row(R"({"type":"session.update","session":{"type":"transcription","voice":"ash"}})",
            "unknown_parameter", "session.voice");
        row(R"({"type":"session.update","session":{"type":"transcription","instructions":"x"}})",
            "unknown_parameter", "session.instructions");
        row(R"({"type":"session.update","session":{"type":"transcription","audio":{"output":{}}}})",
            "unknown_parameter", "session.audio.output");
        row(R"({"type":"session.update","session":{"type":"transcription"}})", "invalid_value",
            "session.type");
        row(R"({"type":"input_audio_buffer.append"})", "missing_required_parameter", "audio");
        row(R"({"type":"input_audio_buffer.append","audio":"???"})", "invalid_value", "audio");
        row(R"({"type":"input_audio_buffer.commit"})", "input_audio_buffer_commit_empty", "");
        row(R"({"type":"conversation.item.create","item":{"type":"nosuch"}})", "invalid_value", "item.type");
        row(R"({"type":"conversation.item.create","item":{"type":"message","role":"user"}})",
            "missing_required_parameter", "item.content");
        row(R"({"type":"conversation.item.create","item":{"type":"message","role":"user",
                "content":[{"type":"output_text","text":"x"}]}})",
            "invalid_value", "item.content[0].type");
        row(R"({"type":"conversation.item.create","item":{"type":"message","role":"user",
                "content":[{"type":"input_text"}]}})",
            "missing_required_parameter", "item.content[0].text");
        for (const char *part : {R"({"type":"output_audio","transcript":"x"})", R"({"type":"output_audio"})",
                 R"({"type":"output_text"})"}) {
            row(R"({"type":"conversation.item.create","item":{"type":"message","role":"assistant","content":[)"
                    + QByteArray(part) + "]}}",
                "missing_required_parameter", "item.content[0].text");
        }
        row(R"({"type":"response.create","response":{"input":[{"type":"message","role":"assistant",
                "content":[{"type":"output_audio","audio":"AAAA"}]}]}})",
            "missing_required_parameter", "response.input[0].content[0].text");
        row(R"({"type":"conversation.item.create","previous_item_id":"nosuch","item":{"type":"message","role":"user",
                "content":[]}})",
            "item_create_invalid_previous_item_id", "previous_item_id");
        row(R"({"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"nosuch",
                "output":""}})",
            "invalid_tool_call_id", "item.call_id");
        row(R"({"type":"conversation.item.delete","item_id":"nosuch"})", "item_delete_invalid_item_id",
            "item_id");
        row(R"({"type":"conversation.item.retrieve","item_id":"nosuch"})", "item_retrieve_invalid_item_id",
            "item_id");
        row(R"({"type":"conversation.item.truncate","item_id":"nosuch","content_index":0,"audio_end_ms":0})",
            "item_truncate_invalid_item_id", "item_id");
        row(R"({"type":"conversation.item.truncate","item_id":"nosuch","content_index":0})",
            "missing_required_parameter", "audio_end_ms");
        row(R"({"type":"response.create","response":{"input":[{"type":"item_reference","id":"nosuch"}]}})",
            "item_reference_invalid_item_id", "item_id");
        row(R"({"type":"response.create","response":{"modalities":["text"]}})", "unknown_parameter",
            "response.modalities");
        row(R"({"type":"response.cancel"})", "response_cancel_not_active", "");
    }

    void answersBadInput()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, code);
        QFETCH(QString, param);
        Caller caller;
        caller.call.receive(json.endsWith('}') && json.size() > 2
                ? json.left(json.size() - 1) + R"(,"event_id":"mine"})"
                : json);
        caller.run();
        QCOMPARE(caller.types(), (QStringList{u"session.created"_s, u"error"_s}));
        const QJsonObject error = caller.last(u"error"_s)[u"error"_s].toObject();
        QCOMPARE(error[u"code"_s].toString(), code);
        QCOMPARE(error[u"param"_s].toString(), param);
        QCOMPARE(error[u"type"_s].toString(), u"invalid_request_error"_s);
        QVERIFY(!error[u"message"_s].toString().contains(u'%'));
        if (code != "invalid_json"_L1 && json != "{}")
            QCOMPARE(error[u"event_id"_s].toString(), u"mine"_s);
        QCOMPARE(caller.problems, QStringList());

        caller.send(R"({"type":"input_audio_buffer.clear"})"); // it was no end of the session
        QCOMPARE(caller.types(), QStringList{u"input_audio_buffer.cleared"_s});
    }

    void words_data()
    {
        QTest::addColumn<QByteArray>("session");
        QTest::addColumn<QString>("message");
        QTest::newRow("beta's update")
            << R"({"modalities":["text","audio"]})"_ba << u"Missing required parameter: 'session.type'."_s;
        QTest::newRow("beta's format")
            << R"({"type":"realtime","audio":{"input":{"format":"pcm16"}}})"_ba
            << u"Invalid type for 'session.audio.input.format': expected an object, but got a string instead."_s;
        QTest::newRow("beta's temperature") << R"({"type":"realtime","temperature":0.8})"_ba
                                            << u"Unknown parameter: 'session.temperature'."_s;
        QTest::newRow("beta's modalities")
            << R"({"type":"realtime","output_modalities":["text","audio"]})"_ba
            << u"Invalid modalities: ['text', 'audio']. Supported combinations are: ['text'] and ['audio']."_s;
    }
    void words() // as they were seen from the real server
    {
        QFETCH(QByteArray, session);
        QFETCH(QString, message);
        Caller caller;
        caller.call.receive(R"({"type":"session.update","session":)" + session + '}');
        QCOMPARE(caller.last(u"error"_s)[u"error"_s][u"message"_s].toString(), message);
    }

    void modalitiesOneAtATime()
    {
        Caller caller;
        for (const QString &modality : {u"text"_s, u"audio"_s}) {
            caller.send({{u"type"_s, u"session.update"_s},
                {u"session"_s,
                    QJsonObject{
                        {u"type"_s, u"realtime"_s}, {u"output_modalities"_s, QJsonArray{modality}}}}});
            QCOMPARE(caller.last(u"session.updated"_s)[u"session"_s][u"output_modalities"_s][0].toString(),
                modality);
        }
    }

    void answersTakenBack()
    {
        Caller caller;
        caller.send(R"({"type":"conversation.item.create","item":{"type":"message","role":"assistant",
            "content":[{"type":"output_audio","text":"I said so."},{"type":"output_text","text":"x"}]}})");
        QCOMPARE(caller.count(u"error"_s), 0);
    }
};

RELAY_TEST(TestParameters)
#include "tst_parameters.moc"
