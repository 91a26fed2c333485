// SPDX-License-Identifier: MIT
// What a call counts of what passes it: read as it came, whole or in fragments, and passed on as it was.
#include "core/call/calljournal.h"
#include "core/wire/framewriter.h"
#include "tests/core/call/callfixture.h"
#include "tests/support/relaytest.h"

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

QByteArray serverSays(const QByteArray &payload)
{
    return makeFrame(FrameScanner::Sender::Server, Opcode::Text, payload);
}

QByteArray inFragments(const QByteArray &payload, qsizetype bytes)
{
    QByteArray frames;
    for (qsizetype at = 0; at < payload.size(); at += bytes) {
        QByteArray frame = makeFrame(FrameScanner::Sender::Server,
            at == 0 ? Opcode::Text : Opcode::Continuation, payload.mid(at, bytes));
        if (at + bytes < payload.size())
            frame[0] = char(quint8(frame[0]) & 0x7f);
        frames += frame;
    }
    return frames;
}

QByteArray responseDone(const QByteArray &id, const QByteArray &more = {})
{
    return R"({"type":"response.done","event_id":"e","response":{"id":")" + id
        + R"(","status":"completed","output":[)" + more
        + R"(],"usage":{"input_tokens":10,"output_tokens":5}}})";
}

const QByteArray beganEvent
    = R"({"type":"session.created","event_id":"e","session":{"type":"realtime","expires_at":1785217650,"model":"voice"}})";

/// A call of which the prices are known.
struct PricedCall : CallFixture
{
    PricedCall()
    {
        context.prices = std::get<std::shared_ptr<const Prices>>(Prices::read(
            R"({"models":[{"ids":["voice"],"text":{"in":4,"out":16}},{"ids":["live"],"perMinute":0.06},
                {"ids":["translator"],"perMinute":0.06}]})"));
    }
    UsageTotals totals() const { return record->usage.totals(); }
    bool over()
    {
        if (!client->over)
            client->tellEnded();
        if (!upstream.sockets.isEmpty())
            upstream.sockets.last()->abort();
        return QTest::qWaitFor([this] { return call->phase() == Call::Phase::Over; });
    }
};

} // namespace

