// SPDX-License-Identifier: MIT
// A client that speaks the beta, and an upstream that does not.
#include "core/wire/framewriter.h"
#include "tests/core/call/callfixture.h"
#include "tests/support/relaytest.h"

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

QByteArray serverText(const QByteArray &payload)
{
    return makeFrame(FrameScanner::Sender::Server, Opcode::Text, payload);
}

/// The text in fragments of so many bytes, with a ping between two.
QByteArray serverFragments(const QByteArray &payload, qsizetype bytes)
{
    QByteArray frames;
    for (qsizetype at = 0; at < payload.size(); at += bytes) {
        const QByteArray part = payload.mid(at, bytes);
        QByteArray frame
            = makeFrame(FrameScanner::Sender::Server, at == 0 ? Opcode::Text : Opcode::Continuation, part);
        if (at + bytes < payload.size())
            frame[0] = char(quint8(frame[0]) & 0x7f);
        frames += frame + makeFrame(FrameScanner::Sender::Server, Opcode::Ping, "p");
    }
    return frames;
}

QList<JournalEntry> entriesOf(const CallFixture &f, QByteArrayView event)
{
    QList<JournalEntry> found;
    for (const JournalEntry &entry : f.journal.entriesAfter(0)) {
        if (entry.event == event)
            found.append(entry);
    }
    return found;
}

void speakBeta(CallFixture &f, const QByteArray &query = "model=gpt-4o-realtime-preview")
{
    f.plan.dialect.emplace(query, QStringList(), f.settings.maxMessageBytes);
}

const QByteArray sessionCreated
    = R"({"type":"session.created","event_id":"e","session":{"type":"realtime","expires_at":1785217650,"model":"gpt-realtime-1.5"}})";

} // namespace

