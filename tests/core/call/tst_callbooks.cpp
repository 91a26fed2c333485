// SPDX-License-Identifier: MIT
#include "core/call/callbooks.h"
#include "core/call/callmeter.h"
#include "tests/core/admission/fakeledger.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <memory>
#include <optional>
#include <variant>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

/// A call's record, its books without an access token, and its meter.
struct Told
{
    explicit Told(CallKind kind, const QString &model)
    {
        record.kind = kind;
        record.model = model;
        record.entryId = "call-1"_ba;
        books.emplace(record, &ledger, nullptr);
        meter.emplace(record,
            std::get<std::shared_ptr<const Prices>>(Prices::read(R"({"models":[
                {"ids":["voice"],"text":{"in":4,"out":16}},{"ids":["translator"],"perMinute":0.06}]})")),
            QList<Secret>{Secret("sk-secret-key-of-a-client")}, &*books);
    }
    void says(const QByteArray &event)
    {
        const EventType type = sniffEventType(event);
        if (meter->wants(type, event))
            meter->read(type, event);
    }
    /// Milliseconds of speech.
    void clientSpeaks(qsizetype ms)
    {
        const QByteArray event = R"({"type":"session.input_audio_buffer.append","audio":")" + QByteArray(ms * 64, 'A') + "\"}";
        meter->clientBegins(sniffEventType(event), event.first(128));
        meter->clientEnds(event.size());
    }

    FakeLedger ledger;
    CallRecord record;
    std::optional<CallBooks> books;
    std::optional<CallMeter> meter;
};

QByteArray done(const QByteArray &id)
{
    return R"({"type":"response.done","response":{"id":")" + id + R"(","usage":{"input_tokens":1}}})";
}

} // namespace

class tst_CallBooks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aFactIsToldOnce()
    {
        Told t(CallKind::Realtime, u"voice"_s);
        t.says(done("a"));
        t.says(done("a"));
        t.says(done("b"));
        QCOMPARE(t.ledger.adds, 2);
        QCOMPARE(t.ledger.added[1].fact, "b"_ba);
        QCOMPARE(t.ledger.added[1].call, "call-1"_ba);
    }

    // Or they would be the same to a store that keeps each once.
    void factsWithoutAnIdAreNumbered()
    {
        Told t(CallKind::Realtime, u"voice"_s);
        t.says(done({}));
        t.says(done({}));
        QCOMPARE(t.ledger.added.size(), 2);
    }

    void whatIsNoResponseHasAnIdOfItsOwn()
    {
        Told t(CallKind::Realtime, u"voice"_s);
        t.says(done("a"));
        t.says(R"({"type":"conversation.item.input_audio_transcription.completed","item_id":"a","content_index":0,
            "usage":{"type":"duration","seconds":1}})");
        QCOMPARE(t.ledger.added.size(), 2);
        QCOMPARE(t.ledger.added[1].fact, "transcription:a:0"_ba);
        QVERIFY(!t.ledger.added[1].cost); // no price is known
    }

    void aSidebandTellsNothing()
    {
        Told t(CallKind::Sideband, u"voice"_s);
        t.says(done("a"));
        QCOMPARE(t.ledger.adds, 0);
    }

    // A client speaks many times a second, and a store writes to a disk.
    void aTimeThatGrowsIsToldNowAndThen()
    {
        constexpr qint64 second = 1'000'000'000;
        Told t(CallKind::Translation, u"translator"_s);
        t.meter->tick(second);
        QCOMPARE(t.ledger.adds, 0);
        for (int i = 0; i < 100; ++i) {
            t.clientSpeaks(10);
            t.meter->tick(10 * second + i);
        }
        QCOMPARE(t.ledger.adds, 1);
        t.meter->tick(20 * second);
        QCOMPARE(t.ledger.adds, 2);
        QCOMPARE(t.ledger.added.size(), 1);
        QCOMPARE(t.ledger.added[0].fact, "voice"_ba);
        QCOMPARE(t.ledger.added[0].usage.ms, 1000);
        QCOMPARE(t.ledger.added[0].cost, std::optional(Money::ofPico(1'000'000'000)));
        t.clientSpeaks(1000);
        t.meter->finish();
        QCOMPARE(t.ledger.added[0].usage.ms, 2000);
    }

    void noKeyIsInWhatIsTold()
    {
        Told t(CallKind::Realtime, u"voice"_s);
        t.says(R"({"type":"session.created","session":{"model":"sk-secret-key-of-a-client"}})");
        t.says(done("a"));
        QCOMPARE(t.ledger.added.size(), 1);
        QVERIFY(!t.ledger.added[0].model.contains(u"secret"_s));
    }
};

RELAY_TEST(tst_CallBooks)
#include "tst_callbooks.moc"
