// SPDX-License-Identifier: MIT
#include "core/simulator/liveevents.h"
#include "tests/core/simulator/livecaller.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

class TestLiveEvents : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void checks_data()
    {
        QTest::addColumn<LiveDoor>("door");
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<QString>("code"); // empty: all is well
        QTest::addColumn<QString>("param");
        const auto row = [](const QByteArray &name, LiveDoor door, const QByteArray &event,
                             const QString &code = {}, const QString &param = {}) {
            QTest::addRow("%s, %d", name.constData(), int(door)) << door << event << code << param;
        };
        // With the model, if it does not say otherwise.
        const auto start = [&](const char *name, const QByteArray &members, const QString &code = {},
                               const QString &param = {}) {
            QJsonObject session = QJsonDocument::fromJson(members).object();
            if (!session.contains(u"model"_s))
                session[u"model"_s] = u"gpt-live-1"_s;
            else if (session[u"model"_s].isNull())
                session.remove(u"model"_s);
            row(name, LiveDoor::Primary,
                QJsonDocument({{u"type"_s, u"session.start"_s}, {u"session"_s, session}}).toJson(), code,
                param);
        };
        start("model alone", "{}");
        start("everything", R"({"instructions":"Be brief.","store":true,"triggers":[],
            "input":[{"role":"user","content":[{"type":"input_text","text":"Hi"}]}],
            "audio":{"format":{"type":"audio/pcm","rate":16000},"output":{"voice":{"id":"voice_1"}}},
            "delegation":{"type":"responses","acknowledgement_delay_ms":300,"responses":{"model":"gpt-5",
                "instructions":null,"tools":[{"type":"function","name":"f"},{"type":"web_search"}]}}})");
        start("client delegation", R"({"delegation":{"type":"client"}})");
        start("no delegation", R"({"delegation":null})");
        const QString missing = u"missing_required_parameter"_s, unknown = u"unknown_parameter"_s,
                      value = u"invalid_value"_s;
        start("no model", R"({"model":null})", missing, u"session.model"_s);
        start("voice in the wrong place", R"({"voice":"marin"})", unknown, u"session.voice"_s);
        start("turn detection", R"({"audio":{"input":{}}})", unknown, u"session.audio.input"_s);
        start("rate of PCM", R"({"audio":{"format":{"type":"audio/pcm","rate":8000}}})", value,
            u"session.audio.format.rate"_s);
        start("rate of G.711", R"({"audio":{"format":{"type":"audio/pcma","rate":16000}}})", value,
            u"session.audio.format.rate"_s);
        start("no rate", R"({"audio":{"format":{"type":"audio/pcmu"}}})", missing,
            u"session.audio.format.rate"_s);
        start("decisions", R"({"delegation":{"type":"decisions"}})", value, u"session.delegation.type"_s);
        start("no backend", R"({"delegation":{"type":"responses"}})", missing,
            u"session.delegation.responses"_s);
        start("no model of the backend", R"({"delegation":{"type":"responses","responses":{}}})", missing,
            u"session.delegation.responses.model"_s);
        start("backend of a client", R"({"delegation":{"type":"client","responses":{"model":"gpt-5"}}})",
            unknown, u"session.delegation.responses"_s);
        start("tool without a name",
            R"({"delegation":{"type":"responses","responses":{"model":"m","tools":[{"type":"function"}]}}})",
            missing, u"session.delegation.responses.tools[0].name"_s);
        start("role", R"({"input":[{"role":"system","content":[{"text":"x"}]}]})", value,
            u"session.input[0].role"_s);
        start("empty message", R"({"input":[{"role":"user","content":[]}]})", missing,
            u"session.input[0].content[0].text"_s);
        const QByteArray message = R"({"role":"user","content":[{"text":"x"}]})";
        start("many messages", "{\"input\":[" + (message + ',').repeated(127) + message + "]}");
        start("too many messages", "{\"input\":[" + (message + ',').repeated(128) + message + "]}",
            u"array_above_max_length"_s, u"session.input"_s);
        start("too long", "{\"instructions\":\"" + QByteArray(70000, 'x') + "\"}",
            u"string_above_max_length"_s, u"session.instructions"_s);
        start("triggers", R"({"triggers":[{"type":"decisions"}]})", value, u"session.triggers"_s);

        const LiveDoor doors[] = {LiveDoor::Primary, LiveDoor::Fork, LiveDoor::Sideband};
        row("fork", doors[1], R"({"type":"session.start","session":{}})");
        row("fork with a model", doors[1], R"({"type":"session.start","session":{"model":"gpt-live-1"}})",
            unknown, u"session.model"_s);
        row("start at a sideband", doors[2], R"({"type":"session.start","session":{}})", value, u"type"_s);
        row("audio at a sideband", doors[2], R"({"type":"session.input_audio.append","audio":"AAAA"})", value,
            u"type"_s);
        row("keys at a sideband", doors[2], R"({"type":"transport.dtmf.send","event":"1"})");
        row("keys elsewhere", doors[0], R"({"type":"transport.dtmf.send","event":"1"})", value, u"type"_s);
        row("event of Realtime", doors[0], R"({"type":"input_audio_buffer.append","audio":"AAAA"})", value,
            u"type"_s);
        row("no type", doors[0], R"({"session":{}})", missing, u"type"_s);
        row("model in an update", doors[0], R"({"type":"session.update","session":{"model":"gpt-live-1.1"}})",
            unknown, u"session.model"_s);
        row("half of a backend in an update", doors[0],
            R"({"type":"session.update","session":{"delegation":{"type":"responses","responses":{"instructions":"x"}}}})");
        for (const LiveDoor door : doors) {
            for (const char *type : {"session.input_audio.mute", "session.input_audio.unmute",
                     "response.create", "session.close"})
                row(type, door, "{\"event_id\":\"e1\",\"type\":\"" + QByteArray(type) + "\"}");
            row("context", door, R"({"type":"session.thinking.append","content":"x","delegation_id":null})");
            row("context without a delegation", door, R"({"type":"session.commentary.append","content":"x"})",
                missing, u"delegation_id"_s);
            row("context too long", door,
                "{\"type\":\"session.instructions.append\",\"delegation_id\":null,\"content\":\""
                    + QByteArray(2004, 'x') + "\"}",
                u"string_above_max_length"_s, u"content"_s);
        }
    }

    void checks()
    {
        QFETCH(LiveDoor, door);
        QFETCH(QByteArray, event);
        QFETCH(QString, code);
        QFETCH(QString, param);
        const QJsonDocument document = QJsonDocument::fromJson(event);
        QVERIFY(document.isObject());
        const auto error = checkLiveEvent(document.object(), door);
        QCOMPARE(error ? error->code : QString(), code);
        QCOMPARE(error ? error->param : QString(), param);
    }

    void readsAudio_data()
    {
        QTest::addColumn<QString>("base64");
        QTest::addColumn<int>("bytesPerSample");
        QTest::addColumn<QByteArray>("raw"); // null: none
        QTest::newRow("samples") << u"AAECAw=="_s << 2 << QByteArray::fromHex("00010203");
        QTest::newRow("odd") << u"AAEC"_s << 2 << QByteArray();
        QTest::newRow("odd bytes of G.711") << u"AAEC"_s << 1 << QByteArray::fromHex("000102");
        QTest::newRow("empty") << u""_s << 2 << QByteArray();
        QTest::newRow("not base64") << u"!!!!"_s << 1 << QByteArray();
    }

    void readsAudio()
    {
        QFETCH(QString, base64);
        QFETCH(int, bytesPerSample);
        QFETCH(QByteArray, raw);
        QCOMPARE(liveAudio(base64, bytesPerSample).value_or(QByteArray()), raw);
    }
};

RELAY_TEST(TestLiveEvents)
#include "tst_liveevents.moc"