class tst_CallUsage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void passesAndCounts()
    {
        PricedCall f;
        QVERIFY(f.open());
        const QByteArray done = responseDone("a");
        f.upstreamSays(
            serverSays(beganEvent) + serverSays(done) + serverSays(done) + inFragments(responseDone("b"), 7));
        QTRY_COMPARE(f.totals().responses, 2);
        QVERIFY(f.client->written.endsWith(inFragments(responseDone("b"), 7)));
        QVERIFY(f.client->written.contains(serverSays(beganEvent) + serverSays(done) + serverSays(done)));
        QCOMPARE(decimalText(f.totals().cost), "0.000240"_ba); // twice 10 × 4 + 5 × 16 for a million
        QCOMPARE(f.record->expiresAt.value(), qint64(1785217650));
        QCOMPARE(f.totals().unread, 0);

        Snapshot snapshot;
        f.services.registry.fill(snapshot, true);
        QCOMPARE(snapshot.usage, f.totals());
        QCOMPARE(snapshot.calls.first().usage, f.totals());
        QCOMPARE(snapshot.usageByModel.size(), 1);
        QCOMPARE(snapshot.usageByModel.first().model, u"voice"_s);
    }

    void tooLargeToBeRead()
    {
        PricedCall f;
        QVERIFY(f.open());
        const QByteArray large = responseDone("a", '"' + QByteArray(Passage::mostReadBytes, 'x') + '"');
        f.upstreamSays(serverSays(large) + serverSays(responseDone("b")));
        QTRY_COMPARE(f.totals().responses, 1);
        QVERIFY(f.client->written.endsWith(serverSays(large) + serverSays(responseDone("b"))));
        QCOMPARE(f.totals().unread, 1);
        f.upstreamSays(serverSays(large));
        QTRY_COMPARE(f.record->down.messages.value(), qint64(3));
        QVERIFY(f.over());
        QCOMPARE(f.totals().unread, 2);
    }

    // The client's protocol has other names for it; the upstream's are those that count.
    void beforeItIsTranslated()
    {
        PricedCall f;
        f.kind = CallKind::Beta;
        f.plan.dialect.emplace("model=voice", QStringList(), f.settings.maxMessageBytes);
        QVERIFY(f.open());
        f.upstreamSays(serverSays(beganEvent) + inFragments(responseDone("a"), 40)
            + serverSays("{\"event_id\":\"" + QByteArray(300, 'x') + "\"," + responseDone("b").sliced(1)));
        QTRY_COMPARE(f.totals().responses, 2);
        QCOMPARE(f.totals().usage, (Usage{20, 0, 0, 0, 0, 0, 10, 0, 0}));
        QCOMPARE(decimalText(f.totals().cost), "0.000240"_ba);
        QCOMPARE(f.record->expiresAt.value(), qint64(1785217650));
    }

    void liveIsConfirmedByItsLastWord()
    {
        PricedCall f;
        f.kind = CallKind::Live;
        QVERIFY(f.open());
        f.upstreamSays(serverSays(R"({"type":"session.started","session":{"model":"live","expires_at":5}})")
            + serverSays(R"({"type":"session.usage.updated","usage":{"seconds":15}})"));
        QTRY_COMPARE(f.totals().usage.ms, 15'000);
        Snapshot snapshot;
        f.services.registry.fill(snapshot, true);
        QVERIFY(snapshot.calls.first().isUsageUnconfirmed);
        f.upstreamSays(serverSays(R"({"type":"session.closed","reason":"expired","usage":{"seconds":20}})"));
        QTRY_COMPARE(f.totals().usage.ms, 20'000);
        QTRY_VERIFY(f.call->phase() >= Call::Phase::Closing); // the last word of the upstream was that
        QVERIFY(f.over());
        QCOMPARE(decimalText(f.totals().cost), "0.020000"_ba);
        QCOMPARE(plain(f.record->closeReason), u"Closed by the upstream: expired"_s);
        f.services.registry.fill(snapshot, true);
        QVERIFY(!snapshot.calls.first().isUsageUnconfirmed);
        QCOMPARE(snapshot.usage.usage.ms, 20'000);
    }

    void translationIsMeasured()
    {
        PricedCall f;
        f.kind = CallKind::Translation;
        QVERIFY(f.open());
        f.upstreamSays(serverSays(R"({"type":"session.created","session":{"model":"translator"}})"));
        QTRY_COMPARE(f.record->down.messages.value(), qint64(1));
        for (int i = 0; i < 5; ++i)
            f.clientSays(Opcode::Text,
                R"({"type":"session.input_audio_buffer.append","audio":")" + QByteArray(9600, '\0').toBase64()
                    + R"("})");
        QCOMPARE(f.totals().usage.ms, 1000);
        QCOMPARE(decimalText(f.totals().cost), "0.001000"_ba);
    }

    // The relay's settings may be others meanwhile.
    void keepsThePricesOfItsBirth()
    {
        PricedCall f;
        QVERIFY(f.open());
        f.context.prices = nullptr;
        f.upstreamSays(serverSays(beganEvent) + serverSays(responseDone("a")));
        QTRY_COMPARE(f.totals().responses, 1);
        QCOMPARE(f.totals().unpriced, 0);
    }

    void isInTheLineOfItsEnd()
    {
        PricedCall f;
        QVERIFY(f.open());
        f.upstreamSays(serverSays(beganEvent) + serverSays(responseDone("a")));
        QTRY_COMPARE(f.totals().responses, 1);
        QVERIFY(f.over());
        QList<std::pair<QByteArray, QVariant>> fields;
        for (const JournalEntry &entry : f.journal.entriesAfter(0)) {
            if (entry.event == "session_closed")
                fields = entry.fields;
        }
        QVERIFY(fields.contains({"tokens_in", 10}));
        QVERIFY(fields.contains({"tokens_out", 5}));
        QVERIFY(fields.contains({"cost_usd", u"0.000120"_s}));
    }
};

RELAY_TEST(tst_CallUsage)
#include "tst_callusage.moc"
