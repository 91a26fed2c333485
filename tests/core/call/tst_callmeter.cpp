// SPDX-License-Identifier: MIT
#include "core/call/callmeter.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <optional>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

std::shared_ptr<const Prices> listOfPrices()
{
    return std::get<std::shared_ptr<const Prices>>(Prices::read(R"({"models":[
        {"ids":["voice"],"text":{"in":4,"cached":0.4,"out":16},"audio":{"in":32,"cached":0.4,"out":64}},
        {"ids":["writer"],"perMinute":0.006},{"ids":["live"],"perMinute":0.05},
        {"ids":["backend"],"text":{"in":2,"out":8}},{"ids":["translator"],"perMinute":0.034}]})"));
}

/// A call's record and its meter.
struct Metered
{
    explicit Metered(CallKind kind = CallKind::Realtime, const QString &model = u"voice"_s,
        std::shared_ptr<const Prices> list = listOfPrices())
    {
        record.kind = kind;
        record.model = model;
        record.id = u"0badcafe"_s;
        journal.setLevel(LogLevel::Debug);
        meter.emplace(
            record, std::move(list), QList<Secret>{Secret("sk-secret-key-of-a-client")}, nullptr, &journal);
    }

    /// As the call does with a message of the upstream.
    bool says(const QByteArray &event)
    {
        const EventType type = sniffEventType(event);
        const bool isWanted = meter->wants(type, event.first(std::min<qsizetype>(event.size(), 256)));
        if (isWanted)
            meter->read(type, event);
        return isWanted;
    }
    /// As with one that it passes without reading it.
    void passesUnread(const QByteArray &event) { meter->wants(sniffEventType(event), event); }
    void responseDone(const QByteArray &id,
        const QByteArray &usage = R"({"input_tokens":10,"output_tokens":5})",
        const QByteArray &status = "completed")
    {
        says(R"({"type":"response.done","response":{"id":")" + id + R"(","status":")" + status
            + R"(","usage":)" + usage + "}}");
    }
    void clientSays(const QByteArray &event)
    {
        meter->clientBegins(sniffEventType(event), event.first(std::min<qsizetype>(event.size(), 256)));
        meter->clientEnds(event.size());
    }
    UsageTotals totals() const { return record.usage.totals(); }
    QByteArray cost() const { return decimalText(totals().cost); }
    QStringList models() const
    {
        QStringList names;
        for (int place = 0; place < record.usage.models(); ++place)
            names.append(record.usage.ofModel(place).model);
        return names;
    }

    /// What its log has said, without the times.
    QList<QByteArray> lines() const
    {
        QList<QByteArray> result;
        for (const JournalEntry &each : journal.entriesAfter(0)) {
            const QByteArray line = journalLine(each, LogFormat::Text);
            result.append(line.mid(line.indexOf("of=")));
        }
        return result;
    }

    CallRecord record;
    Journal journal;
    std::optional<CallMeter> meter;
};

QByteArray usageUpdated(const QByteArray &seconds)
{
    return R"({"type":"session.usage.updated","event_id":"e","usage":{"seconds":)" + seconds + "}}";
}

const QByteArray liveStarted = R"({"type":"session.started","session":{"id":"live_1","model":"live"}})";

QByteArray with(QByteArray event, const QByteArray &audio)
{
    return event.replace("AUDIO", audio);
}

} // namespace

