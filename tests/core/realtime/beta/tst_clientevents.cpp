// SPDX-License-Identifier: MIT
#include "core/realtime/beta/clientevents.h"
#include "tests/core/realtime/beta/translated.h"
#include "tests/support/relaytest.h"

#include <QJsonArray>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_ClientEvents : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void valuesThatAreNoneOfTheBetas_data()
    {
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<QByteArray>("upstream");
        const auto session = [](const char *name, const QByteArray &in, const QByteArray &out) {
            QTest::newRow(name) << R"({"type":"session.update","session":{)" + in + "}}"
                                << R"({"type":"session.update","session":{"type":"realtime",)" + out + "}}";
        };
        session("modalities", R"("modalities":"both")", R"("output_modalities":"both")");
        session("no modalities", R"("modalities":[])", R"("output_modalities":[])");
        session("modalities null", R"("modalities":null)", R"("output_modalities":null)");
        session(
            "format", R"("input_audio_format":"opus")", R"("audio":{"input":{"format":{"type":"opus"}}})");
        session("format of today", R"("output_audio_format":{"type":"audio/pcm"})",
            R"("audio":{"output":{"format":{"type":"audio/pcm"}}})");
        session("format null", R"("input_audio_format":null)", R"("audio":{"input":{"format":null}})");
        session(
            "turn detection", R"("turn_detection":"none")", R"("audio":{"input":{"turn_detection":"none"}})");
        session("empty turn detection", R"("turn_detection":{})",
            R"("audio":{"input":{"turn_detection":{"type":"server_vad"}}})");
        session("falsehoods",
            R"("turn_detection":{"type":"server_vad","interrupt_response":false,"threshold":0},"speed":0.25)",
            R"("audio":{"input":{"turn_detection":{"type":"server_vad","interrupt_response":false,"threshold":0}},"output":{"speed":0.25}})");
        session("tools", R"("tools":{"name":"f"})", R"("tools":{"name":"f"})");
        session("a tool that is none", R"("tools":["f",{"type":"mcp","name":"g"},{}])",
            R"("tools":["f",{"type":"mcp","name":"g"},{}])");
        session("audio", R"("audio":null,"voice":"alloy")", R"("audio":null)");
        session("half of audio", R"("audio":{"output":null,"x":1},"voice":"alloy","speed":2)",
            R"("audio":{"x":1,"output":null})");
        session("both, in each half",
            R"("audio":{"input":{"format":1,"x":2},"output":{"voice":3}},"input_audio_format":"pcm16",)"
            R"("turn_detection":null,"voice":"alloy","speed":4)",
            R"("audio":{"input":{"format":1,"x":2,"turn_detection":null},"output":{"voice":3,"speed":4}})");
        session("both limits", R"("max_response_output_tokens":1,"max_output_tokens":2)",
            R"("max_output_tokens":2)");
        QTest::newRow("session") << R"({"type":"session.update","session":[]})"_ba
                                 << R"({"type":"session.update","session":[]})"_ba;
        QTest::newRow("no session") << R"({"type":"transcription_session.update"})"_ba
                                    << R"({"type":"session.update"})"_ba;
        QTest::newRow("a transcription has no modalities")
            << R"({"type":"transcription_session.update","session":{"modalities":["text"],"client_secret":{}}})"_ba
            << R"({"type":"session.update","session":{"type":"transcription"}})"_ba;
        QTest::newRow("response") << R"({"type":"response.create","response":7})"_ba
                                  << R"({"type":"response.create","response":7})"_ba;
        QTest::newRow("input") << R"({"type":"response.create","response":{"input":null}})"_ba
                               << R"({"type":"response.create","response":{"input":null}})"_ba;
        QTest::newRow("a response detects no turns")
            << R"({"type":"response.create","response":{"turn_detection":null,"speed":1}})"_ba
            << R"({"type":"response.create","response":{"turn_detection":null,"speed":1}})"_ba;
        for (const char *item : {"null", "[]", R"({"type":"message"})",
                 R"({"type":"message","role":"x","content":[{"type":"text"}]})",
                 R"({"type":"message","role":"user","content":null})",
                 R"({"type":"message","role":"assistant","content":[1,{"type":2}]})"}) {
            const QByteArray event = R"({"type":"conversation.item.create","item":)" + QByteArray(item) + '}';
            QTest::addRow("item %s", item) << event << event;
        }
    }
    void valuesThatAreNoneOfTheBetas()
    {
        QFETCH(QByteArray, event);
        QTEST(up(event), "upstream");
    }

    void transcriptionCall()
    {
        const QByteArray update = R"({"type":"session.update","session":{}})";
        QVERIFY(up(update, "intent=transcription").contains("\"transcription\""));
        QVERIFY(up(update, "a=b&%69ntent=transcriptio%6E").contains("\"transcription\""));
        QVERIFY(up(update, "intent=conversation").contains("\"realtime\""));
        BetaDialect dialect("", {}, mostEventBytes);
        dialect.toClient(R"({"type":"session.created","session":{"type":"transcription","audio":{}}})");
        QVERIFY(dialect.toUpstream(update).contains("\"transcription\""));
    }

    void models()
    {
        const QByteArray update
            = R"({"type":"session.update","session":{"model":"gpt-4o-realtime-preview"}})";
        const auto sent = [](BetaDialect &dialect, const QByteArray &event) {
            return readEvent(dialect.toUpstream(event))[u"session"_s][u"model"_s];
        };
        BetaDialect unnamed("x=1", {}, mostEventBytes);
        QCOMPARE(sent(unnamed, update), u"gpt-realtime-1.5"_s);
        QCOMPARE(unnamed.askedModel(), "gpt-4o-realtime-preview");
        QCOMPARE(unnamed.answeringModel(), "gpt-realtime-1.5");
        for (const char *query : {"model=a", "%6Dodel=a", "x&call_id=rtc_1"}) {
            BetaDialect named(query, {}, mostEventBytes);
            QVERIFY(sent(named, update).isUndefined());
            QVERIFY(named.askedModel().isEmpty());
        }
        BetaDialect others(
            "", {u"gpt-4o-realtime-preview=own"_s, u"whisper-1=gpt-transcribe"_s}, mostEventBytes);
        QCOMPARE(sent(others, update), u"own"_s);
        QVERIFY(
            others
                .toUpstream(
                    R"({"type":"session.update","session":{"input_audio_transcription":{"language":"de","model":"whisper-1"}}})")
                .contains(R"({"language":"de","model":"gpt-transcribe"})"));
        for (const char *model : {"7", "null", R"("gpt-realtime")", "\"a\\\"b\""}) {
            BetaDialect none("", {}, mostEventBytes);
            QVERIFY(
                none.toUpstream(R"({"type":"session.update","session":{"model":)" + QByteArray(model) + "}}")
                    .contains("\"model\":" + QByteArray(model)));
            QVERIFY(none.askedModel().isEmpty());
        }
    }
};

RELAY_TEST(tst_ClientEvents)
#include "tst_clientevents.moc"
