// SPDX-License-Identifier: MIT
// What an access token does to a Call: who is told that it is not let in, and when it ends for what it has spent.
#include "core/realtime/prices.h"
#include "tests/core/admission/fakeledger.h"
#include "tests/core/call/callfixture.h"
#include "tests/support/relaytest.h"

#include <QTest>
#include <QtEndian>

#include <memory>
#include <variant>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 token = 7;
constexpr qint64 second = 1'000'000'000;

struct WithLedger // outlives the call
{
    FakeLedger ledger;
};

/// A call with an access token, whose response costs 0.00012 dollars.
struct AccessFixture : WithLedger, CallFixture
{
    AccessFixture()
    {
        context.prices = std::get<std::shared_ptr<const Prices>>(Prices::read(R"({"models":[
            {"ids":["voice","voice-2026-08-28"],"text":{"in":4,"out":16},"audio":{"in":32,"out":64}},
            {"ids":["live"],"perMinute":0.06},{"ids":["writer"],"perMinute":0.06},
            {"ids":["reader"],"audio":{"in":6},"text":{"in":2,"out":10}}]})"));
        ledger.slice = ledger.budget = Money::ofPico(1'000'000'000); // a tenth of a cent
        terms.id = access = token;
        terms.name = accessName = u"demo"_s;
        services.accounts.setLedger(&ledger);
        plan.usesHeldKey = true;
    }

