// SPDX-License-Identifier: MIT
// What a call does by its clock, which is the test's here.
#include "core/realtime/closecode.h"
#include "core/wire/framewriter.h"
#include "tests/core/call/callfixture.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using Phase = Call::Phase;

namespace {

constexpr qint64 interval = std::chrono::nanoseconds(30s).count();
constexpr qint64 tickNs = std::chrono::nanoseconds(1s).count();

/// The code in an error event, as framesOf() has it.
QString errorIn(const QByteArray &frame)
{
    return QJsonDocument::fromJson(frame.mid(3))[u"error"_s][u"code"_s].toString();
}

/// Two sides that are there and say nothing by themselves.
struct HeartbeatFixture : CallFixture
{
    HeartbeatFixture()
    {
        settings.heartbeatInterval = 30s;
        settings.inactivityTimeout = 0ms;
        settings.sessionLimit = 0ms;
    }

    /// Lets time pass up to so long after the call has opened, at a look a second. Both sides answer as they are told.
    void passTo(qint64 ns)
    {
        for (; now < opened + ns && call->phase() == Phase::Open; now += tickNs) {
            call->tick(now);
            const auto heard = clientHeard();
            for (; seenByClient < heard.size(); ++seenByClient) {
                if (clientAnswers && heard[seenByClient].startsWith("89 "))
                    clientSays(Opcode::Pong, heard[seenByClient].mid(3));
            }
            // Not always: it goes over a socket.
            if (upstreamSpeaks && call->phase() == Phase::Open && (now - opened) % (10 * tickNs) == 0)
                speak();
        }
    }
    void speak()
    {
        const auto before = client->written.size();
        upstreamSays(makeFrame(FrameScanner::Sender::Server, Opcode::Pong, "here"));
        QVERIFY(QTest::qWaitFor([&] { return client->written.size() > before; }, 30'000));
    }
    bool begin()
    {
        const qint64 before = CallRegistry::nowNs();
        const bool isOpen = open(); // at some moment since then
        opened = now = CallRegistry::nowNs();
        unsure = opened - before;
        return isOpen;
    }
    /// Payloads of the pings that the client had.
    QList<QByteArray> pings() const
    {
        QList<QByteArray> payloads;
        const auto heard = clientHeard();
        for (const QByteArray &frame : heard) {
            if (frame.startsWith("89 "))
                payloads.append(frame.mid(3));
        }
        return payloads;
    }

    qint64 opened = 0; ///< or up to so much earlier:
    qint64 unsure = 0;
    qint64 now = 0;
    qsizetype seenByClient = 0;
    bool clientAnswers = true;
    bool upstreamSpeaks = true;
};

} // namespace

class tst_Heartbeat : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whoAnswersLives()
    {
        HeartbeatFixture f;
        QVERIFY(f.begin());
        f.passTo(10 * interval);
        QCOMPARE(f.call->phase(), Phase::Open);
        QVERIFY(f.pings().size() >= 9);
    }

    // After two intervals, as the setting says, and a look or two.
    void whoIsSilentIsGoneAfterTwoIntervals_data()
    {
        QTest::addColumn<bool>("client");
        QTest::addColumn<qint64>("goneAt"); ///< after how long it says its last
        for (const bool client : {true, false}) {
            const char *const side = client ? "client" : "upstream";
            QTest::addRow("%s, from the beginning", side) << client << qint64(0);
            QTest::addRow("%s, right before a ping", side) << client << interval - tickNs;
            QTest::addRow("%s, right after an answer", side) << client << interval + 2 * tickNs;
            QTest::addRow("%s, in between", side) << client << 3 * interval + interval / 2;
        }
    }
    void whoIsSilentIsGoneAfterTwoIntervals()
    {
        QFETCH(bool, client);
        QFETCH(qint64, goneAt);
        HeartbeatFixture f;
        QVERIFY(f.begin());
        f.passTo(goneAt);
        QCOMPARE(f.call->phase(), Phase::Open);
        if (client && goneAt > 0)
            f.clientSays(Opcode::Pong, "last");
        if (!client && goneAt > 0)
            f.speak();
        (client ? f.clientAnswers : f.upstreamSpeaks) = false;
        f.passTo(goneAt + 2 * interval - 2 * tickNs - f.unsure);
        QCOMPARE(f.call->phase(), Phase::Open);
        f.passTo(goneAt + 2 * interval + 3 * tickNs);
        QVERIFY(f.call->phase() >= Phase::Closing);
        QCOMPARE(f.client->over, client); // who is there is told
        if (!client)
            QVERIFY(f.clientHeard().last().startsWith("88 " + closePayload(1011, {})));
        f.call->abort();
        QCOMPARE(f.record->endReason, client ? EndReason::ClientSilent : EndReason::UpstreamSilent);
        QCOMPARE(f.record->endedBy, client ? EndedBy::Client : EndedBy::Upstream);
    }

