// SPDX-License-Identifier: MIT
#include "core/realtime/jsonmember.h"
#include "core/realtime/usagefact.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

EventType typeOf(QByteArrayView name)
{
    return sniffEventType("{\"type\":\"" + name.toByteArray() + "\"}");
}

QByteArray done(const QByteArray &usage, const QByteArray &status = "completed")
{
    return R"({"type":"response.done","event_id":"e1","response":{"id":"resp_1","status":")" + status
        + R"(","output":[{"usage":{"input_tokens":9}}],"usage":)" + usage + "}}";
}

std::optional<UsageFact> factOf(const QByteArray &event)
{
    return readUsage(sniffEventType(event), event);
}

/// The counts, for a table: in, cached and out, each by text, audio and image.
using Counts = QList<qint64>;
Counts countsOf(const Usage &usage)
{
    return {usage.textIn, usage.audioIn, usage.imageIn, usage.textCached, usage.audioCached,
        usage.imageCached, usage.textOut, usage.audioOut};
}

/// The events of a recorded session that the server has sent, as it has sent them.
QList<QByteArray> recorded(const QString &name)
{
    QFile file(QStringLiteral(RECORDINGS) + u'/' + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(file.fileName()));
    QList<QByteArray> events;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.contains("\"from\": \"server\""))
            events.append(QByteArray(jsonMember(line, "event").toByteArray()).chopped(1)); // the line's brace
    }
    return events;
}

} // namespace