    void setBook()
    {
        services.accounts.setBook(std::make_shared<const AccessBook>(QList<AccessTerms>{terms}));
    }
    std::shared_ptr<AccessPlace> enter()
    {
        std::shared_ptr<AccessPlace> place;
        const auto take = [&place](const Accounts::Entry &entry) {
            if (const auto *in = std::get_if<std::shared_ptr<AccessPlace>>(&entry))
                place = *in;
        };
        if (const auto now
            = services.accounts.enter(services.accounts.book()->find(token), AccessUse::Call, take))
            take(*now);
        else if (!QTest::qWaitFor([&place] { return place != nullptr; }, 30'000))
            qWarning("no place");
        return place;
    }
    bool openWithToken()
    {
        setBook();
        plan.access = enter();
        const bool isOpen = plan.access && open();
        plan.access.reset(); // the call's alone
        return isOpen;
    }
    void says(const QByteArray &event)
    {
        upstreamSays(makeFrame(FrameScanner::Sender::Server, Opcode::Text, event));
    }
    bool hears(const QByteArray &event)
    {
        return QTest::qWaitFor([&] { return clientHeard().contains("81 " + event); }, 30'000);
    }
    void created() { says(R"({"type":"session.created","session":{"model":"voice"}})"); }
    void responds(const QByteArray &id)
    {
        says(R"({"type":"response.created","response":{"id":")" + id + "\"}}");
    }
    static QByteArray done(const QByteArray &id, int in = 10, int out = 5)
    {
        return R"({"type":"response.done","response":{"id":")" + id
            + R"(","status":"completed","usage":{"input_tokens":)" + QByteArray::number(in)
            + R"(,"output_tokens":)" + QByteArray::number(out) + "}}}";
    }
    /// Seconds of audio.
    static QByteArray audio(qsizetype seconds)
    {
        return R"({"type":"response.output_audio.delta","delta":")" + QByteArray(seconds * 64'000, 'A')
            + "\"}";
    }
    void tick(qint64 passed = 0) { call->tick(record->startedNs + passed); }
    bool isClosedWith(quint16 code)
    {
        QByteArray number(2, 0);
        qToBigEndian(code, number.data());
        return QTest::qWaitFor(
            [&] {
                const auto heard = clientHeard();
                return !heard.isEmpty() && heard.last().startsWith("88 " + number);
            },
            30'000);
    }
    /// The event that the client is told the end by.
    QByteArray errorEvent() const
    {
        const auto heard = clientHeard();
        return heard.size() < 2 ? QByteArray() : heard[heard.size() - 2];
    }
    bool isOver()
    {
        upstream.sockets.last()->disconnectFromHost();
        if (!client->over)
            client->tellEnded();
        return QTest::qWaitFor([this] { return call->phase() == Call::Phase::Over; }, 30'000);
    }

    AccessTerms terms;
};

/// With so many bytes more in it, where the place for them is.
QByteArray longer(QByteArray event, qsizetype bytes)
{
    return event.replace("MANY", QByteArray(bytes, 'x'));
}
QByteArray named(QByteArray event, const QByteArray &name)
{
    return event.replace("NAME", name);
}

} // namespace

class tst_CallAccess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void spendsAndTells()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        QCOMPARE(f.ledger.begun.size(), 1);
        QCOMPARE(f.ledger.begun[0].token, token);
        QCOMPARE(f.ledger.begun[0].tokenName, u"demo"_s);
        f.created();
        f.responds("r1");
        f.says(AccessFixture::done("r1"));
        QVERIFY(f.hears(AccessFixture::done("r1")));
        QTRY_COMPARE(f.ledger.added.size(), 1);
        const UsageEntry &entry = f.ledger.added[0];
        QCOMPARE(entry.call, f.record->entryId);
        QCOMPARE(entry.fact, "r1"_ba);
        QCOMPARE(entry.token, token);
        QCOMPARE(entry.model, u"voice"_s);
        QCOMPARE(entry.usage.textIn, 10);
        QCOMPARE(entry.cost, std::optional(Money::ofPico(120'000'000)));
        QVERIFY(qAbs(entry.at.secsTo(QDateTime::currentDateTimeUtc())) < 60);
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        f.call->end(EndReason::ClosedByOperator);
        QVERIFY(f.isOver());
        QCOMPARE(f.ledger.ended.size(), 1);
        QCOMPARE(f.ledger.ended[0].id, f.record->entryId);
        QCOMPARE(f.ledger.ended[0].reason, EndReason::ClosedByOperator);
        QCOMPARE(f.ledger.ended[0].closeCode, 4410);
        QCOMPARE(f.ledger.givenBack, QList<qint64>{token}); // nobody else has it
    }

    void aCallWithAKeyOfItsOwnIsToldToo()
    {
        AccessFixture f;
        f.access = 0;
        f.accessName.clear();
        QVERIFY(f.open());
        f.created();
        f.says(AccessFixture::done("r1"));
        QTRY_COMPARE(f.ledger.added.size(), 1);
        QCOMPARE(f.ledger.added[0].token, 0);
        QVERIFY(f.ledger.reserved.isEmpty());
        QCOMPARE(f.ledger.begun.size(), 1);
        f.call->end(EndReason::ClosedByOperator);
        QVERIFY(f.isOver());
        QCOMPARE(f.ledger.ended.size(), 1);
    }

    void endsBehindTheResponseThatSpendsAll()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        f.responds("r1");
        const QByteArray last = AccessFixture::done("r1", 1000, 0);
        f.says(last);
        QVERIFY(f.isClosedWith(4411));
        const auto heard = f.clientHeard();
        QCOMPARE(heard[heard.size() - 3], "81 " + last); // all of it
        QVERIFY2(f.errorEvent().contains("\"insufficient_quota\""), f.errorEvent());
        QVERIFY(f.isOver());
        QCOMPARE(f.record->endReason, EndReason::SpendLimit);
        QVERIFY(!f.record->failed);
    }

    // It has to wait when the budget is spent, and the upstream goes in the same moment.
    void answersTheUpstreamsCloseBehindTheResponseThatSpendsAll()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        f.responds("r1");
        const QByteArray last = AccessFixture::done("r1", 1000, 0);
        const auto frame = [](Opcode opcode, const QByteArray &payload) {
            return makeFrame(FrameScanner::Sender::Server, opcode, payload);
        };
        f.upstreamSays(frame(Opcode::Text, last) + frame(Opcode::Close, closePayload(1000, {})));
        QVERIFY(f.isClosedWith(1000));
        QVERIFY(f.hears(last));
        f.clientSays(Opcode::Close, closePayload(1000, {}));
        QTRY_VERIFY(!f.upstreamHeard().isEmpty());
        QVERIFY2(f.upstreamHeard().last().startsWith("88 "), f.upstreamHeard().last());
        QVERIFY(f.isOver());
        QCOMPARE(f.record->endReason, EndReason::UpstreamClosed);
    }

    // Else one that is quick would have several responses for nothing.
    void asksForNothingMoreUntilTheLedgerHasSaid_data()
    {
        QTest::addColumn<bool>("hasMore");
        QTest::newRow("more") << true;
        QTest::newRow("no more") << false;
    }
    void asksForNothingMoreUntilTheLedgerHasSaid()
    {
        QFETCH(bool, hasMore);
        AccessFixture f;
        f.ledger.slice = Money::ofPico(100'000'000); // less than a response
        if (!hasMore)
            f.ledger.budget = f.ledger.slice;
        QVERIFY(f.openWithToken());
        f.created();
        f.ledger.answersByItself = false;
        f.responds("r1");
        f.says(AccessFixture::done("r1"));
        QVERIFY(f.hears(AccessFixture::done("r1")));
        QTRY_COMPARE(f.ledger.waiting(), 1);
        f.clientSays(Opcode::Text, R"({"type":"response.create"})");
        for (int i = 0; i < 3; ++i) { // time passes
            f.tick();
            QTest::qWait(10);
        }
        QVERIFY(f.upstreamHeard().isEmpty());
        f.ledger.answerAll();
        if (hasMore) {
            QTRY_COMPARE(f.upstreamHeard().size(), 1);
            QCOMPARE(f.call->phase(), Call::Phase::Open);
        } else {
            QVERIFY(f.isClosedWith(4411));
            QVERIFY(!f.upstreamHeard().contains(R"(81 {"type":"response.create"})"));
        }
    }

    void endsAtOnceWhereNoResponseRuns()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        const auto other = f.enter();
        f.tick();
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        other->spend(f.ledger.budget);
        QTRY_VERIFY(other->isSpent());
        f.tick();
        QVERIFY(f.isClosedWith(4411));
    }

    void aResponseThatRunsComesToItsEnd()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        const QByteArray begun = R"({"type":"response.created","response":{"id":"r1"}})";
        f.says(begun);
        QVERIFY(f.hears(begun));
        const auto other = f.enter();
        other->spend(f.ledger.budget);
        QTRY_VERIFY(other->isSpent());
        f.tick();
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        f.says(AccessFixture::audio(1));
        f.says(AccessFixture::done("r1"));
        QVERIFY(f.isClosedWith(4411));
        QVERIFY(f.hears(AccessFixture::audio(1)));
        QVERIFY(f.hears(AccessFixture::done("r1")));
    }

    void severalSideBySideDoNot()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        f.responds("r1");
        const QByteArray begun = R"({"type":"response.created","response":{"id":"r2"}})";
        f.says(begun);
        QVERIFY(f.hears(begun));
        const auto other = f.enter();
        other->spend(f.ledger.budget);
        QTRY_VERIFY(other->isSpent());
        f.tick();
        QVERIFY(f.isClosedWith(4411));
    }

    // Twenty tokens a second, of which the budget pays for 15.6.
    void whatItSaysIsAnEstimate()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        f.responds("r1");
        f.says(AccessFixture::audio(1));
        QVERIFY(f.hears(AccessFixture::audio(1)));
        const auto other = f.enter();
        QVERIFY(!other->isSpent());
        f.tick();
        QTRY_VERIFY(other->isSpent());
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        f.says(AccessFixture::done("r1", 0, 1)); // much less than was feared
        QTRY_COMPARE(f.ledger.added.size(), 1);
        QVERIFY(!other->isSpent());
        f.tick();
        QCOMPARE(f.call->phase(), Call::Phase::Open);
    }

    void whoCutsAResponseOffHasSpentIt()
    {
        AccessFixture f;
        f.ledger.slice = f.ledger.budget = Money::ofPico(1'000'000'000'000);
        QVERIFY(f.openWithToken());
        f.created();
        f.responds("r1");
        f.says(AccessFixture::audio(1));
        QVERIFY(f.hears(AccessFixture::audio(1)));
        QVERIFY(f.isOver());
        QCOMPARE(f.ledger.added.size(), 1);
        QCOMPARE(f.ledger.added[0].fact, "unfinished"_ba);
        QCOMPARE(f.ledger.added[0].usage.audioOut, 20);
        QCOMPARE(f.record->usage.totals().unread, 1);
    }

    // Its input, too, and whatever it was that it wrote.
    void whoLeavesBeforeTheEndHasSpentIt_data()
    {
        QTest::addColumn<QByteArray>("type");
        for (const char *const type : {"response.output_text.delta", "response.output_audio_transcript.delta",
                 "response.function_call_arguments.delta"})
            QTest::newRow(type) << QByteArray(type);
    }
    void whoLeavesBeforeTheEndHasSpentIt()
    {
        QFETCH(QByteArray, type);
        AccessFixture f;
        f.ledger.slice = f.ledger.budget = Money::ofPico(1'000'000'000'000);
        QVERIFY(f.openWithToken());
        f.created();
        f.says(longer(R"({"type":"conversation.item.added","item":{"content":"MANY"}})", 40'000));
        f.responds("r1");
        const QByteArray delta
            = longer(named(R"({"type":"NAME","response_id":"r1","delta":"MANY"})", type), 3000);
        f.says(delta);
        QVERIFY(f.hears(delta));
        QVERIFY(f.isOver());
        QCOMPARE(f.ledger.added.size(), 1);
        const UsageEntry &entry = f.ledger.added[0];
        QCOMPARE(entry.fact, "unfinished"_ba);
        QCOMPARE(entry.usage.textOut, 1000);
        QVERIFY2(entry.usage.textIn >= 10'000 && entry.usage.textIn < 10'200,
            QByteArray::number(entry.usage.textIn));
        QVERIFY(entry.cost >= Money::ofPico(56'000'000'000)); // 10,000 × 4 + 1,000 × 16 for a million
        QCOMPARE(f.record->usage.totals().cost, *entry.cost);
    }

    // What was read before is read again.
    void whatIsKnownToBeReadIsSpentAgain()
    {
        AccessFixture f;
        f.ledger.slice = f.ledger.budget = Money::ofPico(1'000'000'000'000);
        QVERIFY(f.openWithToken());
        f.created();
        f.responds("r1");
        f.says(AccessFixture::done("r1", 5000, 5));
        f.responds("r2"); // which reads nothing of it
        f.says(AccessFixture::done("r2", 1, 5));
        f.responds("r3");
        const QByteArray delta = R"({"type":"response.output_text.delta","delta":"So"})";
        f.says(delta);
        QVERIFY(f.hears(delta));
        QVERIFY(f.isOver());
        QCOMPARE(f.ledger.added.size(), 3);
        QVERIFY(f.ledger.added[2].usage.textIn >= 5000);
    }

    void whoLeavesBeforeTheTranscriptHasSpentIt_data()
    {
        QTest::addColumn<QByteArray>("model");
        QTest::newRow("by time") << "writer"_ba;
        QTest::newRow("by tokens") << "reader"_ba;
    }
    void whoLeavesBeforeTheTranscriptHasSpentIt()
    {
        QFETCH(QByteArray, model);
        AccessFixture f;
        f.kind = CallKind::Transcription;
        f.ledger.slice = f.ledger.budget = Money::ofPico(1'000'000'000'000);
        QVERIFY(f.openWithToken());
        const QByteArray session = named(
            R"({"type":"session.created","session":{"type":"transcription","audio":{"input":{"transcription":{"model":"NAME"}}}}})",
            model);
        f.says(session);
        QVERIFY(f.hears(session));
        const QByteArray append = longer(R"({"type":"input_audio_buffer.append","audio":"MANY"})", 32'000);
        for (int i = 0; i < 4; ++i)
            f.clientSays(Opcode::Text, append);
        QTRY_COMPARE(f.upstreamHeard().size(), 4);
        const QByteArray delta
            = R"({"type":"conversation.item.input_audio_transcription.delta","delta":"So"})";
        f.says(R"({"type":"input_audio_buffer.committed","item_id":"i"})");
        f.says(delta);
        QVERIFY(f.hears(delta));
        QVERIFY(f.isOver());
        QCOMPARE(f.ledger.added.size(), 1);
        const UsageEntry &entry = f.ledger.added[0];
        QCOMPARE(entry.fact, "unfinished:transcription"_ba);
        QVERIFY(entry.cost > Money());
        if (model == "writer") {
            QVERIFY2(qAbs(entry.usage.ms - 2000) < 5, QByteArray::number(entry.usage.ms));
        } else {
            QVERIFY2(qAbs(entry.usage.audioIn - 40) < 2, QByteArray::number(entry.usage.audioIn));
            QCOMPARE(entry.usage.textOut, 1);
        }
    }

    // It comes in the ledger, and in the sum of the call.
    void whatTellsNoUsageIsEstimated()
    {
        AccessFixture f;
        f.ledger.slice = f.ledger.budget = Money::ofPico(1'000'000'000'000);
        QVERIFY(f.openWithToken());
        f.created();
        f.responds("r1");
        f.says(AccessFixture::audio(1));
        f.says(R"({"type":"response.done","response":{"id":"r1","status":"cancelled","usage":null}})");
        QTRY_COMPARE(f.ledger.added.size(), 1);
        QCOMPARE(f.ledger.added[0].fact, "unread:r1"_ba);
        QCOMPARE(f.ledger.added[0].usage.audioOut, 20);
        QVERIFY(f.ledger.added[0].cost > Money());
        QCOMPARE(f.record->usage.totals().cost, *f.ledger.added[0].cost);
        QCOMPARE(f.record->usage.totals().unread, 1);
        f.responds("r2"); // likewise one that is too large to be read
        f.says(AccessFixture::audio(1));
        const QByteArray large
            = longer(R"({"type":"response.done","response":{"id":"r2","x":"MANY"}})", Passage::mostReadBytes);
        f.says(large);
        f.says(R"({"type":"rate_limits.updated"})");
        QTRY_COMPARE(f.ledger.added.size(), 2);
        QCOMPARE(f.ledger.added[1].fact, "unread:#1"_ba);
        QCOMPARE(f.ledger.added[1].usage.audioOut, 20);
        f.responds("r3"); // and what has failed is billed by nobody
        f.says(R"({"type":"response.done","response":{"id":"r3","status":"failed","usage":null}})");
        f.says(AccessFixture::done("r4"));
        QTRY_COMPARE(f.ledger.added.size(), 3);
        QCOMPARE(f.ledger.added[2].fact, "r4"_ba);
    }

    // The session's own format is another.
    void aResponsesOwnFormatCounts()
    {
        AccessFixture f;
        f.ledger.slice = f.ledger.budget = Money::ofPico(1'000'000'000'000);
        QVERIFY(f.openWithToken());
        f.created();
        f.says(
            R"({"type":"response.created","response":{"id":"r1","audio":{"output":{"format":{"type":"audio/pcmu"}}}}})");
        f.says(AccessFixture::audio(1));
        QVERIFY(f.hears(AccessFixture::audio(1)));
        QVERIFY(f.isOver());
        QCOMPARE(f.ledger.added.size(), 1);
        QVERIFY2(qAbs(f.ledger.added[0].usage.audioOut - 120) < 2,
            QByteArray::number(f.ledger.added[0].usage.audioOut));
    }

    // So many in one read that the budget does not pay for, however they are written.
    void asksForNoMoreThanItHasMoneyFor_data()
    {
        QTest::addColumn<QByteArray>("ask");
        QTest::newRow("as usual") << QByteArray(
            R"({"type":"response.create","response":{"conversation":"none"}})");
        QTest::newRow("with escapes") << QByteArray(R"({"type":"response\u002Ecre\u0061te"})");
        QTest::newRow("a name with escapes") << QByteArray(R"({"t\u0079pe":"response.create"})");
        QTest::newRow("two types") << QByteArray(
            R"({"type":"input_audio_buffer.clear","type":"response.create","response":{}})");
        QTest::newRow("two types, and audio")
            << QByteArray(R"({"type":"input_audio_buffer.append","audio":"AAAA","type":"response.create"})");
        QTest::newRow("its type behind") << longer(R"({"event_id":"MANY","type":"response.create"})", 500);
        QTest::newRow("too large to be read") << longer(
            R"({"type":"session.update","x":"MANY","type":"response.create"})", Passage::mostReadBytes);
    }
    void asksForNoMoreThanItHasMoneyFor()
    {
        QFETCH(QByteArray, ask);
        const QByteArray frame = makeFrame(FrameScanner::Sender::Client, Opcode::Text, ask);
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        QTRY_COMPARE(f.record->down.messages.value(), qint64(1));
        f.client->incoming += frame.repeated(100);
        f.client->tellReadable();
        QTRY_VERIFY(!f.upstreamHeard().isEmpty());
        const qsizetype went
            = f.upstreamHeard().size(); // each reads 100 tokens at the least, 0.0004 dollars of 0.001
        QVERIFY2(went <= 3, QByteArray::number(went));
        for (int i = 0; i < 3; ++i) { // time passes
            f.tick();
            QTest::qWait(10);
        }
        QCOMPARE(f.upstreamHeard().size(), went);
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        if (went == 1) // which may come to its end
            return;
        for (qsizetype i = 0; i < went; ++i) // they cost next to nothing
            f.says(R"({"type":"response.created","response":{}})");
        QVERIFY(f.isClosedWith(4411)); // but several are under way
        QCOMPARE(f.upstreamHeard().count("81 " + ask), went);
    }

    void whatIsWrittenOtherwiseIsNoAsk()
    {
        const QByteArray append
            = longer(R"({"audio":"MANY","event_id":"\u00e9","type":"input_audio_buffer.append"})", 2000);
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        QTRY_COMPARE(f.record->down.messages.value(), qint64(1));
        const auto other = f.enter();
        for (int i = 0; i < 50; ++i)
            f.clientSays(Opcode::Text, append);
        QTRY_COMPARE(f.upstreamHeard().size(), 50);
        f.tick();
        QVERIFY(!other->isSpent());
        QCOMPARE(f.call->phase(), Call::Phase::Open);
    }

    // Whoever asks again and again while one runs.
    void noneComesAfterTheLast()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        f.responds("r1");
        QTRY_COMPARE(f.record->down.messages.value(), qint64(2));
        const auto other = f.enter();
        other->spend(f.ledger.budget);
        QTRY_VERIFY(other->isSpent());
        f.tick();
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        f.clientSays(Opcode::Text, R"({"type":"response.create"})");
        QTRY_COMPARE(f.upstreamHeard().size(), 1);
        f.says(AccessFixture::done("r1"));
        QVERIFY(f.isClosedWith(4411));
    }

    void nothingIsBegunThatHasNoPrice()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.says(
            R"({"type":"session.created","session":{"model":"voice","audio":{"input":{"transcription":{"model":"other"}}}}})");
        QVERIFY(f.isClosedWith(4411));
        QVERIFY2(f.errorEvent().contains("no price"), f.errorEvent());
    }

    void nothingIsDelegatedThatHasNoPrice()
    {
        AccessFixture f;
        f.kind = CallKind::Live;
        QVERIFY(f.openWithToken());
        const QByteArray started
            = R"({"type":"session.started","session":{"model":"live","delegation":{"responses":{"model":"other"}}}})";
        f.says(started);
        QVERIFY(f.hears(started));
        f.tick();
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        const QByteArray begun
            = R"({"type":"response.event","event":{"type":"response.created","response":{"id":"r"}}})";
        f.says(begun);
        QVERIFY(f.hears(begun));
        f.tick();
        QVERIFY(f.isClosedWith(4411));
    }

    void isNotToldTheHeldKey()
    {
        AccessFixture f;
        f.plan.keys = {Secret("sk-the-key-that-the-relay-holds")};
        QVERIFY(f.openWithToken());
        f.created();
        f.says(R"({"type":"error","error":{"message":"sk-the-key-that-the-relay-holds is no key"}})");
        QVERIFY(f.hears(R"({"type":"error","error":{"message":"… is no key"}})"));
        f.upstreamSays(makeFrame(FrameScanner::Sender::Server, Opcode::Close,
            closePayload(3000, "no key: sk-the-key-that-the-rel"))); // cut, as close reasons are
        QVERIFY(f.isClosedWith(3000));
        QVERIFY2(f.clientHeard().last().endsWith("no key: …"), f.clientHeard().last());
    }

    void goesOnOnceThereIsMoney()
    {
        const QByteArray ask = R"({"type":"response.create"})";
        const QByteArray frame = makeFrame(FrameScanner::Sender::Client, Opcode::Text, ask);
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        QTRY_COMPARE(f.record->down.messages.value(), qint64(1));
        f.client->incoming += frame.repeated(5) + makeFrame(FrameScanner::Sender::Client, Opcode::Text, "{}");
        f.client->tellReadable();
        QTRY_VERIFY(!f.upstreamHeard().isEmpty());
        const qsizetype went = f.upstreamHeard().size();
        QVERIFY(went < 5);
        f.responds("r1");
        f.says(AccessFixture::done("r1", 1, 0));
        for (qsizetype i = 1; i < went; ++i) // as one is under way
            f.says(R"({"type":"error","error":{"code":"conversation_already_has_active_response"}})");
        QTRY_COMPARE(f.upstreamHeard().size(), 6);
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        QCOMPARE(f.upstreamHeard().count("81 " + ask), 5); // none of it is broken
        QCOMPARE(f.upstreamHeard().last(), "81 {}"_ba);
    }

    // Of which nobody knows yet what they cost.
    void asksForOneUntilItIsKnownOfWhom()
    {
        const QByteArray ask = R"({"type":"response.create"})";
        AccessFixture f;
        f.ledger.slice = f.ledger.budget = Money::ofPico(10'000'000'000'000);
        QVERIFY(f.openWithToken());
        f.client->incoming += makeFrame(FrameScanner::Sender::Client, Opcode::Text, ask).repeated(10);
        f.client->tellReadable();
        QTRY_COMPARE(f.upstreamHeard().size(), 2);
        f.created();
        QTRY_COMPARE(f.upstreamHeard().size(), 10);
    }

    // It goes nowhere.
    void whatIsAskedBehindTheEndCostsNothing()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        QTRY_COMPARE(f.record->down.messages.value(), qint64(1));
        f.call->end(EndReason::ClosedByOperator);
        QVERIFY(f.isClosedWith(4410));
        f.clientSays(Opcode::Text, R"({"type":"response.create"})");
        QVERIFY(f.isOver());
        QVERIFY(f.ledger.added.isEmpty());
        QVERIFY(f.record->usage.totals().isEmpty());
    }

    // A voice waits for nothing.
    void whoHasMoneyIsNotHeldUp()
    {
        const QByteArray ask = R"({"type":"response.create"})";
        AccessFixture f;
        f.ledger.slice = f.ledger.budget = Money::ofPico(10'000'000'000'000);
        QVERIFY(f.openWithToken());
        f.created();
        QTRY_COMPARE(f.record->down.messages.value(), qint64(1));
        f.client->incoming += makeFrame(FrameScanner::Sender::Client, Opcode::Text, ask).repeated(100);
        f.client->tellReadable();
        QTRY_COMPARE(f.upstreamHeard().size(), 100);
        QCOMPARE(f.call->phase(), Call::Phase::Open);
    }

    void aSessionThatCannotBeReadEndsIt()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        f.says(longer(R"({"type":"session.updated","session":{"instructions":"MANY","model":"another"}})",
            Passage::mostReadBytes));
        f.says(R"({"type":"rate_limits.updated"})");
        QVERIFY(f.isClosedWith(4412));
        QVERIFY2(f.errorEvent().contains("too much to be read"), f.errorEvent());
    }

    void norOneBehindWhichNothingComes()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        const QByteArray session = longer(
            R"({"type":"session.created","session":{"instructions":"MANY"}})", Passage::mostReadBytes);
        f.says(session);
        QVERIFY(f.hears(session));
        f.tick();
        QVERIFY(f.isClosedWith(4412));
    }

    void whatHasNoPriceEndsIt()
    {
        AccessFixture f;
        f.context.prices.reset();
        QVERIFY(f.openWithToken());
        f.created();
        f.says(AccessFixture::done("r1"));
        QVERIFY(f.isClosedWith(4411));
        QVERIFY2(f.errorEvent().contains("no price"), f.errorEvent());
    }

    void withoutABudgetItMayHaveNone()
    {
        AccessFixture f;
        f.ledger.hasBudget = false;
        f.context.prices.reset();
        QVERIFY(f.openWithToken());
        f.created();
        f.says(AccessFixture::done("r1"));
        QTRY_COMPARE(f.ledger.added.size(), 1);
        QVERIFY(!f.ledger.added[0].cost);
        f.tick();
        QCOMPARE(f.call->phase(), Call::Phase::Open);
    }

    // Through the dialect of the beta, whose response.done is another one.
    void theBetaGetsItsLastResponseToo()
    {
        AccessFixture f;
        f.kind = CallKind::Beta;
        f.plan.dialect.emplace("model=voice", QStringList(), f.settings.maxMessageBytes);
        QVERIFY(f.openWithToken());
        f.created();
        f.responds("r1");
        f.says(AccessFixture::done("r1", 1000, 0));
        QVERIFY(f.isClosedWith(4411));
        const auto heard = f.clientHeard();
        QVERIFY2(heard[heard.size() - 3].contains("response.done"), heard[heard.size() - 3]);
    }

    void timeIsSpentAtOnce()
    {
        AccessFixture f;
        f.kind = CallKind::Live;
        QVERIFY(f.openWithToken());
        f.says(R"({"type":"session.started","session":{"id":"live_1","model":"live"}})");
        f.says(R"({"type":"session.usage.updated","usage":{"seconds":0.5}})");
        QTRY_COMPARE(f.ledger.added.size(), 1);
        QCOMPARE(f.ledger.added[0].fact, "voice"_ba);
        QCOMPARE(f.ledger.added[0].cost, std::optional(Money::ofPico(500'000'000)));
        f.says(R"({"type":"session.usage.updated","usage":{"seconds":2}})");
        QVERIFY(f.isClosedWith(4411));
        QCOMPARE(f.ledger.added.size(), 1); // the same fact, which has grown
        QCOMPARE(f.ledger.added[0].usage.ms, 2000);
    }

    // What the upstream has last told is up to a minute old.
    void timeRunsOn()
    {
        AccessFixture f;
        f.kind = CallKind::Live;
        f.ledger.slice = f.ledger.budget = Money::ofPico(60'000'000'000); // a minute
        f.settings.inactivityTimeout = f.settings.heartbeatInterval = {}; // which the clock would tell, too
        QVERIFY(f.openWithToken());
        const QByteArray started = R"({"type":"session.started","session":{"id":"live_1","model":"live"}})";
        f.says(started);
        QVERIFY(f.hears(started));
        f.tick(40 * second);
        QTRY_COMPARE(f.ledger.reserved.size(), 2); // more was asked for
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        const auto hasEnded = [&f] { // by a tick behind the ledger's answer
            if (f.call->phase() == Call::Phase::Open)
                f.tick(70 * second);
            return f.call->phase() != Call::Phase::Open;
        };
        QTRY_VERIFY(hasEnded());
        QVERIFY(f.isClosedWith(4411));
    }

    void aLiveModelIsJudgedWhenItIsKnown()
    {
        AccessFixture f;
        f.kind = CallKind::Live;
        f.terms.models = {u"another"_s};
        QVERIFY(f.openWithToken());
        f.says(R"({"type":"session.started","session":{"id":"live_1","model":"live"}})");
        QVERIFY(f.isClosedWith(4412));
    }

    void everyModelOfASessionIsJudged_data()
    {
        QTest::addColumn<CallKind>("kind");
        QTest::addColumn<QByteArray>("session");
        QTest::addColumn<bool>("isGood");
        const auto row = [](const char *what, CallKind kind, const QByteArray &session, bool isGood) {
            QTest::newRow(what) << kind << session << isGood;
        };
        row("its own", CallKind::Realtime, R"({"model":"voice"})", true);
        row("with its day", CallKind::Realtime, R"({"model":"voice-2026-08-28"})", true);
        row("another", CallKind::Realtime, R"({"model":"voice-mini"})", false);
        row("transcription", CallKind::Realtime,
            R"({"model":"voice","audio":{"input":{"transcription":{"model":"scribe"}}}})", false);
        row("older transcription", CallKind::Realtime,
            R"({"model":"voice","input_audio_transcription":{"model":"scribe"}})", false);
        row("no transcription", CallKind::Realtime,
            R"({"model":"voice","audio":{"input":{"transcription":null}}})", true);
        row("responses", CallKind::Live,
            R"({"model":"voice","delegation":{"type":"responses","responses":{"model":"thinker"}}})", false);
        row("decisions", CallKind::Live,
            R"({"model":"voice","delegation":{"type":"decisions","decisions":{"model":"thinker"}}})", false);
        row("client", CallKind::Live, R"({"model":"voice","delegation":{"type":"client"}})", true);
    }
    void everyModelOfASessionIsJudged()
    {
        QFETCH(CallKind, kind);
        QFETCH(QByteArray, session);
        QFETCH(bool, isGood);
        AccessFixture f;
        f.kind = kind;
        f.terms.models = {u"voice"_s};
        QVERIFY(f.openWithToken());
        f.says(R"({"type":"session.updated","session":)" + session + '}');
        if (isGood) {
            f.says(
                R"({"type":"session.updated","session":{"model":"another"}})"); // so that the first one was looked at
            QVERIFY(f.isClosedWith(4412));
            QVERIFY2(f.errorEvent().contains("for the model"), f.errorEvent());
        } else {
            QVERIFY(f.isClosedWith(4412));
        }
    }

    void revokedIsOver()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.created();
        f.terms.name = u"renamed"_s;
        f.setBook();
        f.call->accessChanged(*f.services.accounts.book());
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        f.terms.isRevoked = true;
        f.setBook();
        f.call->accessChanged(*f.services.accounts.book());
        QVERIFY(f.isClosedWith(4412));
        QVERIFY2(f.errorEvent().contains("\"invalid_api_key\"") && f.errorEvent().contains("revoked"),
            f.errorEvent());
        QVERIFY(f.isOver());
        QCOMPARE(f.record->endReason, EndReason::AccessEnded);
    }

    void goneFromTheBookIsOver()
    {
        AccessFixture f;
        QVERIFY(f.openWithToken());
        f.call->accessChanged(AccessBook());
        QVERIFY(f.isClosedWith(4412));
    }

    void expiredIsOver()
    {
        AccessFixture f;
        f.terms.expiresAt = QDateTime::currentDateTimeUtc().addSecs(3600);
        QVERIFY(f.openWithToken());
        f.tick();
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        f.terms.expiresAt = QDateTime::currentDateTimeUtc().addSecs(-1);
        f.setBook();
        f.call->accessChanged(*f.services.accounts.book());
        f.tick();
        QVERIFY(f.isClosedWith(4412));
        QVERIFY2(f.errorEvent().contains("expired"), f.errorEvent());
    }

    void soManyMinutes()
    {
        AccessFixture f;
        f.terms.minutesACall = 2;
        f.settings.inactivityTimeout = f.settings.heartbeatInterval = {};
        QVERIFY(f.openWithToken());
        f.tick(119 * second);
        QCOMPARE(f.call->phase(), Call::Phase::Open);
        f.tick(120 * second);
        QVERIFY(f.isClosedWith(4409));
        QVERIFY2(f.errorEvent().contains("2 minutes of its access token"), f.errorEvent());
    }

    void refusedIsToldAndNobodyDialled_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<int>("closeCode");
        QTest::newRow("unknown") << 401 << "invalid_api_key"_ba << 3000;
        QTest::newRow("model") << 403 << "model_not_allowed"_ba << 3003;
        QTest::newRow("budget") << 429 << "insufficient_quota"_ba << 4411;
        QTest::newRow("calls") << 429 << "too_many_calls_with_token"_ba << 1013;
        QTest::newRow("store") << 503 << "store_away"_ba << 1013;
    }
    void refusedIsToldAndNobodyDialled()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        QFETCH(int, closeCode);
        for (const bool isBrowser : {true, false}) {
            AccessFixture f;
            f.access = 0; // nobody knows whose it is
            f.plan.refusal = EndDetails::Refusal{status, code, QT_TRANSLATE_NOOP("Core", "Not so."), 5};
            f.start(isBrowser);
            if (isBrowser) {
                QVERIFY(f.isClosedWith(quint16(closeCode)));
                QVERIFY2(f.errorEvent().contains(code) && f.errorEvent().contains("Not so."), f.errorEvent());
            } else {
                const QByteArray written = f.client->written;
                QVERIFY2(written.startsWith("HTTP/1.1 " + QByteArray::number(status)), written);
                QVERIFY2(written.contains(code) && written.contains("\r\nRetry-After: 5\r\n"), written);
            }
            QVERIFY(f.upstream.sockets.isEmpty());
            QVERIFY(f.ledger.begun.isEmpty()); // strangers fill no store
            f.client->tellEnded();
            QCOMPARE(f.call->phase(), Call::Phase::Over);
            QCOMPARE(f.record->endReason, EndReason::AccessRefused);
        }
    }

    void theHeldKeyThatIsRefusedIsATroubleOfTheRelays()
    {
        const auto refusing
            = [](const QByteArray &) { return "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"_ba; };
        CallFixture f(refusing);
        f.plan.usesHeldKey = true;
        f.start();
        QTRY_COMPARE(f.call->phase(), Call::Phase::Closing);
        const auto troubles = f.services.troubles.current(Moment::now() + std::chrono::seconds(60));
        QCOMPARE(troubles.size(), 1);
        QCOMPARE(troubles[0].code, TroubleCode::HeldKeyRefused);
    }
};

RELAY_TEST(tst_CallAccess)
#include "tst_callaccess.moc"
