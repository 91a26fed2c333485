// SPDX-License-Identifier: MIT
#include "core/realtime/eventtype.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestEventType : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sniff_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("as usual") << R"({"type":"response.done","event_id":"e"})"_ba
                                  << "response.done"_ba;
        QTest::newRow("as Python writes it") << R"({"type": "session.update", "session": {}})"_ba
                                             << "session.update"_ba;
        QTest::newRow("pretty") << "{\n  \"type\": \"response.create\"\n}"_ba
                                << "response.create"_ba;
        QTest::newRow("event_id first")
            << "{\"event_id\":\"type\",\"type\":\"input_audio_buffer.append\",\"audio\":\"AA"_ba
            << "input_audio_buffer.append"_ba;
        QTest::newRow("not the nested one")
            << R"({"item":{"type":"message"},"type":"conversation.item.create"})"_ba
            << "conversation.item.create"_ba;
        QTest::newRow("quotes before it")
            << "{\"event_id\":\"\\\"type\\\":\\\"error\\\"\",\"type\":\"error\"}"_ba
            << "error"_ba;
        QTest::newRow("cut in the value") << "{\"type\":\"response.do"_ba
                                          << "unknown"_ba;
        QTest::newRow("cut before it") << "{\"audio\":\"AAAA"_ba
                                       << "unknown"_ba;
        QTest::newRow("not known") << R"({"type":"response.dones"})"_ba
                                   << "unknown"_ba;
        QTest::newRow("prefix of a known one") << R"({"type":"response"})"_ba
                                               << "unknown"_ba;
        QTest::newRow("empty type") << R"({"type":""})"_ba
                                    << "unknown"_ba;
        QTest::newRow("not a string") << R"({"type":1})"_ba
                                      << "unknown"_ba;
        QTest::newRow("none") << R"({"a":1})"_ba
                              << "unknown"_ba;
        QTest::newRow("not JSON") << "hello"_ba
                                  << "unknown"_ba;
        QTest::newRow("empty") << ""_ba
                               << "unknown"_ba;
        QTest::newRow("binary") << "\x00\xFF\x7B"_ba
                                << "unknown"_ba;
        QTest::newRow("beta") << "{\"type\":\"response.audio.delta\",\"delta\":\"AA"_ba
                              << "response.audio.delta"_ba;
    }
    void sniff()
    {
        QFETCH(QByteArray, start);
        QFETCH(QByteArray, name);
        QCOMPARE(eventTypeName(sniffEventType(start)).toByteArray(), name);
    }

    void names()
    {
        QVERIFY(eventTypeName(noEvent).isEmpty());
        QCOMPARE(eventTypeName(unknownEvent).toByteArray(), "unknown"_ba);
        QCOMPARE(eventTypeName(255).toByteArray(), "unknown"_ba);
        int known = 0;
        for (int type = unknownEvent + 1; type < 255; ++type) {
            const QByteArray name = eventTypeName(EventType(type)).toByteArray();
            if (name == "unknown")
                break;
            ++known;
            QCOMPARE(sniffEventType("{\"type\":\"" + name + "\"}"), EventType(type));
        }
        QCOMPARE(known, 105); // as many as known_data() has
    }

    /// Every type in OpenAI's schemas and in its SDK, and the ones that are not in them.
    void known_data()
    {
        QTest::addColumn<bool>("audio");
        for (const char *name :
            {"conversation.created", "conversation.item.added", "conversation.item.create",
                "conversation.item.created", "conversation.item.delete", "conversation.item.deleted",
                "conversation.item.done", "conversation.item.input_audio_transcription.completed",
                "conversation.item.input_audio_transcription.delta",
                "conversation.item.input_audio_transcription.failed",
                "conversation.item.input_audio_transcription.segment", "conversation.item.retrieve",
                "conversation.item.retrieved", "conversation.item.truncate", "conversation.item.truncated",
                "decision.create", "decision.event", "decision.item.create", "decision.item.created",
                "decision.item.delete", "decision.item.deleted", "error", "info", "input_audio_buffer.append",
                "input_audio_buffer.clear", "input_audio_buffer.cleared", "input_audio_buffer.commit",
                "input_audio_buffer.committed", "input_audio_buffer.dtmf_event_received",
                "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
                "input_audio_buffer.timeout_triggered", "mcp_list_tools.completed", "mcp_list_tools.failed",
                "mcp_list_tools.in_progress", "output_audio_buffer.clear", "output_audio_buffer.cleared",
                "output_audio_buffer.started", "output_audio_buffer.stopped", "rate_limits.updated",
                "response.audio.delta", "response.audio.done", "response.audio_transcript.delta",
                "response.audio_transcript.done", "response.cancel", "response.content_part.added",
                "response.content_part.done", "response.create", "response.created", "response.done",
                "response.event", "response.function_call_arguments.delta",
                "response.function_call_arguments.done", "response.item.create",
                "response.mcp_call.completed", "response.mcp_call.failed", "response.mcp_call.in_progress",
                "response.mcp_call_arguments.delta", "response.mcp_call_arguments.done",
                "response.output_audio.delta", "response.output_audio.done",
                "response.output_audio_transcript.delta", "response.output_audio_transcript.done",
                "response.output_item.added", "response.output_item.done", "response.output_text.delta",
                "response.output_text.done", "response.text.delta", "response.text.done", "session.close",
                "session.closed", "session.commentary.append", "session.commentary.appended",
                "session.created", "session.delegation.created", "session.input_audio.append",
                "session.input_audio.mute", "session.input_audio.muted", "session.input_audio.unmute",
                "session.input_audio.unmuted", "session.input_audio_buffer.append",
                "session.input_transcript.delta", "session.instructions.append",
                "session.instructions.appended", "session.output_audio.delta",
                "session.output_audio.fixture.play", "session.output_audio.fixture.played",
                "session.output_audio.fixture.playing", "session.output_transcript.delta", "session.start",
                "session.started", "session.thinking.append", "session.thinking.appended", "session.update",
                "session.updated", "session.usage.updated", "transcription_session.created",
                "transcription_session.update", "transcription_session.updated", "transport.answered",
                "transport.dtmf.received", "transport.dtmf.send", "transport.dtmf.sent", "transport.failed",
                "transport.ringing"})
            QTest::newRow(name) << (QByteArrayView(name).endsWith("audio.delta"));
    }
    void known()
    {
        QFETCH(bool, audio);
        const EventType type = sniffEventType("{\"type\":\""_ba + QTest::currentDataTag() + "\"}");
        QCOMPARE(eventTypeName(type).toByteArray(), QByteArray(QTest::currentDataTag()));
        QCOMPARE(isAudioFromUpstream(type), audio);
        const QByteArray name = QTest::currentDataTag();
        QCOMPARE(beginsSession(type), name == "session.created" || name == "session.started");
        QCOMPARE(type == sessionsEnd(), name == "session.closed");
    }

    void expiresAt_data()
    {
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<qint64>("seconds"); // -1: not known
        QTest::newRow("as usual")
            << R"({"type":"session.created","event_id":"e","session":{"object":"s","tools":[{"expires_at":1}],"expires_at":1785217648,"audio":{}}})"_ba
            << qint64(1785217648);
        QTest::newRow("in the instructions")
            << "{\"session\":{\"instructions\":\"\\\"expires_at\\\":5,\",\"expires_at\": 1785217650}}"_ba
            << qint64(1785217650);
        QTest::newRow("with a fraction")
            << R"({"session":{"expires_at":1785217648.0}})"_ba << qint64(1785217648);
        QTest::newRow("cut in the number") << R"({"session":{"expires_at":17852)"_ba << qint64(-1);
        QTest::newRow("cut before it") << "{\"session\":{\"instructions\":\"You are"_ba << qint64(-1);
        QTest::newRow("null") << R"({"session":{"expires_at":null}})"_ba << qint64(-1);
        QTest::newRow("zero") << R"({"session":{"expires_at":0}})"_ba << qint64(-1);
        QTest::newRow("negative") << R"({"session":{"expires_at":-5}})"_ba << qint64(-1);
        QTest::newRow("string") << R"({"session":{"expires_at":"1785217648"}})"_ba << qint64(-1);
        QTest::newRow("too large") << R"({"session":{"expires_at":99999999999999999999999}})"_ba
                                   << qint64(-1);
        QTest::newRow("another object's")
            << R"({"client_secret":{"expires_at":5},"expires_at":6,"session":{}})"_ba << qint64(-1);
        QTest::newRow("no object") << R"({"session":5,"expires_at":6})"_ba << qint64(-1);
        QTest::newRow("empty") << ""_ba << qint64(-1);
    }
    void expiresAt()
    {
        QFETCH(QByteArray, event);
        QFETCH(qint64, seconds);
        QCOMPARE(sniffExpiresAt(event).value_or(-1), seconds);
    }

    void closedReason_data()
    {
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("as usual") << R"({"type":"session.closed","reason":"close_requested","usage":{}})"_ba
                                  << "close_requested"_ba;
        QTest::newRow("behind the session")
            << R"({"type":"session.closed","session":{"reason":"no"},"reason": "expired"})"_ba
            << "expired"_ba;
        QTest::newRow("none") << R"({"type":"session.closed","event_id":"e"})"_ba
                              << ""_ba;
        QTest::newRow("no word") << R"({"reason":"You said hello."})"_ba
                                 << ""_ba;
        QTest::newRow("too long") << "{\"reason\":\"" + QByteArray(41, 'x') + "\"}"
                                  << ""_ba;
        QTest::newRow("no string") << R"({"reason":12})"_ba
                                   << ""_ba;
        QTest::newRow("cut") << "{\"reason\":\"expi"_ba
                             << ""_ba;
        QTest::newRow("empty") << R"({"reason":""})"_ba
                               << ""_ba;
    }
    void closedReason()
    {
        QFETCH(QByteArray, event);
        QFETCH(QByteArray, reason);
        QCOMPARE(rr::closedReason(event).toByteArray(), reason);
    }

    void whatItMayBe()
    {
        QVERIFY(mayAskForResponse(R"({"type":"response.create"})"));
        QVERIFY(mayAskForResponse(R"({"type":"x","type":"\u0072esponse.creat\u0065"})"));
        QVERIFY(mayAskForResponse(R"({"a":"\\\"","type":"response\u002Ecreate"})"));
        QVERIFY(!mayAskForResponse(R"({"type":"response\\u002ecreate"})")); // it has a backslash
        QVERIFY(!mayAskForResponse(R"({"type":"response\u012ecreate"})"));
        QVERIFY(!mayAskForResponse(R"({"type":"response\u002)")); // cut off
        QVERIFY(!mayAskForResponse(R"(\)"));
        QVERIFY(!mayAskForResponse(""));
        QVERIFY(!mayAskForResponse(R"({"type":"input_audio_buffer.append","audio":"AAAA"})"));
        QVERIFY(mayAppendAudio(R"({"audio":"AAAA","type":"input_audio_buffer.append"})"));
        QVERIFY(mayAppendAudio(R"({"type":"input\u005faudio_buffer.append","audio":"AAAA"})"));
        QVERIFY(!mayAppendAudio(R"({"type":"response.create"})"));
    }

    void responses()
    {
        const auto typeOf
            = [](const char *name) { return sniffEventType("{\"type\":\"" + QByteArray(name) + "\"}"); };
        QVERIFY(beginsResponse(typeOf("response.created")));
        QVERIFY(!beginsResponse(typeOf("response.done")));
        QVERIFY(endsResponse(typeOf("response.done")));
        QVERIFY(!endsResponse(typeOf("response.created")));
        QVERIFY(!endsResponse(noEvent) && !beginsResponse(unknownEvent));
    }
};

RELAY_TEST(TestEventType)
#include "tst_eventtype.moc"
