// SPDX-License-Identifier: MIT
// What in a call depends on its kind: how it ends with its session, and what is read of its events.
#include "core/realtime/closecode.h"
#include "core/wire/framewriter.h"
#include "tests/core/call/callfixture.h"
#include "tests/support/relaytest.h"

using namespace rr;
using Phase = Call::Phase;

namespace {

const QByteArray closedEvent
    = R"({"type":"session.closed","reason":"close_requested","usage":{"seconds":1.5}})";

QByteArray frameDown(Opcode opcode, const QByteArray &payload)
{
    return makeFrame(FrameScanner::Sender::Server, opcode, payload);
}

/// A call of that kind, open.
struct KindFixture : CallFixture
{
    explicit KindFixture(CallKind which) { kind = which; }
    void upstreamGoes() { upstream.sockets.last()->disconnectFromHost(); }
    /// Both sides go, and the record is whole.
    bool over()
    {
        if (!client->over)
            client->tellEnded();
        if (!upstream.sockets.isEmpty())
            upstream.sockets.last()->abort();
        return QTest::qWaitFor([this] { return call->phase() == Phase::Over; }, 30'000);
    }
};

} // namespace

class tst_CallKinds : public QObject
{
    Q_OBJECT

    static void kinds()
    {
        QTest::addColumn<CallKind>("kind");
        for (const CallKind kind : {CallKind::Realtime, CallKind::Beta, CallKind::Live, CallKind::Translation,
                 CallKind::Transcription, CallKind::Sideband})
            QTest::newRow(nameOf(kind).data()) << kind;
    }

private Q_SLOTS:
    void endsWithItsSession_data() { kinds(); }
    void endsWithItsSession()
    {
        QFETCH(CallKind, kind);
        KindFixture f(kind);
        QVERIFY(f.open());
        f.upstreamSays(frameDown(Opcode::Text, closedEvent));
        if (!rr::endsWithItsSession(kind)) {
            QTRY_COMPARE(f.clientHeard(), QList<QByteArray>{"81 " + closedEvent});
            f.upstreamSays(frameDown(Opcode::Text, "more"));
            QTRY_VERIFY(f.clientHeard().contains("81 more"));
            QCOMPARE(f.call->phase(), Phase::Open);
            return;
        }
        QTRY_COMPARE(f.clientHeard().value(0), "81 " + closedEvent); // the close may be behind it already
        f.upstreamSays(frameDown(Opcode::Text, "more")
                           .chopped(1)); // does not pass, nor does half of a frame stand in the way
        QTRY_COMPARE(
            f.clientHeard(), (QList<QByteArray>{"81 " + closedEvent, "88 " + closePayload(1000, {})}));
        QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"88 " + closePayload(1000, {})});
        QVERIFY(!f.client->closing); // it has yet to answer