class tst_CallDialect : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isTranslatedBothWays()
    {
        CallFixture f;
        speakBeta(f);
        QVERIFY(f.open());
        f.clientSays(Opcode::Text, R"({"type":"session.update","session":{"voice":"alloy"}})");
        f.clientSays(Opcode::Text, R"({"type":"input_audio_buffer.append","audio":"AAAA"})");
        f.clientSays(Opcode::Binary, R"({"type":"session.update","session":{"voice":"alloy"}})");
        QTRY_COMPARE(f.upstreamHeard(),
            (QList<QByteArray>{
                R"(81 {"type":"session.update","session":{"type":"realtime","audio":{"output":{"voice":"alloy"}}}})",
                R"(81 {"type":"input_audio_buffer.append","audio":"AAAA"})",
                R"(82 {"type":"session.update","session":{"voice":"alloy"}})"}));
        f.upstreamSays(serverText(R"({"type":"response.output_audio.delta","delta":"AAAA"})")
            + serverText(R"({"type":"conversation.item.done","item":{}})")
            + serverText(R"({"type":"rate_limits.updated"})"));
        QTRY_COMPARE(f.clientHeard(),
            (QList<QByteArray>{R"(81 {"type":"response.audio.delta","delta":"AAAA"})",
                R"(81 {"type":"rate_limits.updated"})"}));
        QCOMPARE(f.record->up.messages.value(), 3);
        QCOMPARE(f.record->down.messages.value(), 3);
        QVERIFY(f.record->firstAudioMs.value() > 0);
        QCOMPARE(f.record->untold.droppedEvents.value(), 0); // known, and known to be nothing for it
    }

    // What need not change goes on while it comes; what must is kept until it is whole.
    void audioOfTheClientIsNotKept()
    {
        CallFixture f;
        speakBeta(f);
        QVERIFY(f.open());
        const QByteArray rest = "\",\"audio\":\"" + QByteArray(1000, 'A') + "\"}";
        const auto half = [&](const QByteArray &type) {
            const QByteArray frame
                = makeFrame(FrameScanner::Sender::Client, Opcode::Text, "{\"type\":\"" + type + rest);
            f.client->incoming += frame.first(600);
            f.client->tellReadable();
            return frame.sliced(600);
        };
        const QByteArray more = half("input_audio_buffer.append");
        QTRY_COMPARE(f.upstream.received.size(), 600);
        f.client->incoming += more;
        f.client->tellReadable();
        QTRY_COMPARE(f.upstreamHeard().size(), 1);
        f.client->incoming += half("session.update");
        f.client->tellReadable();
        QTRY_COMPARE(f.upstreamHeard().size(), 2);
        QVERIFY(f.upstreamHeard()[0].endsWith("AAA\"}"));
        QVERIFY(f.upstreamHeard()[1].endsWith("AAA\"}")); // one frame, and no other before it
    }

    // Or a few clients that begin messages would keep as much memory as they like.
    void isEndedWhereNothingMoreMayBeKept_data()
    {
        QTest::addColumn<bool>("usedUp"); ///< the budget; false: it does not come on
        QTest::newRow("no room") << true;
        QTest::newRow("does not come on") << false;
    }
    void isEndedWhereNothingMoreMayBeKept()
    {
        QFETCH(bool, usedUp);
        CallFixture f;
        speakBeta(f);
        f.settings.inactivityTimeout = 0ms;
        f.settings.heartbeatInterval = 0ms;
        f.settings.stallTimeout = 30s;
        if (usedUp)
            f.services.budget.setLimits(64 * 1024, 256 * 1024);
        QVERIFY(f.open());
        f.client->incoming = makeFrame(FrameScanner::Sender::Client, Opcode::Text,
            "{\"type\":\"session.update\",\"x\":\"" + QByteArray(1'000'000, 'A'))
                                 .first(500'000);
        while (!f.client->incoming.isEmpty() && f.call->phase() == Call::Phase::Open)
            f.client->tellReadable();
        QCOMPARE(f.call->phase(), usedUp ? Call::Phase::Closing : Call::Phase::Open);
        const qint64 now = CallRegistry::nowNs();
        for (int second = 0; second < 40 && f.call->phase() == Call::Phase::Open; ++second) {
            f.clientSays(Opcode::Text, {}); // inside the frame: it comes on
            f.call->tick(now + second * std::chrono::nanoseconds(1s).count());
        }
        QCOMPARE(f.call->phase(), usedUp ? Call::Phase::Closing : Call::Phase::Open);
        for (int second = 40; second < 80 && f.call->phase() == Call::Phase::Open; ++second)
            f.call->tick(now + second * std::chrono::nanoseconds(1s).count());
        QCOMPARE(f.call->phase(), Call::Phase::Closing);
        QCOMPARE(f.services.budget.chargedBytes(), 0);
        QCOMPARE(f.clientHeard().size(), 2);
        QVERIFY(f.clientHeard()[0].contains(usedUp ? "BUFFER_BUDGET_BYTES" : "in the middle of a message"));
        QVERIFY(f.clientHeard()[1].startsWith("88 " + QByteArray::fromHex("03f5"))); // 1013
        QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"88 " + QByteArray::fromHex("03e8")});
    }

    void anotherCallIsNot()
    {
        CallFixture f;
        QVERIFY(f.open());
        const QByteArray update = R"({"type":"session.update","session":{"voice":"alloy"}})";
        f.clientSays(Opcode::Text, update);
        QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"81 " + update});
        f.upstreamSays(serverText(R"({"type":"response.output_audio.delta"})"));
        QTRY_COMPARE(f.clientHeard(), QList<QByteArray>{R"(81 {"type":"response.output_audio.delta"})"});
    }

    void inFragmentsOfAnySize()
    {
        const QByteArray event = R"({"type":"response.output_audio_transcript.delta","delta":"Grüße"})";
        for (qsizetype bytes = 1; bytes <= event.size(); bytes += 7) {
            CallFixture f;
            speakBeta(f);
            QVERIFY(f.open());
            f.upstreamSays(serverFragments(event, bytes));
            const qsizetype pings = (event.size() + bytes - 1) / bytes; // they pass meanwhile
            QTRY_COMPARE(f.clientHeard().size(), pings + 1);
            QCOMPARE(f.clientHeard().count("89 p"), pings);
            QVERIFY(f.clientHeard().contains("81 " + QByteArray(event).replace("output_", "")));
        }
    }

    // What another call reads of its first event is read of this one, too.
    void knowsWhenTheSessionEnds()
    {
        CallFixture f;
        speakBeta(f);
        QVERIFY(f.open());
        f.upstreamSays(serverText(sessionCreated));
        QTRY_COMPARE(f.clientHeard().size(), 1);
        QVERIFY(f.clientHeard()[0].contains("\"temperature\":0.8"));
        QCOMPARE(f.record->expiresAt.value(), 1785217650);
    }

    void whatTheClientCannotBeToldIsSaidOnce()
    {
        CallFixture f;
        speakBeta(f, "");
        f.journal.setLevel(LogLevel::Debug);
        QVERIFY(f.open());
        QCOMPARE(f.record->untold.temperature.value(), 0);
        for (int i = 0; i < 3; ++i) {
            f.clientSays(Opcode::Text,
                R"({"type":"session.update","session":{"temperature":0.6,"model":"gpt-4o-realtime-preview"}})");
            f.upstreamSays(serverText(R"({"type":"some.event.of.tomorrow","secret":"x"})"));
        }
        QTRY_COMPARE(f.record->untold.droppedEvents.value(), 3);
        QVERIFY(f.clientHeard().isEmpty());
        QCOMPARE(f.record->untold.temperature.value(), 1);
        QVERIFY(f.record->untold.model);
        QCOMPARE(f.record->untold.askedModel, u"gpt-4o-realtime-preview"_s);
        QCOMPARE(f.record->untold.answeringModel, u"gpt-realtime-1.5"_s);
        QCOMPARE(entriesOf(f, "temperature_ignored").size(), 1);
        QCOMPARE(entriesOf(f, "model_replaced").size(), 1);
        QCOMPARE(entriesOf(f, "event_dropped").size(), 3);
        QCOMPARE(entriesOf(f, "event_dropped")[0].fields[0].second.toString(), u"some.event.of.tomorrow"_s);
    }

    void aModelReplacedInTheQueryIsSaidAtBirth()
    {
        CallFixture f;
        f.make();
        QVERIFY(entriesOf(f, "model_replaced").isEmpty());
        f.call.reset();
        f.record = f.services.registry.open({});
        f.record->untold.answer(u"old"_s, u"new"_s);
        f.call = std::make_unique<Call>(f.context, f.record,
            std::get<Ticket>(f.services.admission.admit({f.plan.client, {}})), f.plan, nullptr);
        QCOMPARE(entriesOf(f, "model_replaced").size(), 1);
    }

    void whatGrowsBeyondTheLimitEndsTheCall_data()
    {
        QTest::addColumn<bool>("up");
        QTest::newRow("up") << true;
        QTest::newRow("down") << false;
    }
    void whatGrowsBeyondTheLimitEndsTheCall()
    {
        QFETCH(bool, up);
        CallFixture f;
        f.settings.maxMessageBytes = 2000;
        speakBeta(f);
        QVERIFY(f.open());
        // Each tool, and each item, gains a member.
        const QByteArray event = up ? R"({"type":"session.update","session":{"tools":[)"
                + QByteArray(R"({"name":1},)").repeated(150) + "1]}}"
                                    : R"({"type":"response.done","response":{"output":[)"
                + QByteArray("{\"id\":1},").repeated(150) + "1]}}";
        QVERIFY(event.size() < 2000);
        if (up)
            f.clientSays(Opcode::Text, event);
        else
            f.upstreamSays(serverText(event));
        QTRY_COMPARE(f.call->phase(), Call::Phase::Closing);
        QCOMPARE(f.clientHeard().size(), 2); // why, and a close
        QVERIFY(f.clientHeard()[0].contains("2000 bytes"));
        QVERIFY(f.clientHeard()[1].startsWith("88 \x03\xf1")); // 1009
        QTRY_VERIFY(!f.upstreamHeard().isEmpty());
        QVERIFY(f.upstreamHeard()[0].startsWith("88 "));
        f.call->abort();
        QCOMPARE(
            f.record->endReason, up ? EndReason::ClientMessageTooLarge : EndReason::UpstreamMessageTooLarge);
    }

    // An answer that was on its way when the client closed: what cannot go on is left out, and nothing ends twice.
    void whatGrowsAfterACloseIsLeftOut()
    {
        CallFixture f;
        f.settings.maxMessageBytes = 2000;
        speakBeta(f);
        QVERIFY(f.open());
        f.clientSays(Opcode::Close, QByteArray::fromHex("03e8"));
        QCOMPARE(f.call->phase(), Call::Phase::Closing);
        f.upstreamSays(serverText(R"({"type":"response.done","response":{"output":[)"
                           + QByteArray("{\"id\":1},").repeated(150) + "1]}}")
            + serverText(R"({"type":"rate_limits.updated"})"));
        QTRY_COMPARE(f.clientHeard(), QList<QByteArray>{R"(81 {"type":"rate_limits.updated"})"});
    }

    void messagesStayWithinTheLimitWhileTheyAreKept()
    {
        CallFixture f;
        f.settings.maxMessageBytes = 2000;
        speakBeta(f);
        QVERIFY(f.open());
        f.clientSays(Opcode::Text,
            "{\"type\":\"session.update\",\"session\":{\"instructions\":\"" + QByteArray(2000, 'x') + "\"}}");
        QCOMPARE(f.call->phase(), Call::Phase::Closing);
        QTRY_VERIFY(!f.upstreamHeard().isEmpty());
        QVERIFY(f.upstreamHeard()[0].startsWith("88 "));
    }
};

RELAY_TEST(tst_CallDialect)
#include "tst_calldialect.moc"