class tst_UsageFact : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void typesThatMatter()
    {
        QByteArrayList usage;
        QByteArrayList sessions;
        QByteArrayList translation;
        for (int type = 0; type < 256; ++type) {
            const QByteArray name = eventTypeName(EventType(type)).toByteArray();
            if (carriesUsage(EventType(type)))
                usage.append(name);
            if (tellsSession(EventType(type)))
                sessions.append(name);
            if (appendsToTranslation(EventType(type)))
                translation.append(name);
        }
        QCOMPARE(usage,
            (QByteArrayList{"conversation.item.input_audio_transcription.completed", "decision.event",
                "response.done", "response.event", "session.closed", "session.usage.updated"}));
        QCOMPARE(sessions,
            (QByteArrayList{"session.created", "session.started", "session.updated",
                "transcription_session.created", "transcription_session.updated"}));
        QCOMPARE(translation, QByteArrayList{"session.input_audio_buffer.append"});
    }

    void tokens_data()
    {
        QTest::addColumn<QByteArray>("usage");
        QTest::addColumn<Counts>("counts"); // empty: it tells none
        QTest::newRow("all of it")
            << R"({"total_tokens":253,"input_tokens":132,"output_tokens":121,"input_token_details":{"text_tokens":119,
                "audio_tokens":10,"image_tokens":3,"cached_tokens":64,"cached_tokens_details":{"text_tokens":60,
                "audio_tokens":4,"image_tokens":0}},"output_token_details":{"text_tokens":30,"audio_tokens":91}})"_ba
            << Counts{59, 6, 3, 60, 4, 0, 30, 91};
        QTest::newRow("totals alone")
            << R"({"input_tokens":12,"output_tokens":7})"_ba << Counts{12, 0, 0, 0, 0, 0, 7, 0};
        QTest::newRow("details alone")
            << R"({"input_token_details":{"audio_tokens":5},"output_token_details":{"text_tokens":2}})"_ba
            << Counts{0, 5, 0, 0, 0, 0, 2, 0};
        QTest::newRow("what the details leave")
            << R"({"input_tokens":10,"output_tokens":9,"input_token_details":{"audio_tokens":4},
                "output_token_details":{"audio_tokens":8}})"_ba
            << Counts{6, 4, 0, 0, 0, 0, 1, 8};
        QTest::newRow("details beyond the total")
            << R"({"input_tokens":3,"input_token_details":{"text_tokens":2,"audio_tokens":4}})"_ba
            << Counts{2, 4, 0, 0, 0, 0, 0, 0};
        QTest::newRow("cached, of which kind is not said")
            << R"({"input_tokens":20,"input_token_details":{"text_tokens":8,"audio_tokens":9,"image_tokens":3,
                "cached_tokens":18}})"_ba
            << Counts{0, 0, 2, 8, 9, 1, 0, 0};
        QTest::newRow("cached, of which kind is said in part")
            << R"({"input_tokens":20,"input_token_details":{"text_tokens":8,"audio_tokens":12,"cached_tokens":10,
                "cached_tokens_details":{"audio_tokens":7}}})"_ba
            << Counts{5, 5, 0, 3, 7, 0, 0, 0};
        QTest::newRow("more cached than there is")
            << R"({"input_tokens":5,"input_token_details":{"text_tokens":5,"cached_tokens":50}})"_ba
            << Counts{0, 0, 0, 5, 0, 0, 0, 0};
        QTest::newRow("as the Responses API has it")
            << R"({"input_tokens":100,"input_tokens_details":{"cached_tokens":40,"cache_write_tokens":7},
                "output_tokens":30,"output_tokens_details":{"reasoning_tokens":20},"total_tokens":130})"_ba
            << Counts{60, 0, 0, 40, 0, 0, 30, 0};
        QTest::newRow("nothing was used")
            << R"({"input_tokens":0,"output_tokens":0})"_ba << Counts{0, 0, 0, 0, 0, 0, 0, 0};
        QTest::newRow("one number is broken")
            << R"({"input_tokens":9,"output_tokens":-4,"input_token_details":{"text_tokens":1.5,"audio_tokens":2}})"_ba
            << Counts{7, 2, 0, 0, 0, 0, 0, 0};
        QTest::newRow("as large as may be")
            << R"({"input_tokens":1000000000000})"_ba << Counts{1'000'000'000'000, 0, 0, 0, 0, 0, 0, 0};
        for (const char *none : {"null", "{}", "[]", "5", "\"12\"", R"({"input_tokens":-1})",
                 R"({"input_tokens":1.5})", R"({"input_tokens":1e3})", R"({"input_tokens":"12"})",
                 R"({"input_tokens":1000000000001})", R"({"input_tokens":99999999999999999999})",
                 R"({"total_tokens":12})", R"({"input_token_details":5})"})
            QTest::addRow("none: %s", none) << QByteArray(none) << Counts();
    }
    void tokens()
    {
        QFETCH(QByteArray, usage);
        QFETCH(Counts, counts);
        const auto fact = factOf(done(usage));
        QVERIFY(fact);
        QCOMPARE(fact->of, UsageOf::Response);
        QCOMPARE(fact->id, "resp_1"_ba);
        QCOMPARE(fact->status, ResponseStatus::Completed);
        QVERIFY(fact->model.isEmpty());
        QCOMPARE(fact->hasUsage, !counts.isEmpty());
        QCOMPARE(countsOf(fact->usage), counts.isEmpty() ? Counts(8, 0) : counts);
        QCOMPARE(fact->usage.ms, qint64(0));
    }

    void statuses()
    {
        const QByteArray usage = R"({"input_tokens":1})";
        QCOMPARE(factOf(done(usage, "cancelled"))->status, ResponseStatus::Cancelled);
        QCOMPARE(factOf(done(usage, "incomplete"))->status, ResponseStatus::Incomplete);
        QCOMPARE(factOf(done(usage, "failed"))->status, ResponseStatus::Failed);
        QCOMPARE(factOf(done(usage, "of tomorrow"))->status, ResponseStatus::Unknown);
    }

    void brokenResponse_data()
    {
        QTest::addColumn<QByteArray>("event");
        QTest::newRow("cut") << done(R"({"input_tokens":1})").chopped(1);
        QTest::newRow("without a response") << R"({"type":"response.done"})"_ba;
        QTest::newRow("the response is none") << R"({"type":"response.done","response":null})"_ba;
        QTest::newRow("usage elsewhere")
            << R"({"type":"response.done","usage":{"input_tokens":1},"response":{"output":[{"usage":{"input_tokens":1}}]}})"_ba;
    }
    void brokenResponse() // it was one, and what it used is not known
    {
        QFETCH(QByteArray, event);
        const auto fact = factOf(event);
        QVERIFY(fact);
        QVERIFY(!fact->hasUsage);
        QVERIFY(fact->id.isEmpty());
    }

    void longIdIsCut()
    {
        const QByteArray id(1000, 'x');
        const auto fact = factOf(R"({"type":"response.done","response":{"id":")" + id + R"("}})");
        QCOMPARE(fact->id, id.first(128));
    }

    void transcriptions_data()
    {
        QTest::addColumn<QByteArray>("usage");
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<Counts>("counts");
        QTest::addColumn<bool>("isKnown");
        const Counts none(8, 0);
        QTest::newRow("by time") << R"({"type":"duration","seconds":3})"_ba << qint64(3000) << none << true;
        QTest::newRow("by parts of a second")
            << R"({"seconds":2.3456,"type":"duration"})"_ba << qint64(2346) << none << true;
        QTest::newRow("by tokens")
            << R"({"type":"tokens","total_tokens":30,"input_tokens":22,"output_tokens":8,
                "input_token_details":{"text_tokens":0,"audio_tokens":22}})"_ba
            << qint64(0) << Counts{0, 22, 0, 0, 0, 0, 8, 0} << true;
        QTest::newRow("less than nothing")
            << R"({"type":"duration","seconds":-3})"_ba << qint64(0) << none << false;
        QTest::newRow("30,000 years and more")
            << R"({"type":"duration","seconds":1000000000.001})"_ba << qint64(0) << none << false;
        QTest::newRow("none") << "null"_ba << qint64(0) << none << false;
    }
    void transcriptions()
    {
        QFETCH(QByteArray, usage);
        const auto fact = factOf(
            R"({"type":"conversation.item.input_audio_transcription.completed","event_id":"e","item_id":"item_7",)"
            R"("content_index":2,"transcript":"'usage':1","usage":)"
            + usage + "}");
        QVERIFY(fact);
        QCOMPARE(fact->of, UsageOf::Transcription);
        QCOMPARE(fact->id, "item_7:2"_ba);
        QTEST(fact->usage.ms, "ms");
        QTEST(countsOf(fact->usage), "counts");
        QTEST(fact->hasUsage, "isKnown");
    }

    void live()
    {
        auto fact = factOf(R"({"type":"session.usage.updated","event_id":"e","usage":{"seconds":15.1}})");
        QVERIFY(fact && fact->hasUsage && !fact->isLast);
        QCOMPARE(fact->of, UsageOf::LiveVoice);
        QCOMPARE(fact->usage.ms, qint64(15'100));
        fact = factOf(
            R"({"type":"session.closed","session":{"usage":{"seconds":1}},"reason":"expired","usage":{"seconds":61}})");
        QVERIFY(fact && fact->hasUsage && fact->isLast);
        QCOMPARE(fact->usage.ms, qint64(61'000));
        fact = factOf(R"({"type":"session.usage.updated","usage":{"seconds":null}})");
        QVERIFY(fact && !fact->hasUsage);
        QVERIFY(!factOf(R"({"type":"session.closed","event_id":"of a translation"})"));
        QVERIFY(!factOf(R"({"type":"session.closed","usage":)"));
    }

    void liveBackend()
    {
        const auto event = [](const QByteArray &type) -> QByteArray {
            return QByteArray(
                R"({"type":"response.event","event_id":"e","event":{"type":"TYPE","response":{"id":"resp_9","model":"gpt-5.2","status":"completed","usage":{"input_tokens":50,"output_tokens":4}}},"delegation_id":null})")
                .replace("TYPE", type);
        };
        for (const QByteArray type : {"response.completed", "response.incomplete", "response.failed"}) {
            const auto fact = factOf(event(type));
            QVERIFY(fact && fact->hasUsage);
            QCOMPARE(fact->of, UsageOf::LiveBackend);
            QCOMPARE(fact->id, "resp_9"_ba);
            QCOMPARE(fact->model, "gpt-5.2"_ba);
            QCOMPARE(fact->usage.textIn, qint64(50));
            QVERIFY(mayTellUsage(typeOf("response.event"), event(type).first(100)));
        }
        for (const QByteArray type :
            {"response.created", "response.output_text.delta", "response.completedly"}) {
            QVERIFY(!factOf(event(type)));
            QVERIFY(!mayTellUsage(typeOf("response.event"), event(type).first(100)));
        }
        // Where the first bytes do not say it, all of them are asked for.
        QVERIFY(mayTellUsage(typeOf("response.event"), event("response.created").first(50)));
        QVERIFY(
            mayTellUsage(typeOf("response.event"), "{\"type\":\"response.event\",\"event\":{\"response\":{"));
        QVERIFY(mayTellUsage(typeOf("response.done"), {}));
        QVERIFY(!mayTellUsage(typeOf("response.output_audio.delta"), event("response.completed")));
    }

    void liveDecision()
    {
        const auto fact = factOf(
            R"({"type":"decision.event","event_id":"event_3","event":{"type":"decision.completed","decision":{"model":"gpt-x",)"
            R"("answers":[],"usage":{"input_tokens":5,"output_tokens":1}}}})");
        QVERIFY(fact && fact->hasUsage);
        QCOMPARE(fact->of, UsageOf::LiveDecision);
        QCOMPARE(fact->id, "event_3"_ba);
        QCOMPARE(fact->model, "gpt-x"_ba);
        QVERIFY(!factOf(R"({"type":"decision.event","event_id":"event_3","event":{}})"));
    }

    void othersTellNone()
    {
        QVERIFY(!factOf(R"({"type":"response.created","response":{"usage":{"input_tokens":5}}})"));
        QVERIFY(!readUsage(noEvent, {}));
        QVERIFY(!readUsage(unknownEvent, "{}"));
    }

    void models_data()
    {
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<QByteArray>("session");
        QTest::addColumn<QByteArray>("transcription");
        QTest::newRow("today's")
            << R"({"type":"session.updated","session":{"id":"s","model":"gpt-realtime","audio":{"input":{"transcription":{"language":null,"model":"whisper-1"}}}}})"_ba
            << "gpt-realtime"_ba
            << "whisper-1"_ba;
        QTest::newRow("without a transcription")
            << R"({"session":{"audio":{"input":{"transcription":null}},"model":"gpt-realtime"}})"_ba
            << "gpt-realtime"_ba
            << ""_ba;
        QTest::newRow("older servers'")
            << R"({"session":{"input_audio_transcription":{"model":"gpt-transcribe"}}})"_ba
            << ""_ba
            << "gpt-transcribe"_ba;
        QTest::newRow("odd") << R"({"session":{"model":5,"audio":[]}})"_ba
                             << ""_ba
                             << ""_ba;
    }
    void models()
    {
        QFETCH(QByteArray, event);
        const auto models = readSessionModels(event);
        QVERIFY(models);
        QTEST(models->session, "session");
        QTEST(models->transcription, "transcription");
    }
    void modelsOfNothing()
    {
        QVERIFY(!readSessionModels({}));
        QVERIFY(!readSessionModels(R"({"type":"session.created"})"));
        QVERIFY(!readSessionModels(R"({"session":{"model":"gpt-realtime")"));
    }

    void audioBegins()
    {
        QCOMPARE(audioBeginsAt(R"({"type":"x","audio":"AAAA"})"), qsizetype(21));
        QCOMPARE(audioBeginsAt("{\"audio\": \"AA"), qsizetype(11));
        QCOMPARE(audioBeginsAt(R"({"type":"x","audio":)"), qsizetype(-1));
        QCOMPARE(audioBeginsAt(R"({"type":"x","audio":null})"), qsizetype(-1));
        QCOMPARE(audioBeginsAt({}), qsizetype(-1));
    }

    // What OpenAI has sent, summed up by hand.
    void recordings_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<Counts>("counts");
        QTest::addColumn<qint64>("ms");
        QTest::newRow("speech") << u"speech-turn.jsonl"_s << Counts{14, 27, 0, 0, 0, 0, 28, 136}
                                << qint64(3000);
        QTest::newRow("text") << u"text-in-audio-out.jsonl"_s << Counts{16, 0, 0, 0, 0, 0, 9, 15}
                              << qint64(0);
        QTest::newRow("tool") << u"tool-call.jsonl"_s << Counts{63 + 39, 0, 0, 64, 0, 0, 22 + 13, 0}
                              << qint64(0);
    }
    void recordings()
    {
        QFETCH(QString, name);
        Usage sum;
        QByteArray model;
        for (const QByteArray &event : recorded(name)) {
            const EventType type = sniffEventType(event);
            QVERIFY(type != unknownEvent);
            if (tellsSession(type))
                model = readSessionModels(event)->session;
            if (const auto fact = readUsage(type, event)) {
                QVERIFY(fact->hasUsage);
                sum += fact->usage;
            }
        }
        QTEST(countsOf(sum), "counts");
        QTEST(sum.ms, "ms");
        QCOMPARE(model, "gpt-realtime"_ba);
    }

    void howMuchAMillisecondIs()
    {
        const auto spoken = [](const QByteArray &session) {
            return readSessionModels(R"({"type":"session.created","session":)" + session + '}')
                ->spokenBytesPerMs;
        };
        QCOMPARE(spoken(R"({"model":"a"})"), 48);
        QCOMPARE(spoken(R"({"audio":{"output":{"format":{"type":"audio/pcm","rate":24000}}}})"), 48);
        QCOMPARE(
            spoken(
                R"({"audio":{"input":{"format":{"type":"audio/pcm"}},"output":{"format":{"type":"audio/pcmu"}}}})"),
            8);
        QCOMPARE(spoken(R"({"audio":{"output":{"format":{"type":"audio/pcma"}}}})"), 8);
        QCOMPARE(spoken(R"({"output_audio_format":"g711_ulaw"})"), 8);
        QCOMPARE(spoken(R"({"output_audio_format":"pcm16"})"), 48);
    }
};

RELAY_TEST(tst_UsageFact)
#include "tst_usagefact.moc"
