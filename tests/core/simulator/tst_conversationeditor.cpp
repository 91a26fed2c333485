// SPDX-License-Identifier: MIT
#include "tests/core/simulator/caller.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestConversationEditor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void truncatesWhatWasNotHeard()
    {
        Caller caller;
        caller.write(u"Hello"_s);
        caller.send(R"({"type":"response.create"})");
        caller.run();
        const QJsonValue item = caller.last(u"response.done"_s)[u"response"_s][u"output"_s][0];
        const auto truncate = [&](int endMs) {
            caller.send({{u"type"_s, u"conversation.item.truncate"_s}, {u"item_id"_s, item[u"id"_s]},
                {u"content_index"_s, 0}, {u"audio_end_ms"_s, endMs}});
        };
        truncate(600000);
        QCOMPARE(caller.last(u"error"_s)[u"error"_s][u"param"_s].toString(), u"audio_end_ms"_s);
        truncate(500);
        QCOMPARE(caller.last(u"conversation.item.truncated"_s)[u"audio_end_ms"_s].toInt(), 500);
        caller.send({{u"type"_s, u"conversation.item.retrieve"_s}, {u"item_id"_s, item[u"id"_s]}});
        const QJsonObject kept = caller.last(u"conversation.item.retrieved"_s)[u"item"_s].toObject();
        QVERIFY(!kept[u"content"_s][0].toObject().contains(u"transcript"_s)); // what was not heard is unknown
        QCOMPARE(audioOf(kept), speech()->pcm().first(24000));
        QCOMPARE(caller.problems, QStringList());
    }

    void retrievesWhatWasHeard()
    {
        Caller caller;
        caller.send(R"({"type":"session.update","session":{"type":"realtime",
            "audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}}})");
        const QByteArray silence(48000, '\0'); // a second, in which the buffer is not kept
        caller.send(R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{
            "turn_detection":null}}}})");
        caller.say(silence); // time goes on while nobody listens
        caller.send(R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{
            "turn_detection":{"type":"server_vad"}}}}})");
        caller.say(silence + silence);
        caller.say();
        caller.run();
        const QJsonValue started = caller.last(u"input_audio_buffer.speech_started"_s);
        const qint64 startMs = started[u"audio_start_ms"_s].toInteger();
        const qint64 endMs
            = caller.last(u"input_audio_buffer.speech_stopped"_s)[u"audio_end_ms"_s].toInteger();
        const QJsonObject item = retrieved(caller, started[u"item_id"_s].toString());
        QVERIFY(startMs > 2000 && startMs < 3500);
        QCOMPARE(audioOf(item),
            (silence + silence + silence + speech()->pcm()).mid(startMs * 48, (endMs - startMs) * 48));
        QVERIFY(!item[u"content"_s][0][u"transcript"_s].toString().isEmpty());
        QVERIFY(!caller.last(u"conversation.item.done"_s)[u"item"_s][u"content"_s][0].toObject().contains(
            u"audio"_s)); // in no other event
        QCOMPARE(caller.problems, QStringList());
    }

    void retrievesWhatWasSaid()
    {
        Caller caller;
        caller.send(R"({"type":"session.update","session":{"type":"realtime","audio":{
            "output":{"format":{"type":"audio/pcma"}}}}})");
        caller.write(u"Hello"_s);
        caller.send(R"({"type":"response.create"})");
        caller.run();
        QByteArray said;
        for (const QJsonObject &event : caller.events) {
            if (event[u"type"_s] == "response.output_audio.delta"_L1)
                said += QByteArray::fromBase64(event[u"delta"_s].toString().toLatin1());
        }
        const QJsonValue item = caller.last(u"response.done"_s)[u"response"_s][u"output"_s][0];
        const QJsonObject kept = retrieved(caller, item[u"id"_s].toString());
        QVERIFY(!said.isEmpty());
        QCOMPARE(audioOf(kept), said);
        QCOMPARE(kept[u"content"_s][0][u"transcript"_s], item[u"content"_s][0][u"transcript"_s]);
        QCOMPARE(caller.problems, QStringList());
    }

    void retrievesWhatWasGiven()
    {
        Caller caller;
        caller.send(R"({"type":"conversation.item.create","item":{"id":"given","type":"message","role":"user",
            "content":[{"type":"input_text","text":"Listen:"},{"type":"input_audio","audio":"AAECAw=="}]}})");
        const QJsonObject kept = retrieved(caller, u"given"_s);
        QCOMPARE(kept[u"content"_s][0][u"text"_s].toString(), u"Listen:"_s);
        QVERIFY(!kept[u"content"_s][0].toObject().contains(u"audio"_s));
        QCOMPARE(audioOf(kept, 1), QByteArray::fromHex("00010203"));
        QCOMPARE(caller.problems, QStringList());
    }

    void retrievesWhatWasCommittedByHand()
    {
        Caller caller;
        caller.send(R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{
            "turn_detection":null}}}})");
        for (const char letter : {'a', 'b'}) {
            caller.say(QByteArray(48000, letter));
            caller.send(R"({"type":"input_audio_buffer.commit"})");
            const QString id = caller.last(u"input_audio_buffer.committed"_s)[u"item_id"_s].toString();
            QCOMPARE(audioOf(retrieved(caller, id)), QByteArray(48000, letter));
        }
    }

    void keepsTheConversation()
    {
        Caller caller;
        const auto create = [&](const char *id, const char *previous) -> QJsonValue {
            QJsonObject event = parsed(R"({"type":"conversation.item.create","item":{"type":"message",
                "role":"system","content":[{"type":"input_text","text":"x"}]}})");
            QJsonObject item = event[u"item"_s].toObject();
            item[u"id"_s] = QString::fromLatin1(id);
            event[u"item"_s] = item;
            if (previous)
                event[u"previous_item_id"_s] = QString::fromLatin1(previous);
            caller.send(event);
            return caller.last(u"conversation.item.done"_s)[u"previous_item_id"_s];
        };
        QCOMPARE(create("a", nullptr), QJsonValue());
        QCOMPARE(create("b", nullptr), u"a"_s);
        QCOMPARE(create("between", "a"), u"a"_s);
        QCOMPARE(create("first", "root"), QJsonValue());
        create("a", nullptr);
        QCOMPARE(
            caller.last(u"error"_s)[u"error"_s][u"code"_s].toString(), u"item_create_duplicate_item_id"_s);
        caller.send(R"({"type":"conversation.item.delete","item_id":"between"})");
        QCOMPARE(caller.last(u"conversation.item.deleted"_s)[u"item_id"_s].toString(), u"between"_s);
        QCOMPARE(create("c", "a"), u"a"_s);
        QCOMPARE(caller.problems, QStringList());
    }

private:
    static QJsonObject retrieved(Caller &caller, const QString &id)
    {
        caller.send({{u"type"_s, u"conversation.item.retrieve"_s}, {u"item_id"_s, id}});
        return caller.last(u"conversation.item.retrieved"_s)[u"item"_s].toObject();
    }
    static QByteArray audioOf(const QJsonObject &item, qsizetype part = 0)
    {
        return QByteArray::fromBase64(item[u"content"_s][part][u"audio"_s].toString().toLatin1());
    }
};

RELAY_TEST(TestConversationEditor)
#include "tst_conversationeditor.moc"