    void answersAreMeasuredAndPassedToNobody()
    {
        HeartbeatFixture f;
        QVERIFY(f.begin());
        f.upstreamSpeaks = false;
        f.passTo(interval + 2 * tickNs);
        QCOMPARE(f.pings().size(), 1); // which the client has answered
        QVERIFY(f.record->downstreamRttUs.value() > 0);
        QTRY_COMPARE(f.upstreamHeard().size(), 1);
        const QByteArray toUpstream = f.upstreamHeard()[0];
        QVERIFY(toUpstream.startsWith("89 "));
        f.upstreamSays(makeFrame(FrameScanner::Sender::Server, Opcode::Pong, toUpstream.mid(3)));
        QTRY_VERIFY(f.record->upstreamRttUs.value() > 0);
        f.clientSays(Opcode::Text, "up");
        f.upstreamSays(makeFrame(FrameScanner::Sender::Server, Opcode::Text, "down"));
        QTRY_COMPARE(f.upstreamHeard(), (QList<QByteArray>{toUpstream, "81 up"}));
        QTRY_COMPARE(f.clientHeard(), (QList<QByteArray>{"89 " + f.pings()[0], "81 down"}));
    }

    // Its ping waits behind what it has yet to take.
    void whoIsSlowIsNotSilent()
    {
        HeartbeatFixture f;
        f.settings.stallTimeout = 1h;
        QVERIFY(f.begin());
        f.clientAnswers = false;
        f.client->takes = f.client->written.size();
        f.speak();
        f.passTo(5 * interval);
        QCOMPARE(f.call->phase(), Phase::Open);
        QVERIFY(!f.pings().isEmpty());
        f.client->takes = std::numeric_limits<qint64>::max();
        f.passTo(5 * interval + 2 * tickNs);
        QVERIFY(f.call->phase() >= Phase::Closing);
    }

    // The time is kept here; a pong bears a number alone.
    void pongsChooseNoTime_data()
    {
        QTest::addColumn<QByteArray>("number"); ///< in place of the ping's
        QTest::addColumn<bool>("counts");
        QTest::newRow("its own") << QByteArray() << true;
        QTest::newRow("the past") << QByteArray(8, 0) << false;
        QTest::newRow("the future") << QByteArray::fromHex("7fffffffffffffff") << false;
        QTest::newRow("what overflows") << QByteArray::fromHex("8000000000000000") << false;
    }
    void pongsChooseNoTime()
    {
        QFETCH(QByteArray, number);
        QFETCH(bool, counts);
        HeartbeatFixture f;
        QVERIFY(f.begin());
        f.clientAnswers = false;
        f.passTo(interval + 2 * tickNs);
        QCOMPARE(f.pings().size(), 1);
        const QByteArray ping = f.pings()[0];
        QVERIFY(!ping.isEmpty());
        f.clientSays(Opcode::Pong, number.isEmpty() ? ping : ping.chopped(8) + number);
        QCOMPARE(f.record->downstreamRttUs.value() > 0, counts);
        if (counts) { // and once
            f.record->downstreamRttUs.set(0);
            f.clientSays(Opcode::Pong, ping);
            QCOMPARE(f.record->downstreamRttUs.value(), 0);
        }
        f.clientSays(Opcode::Text, "hello");
        QTRY_VERIFY(f.upstreamHeard().endsWith("81 hello"));
        for (const QByteArray &frame : f.upstreamHeard())
            QVERIFY(!frame.startsWith("8a ")); // none of them passed
    }