        // What the client still sends is nothing wrong, and nobody's any more; no more is what the upstream says.
        f.clientSays(Opcode::Text, "late");
        f.clientSays(Opcode::Continuation, "a breach of the protocol");
        f.clientSays(Opcode::Close, closePayload(1000, {}));
        QVERIFY(f.over());
        QCOMPARE(f.clientHeard().size(), 2);
        QCOMPARE(f.upstreamHeard().size(), 1);
        QCOMPARE(f.record->endedBy, EndedBy::Upstream);
        QCOMPARE(f.record->endReason, EndReason::UpstreamClosed);
        QCOMPARE(int(f.record->closeCode), 1000);
        QCOMPARE(plain(f.record->closeReason), QStringLiteral("Closed by the upstream: close_requested"));
        QVERIFY(!f.record->failed);
        QVERIFY(f.services.troubles.current().isEmpty());
    }

    void clientsSessionClosedIsNoEnd()
    {
        KindFixture f(CallKind::Live);
        QVERIFY(f.open());
        f.clientSays(Opcode::Text, closedEvent);
        f.clientSays(Opcode::Text, "more");
        QTRY_COMPARE(f.upstreamHeard(), (QList<QByteArray>{"81 " + closedEvent, "81 more"}));
        QCOMPARE(f.call->phase(), Phase::Open);
    }

    void upstreamsOwnCloseGoesFirst_data()
    {
        QTest::addColumn<bool>("later");
        QTest::newRow("at once") << false;
        QTest::newRow("a moment later") << true;
    }
    void upstreamsOwnCloseGoesFirst()
    {
        KindFixture f(CallKind::Live);
        QFETCH(bool, later);
        f.services.patience.lastWord = std::chrono::seconds(20);
        QVERIFY(f.open());
        f.upstreamSays(frameDown(Opcode::Text, closedEvent));
        if (later)
            QTRY_COMPARE(f.clientHeard().size(), 1);
        f.upstreamSays(frameDown(Opcode::Close, closePayload(4321, "done")));
        QTRY_COMPARE(
            f.clientHeard(), (QList<QByteArray>{"81 " + closedEvent, "88 " + closePayload(4321, "done")}));
        f.clientSays(Opcode::Close, closePayload(4321, {}));
        QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"88 " + closePayload(4321, "done")});
        QVERIFY(f.over());
        QCOMPARE(f.clientHeard().size(), 2);
        QCOMPARE(int(f.record->closeCode), 4321);
    }

    // Before the relay has said anything.
    void upstreamThatIsCutIsNotLost()
    {
        KindFixture f(CallKind::Translation);
        f.services.patience.lastWord = std::chrono::seconds(20);
        QVERIFY(f.open());
        f.upstreamSays(frameDown(Opcode::Text, closedEvent));
        f.upstreamGoes();
        QTRY_COMPARE(
            f.clientHeard(), (QList<QByteArray>{"81 " + closedEvent, "88 " + closePayload(1000, {})}));
        QVERIFY(f.over());
        QCOMPARE(f.record->endReason, EndReason::UpstreamClosed);
        QVERIFY(!f.record->failed);
    }

    void halfOfItIsNoEnd()
    {
        KindFixture f(CallKind::Live);
        QVERIFY(f.open());
        const QByteArray frame = frameDown(Opcode::Text, closedEvent);
        f.upstreamSays(frame.chopped(5));
        QTRY_VERIFY(f.client->written.contains("session.closed"));
        QTest::qWait(20);
        QCOMPARE(f.call->phase(), Phase::Open);
        f.upstreamGoes();
        QTRY_COMPARE(f.call->phase(), Phase::Over);
        QCOMPARE(f.record->endReason, EndReason::UpstreamVanished);
        QVERIFY(f.record->failed);
    }

    // In frames, and larger than what is read of any message.
    void largeOneIsAnEnd()
    {
        KindFixture f(CallKind::Live);
        QVERIFY(f.open());
        // moc does not find its way through a raw string here.
        const QByteArray event
            = closedEvent.chopped(1) + ",\"session\":\"" + QByteArray(Passage::mostReadBytes, 'x') + "\"}";
        QByteArray start = frameDown(Opcode::Text, event.first(100));
        start[0] = char(start[0] & 0x7F); // not the last frame
        f.upstreamSays(
            start + frameDown(Opcode::Ping, "p") + frameDown(Opcode::Continuation, event.sliced(100)));
        QTRY_COMPARE(f.call->phase(), Phase::Closing);
        QTRY_COMPARE(f.clientHeard().size(), 4);
        QCOMPARE(f.clientHeard().last(), "88 " + closePayload(1000, {}));
    }

    // Its own close frame went upstream, where nobody has to answer it.
    void clientThatClosedFirstIsAnswered_data()
    {
        QTest::addColumn<bool>("upstreamAnswers");
        QTest::newRow("alone") << false;
        QTest::newRow("the upstream answers, and goes") << true;
    }
    void clientThatClosedFirstIsAnswered()
    {
        QFETCH(bool, upstreamAnswers);
        KindFixture f(CallKind::Live);
        if (upstreamAnswers)
            f.services.patience.lastWord = std::chrono::seconds(20);
        QVERIFY(f.open());
        f.clientSays(Opcode::Close, closePayload(1000, "bye"));
        QTRY_COMPARE(f.upstreamHeard(), QList<QByteArray>{"88 " + closePayload(1000, "bye")});
        QCOMPARE(f.clientHeard().size(), 0);
        f.upstreamSays(frameDown(Opcode::Text, closedEvent));
        if (upstreamAnswers) {
            f.upstreamSays(frameDown(Opcode::Close, closePayload(1000, "bye")));
            f.upstreamGoes();
        }
        QTRY_COMPARE(
            f.clientHeard(), (QList<QByteArray>{"81 " + closedEvent, "88 " + closePayload(1000, "bye")}));
        QVERIFY(f.client->closing);
        QVERIFY(f.over());
        QCOMPARE(f.upstreamHeard().size(), 1);
        QCOMPARE(f.record->endReason, EndReason::ClientClosed);
        QVERIFY(!f.record->failed);
    }

    void sessionsExpiryIsRead_data()
    {
        QTest::addColumn<CallKind>("kind");
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("Realtime") << CallKind::Realtime << QByteArray() << QByteArray("session.created");
        QTest::newRow("translation") << CallKind::Translation << QByteArray()
                                     << QByteArray("session.created");
        QTest::newRow("Live") << CallKind::Live << QByteArray() << QByteArray("session.started");
        QTest::newRow("Live, not the first word")
            << CallKind::Live << QByteArray(R"({"type":"info"})") << QByteArray("session.started");
        QTest::newRow("attached") << CallKind::Sideband << QByteArray() << QByteArray("session.started");
    }
    void sessionsExpiryIsRead()
    {
        QFETCH(CallKind, kind);
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, type);
        KindFixture f(kind);
        QVERIFY(f.open());
        if (!before.isEmpty())
            f.upstreamSays(frameDown(Opcode::Text, before));
        f.upstreamSays(
            frameDown(Opcode::Text, R"({"type":")" + type + R"(","session":{"expires_at":1766000000}})"));
        QTRY_COMPARE(f.record->expiresAt.value(), 1766000000);
    }

    void firstAudioIsThatOfAnAnswer_data() { kinds(); }
    void firstAudioIsThatOfAnAnswer()
    {
        QFETCH(CallKind, kind);
        KindFixture f(kind);
        QVERIFY(f.open());
        f.upstreamSays(frameDown(Opcode::Text, R"({"type":"session.output_audio.delta","delta":"AAAA"})"));
        QTRY_COMPARE(f.record->down.messages.value(), 1);
        QCOMPARE(f.record->firstAudioMs.value() > 0, answersWithAudio(kind));
    }
};

RELAY_TEST(tst_CallKinds)
#include "tst_callkinds.moc"
