// SPDX-License-Identifier: MIT
#include "core/realtime/beta/dialect.h"
#include "core/realtime/jsontext.h"
#include "tests/core/realtime/beta/translated.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

QJsonArray goldenCases()
{
    QFile file(QStringLiteral(BETA_CASES));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", BETA_CASES);
    return QJsonDocument::fromJson(file.readAll()).array();
}

/// Its type first, as every server and client writes it; Qt sorts members.
QByteArray written(const QJsonObject &event)
{
    QJsonObject rest = event;
    rest.remove(u"type"_s);
    QByteArray text = QJsonDocument(rest).toJson(QJsonDocument::Compact);
    return text.replace(
        0, 1, "{\"type\":\"" + event[u"type"_s].toString().toUtf8() + (rest.isEmpty() ? "\"" : "\","));
}

} // namespace

class tst_Dialect : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void golden_data()
    {
        QTest::addColumn<QJsonObject>("golden");
        const QJsonArray cases = goldenCases();
        QCOMPARE(cases.size(), 110);
        for (qsizetype i = 0; i < cases.size(); ++i)
            QTest::addRow("%d: %s", int(i), qPrintable(cases[i][u"name"_s].toString()))
                << cases[i].toObject();
    }
    void golden()
    {
        QFETCH(QJsonObject, golden);
        const bool isUp = golden[u"from"_s] == "client"_L1;
        BetaDialect dialect(golden[u"query"_s].toString().mid(1).toUtf8(), {}, mostEventBytes);
        const QJsonArray before = golden[u"before"_s].toArray();
        for (const QJsonValue &each : before) {
            const QByteArray event = written(each[u"event"_s].toObject());
            if (each[u"from"_s] == "client"_L1)
                dialect.toUpstream(event);
            else
                dialect.toClient(event);
        }
        const QByteArray event = written(golden[u"in"_s].toObject());
        const auto translated
            = isUp ? std::optional(dialect.toUpstream(event)) : dialect.toClient(event).event;
        if (golden[u"out"_s].isNull()) {
            QVERIFY(!translated);
        } else {
            QVERIFY(translated);
            QCOMPARE(readEvent(*translated), golden[u"out"_s].toObject());
        }
        const EventType type = sniffEventType(event);
        const bool passes = isUp ? BetaDialect::passesUp(type) : BetaDialect::passesDown(type);
        if (passes) // then nobody is asked for it
            QCOMPARE(translated, std::optional(event));
        const QByteArray name = golden[u"name"_s].toString().toUtf8();
        if (name.endsWith(" stays") && !name.contains(": ") && type != unknownEvent)
            QVERIFY(passes);
    }

    // Digits and escapes are the sender's; what looks like another number to a double is another number to a server.
    void asWritten_data()
    {
        QTest::addColumn<QByteArray>("value");
        for (const char *value :
            {"0.8", "0.80000000000000004", "1.0", "1e2", "12345678901234567890", "-0", "null", "false",
                "\"\\u00e4\\/\\\"\\\\\"", "\"\xC3\xA4\"", R"({"a": [1.50, {}] })", "[]", R"("")"})
            QTest::addRow("%s", value) << QByteArray(value);
    }
    void asWritten()
    {
        QFETCH(QByteArray, value);
        QCOMPARE(up(R"({"type":"session.update","x":)" + value + R"(,"session":{"instructions":)" + value
                     + R"(,"voice":)" + value + R"(,"tools":[)" + value + R"(],"max_response_output_tokens":)"
                     + value + "}}"),
            R"({"type":"session.update","x":)" + value + R"(,"session":{"type":"realtime","instructions":)"
                + value + R"(,"tools":[)" + value + R"(],"max_output_tokens":)" + value
                + R"(,"audio":{"output":{"voice":)" + value + "}}}}");
        QCOMPARE(*down(R"({"type":"response.done","x":)" + value + R"(,"response":{"id":)" + value
                     + R"(,"output":[{"id":)" + value + R"(,"content":[{"type":"output_text","text":)" + value
                     + R"(}],"status":"incomplete"}],"usage":)" + value + "}}"),
            R"({"type":"response.done","x":)" + value + R"(,"response":{"id":)" + value + R"(,"usage":)"
                + value + R"(,"output":[{"id":)" + value + R"(,"content":[{"type":"text","text":)" + value
                + R"(}],"status":"incomplete","object":"realtime.item"}],"modalities":["text","audio"],)"
                + R"("output_audio_format":"pcm16","temperature":0.8}})");
    }

    void renamesWithoutReadingTheRest_data()
    {
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<QByteArray>("renamed");
        const QByteArray rest
            = "\",\"delta\":\"\\\"type\\\":\\\"response.output_audio.delta\\\"\",  \"n\":0.10, this is no JSON";
        for (const QByteArray name : {"audio.delta", "audio.done", "audio_transcript.delta",
                 "audio_transcript.done", "text.delta", "text.done"}) {
            QTest::addRow("%s first", name.constData())
                << "{\"type\":\"response.output_" + name + rest << "{\"type\":\"response." + name + rest;
            QTest::addRow("%s later", name.constData())
                << "{ \"delta\" : \"response.output_\", \"type\" : \"response.output_" + name + rest
                << "{ \"delta\" : \"response.output_\", \"type\" : \"response." + name + rest;
        }
    }
    void renamesWithoutReadingTheRest()
    {
        QFETCH(QByteArray, event);
        QFETCH(QByteArray, renamed);
        QCOMPARE(*down(event), renamed);
    }

    // Whatever the type says: OpenAI, or the client, shall see itself what came.
    void whatIsNoEventGoesOnAsItCame_data()
    {
        QTest::addColumn<QByteArray>("message");
        for (const char *message : {"", "hello", "[]", "null", "{}", R"({"type":1})", R"({"type":null})",
                 R"({"x":"session.update"})", R"({"type":"session.update","session":{"voice":"a"})",
                 R"({"type":"session.update","session":{"voice":tru}})",
                 R"({"type":"session.update","session":{}} x)",
                 R"({"type":"session.created","session":{"type":"realtime",}})",
                 R"({"type":"response.create","response":{"modalities":["audio"]}},)",
                 R"({"type":"response.done","response":)",
                 R"({"type":"conversation.item.added","item":{"type":"message"})",
                 R"({"type":"error","error":{"param":"session.audio.output.voice"})"})
            QTest::addRow("%s", message) << QByteArray(message);
    }
    void whatIsNoEventGoesOnAsItCame()
    {
        QFETCH(QByteArray, message);
        QCOMPARE(up(message), message);
        if (!message.contains("update") && !message.contains("create\""))
            QCOMPARE(*down(message), message);
    }
    void temperature()
    {
        BetaDialect dialect(aliased, {}, mostEventBytes);
        const auto shown = [&dialect] {
            const auto of = [&dialect](const QByteArray &event) {
                const QByteArray said = *dialect.toClient(event).event;
                QByteArrayView object = jsonMemberValue(said, "session");
                if (object.isEmpty())
                    object = jsonMemberValue(said, "response");
                return jsonMemberValue(object, "temperature").toByteArray();
            };
            const QByteArray ofSession = of(R"({"type":"session.updated","session":{"type":"realtime"}})");
            const QByteArray ofResponse = of(R"({"type":"response.created","response":{}})");
            return ofSession == ofResponse ? ofSession : ofSession + " and " + ofResponse;
        };
        const auto ask = [&dialect](const QByteArray &value) {
            dialect.toUpstream(R"({"type":"session.update","session":{"temperature":)" + value + "}}");
        };
        QCOMPARE(shown(), "0.8");
        QVERIFY(!dialect.askedTemperature());
        ask("0.60");
        QVERIFY(dialect.askedTemperature());
        QCOMPARE(shown(), "0.60"); // as it was written
        ask("1");
        QCOMPARE(shown(), "1");
        for (const QByteArray &none : {"null"_ba, "\"0.7\""_ba, "{}"_ba, QByteArray(100, '1')}) {
            ask(none); // a client wants to see a number, and nobody has numbers kept without end
            QCOMPARE(shown(), "1");
        }
        BetaDialect other(aliased, {}, mostEventBytes);
        other.toUpstream(R"({"type":"response.create","response":{"temperature":0.7}})");
        QVERIFY(other.askedTemperature());
    }

    void turnDetectionIsRememberedFromTheUpstream()
    {
        BetaDialect dialect(aliased, {}, mostEventBytes);
        const auto type = [&dialect] {
            const QByteArray event
                = dialect.toUpstream(R"({"type":"session.update","session":{"turn_detection":{"x":1}}})");
            return readEvent(event)[u"session"_s][u"audio"_s][u"input"_s][u"turn_detection"_s][u"type"_s]
                .toString();
        };
        const auto say = [&dialect](const QByteArray &detection) {
            dialect.toClient(
                R"({"type":"session.updated","session":{"type":"realtime","audio":{"input":{"turn_detection":)"
                + detection + "}}}}");
        };
        QCOMPARE(type(), u"server_vad"_s);
        say(R"({"type":"semantic_vad"})");
        QCOMPARE(type(), u"semantic_vad"_s);
        for (const QByteArray &none :
            {"null"_ba, "{}"_ba, R"({"type":1})"_ba, "{\"type\":\"" + QByteArray(100, 'x') + "\"}"}) {
            say(none);
            QCOMPARE(type(), u"semantic_vad"_s);
        }
    }

    void whatNobodyForesawIsKeptBack()
    {
        BetaDialect dialect(aliased, {}, mostEventBytes);
        const auto tomorrow = dialect.toClient(R"({"x":1,"type":"some.event.of.tomorrow"})");
        QVERIFY(!tomorrow.event);
        QCOMPARE(tomorrow.unforeseenType, "some.event.of.tomorrow");
        for (const char *type :
            {"conversation.item.done", "mcp_list_tools.completed", "input_audio_buffer.timeout_triggered"}) {
            const auto known = dialect.toClient("{\"type\":\"" + QByteArray(type) + "\"}");
            QVERIFY(!known.event);
            QVERIFY(known.unforeseenType.isEmpty());
        }
        // Of an item, the others of a response stay.
        const auto done = dialect.toClient(
            R"({"type":"response.done","response":{"output":[{"type":"mcp_call"},{"type":"message","id":1}]}})");
        QCOMPARE(readEvent(*done.event)[u"response"_s][u"output"_s].toArray().size(), 1);
    }

    // However much is made of little: what is too large says so, and is no larger than it must be for that.
    void isBounded()
    {
        const QByteArray items = "{\"type\":\"response.done\",\"response\":{\"output\":["
            + QByteArray("{},").repeated(100'000) + "{}]}}";
        const qsizetype limit = items.size();
        const QByteArray shown = *BetaDialect(aliased, {}, limit).toClient(items).event;
        QVERIFY(shown.size() > limit);
        QVERIFY(shown.size() < limit + 100);
        QCOMPARE(
            BetaDialect(aliased, {}, 100 * limit).toClient(items).event->count("realtime.item"), 100'001);
        const QByteArray tools = "{\"type\":\"session.update\",\"session\":{\"tools\":["
            + QByteArray("{\"name\":1},").repeated(10'000) + "1]}}";
        const QByteArray sent = BetaDialect(aliased, {}, tools.size()).toUpstream(tools);
        QVERIFY(sent.size() > tools.size());
        QVERIFY(sent.size() < tools.size() + 100);
    }

    // A message that is cut short where it is looked at is not decided by its start.
    void unknownTypesAreReadWhole()
    {
        QVERIFY(!BetaDialect::passesUp(unknownEvent) && !BetaDialect::passesDown(unknownEvent));
        QVERIFY(!BetaDialect::passesUp(noEvent) && !BetaDialect::passesDown(noEvent));
        QVERIFY(
            BetaDialect::passesUp(sniffEventType("{\"type\":\"input_audio_buffer.append\",\"audio\":\"")));
        QVERIFY(!BetaDialect::passesUp(sniffEventType(R"({"type":"response.create"})")));
        QVERIFY(BetaDialect::passesDown(sniffEventType(R"({"type":"rate_limits.updated"})")));
        for (const char *type :
            {"response.output_audio.delta", "conversation.item.done", "session.closed", "session.created"})
            QVERIFY(!BetaDialect::passesDown(sniffEventType("{\"type\":\"" + QByteArray(type) + "\"")));
    }
};

RELAY_TEST(tst_Dialect)
#include "tst_dialect.moc"