    // From its birth on, in which the dial is as well.
    void lengthIsLimited()
    {
        CallFixture f;
        f.settings.sessionLimit = 200ms;
        QVERIFY(f.open());
        const qint64 end = f.record->startedNs + std::chrono::nanoseconds(200ms).count();
        f.call->tick(end - 1);
        QCOMPARE(f.call->phase(), Phase::Open);
        f.call->tick(end);
        QCOMPARE(f.clientHeard().size(), 2);
        QCOMPARE(errorIn(f.clientHeard()[0]), u"session_limit"_s);
        QVERIFY(f.clientHeard()[1].startsWith("88 " + closePayload(4409, {})));
        QTRY_VERIFY(!f.upstreamHeard().isEmpty());
        QVERIFY(f.upstreamHeard().last().startsWith("88 " + closePayload(1000, {})));
        f.clientSays(Opcode::Close, closePayload(4409, {}));
        f.upstream.sockets[0]->disconnectFromHost();
        f.client->tellEnded();
        QTRY_COMPARE(f.call->phase(), Phase::Over);
        QVERIFY(!f.record->failed);
    }

    void endWaitsForTheMessage()
    {
        CallFixture f;
        f.settings.sessionLimit = 200ms;
        QVERIFY(f.open());
        const QByteArray before = f.client->written;
        const QByteArray message
            = makeFrame(FrameScanner::Sender::Server, Opcode::Text, "half of it and half");
        f.upstreamSays(message.first(9));
        QTRY_COMPARE(f.client->written, before + message.first(9));
        f.call->tick(CallRegistry::nowNs() + std::chrono::nanoseconds(200ms).count());
        QCOMPARE(f.call->phase(), Phase::AwaitingBoundary);
        QCOMPARE(f.client->written, before + message.first(9)); // the half message still has time
        f.upstreamSays(message.sliced(9));
        QTRY_COMPARE(f.call->phase(), Phase::Closing);
        QCOMPARE(f.clientHeard().size(), 3);
        QCOMPARE(f.clientHeard()[0], "81 half of it and half");
        QCOMPARE(errorIn(f.clientHeard()[1]), u"session_limit"_s);
        QVERIFY(f.clientHeard()[2].startsWith("88 " + closePayload(4409, {})));
    }

    void endDoesNotWaitForEver()
    {
        CallFixture f;
        f.settings.sessionLimit = 200ms;
        QVERIFY(f.open());
        const QByteArray before = f.client->written;
        const QByteArray start = makeFrame(FrameScanner::Sender::Server, Opcode::Text, "half of it").first(5);
        f.upstreamSays(start);
        QTRY_COMPARE(f.client->written, before + start);
        f.call->tick(CallRegistry::nowNs() + std::chrono::nanoseconds(200ms).count());
        QCOMPARE(f.call->phase(), Phase::AwaitingBoundary);
        f.call->tick(CallRegistry::nowNs() + std::chrono::nanoseconds(1s).count());
        QVERIFY(f.client->over);
        QCOMPARE(f.client->written, before + start); // no close inside a frame
        QTRY_COMPARE(f.call->phase(), Phase::Over);
        QCOMPARE(int(f.record->closeCode), 1006);
    }

    void stalledClientIsTold_data()
    {
        QTest::addColumn<qint64>("taken"); ///< of the frame that it has not all
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("nothing of the frame has left") << qint64(0) << QByteArray("1013");
        QTest::newRow("some of the frame has left") << qint64(1) << QByteArray();
    }
    void stalledClientIsTold()
    {
        QFETCH(qint64, taken);
        QFETCH(QByteArray, told);
        HeartbeatFixture f;
        f.settings.stallTimeout = 50s;
        QVERIFY(f.begin());
        f.client->takes = f.client->written.size() + taken;
        const auto known = f.client->written.size();
        const QByteArray frame = makeFrame(FrameScanner::Sender::Server, Opcode::Text, QByteArray(8000, 'x'));
        f.upstreamSays(frame.left(5000));
        QTRY_COMPARE(f.client->written.size(), known + 5000);
        f.upstreamSpeaks = false;
        for (int i = 0; i < 62 && f.call->phase() == Phase::Open; ++i, f.now += tickNs)
            f.call->tick(f.now);
        QVERIFY(f.call->phase() >= Phase::Closing);
        QCOMPARE(f.client->over, told.isEmpty());
        if (!told.isEmpty()) {
            QCOMPARE(f.clientHeard().size(), 2); // the event and the close, in the frame's place
            QVERIFY(f.clientHeard()[0].contains("peer_too_slow"));
            QVERIFY(f.clientHeard()[1].startsWith("88 " + QByteArray::fromHex("03f5")));
        }
    }
};

RELAY_TEST(tst_Heartbeat)
#include "tst_heartbeat.moc"