class tst_CallMeter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void countsResponses()
    {
        Metered m;
        QVERIFY(!m.says(R"({"type":"response.output_audio.delta","delta":"AAAA"})"));
        QVERIFY(m.totals().isEmpty());
        m.responseDone("a");
        m.responseDone("b",
            R"({"input_tokens":30,"input_token_details":{"audio_tokens":30,"cached_tokens":10,"cached_tokens_details":{"audio_tokens":10}},
            "output_token_details":{"text_tokens":1,"audio_tokens":2}})");
        const UsageTotals totals = m.totals();
        QCOMPARE(totals.usage, (Usage{10, 20, 0, 0, 10, 0, 6, 2, 0}));
        // 10 × 4 + 5 × 16 = 120, and 20 × 32 + 10 × 0.4 + 1 × 16 + 2 × 64 = 788, for a million
        QCOMPARE(m.cost(), "0.000908"_ba);
        QCOMPARE(totals.responses, 2);
        QCOMPARE(totals.cancelled, 0);
        QCOMPARE(totals.unpriced, 0);
        QCOMPARE(totals.unread, 0);
        QCOMPARE(m.models(), QStringList{u"voice"_s});
    }

    // To the last digit: what one turn costs is told nowhere else.
    void eachFactIsALineOfTheLog()
    {
        Metered m;
        m.record.clientAddress = u"192.0.2.7"_s;
        m.record.access = 7;
        m.record.accessName = u"demo"_s;
        m.says(R"({"type":"session.created","session":{"model":"voice",
            "audio":{"input":{"transcription":{"model":"writer"}}}}})");
        for (int times = 0; times < 2; ++times) // told again, it is no more
            m.responseDone(
                "a", R"({"input_tokens":10,"input_token_details":{"text_tokens":10,"cached_tokens":1,
                "cached_tokens_details":{"text_tokens":1}},"output_tokens":5})");
        m.says(
            R"({"type":"conversation.item.input_audio_transcription.completed","item_id":"a","content_index":0,
            "transcript":"private business","usage":{"type":"duration","seconds":1.5}})");
        m.says(
            R"({"type":"session.created","session":{"model":"of sk-secret-key-of-a-client and tomorrow"}})");
        m.responseDone("b");
        m.responseDone("c", "null");
        m.passesUnread(R"({"type":"response.done",)");
        m.meter->finish();
        const QByteArray who = "client=192.0.2.7 origin=\"\" model=";
        const auto lines = m.lines();
        QCOMPARE(lines.size(), 5);
        // 9 × 4 + 1 × 0.4 + 5 × 16 = 116.4 for a million
        QCOMPARE(lines[0],
            "of=response " + who + "voice access=demo tokens_in=10 tokens_out=5 cost_usd=0.000116400000");
        QCOMPARE(lines[1],
            "of=transcription " + who
                + "writer access=demo tokens_in=0 tokens_out=0 billed_ms=1500 cost_usd=0.000150000000");
        QVERIFY2(lines[2].contains("tokens_in=10 tokens_out=5 cost_usd=unknown"), lines[2]);
        QVERIFY2(!lines[2].contains("secret"), lines[2]);
        for (const QByteArray &line : {lines[3], lines[4]}) {
            QVERIFY2(line.endsWith("access=demo cost_usd=unknown usage_unread=1"), line);
        }
        for (const JournalEntry &each : m.journal.entriesAfter(0)) {
            QCOMPARE(each.event, "usage"_ba);
            QCOMPARE(each.call, u"0badcafe"_s);
            QCOMPARE(each.level, LogLevel::Debug);
            QVERIFY(!journalLine(each, LogFormat::Json).contains("business"));
        }
    }

    void aLineIsForWhoWantsIt()
    {
        Metered m;
        m.journal.setLevel(LogLevel::Info);
        m.responseDone("a");
        QCOMPARE(m.totals().responses, 1);
        QVERIFY(m.lines().isEmpty());
    }

    // Whose it watches is billed for it.
    void theLineOfASidebandHasNoCost()
    {
        Metered m(CallKind::Sideband);
        m.responseDone("a");
        QCOMPARE(m.lines().size(), 1);
        QVERIFY2(m.lines()[0].endsWith("tokens_in=10 tokens_out=5"), m.lines()[0]);
    }

    void whatIsToldTwiceCountsOnce()
    {
        Metered m;
        m.responseDone("a");
        m.responseDone("a");
        QCOMPARE(m.totals().responses, 1);
        m.responseDone({});
        m.responseDone({});
        QCOMPARE(m.totals().responses, 3); // what has no id cannot be told from another
        const auto transcription = [](int index) -> QByteArray {
            return R"({"type":"conversation.item.input_audio_transcription.completed","item_id":"a","content_index":)"
                + QByteArray::number(index) + R"(,"usage":{"type":"duration","seconds":1}})";
        };
        m.says(transcription(0));
        m.says(transcription(0));
        m.says(transcription(1));
        QCOMPARE(m.totals().usage.ms, 2000);
    }

    void forgetsTheOldestIds()
    {
        Metered m;
        for (int i = 0; i < CallMeter::mostIds; ++i)
            m.responseDone(QByteArray::number(i));
        m.responseDone("0"); // is remembered
        QCOMPARE(m.totals().responses, CallMeter::mostIds);
        m.responseDone("one more");
        m.responseDone("1");
        QCOMPARE(m.totals().responses, CallMeter::mostIds + 1);
        m.responseDone("0"); // the one that had to go
        QCOMPARE(m.totals().responses, CallMeter::mostIds + 2);
        m.responseDone("one more");
        QCOMPARE(m.totals().responses, CallMeter::mostIds + 2);
    }

    void cancelledAndMissing()
    {
        Metered m;
        m.responseDone("a", R"({"input_tokens":10,"output_tokens":5})", "cancelled");
        QCOMPARE(m.cost(), "0.000120"_ba);
        m.responseDone("b", "null", "cancelled");
        m.responseDone("c", "null", "failed");
        QCOMPARE(m.totals().responses, 3);
        QCOMPARE(m.totals().cancelled, 2);
        QCOMPARE(m.totals().unread, 2);
        QCOMPARE(m.totals().unpriced, 0);
        QCOMPARE(m.totals().usage.tokensIn(), 10);
    }

    void unknownPrices()
    {
        Metered m(CallKind::Realtime, u"of tomorrow"_s);
        m.responseDone("a");
        QCOMPARE(m.totals().unpriced, 1);
        QVERIFY(!m.totals().isCostKnown());
        QCOMPARE(m.totals().usage.tokensIn(), 10);
        m.says(R"({"type":"session.updated","session":{"model":"voice"}})");
        m.responseDone("b");
        QVERIFY(m.totals().isCostKnown()); // so much at the least
        QCOMPARE(m.totals().unpriced, 1);
        QCOMPARE(m.cost(), "0.000120"_ba);
        QCOMPARE(m.models(), (QStringList{u"of tomorrow"_s, u"voice"_s}));

        Metered none(CallKind::Realtime, u"voice"_s, nullptr);
        none.responseDone("a");
        QCOMPARE(none.totals().unpriced, 1);
    }

    void theSessionSaysItsModel()
    {
        Metered m(CallKind::Realtime, {});
        QVERIFY(m.says(R"({"type":"session.created","session":{"model":"voice"}})"));
        m.responseDone("a");
        QVERIFY(m.says(R"({"type":"session.updated","session":{"instructions":"x"}})")); // and keeps it
        m.responseDone("b");
        QCOMPARE(m.models(), QStringList{u"voice"_s});
        QCOMPARE(m.cost(), "0.000240"_ba);
    }

    void theAliasIsWhatAnswers()
    {
        CallRecord record;
        record.model = u"retired"_s;
        record.untold.answer(u"retired"_s, u"voice"_s);
        CallMeter meter(record, listOfPrices(), {});
        const QByteArray done = R"({"type":"response.done","response":{"usage":{"input_tokens":1}}})";
        meter.read(sniffEventType(done), done);
        QCOMPARE(record.usage.ofModel(0).model, u"voice"_s);
        QCOMPARE(record.usage.totals().unpriced, 0);
    }

    void transcriptionHasAModelOfItsOwn()
    {
        Metered m;
        const QByteArray completed
            = R"({"type":"conversation.item.input_audio_transcription.completed","item_id":"i","usage":{"type":"duration","seconds":3}})";
        m.says(
            R"({"type":"session.updated","session":{"model":"voice","audio":{"input":{"transcription":{"model":"writer"}}}}})");
        m.says(completed);
        m.responseDone("a");
        QCOMPARE(m.models(), (QStringList{u"writer"_s, u"voice"_s}));
        QCOMPARE(decimalText(m.record.usage.ofModel(0).totals().cost), "0.000300"_ba);
        QCOMPARE(m.totals().usage.ms, 3000);
        QCOMPARE(m.totals().responses, 1);
        QCOMPARE(m.cost(), "0.000420"_ba);

        Metered unnamed;
        unnamed.says(completed);
        QCOMPARE(unnamed.totals().unpriced, 1); // not what the session's model would cost
    }

    void tooLargeToBeRead()
    {
        Metered m;
        const QByteArray done = R"({"type":"response.done","response":{"id":"a"}})";
        m.passesUnread(done);
        QCOMPARE(m.totals().unread, 0); // it may yet be
        m.says(R"({"type":"response.created"})");
        QCOMPARE(m.totals().unread, 1);
        m.responseDone("b");
        QCOMPARE(m.totals().unread, 1);
        m.passesUnread(done);
        m.meter->finish();
        QCOMPARE(m.totals().unread, 2);
        m.passesUnread(R"({"type":"session.created"})"); // which tells no usage
        m.meter->finish();
        QCOMPARE(m.totals().unread, 2);
    }

    void liveIsBilledByTheSecond()
    {
        Metered m(CallKind::Live, {});
        QVERIFY(m.says(liveStarted));
        QCOMPARE(m.record.usage.isUnconfirmed.value(), 1);
        m.says(usageUpdated("15.0"));
        QCOMPARE(m.cost(), "0.012500"_ba);
        m.says(usageUpdated("15"));
        m.says(usageUpdated("14.2")); // falls: it came late
        QCOMPARE(m.totals().usage.ms, 15'000);
        m.says(usageUpdated("null"));
        m.says(usageUpdated("31.5"));
        QCOMPARE(m.totals().usage.ms, 31'500);
        QCOMPARE(m.cost(), "0.026250"_ba);
        QCOMPARE(m.record.usage.isUnconfirmed.value(), 1);
        m.says(R"({"type":"session.closed","reason":"expired","session":{},"usage":{"seconds":60.02}})");
        m.meter->finish();
        QCOMPARE(m.record.usage.isUnconfirmed.value(), 0);
        QCOMPARE(m.totals().usage.ms, 60'020);
        QCOMPARE(m.cost(), "0.050017"_ba); // 60.02 × 0.05 ÷ 60
        QCOMPARE(m.totals().responses, 0);
        QCOMPARE(m.totals().unread, 0);
        QCOMPARE(m.models(), QStringList{u"live"_s});
    }

    void liveRoundsOnce() // not with every snapshot
    {
        Metered m(CallKind::Live, u"live"_s);
        for (int i = 1; i <= 1000; ++i)
            m.says(usageUpdated(
                QByteArray::number(i / 1000) + '.' + QByteArray::number(i % 1000).rightJustified(3, '0')));
        QCOMPARE(m.totals().usage.ms, 1000);
        QCOMPARE(decimalText(m.totals().cost, 12), "0.000833333333"_ba);
    }

    void liveWithoutAPrice()
    {
        Metered m(CallKind::Live, u"of tomorrow"_s);
        m.says(usageUpdated("15"));
        m.says(usageUpdated("30"));
        QCOMPARE(m.totals().unpriced, 1); // one session
        QCOMPARE(m.totals().usage.ms, 30'000);
    }

    void liveThatIsCutOff()
    {
        Metered m(CallKind::Live, {});
        m.says(liveStarted);
        m.meter->finish();
        QCOMPARE(m.totals().unread, 1);
        QCOMPARE(m.record.usage.isUnconfirmed.value(), 1);

        Metered told(CallKind::Live, {});
        told.says(liveStarted);
        told.says(usageUpdated("15"));
        told.meter->finish();
        QCOMPARE(told.totals().unread, 0);
        QCOMPARE(told.record.usage.isUnconfirmed.value(), 1);

        Metered neverBegun(CallKind::Live, {});
        neverBegun.meter->finish();
        QVERIFY(neverBegun.totals().isEmpty());
        QCOMPARE(neverBegun.record.usage.isUnconfirmed.value(), 0);
    }

    void liveDelegates()
    {
        Metered m(CallKind::Live, u"live"_s);
        const auto event = [](const QByteArray &type) -> QByteArray {
            return QByteArray(
                R"({"type":"response.event","event":{"type":"TYPE","response":{"id":"r","model":"backend","status":"completed","usage":{"input_tokens":100,"output_tokens":10}}}})")
                .replace("TYPE", type);
        };
        QVERIFY(!m.says(event("response.output_text.delta")));
        QVERIFY(m.says(event("response.completed")));
        m.says(event("response.completed"));
        m.says(usageUpdated("60"));
        QCOMPARE(m.models(), (QStringList{u"backend"_s, u"live"_s}));
        QCOMPARE(m.totals().responses, 1);
        QCOMPARE(m.totals().usage, (Usage{100, 0, 0, 0, 0, 0, 10, 0, 60'000}));
        QCOMPARE(m.cost(), "0.050280"_ba); // 100 × 2 + 10 × 8 for a million, and a minute
    }

    void aSidebandOnlyWatches()
    {
        Metered m(CallKind::Sideband, u"voice"_s);
        m.says(liveStarted);
        m.says(usageUpdated("60"));
        m.responseDone("a");
        m.meter->finish();
        QCOMPARE(m.totals().usage, (Usage{10, 0, 0, 0, 0, 0, 5, 0, 0}));
        QCOMPARE(m.totals().cost, Money());
        QCOMPARE(m.totals().unpriced, 0);
        QCOMPARE(m.totals().unread, 0);
        QCOMPARE(m.record.usage.isUnconfirmed.value(), 0);
    }

    void translationIsMeasured()
    {
        Metered m(CallKind::Translation, u"translator"_s);
        // 200 ms: 9,600 bytes, 12,800 characters.
        const auto append = [](const QByteArray &before) -> QByteArray {
            return "{\"type\":\"session.input_audio_buffer.append\"," + before + "\"audio\":\""
                + QByteArray(9600, '\0').toBase64() + "\"}";
        };
        m.clientSays(append({}));
        QCOMPARE(m.totals().usage.ms, 200);
        m.clientSays(append("\"event_id\":\"event_12345678901234567890\","));
        m.clientSays(append("\n  \"x\": {},\n  "));
        m.clientSays(R"({"type":"session.update","session":{"audio":"no"}})");
        QCOMPARE(m.totals().usage.ms, 600);
        for (int i = 0; i < 297; ++i)
            m.clientSays(append({}));
        QCOMPARE(m.totals().usage.ms, 60'000);
        QCOMPARE(m.cost(), "0.034000"_ba);
        // What begins too far behind to be seen is measured by the usual frame.
        m.clientSays(append("\"event_id\":\"" + QByteArray(300, 'x') + "\","));
        QVERIFY(m.totals().usage.ms >= 60'200 && m.totals().usage.ms < 60'210);

        QVERIFY(!m.says(R"({"type":"session.closed","event_id":"e"})")); // tells none
        m.meter->finish();
        QCOMPARE(m.totals().unread, 0);
    }

    void beginningsThatSayNoType()
    {
        Metered m;
        QVERIFY(m.meter->wants(unknownEvent, "{\"type\":\"respon"));
        QVERIFY(m.meter->wants(unknownEvent, {}));
        QVERIFY(!m.meter->wants(unknownEvent, QByteArray(80, ' ')));
        m.meter->finish();
        QVERIFY(m.totals().isEmpty());

        Metered translation(CallKind::Translation, u"translator"_s);
        translation.meter->clientBegins(unknownEvent, "{\"ty");
        translation.meter->clientEnds(12'857);
        QCOMPARE(translation.totals().usage.ms, 200);
        translation.meter->clientBegins(unknownEvent, "{\"ty");
        translation.meter->clientEnds(500); // of any length
        QCOMPARE(translation.totals().usage.ms, 206);
    }

    // The client chooses how its messages look.
    void aTranslationIsMeasuredHoweverItIsSent_data()
    {
        QTest::addColumn<QByteArray>("event");
        QTest::newRow("audio first") << with(
            R"({"audio":"AUDIO","type":"session.input_audio_buffer.append"})", QByteArray(12'800, 'A'));
        QTest::newRow("a long id first")
            << with(R"({"event_id":"ID","type":"session.input_audio_buffer.append","audio":"AUDIO"})",
                   QByteArray(12'800, 'A'))
                   .replace("ID\"", QByteArray(300, 'x') + '"');
        QTest::newRow("an escape") << with(
            R"({"type":"session.input_audio_buffer.\u0061ppend","audio":"AUDIO"})", QByteArray(12'800, 'A'));
    }
    void aTranslationIsMeasuredHoweverItIsSent()
    {
        QFETCH(QByteArray, event);
        Metered m(CallKind::Translation, u"translator"_s);
        m.clientSays(event);
        QVERIFY2(m.totals().usage.ms >= 200, QByteArray::number(m.totals().usage.ms).constData());
    }

    // Of two members of one name the upstream may take the other.
    void aTranslationsOtherWordsAreFewOrSpeech()
    {
        Metered m(CallKind::Translation, u"translator"_s);
        const QByteArray event
            = with(R"({"type":"session.update","type":"session.input_audio_buffer.append","audio":"AUDIO"})",
                QByteArray(6400, 'A'));
        for (int i = 0; i < 5; ++i)
            m.clientSays(event);
        QCOMPARE(m.totals().usage.ms, 0);
        for (int i = 0; i < 10; ++i)
            m.clientSays(event);
        QVERIFY2(m.totals().usage.ms >= 500, QByteArray::number(m.totals().usage.ms).constData());
    }

    void audioOfOthersIsNotMeasured()
    {
        Metered m;
        m.clientSays(R"({"type":"session.input_audio_buffer.append","audio":"AAAAAAAAAAAA"})");
        m.clientSays(R"({"type":"input_audio_buffer.append","audio":"AAAAAAAAAAAA"})");
        QVERIFY(m.totals().isEmpty());
    }

    void manyModels()
    {
        Metered m(CallKind::Live, u"live"_s);
        for (int i = 0; i < 10; ++i) {
            const QByteArray n = QByteArray::number(i);
            m.says(R"({"type":"response.event","event":{"type":"response.completed","response":{"id":")" + n
                + R"(","model":"m)" + n + R"(","usage":{"input_tokens":1}}}})");
        }
        QCOMPARE(m.models(), (QStringList{u"m0"_s, u"m1"_s, u"m2"_s, otherModels}));
        QCOMPARE(m.record.usage.ofModel(3).totals().responses, 7);
        QCOMPARE(m.totals().responses, 10);
    }

    void namesAreShownWithoutKeys()
    {
        Metered m(CallKind::Realtime, {});
        m.says(R"({"type":"session.created","session":{"model":"x sk-secret-key-of-a-client )"
            + QByteArray(100, 'x') + R"("}})");
        m.responseDone("a");
        QVERIFY(!m.models().first().contains(u"secret"_s));
        QVERIFY(m.models().first().size() <= 64);
    }
};

RELAY_TEST(tst_CallMeter)
#include "tst_callmeter.moc"
