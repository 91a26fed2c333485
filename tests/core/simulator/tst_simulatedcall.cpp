// SPDX-License-Identifier: MIT
#include "tests/core/simulator/caller.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

constexpr auto textOnly
    = R"({"type":"session.update","session":{"type":"realtime","output_modalities":["text"]}})";
constexpr auto transcribed = R"({"type":"session.update","session":{"type":"realtime",
    "audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}}})";
constexpr auto weatherTool
    = R"({"type":"session.update","session":{"type":"realtime","output_modalities":["text"],
    "tools":[{"type":"function","name":"play_music","parameters":{"type":"object","properties":{}}},
             {"type":"function","name":"get_weather","description":"Look up the weather for a city.",
              "parameters":{"type":"object","required":["city","days","unit"],"properties":{
                  "city":{"type":"string"},"days":{"type":"integer"},"unit":{"enum":["celsius","kelvin"]},
                  "left_out":{"type":"boolean"}}}}]}})";

const QStringList audioAnswer{u"response.output_audio.done"_s, u"response.output_audio_transcript.done"_s,
    u"response.content_part.done"_s, u"conversation.item.done"_s, u"response.output_item.done"_s,
    u"response.done"_s, u"rate_limits.updated"_s};

} // namespace

class TestSimulatedCall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void createsTheSession()
    {
        SimulatedCall::Options options;
        options.model = u"gpt-realtime-mini"_s;
        options.expiresAt = 1785217650;
        Caller caller(options);
        QCOMPARE(caller.types(), QStringList{u"session.created"_s});
        const QJsonObject session = caller.events[0][u"session"_s].toObject();
        QCOMPARE(session[u"model"_s].toString(), u"gpt-realtime-mini"_s);
        QCOMPARE(session[u"expires_at"_s].toInteger(), 1785217650);
        QCOMPARE(session[u"audio"_s][u"input"_s][u"turn_detection"_s][u"type"_s].toString(), u"server_vad"_s);
        QCOMPARE(caller.problems, QStringList());
    }

    void mergesSessionUpdates()
    {
        Caller caller;
        caller.send(R"({"type":"session.update","session":{"type":"realtime","instructions":"Be brief.",
            "audio":{"input":{"turn_detection":{"type":"server_vad","threshold":0.7},
                              "transcription":{"model":"whisper-1"},"format":{"type":"audio/pcmu"}},
                     "output":{"voice":"marin"}}}})");
        QJsonObject session = caller.last(u"session.updated"_s)[u"session"_s].toObject();
        QJsonValue input = session[u"audio"_s][u"input"_s];
        QCOMPARE(session[u"instructions"_s].toString(), u"Be brief."_s);
        QCOMPARE(input[u"turn_detection"_s][u"threshold"_s].toDouble(), 0.7);
        QCOMPARE(input[u"turn_detection"_s][u"silence_duration_ms"_s].toInt(), 200);
        QCOMPARE(input[u"transcription"_s][u"model"_s].toString(), u"whisper-1"_s);
        QCOMPARE(input[u"format"_s].toObject(), (QJsonObject{{u"type"_s, u"audio/pcmu"_s}}));
        QCOMPARE(session[u"audio"_s][u"output"_s][u"format"_s][u"rate"_s].toInt(), 24000);
        QCOMPARE(session[u"audio"_s][u"output"_s][u"voice"_s].toString(), u"marin"_s);

        caller.send(R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{
            "turn_detection":{"type":"semantic_vad","eagerness":"low"},"transcription":null}}}})");
        input = caller.last(u"session.updated"_s)[u"session"_s][u"audio"_s][u"input"_s];
        QCOMPARE(input[u"turn_detection"_s][u"eagerness"_s].toString(), u"low"_s);
        QVERIFY(input[u"transcription"_s].isNull());

        caller.send(R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{
            "turn_detection":null}}}})");
        input = caller.last(u"session.updated"_s)[u"session"_s][u"audio"_s][u"input"_s];
        QVERIFY(input[u"turn_detection"_s].isNull());
        QCOMPARE(caller.count(u"error"_s), 0);
        QCOMPARE(caller.problems, QStringList());
    }

    void aRefusedUpdateChangesNothing()
    {
        Caller caller;
        const QJsonObject before = caller.last(u"session.created"_s)[u"session"_s].toObject();
        for (const char *wrong : {
                 R"({"type":"realtime","instructions":"new","temperature":0.8})",
                 R"({"type":"realtime","instructions":"new","output_modalities":["text","audio"]})",
                 R"({"type":"realtime","instructions":"new","tools":[{"type":"function"}]})",
                 R"({"type":"realtime","instructions":"new","model":"nosuch"})",
                 R"({"type":"realtime","instructions":"new","audio":{"output":{"voice":"ash","speed":9}}})",
                 R"({"instructions":"new"})",
             })
            caller.call.receive(R"({"type":"session.update","session":)"_ba + wrong + '}');
        QCOMPARE(caller.count(u"error"_s), 6);
        QCOMPARE(caller.count(u"session.updated"_s), 0);
        caller.send(R"({"type":"session.update","session":{"type":"realtime"}})");
        QCOMPARE(caller.last(u"session.updated"_s)[u"session"_s].toObject(), before);
    }

    void modelIsTakenOnce()
    {
        const auto named = [](Caller &caller, const QString &model) {
            caller.send({{u"type"_s, u"session.update"_s},
                {u"session"_s, QJsonObject{{u"type"_s, u"realtime"_s}, {u"model"_s, model}}}});
            return caller.last(u"session.updated"_s)[u"session"_s][u"model"_s].toString();
        };
        Caller inSession; // the URL names none
        QCOMPARE(inSession.last(u"session.created"_s)[u"session"_s][u"model"_s].toString(), defaultModel());
        QCOMPARE(named(inSession, u"gpt-realtime-mini"_s), u"gpt-realtime-mini"_s);
        QCOMPARE(named(inSession, u"gpt-realtime-2"_s), u"gpt-realtime-mini"_s);
        SimulatedCall::Options options;
        options.model = u"gpt-realtime-1.5"_s;
        Caller inUrl(options);
        QCOMPARE(named(inUrl, u"nosuch"_s), u"gpt-realtime-1.5"_s); // passed over
        QCOMPARE(inUrl.count(u"error"_s), 0);
    }

    void beginsAsItsSecretSays()
    {
        SimulatedCall::Options options;
        options.configuration
            = parsed(R"({"type":"realtime","instructions":"Be brief.","model":"gpt-realtime-2",
            "audio":{"input":{"format":{"type":"audio/pcmu"}},"output":{"voice":"marin"}}})");
        options.model = u"gpt-realtime-mini"_s;
        Caller caller(options);
        const QJsonObject session = caller.last(u"session.created"_s)[u"session"_s].toObject();
        QCOMPARE(session[u"instructions"_s].toString(), u"Be brief."_s);
        QCOMPARE(session[u"audio"_s][u"output"_s][u"voice"_s].toString(), u"marin"_s);
        QCOMPARE(session[u"model"_s].toString(), u"gpt-realtime-mini"_s); // the URL counts
        QByteArray muLaw;
        for (int i = 0; i < Speech::chunkCount; ++i)
            muLaw += QByteArray::fromBase64(speech()->chunk(AudioFormat::MuLaw, i));
        caller.say(muLaw);
        QCOMPARE(caller.count(u"input_audio_buffer.speech_stopped"_s), 1); // it is understood
        QCOMPARE(caller.problems, QStringList());
    }

    void answersSpeech()
    {
        Caller caller;
        caller.send(transcribed);
        caller.types();
        caller.say();
        QCOMPARE(caller.types(),
            (QStringList{u"input_audio_buffer.speech_started"_s, u"input_audio_buffer.speech_stopped"_s,
                u"input_audio_buffer.committed"_s, u"conversation.item.added"_s, u"conversation.item.done"_s,
                u"response.created"_s}));
        caller.run();
        QStringList types = caller.types();
        const QString transcription = u"conversation.item.input_audio_transcription.delta"_s;
        QCOMPARE(types.first(), transcription);
        QVERIFY(types.contains(u"conversation.item.input_audio_transcription.completed"_s));
        types.erase(std::remove_if(types.begin(), types.end(),
                        [](const QString &type) { return type.contains("input_audio_transcription"_L1); }),
            types.end());
        QCOMPARE(types.mid(0, 5),
            (QStringList{u"response.output_item.added"_s, u"conversation.item.added"_s,
                u"response.content_part.added"_s, u"response.output_audio_transcript.delta"_s,
                u"response.output_audio.delta"_s}));
        QCOMPARE(types.last(audioAnswer.size()), audioAnswer);

        const QJsonObject heard = caller.last(u"conversation.item.input_audio_transcription.completed"_s);
        QCOMPARE(heard[u"transcript"_s].toString(), caller.joined(transcription));
        QVERIFY(heard[u"usage"_s][u"total_tokens"_s].toInt() > 0);

        const QJsonObject audio = caller.last(u"response.output_audio.delta"_s);
        QCOMPARE(QByteArray::fromBase64(audio[u"delta"_s].toString().toLatin1()).size(), 12000);
        const QJsonObject done = caller.last(u"response.done"_s)[u"response"_s].toObject();
        QCOMPARE(done[u"status"_s].toString(), u"completed"_s);
        QCOMPARE(audio[u"response_id"_s], done[u"id"_s]);
        const QJsonValue item = done[u"output"_s][0];
        QCOMPARE(audio[u"item_id"_s], item[u"id"_s]);
        QCOMPARE(item[u"content"_s][0][u"transcript"_s].toString(),
            caller.joined(u"response.output_audio_transcript.delta"_s));
        const QJsonValue usage = done[u"usage"_s];
        QVERIFY(usage[u"input_token_details"_s][u"audio_tokens"_s].toInt() >= 30);
        QCOMPARE(usage[u"output_token_details"_s][u"audio_tokens"_s].toInt(),
            5 * int(caller.count(u"response.output_audio.delta"_s)));
        QCOMPARE(usage[u"total_tokens"_s].toInt(),
            usage[u"input_tokens"_s].toInt() + usage[u"output_tokens"_s].toInt());
        QCOMPARE(caller.problems, QStringList());
    }

    void answersInG711()
    {
        Caller caller;
        caller.send(R"({"type":"session.update","session":{"type":"realtime","audio":{
            "input":{"format":{"type":"audio/pcmu"}},"output":{"format":{"type":"audio/pcma"}}}}})");
        QByteArray muLaw;
        for (int i = 0; i < Speech::chunkCount; ++i)
            muLaw += QByteArray::fromBase64(speech()->chunk(AudioFormat::MuLaw, i));
        caller.say(muLaw);
        caller.run();
        QCOMPARE(caller.count(u"input_audio_buffer.speech_stopped"_s), 1);
        const QString audio = caller.last(u"response.output_audio.delta"_s)[u"delta"_s].toString();
        QCOMPARE(QByteArray::fromBase64(audio.toLatin1()).size(), 2000);
        QCOMPARE(caller.problems, QStringList());
    }

    void answersText()
    {
        Caller caller;
        caller.send(textOnly);
        caller.write(u"How are you?"_s);
        caller.send(R"({"type":"response.create"})");
        caller.run();
        QCOMPARE(caller.types(),
            (QStringList{u"session.created"_s, u"session.updated"_s, u"conversation.item.added"_s,
                u"conversation.item.done"_s, u"response.created"_s, u"response.output_item.added"_s,
                u"conversation.item.added"_s, u"response.content_part.added"_s,
                u"response.output_text.delta"_s, u"response.output_text.done"_s,
                u"response.content_part.done"_s, u"conversation.item.done"_s, u"response.output_item.done"_s,
                u"response.done"_s, u"rate_limits.updated"_s}));
        const QString text = caller.last(u"response.output_text.done"_s)[u"text"_s].toString();
        QVERIFY(text.contains(u"How are you?"_s));
        QCOMPARE(caller.joined(u"response.output_text.delta"_s), text);

        // A second turn has the first one in its cache, and follows it.
        caller.write(u"And now?"_s);
        caller.send(R"({"type":"response.create"})");
        caller.run();
        const QJsonObject done = caller.last(u"response.done"_s)[u"response"_s].toObject();
        QVERIFY(done[u"usage"_s][u"input_tokens"_s].toInt() > 20);
        QVERIFY(!caller.last(u"conversation.item.done"_s)[u"previous_item_id"_s].isNull());
        QCOMPARE(caller.problems, QStringList());
    }

    void obeysResponseParameters()
    {
        Caller caller;
        caller.send(
            R"({"type":"response.create","response":{"conversation":"none","output_modalities":["text"],
            "metadata":{"topic":"x"},"max_output_tokens":5,
            "input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"aside"}]}]}})");
        caller.run();
        QCOMPARE(caller.count(u"conversation.item.added"_s), 0);
        QCOMPARE(caller.count(u"response.output_text.delta"_s), 5);
        const QJsonObject done = caller.last(u"response.done"_s)[u"response"_s].toObject();
        QCOMPARE(done[u"status"_s].toString(), u"incomplete"_s);
        QCOMPARE(done[u"status_details"_s][u"reason"_s].toString(), u"max_output_tokens"_s);
        QCOMPARE(done[u"metadata"_s][u"topic"_s].toString(), u"x"_s);
        QVERIFY(!done.contains(u"conversation_id"_s));
        QCOMPARE(caller.problems, QStringList());
    }

    void callsTools()
    {
        Caller caller;
        caller.send(weatherTool);
        caller.write(u"What is the weather in London for 3 days?"_s);
        caller.send(R"({"type":"response.create"})");
        caller.types();
        caller.run();
        QCOMPARE(caller.types(),
            (QStringList{u"response.output_item.added"_s, u"conversation.item.added"_s,
                u"response.function_call_arguments.delta"_s, u"response.function_call_arguments.done"_s,
                u"conversation.item.done"_s, u"response.output_item.done"_s, u"response.done"_s,
                u"rate_limits.updated"_s}));
        const QJsonObject done = caller.last(u"response.function_call_arguments.done"_s);
        const QString arguments = done[u"arguments"_s].toString();
        QCOMPARE(done[u"name"_s].toString(), u"get_weather"_s);
        QCOMPARE(caller.joined(u"response.function_call_arguments.delta"_s), arguments);
        QCOMPARE(parsed(arguments.toUtf8()), parsed(R"({"city":"London","days":3,"unit":"celsius"})"));

        caller.send({{u"type"_s, u"conversation.item.create"_s},
            {u"item"_s,
                QJsonObject{{u"type"_s, u"function_call_output"_s}, {u"call_id"_s, done[u"call_id"_s]},
                    {u"output"_s, u"It is foggy."_s}}}});
        caller.send(R"({"type":"response.create"})");
        caller.run();
        QVERIFY(
            caller.last(u"response.output_text.done"_s)[u"text"_s].toString().contains(u"It is foggy."_s));
        QCOMPARE(caller.count(u"response.done"_s), 2);
        QCOMPARE(caller.problems, QStringList());
    }

    void choosesTools_data()
    {
        QTest::addColumn<QByteArray>("choice");
        QTest::addColumn<QString>("tool");
        QTest::newRow("auto") << R"("auto")"_ba << u"get_weather"_s;
        QTest::newRow("none") << R"("none")"_ba << QString();
        QTest::newRow("required") << R"("required")"_ba << u"get_weather"_s;
        QTest::newRow("by name") << R"({"type":"function","name":"play_music"})"_ba << u"play_music"_s;
    }

    void choosesTools()
    {
        QFETCH(QByteArray, choice);
        QFETCH(QString, tool);
        Caller caller;
        caller.send(weatherTool);
        caller.write(u"How is the weather?"_s);
        caller.call.receive(R"({"type":"response.create","response":{"tool_choice":)" + choice + "}}");
        caller.run();
        QCOMPARE(caller.last(u"response.function_call_arguments.done"_s)[u"name"_s].toString(), tool);
        QCOMPARE(caller.count(u"response.done"_s), 1);
        QCOMPARE(caller.problems, QStringList());
    }

    void cancels()
    {
        Caller caller;
        caller.write(u"Tell me a long story."_s);
        caller.send(R"({"type":"response.create"})");
        caller.runUntil(u"response.output_audio.delta"_s);
        caller.send(R"({"type":"response.create"})");
        QCOMPARE(caller.last(u"error"_s)[u"error"_s][u"code"_s].toString(),
            u"conversation_already_has_active_response"_s);
        caller.send(R"({"type":"response.cancel","response_id":"another"})");
        QCOMPARE(caller.last(u"error"_s)[u"error"_s][u"code"_s].toString(), u"response_cancel_not_active"_s);
        caller.types();
        caller.send(R"({"type":"response.cancel"})");
        caller.run();
        QCOMPARE(caller.types(), audioAnswer);
        const QJsonObject done = caller.last(u"response.done"_s)[u"response"_s].toObject();
        QCOMPARE(done[u"status"_s].toString(), u"cancelled"_s);
        QCOMPARE(done[u"status_details"_s][u"reason"_s].toString(), u"client_cancelled"_s);
        QCOMPARE(done[u"output"_s][0][u"status"_s].toString(), u"incomplete"_s);

        caller.send(R"({"type":"response.create"})"); // and the next one is whole
        caller.run();
        QCOMPARE(caller.last(u"response.done"_s)[u"response"_s][u"status"_s].toString(), u"completed"_s);
        QCOMPARE(caller.problems, QStringList());
    }

    void isInterruptedBySpeech_data()
    {
        QTest::addColumn<bool>("interrupts");
        QTest::newRow("interrupt_response") << true;
        QTest::newRow("not") << false;
    }

    void isInterruptedBySpeech()
    {
        QFETCH(bool, interrupts);
        Caller caller;
        caller.send({{u"type"_s, u"session.update"_s},
            {u"session"_s,
                parsed(interrupts
                        ? R"({"type":"realtime"})"
                        : R"({"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad",
                                "interrupt_response":false}}}})")}});
        caller.say();
        caller.runUntil(u"response.output_audio.delta"_s);
        caller.say(speech()->pcm().left(48000));
        QCOMPARE(caller.count(u"input_audio_buffer.speech_started"_s), 2);
        QCOMPARE(caller.count(u"response.done"_s), interrupts ? 1 : 0);
        if (interrupts) {
            const QJsonValue details = caller.last(u"response.done"_s)[u"response"_s][u"status_details"_s];
            QCOMPARE(details[u"reason"_s].toString(), u"turn_detected"_s);
        }
        caller.run();
        QCOMPARE(caller.count(u"response.done"_s), 1);
        QCOMPARE(caller.problems, QStringList());
    }

    void commitsByHand()
    {
        Caller caller;
        caller.send(R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{
            "turn_detection":null}}}})");
        caller.say();
        QCOMPARE(caller.count(u"input_audio_buffer.speech_started"_s), 0);
        caller.send(R"({"type":"input_audio_buffer.commit"})");
        caller.run();
        caller.types();
        QCOMPARE(caller.count(u"input_audio_buffer.committed"_s), 1);
        QCOMPARE(caller.count(u"response.created"_s), 0);
        caller.say();
        caller.send(R"({"type":"input_audio_buffer.clear"})");
        caller.send(R"({"type":"input_audio_buffer.commit"})");
        QCOMPARE(caller.types(), (QStringList{u"input_audio_buffer.cleared"_s, u"error"_s}));
        QCOMPARE(caller.problems, QStringList());
    }

    void settlesTheVoice()
    {
        Caller caller;
        caller.send(R"({"type":"response.create"})");
        caller.run();
        caller.send(
            R"({"type":"session.update","session":{"type":"realtime","audio":{"output":{"voice":"ash"}}}})");
        QCOMPARE(caller.last(u"error"_s)[u"error"_s][u"code"_s].toString(), u"cannot_update_voice"_s);
        caller.send(
            R"({"type":"session.update","session":{"type":"realtime","audio":{"output":{"voice":"alloy"}}}})");
        QCOMPARE(caller.count(u"session.updated"_s), 1);
    }

    void transcribesOnly()
    {
        SimulatedCall::Options options;
        options.kind = SessionSettings::Kind::Transcription;
        Caller caller(options);
        caller.send(R"({"type":"session.update","session":{"type":"transcription","audio":{"input":{
            "transcription":{"model":"whisper-1","language":"en"}}}}})");
        caller.say();
        caller.run();
        QCOMPARE(caller.types(),
            (QStringList{u"session.created"_s, u"session.updated"_s, u"input_audio_buffer.speech_started"_s,
                u"input_audio_buffer.speech_stopped"_s, u"input_audio_buffer.committed"_s,
                u"conversation.item.added"_s, u"conversation.item.done"_s,
                u"conversation.item.input_audio_transcription.delta"_s,
                u"conversation.item.input_audio_transcription.completed"_s}));
        QCOMPARE(caller.events[0][u"session"_s][u"type"_s].toString(), u"transcription"_s);
        const QJsonValue usage
            = caller.last(u"conversation.item.input_audio_transcription.completed"_s)[u"usage"_s];
        QCOMPARE(usage[u"type"_s].toString(), u"duration"_s);
        QCOMPARE(usage[u"seconds"_s].toInt(), 4);
        for (const char *other :
            {R"({"type":"response.create"})", R"({"type":"response.cancel"})",
                R"({"type":"conversation.item.create","item":{"type":"message","role":"user","content":[]}})",
                R"({"type":"output_audio_buffer.clear"})"}) {
            caller.send(other);
            caller.run();
            QCOMPARE(caller.types(), QStringList{u"error"_s});
            QCOMPARE(caller.last(u"error"_s)[u"error"_s][u"param"_s].toString(), u"type"_s);
        }
        caller.send(R"({"type":"input_audio_buffer.clear"})");
        QCOMPARE(caller.types(), QStringList{u"input_audio_buffer.cleared"_s});
        QCOMPARE(caller.problems, QStringList());
    }

    /// Whatever a call can say, in each kind of session: what Caller has checked it against is all of it.
    void allItSaysIsChecked()
    {
        Caller speaking;
        speaking.send(transcribed);
        speaking.say();
        speaking.run();
        const QJsonValue answer = speaking.last(u"response.done"_s)[u"response"_s][u"output"_s][0][u"id"_s];
        speaking.send({{u"type"_s, u"conversation.item.truncate"_s}, {u"item_id"_s, answer},
            {u"content_index"_s, 0}, {u"audio_end_ms"_s, 100}});
        speaking.send({{u"type"_s, u"conversation.item.retrieve"_s}, {u"item_id"_s, answer}});
        speaking.send({{u"type"_s, u"conversation.item.delete"_s}, {u"item_id"_s, answer}});
        speaking.send(weatherTool);
        speaking.write(u"How is the weather?"_s);
        speaking.send(R"({"type":"response.create"})");
        speaking.run();
        speaking.send(R"({"type":"response.create"})");
        speaking.run();
        speaking.send(R"({"type":"input_audio_buffer.clear"})");
        speaking.send(R"({"type":"nosuch"})");

        SimulatedCall::Options options;
        options.isSideband = true;
        Caller steering(options);
        for (const bool cleared : {false, true}) {
            steering.send(R"({"type":"response.create"})");
            steering.runUntil(u"output_audio_buffer.started"_s);
            if (cleared)
                steering.send(R"({"type":"output_audio_buffer.clear"})");
            steering.run();
        }

        options = {};
        options.kind = SessionSettings::Kind::Transcription;
        options.configuration = parsed(
            R"({"type":"transcription","audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}})");
        Caller listening(options);
        listening.say();
        listening.run();

        QSet<QString> said;
        for (const Caller *caller : {&speaking, &steering, &listening}) {
            QCOMPARE(caller->problems, QStringList());
            for (const QJsonObject &event : caller->events)
                said.insert(event[u"type"_s].toString());
        }
        QSet<QString> known; // by the sources
        static const QRegularExpression type(u"\"([a-z_]+(\\.[a-z_]+)+)\"_L1"_s);
        for (const char *name : {"simulatedcall", "response", "conversationeditor", "playback"}) {
            QFile source(
                QStringLiteral(RELAY_TEST_DATA "/../../core/simulator/%1.cpp").arg(QLatin1StringView(name)));
            QVERIFY2(source.open(QIODevice::ReadOnly), name);
            const QString text = QString::fromUtf8(source.readAll());
            for (auto found = type.globalMatch(text); found.hasNext();)
                known.insert(found.next().captured(1));
        }
        for (const char *asked : {"session.update", "input_audio_buffer.append", "input_audio_buffer.commit",
                 "input_audio_buffer.clear", "output_audio_buffer.clear", "conversation.item.create",
                 "conversation.item.delete", "conversation.item.retrieve", "conversation.item.truncate",
                 "response.create", "response.cancel"})
            known.remove(QString::fromLatin1(asked)); // the client's
        known += {u"error"_s, u"response.output_audio.delta"_s}; // EventWriter has that one's name
        QCOMPARE(said, known);
    }
};

RELAY_TEST(TestSimulatedCall)
#include "tst_simulatedcall.moc"
