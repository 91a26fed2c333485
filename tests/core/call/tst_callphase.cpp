// SPDX-License-Identifier: MIT
// The table in core/call/call.h: what each event does in each phase.
#include "core/wire/framewriter.h"
#include "tests/core/call/callfixture.h"
#include "tests/support/relaytest.h"

#include <QtEndian>

using namespace rr;
using namespace std::chrono_literals;
using Phase = Call::Phase;

namespace {

/// Phases, of Closing both kinds.
enum From { Dialling, Open, InMessage, AwaitingBoundary, ClosingOurs, ClosingTheirs, Over };
enum Event {
    EndByOperator,
    EndByFault,
    ClientCloses,
    UpstreamCloses,
    ClientGoes,
    UpstreamGoes,
    LongTick, ///< all that is timed is over
    Abort,
};

QByteArray closeFrame(quint16 code)
{
    QByteArray payload(2, 0);
    qToBigEndian(code, payload.data());
    return payload;
}

QByteArray fromUpstream(Opcode opcode, const QByteArray &payload)
{
    return makeFrame(FrameScanner::Sender::Server, opcode, payload);
}

/// "E4410": an error event and a close; "4410": a close; "": nothing.
QByteArray inShort(const QList<QByteArray> &frames)
{
    QByteArray result;
    for (const QByteArray &frame : frames) {
        if (frame.startsWith("81 {\"type\":\"error\""))
            result += 'E';
        else if (frame.startsWith("88 "))
            result += QByteArray::number(qFromBigEndian<quint16>(frame.constData() + 3));
        else
            result += '?';
    }
    return result;
}

constexpr char half[] = "\x01\x04half"; // the first frame of a message

} // namespace

class tst_CallPhase : public QObject
{
    Q_OBJECT

    static bool bring(CallFixture &f, From from)
    {
        if (from == Dialling) {
            f.start();
            return QTest::qWaitFor([&f] { return f.upstream.heads.size() == 1; }, 30'000);
        }
        if (!f.open())
            return false;
        if (from == InMessage || from == AwaitingBoundary) {
            f.upstreamSays(half);
            if (!QTest::qWaitFor([&f] { return f.client->written.endsWith("half"); }, 30'000))
                return false;
        }
        if (from == AwaitingBoundary || from == ClosingOurs)
            f.call->end(EndReason::SessionLimit);
        if (from == ClosingTheirs)
            f.clientSays(Opcode::Close, closeFrame(4321));
        if (from == Over)
            f.call->abort();
        return true;
    }

    static void happen(CallFixture &f, Event event)
    {
        switch (event) {
        case EndByOperator:
            f.call->end(EndReason::ClosedByOperator);
            break;
        case EndByFault:
            f.call->end(EndReason::UpstreamBreach);
            break;
        case ClientCloses:
            f.clientSays(Opcode::Close, closeFrame(4000));
            break;
        case UpstreamCloses:
            f.upstreamSays(fromUpstream(Opcode::Close, closeFrame(4001)));
            break;
        case ClientGoes:
            f.client->tellEnded();
            break;
        case UpstreamGoes:
            f.upstream.sockets.last()->abort();
            break;
        case LongTick:
            f.call->tick(CallRegistry::nowNs()); // from here on
            f.call->tick(CallRegistry::nowNs() + std::chrono::nanoseconds(1h).count());
            break;
        case Abort:
            f.call->abort();
            break;
        }
    }

private Q_SLOTS:
    void stepsAreLegal()
    {
        for (const Phase phase :
            {Phase::Dialling, Phase::Open, Phase::AwaitingBoundary, Phase::Closing, Phase::Over}) {
            QVERIFY(!Call::mayFollow(phase, phase));
            QVERIFY(!Call::mayFollow(Phase::Over, phase));
            QVERIFY(!Call::mayFollow(phase, Phase::Dialling));
            QCOMPARE(Call::mayFollow(phase, Phase::Over), phase == Phase::Closing);
            QCOMPARE(Call::mayFollow(phase, Phase::AwaitingBoundary), phase == Phase::Open);
            QCOMPARE(Call::mayFollow(phase, Phase::Closing), phase < Phase::Closing);
        }
    }

    // Live calls go before those that are still being made.
    void isServedFirstFromOpenOn()
    {
        CallFixture f(silence);
        f.start();
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        QVERIFY(f.client->patient);
        f.upstreamSays(switchingProtocols(f.upstream.heads[0]));
        QTRY_COMPARE(f.call->phase(), Phase::Open);
        QVERIFY(!f.client->patient);
    }

    void table_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("event");
        QTest::addColumn<int>("next");
        QTest::addColumn<QByteArray>("client"); ///< is told because of the event
        QTest::addColumn<QByteArray>("upstream");
        QTest::addColumn<QByteArray>("reason"); ///< in the record, once it is over; empty: it goes on
        const auto row = [](const char *name, From from, Event event, Phase next, const char *client,
                             const char *upstream, const char *reason) {
            QTest::newRow(name) << int(from) << int(event) << int(next) << QByteArray(client)
                                << QByteArray(upstream) << QByteArray(reason);
        };
        using enum Call::Phase;
        row("dialling, end", From::Dialling, EndByOperator, Closing, "E4410", "", "closed_by_operator");
        row("dialling, client closes", From::Dialling, ClientCloses, Closing, "4000", "", "client_closed");
        row("dialling, client goes", From::Dialling, ClientGoes, Phase::Over, "", "", "client_vanished");
        row("dialling, upstream goes", From::Dialling, UpstreamGoes, Closing, "E1013", "",
            "upstream_unreachable");
        row("dialling, tick", From::Dialling, LongTick, Closing, "E4409", "", "session_limit");
        row("dialling, abort", From::Dialling, Abort, Phase::Over, "", "", "relay_shutdown");

        row("open, end", From::Open, EndByOperator, Closing, "E4410", "1000", "closed_by_operator");
        row("open, end by a fault", From::Open, EndByFault, Closing, "E1002", "1002", "upstream_breach");
        row("open, client closes", From::Open, ClientCloses, Closing, "", "4000", "client_closed");
        row("open, upstream closes", From::Open, UpstreamCloses, Closing, "4001", "", "upstream_closed");
        row("open, client goes", From::Open, ClientGoes, Closing, "", "", "client_vanished");
        row("open, upstream goes", From::Open, UpstreamGoes, Closing, "E1011", "", "upstream_vanished");
        row("open, tick", From::Open, LongTick, Closing, "E4409", "1000", "session_limit");
        row("open, abort", From::Open, Abort, Phase::Over, "", "", "relay_shutdown");

        row("in a message, end", InMessage, EndByOperator, Phase::AwaitingBoundary, "", "", "");
        row("in a message, end by a fault", InMessage, EndByFault, Closing, "1002", "1002",
            "upstream_breach");
        row("in a message, client closes", InMessage, ClientCloses, Closing, "", "4000", "client_closed");
        row("in a message, upstream goes", InMessage, UpstreamGoes, Closing, "1011", "", "upstream_vanished");
        row("in a message, tick", InMessage, LongTick, Phase::AwaitingBoundary, "", "", "");

        row("boundary, end again", From::AwaitingBoundary, EndByOperator, Phase::AwaitingBoundary, "", "",
            "");
        row("boundary, client closes", From::AwaitingBoundary, ClientCloses, Closing, "", "4000",
            "client_closed");
        row("boundary, upstream closes", From::AwaitingBoundary, UpstreamCloses, Closing, "4001", "",
            "upstream_closed");
        row("boundary, client goes", From::AwaitingBoundary, ClientGoes, Closing, "", "", "client_vanished");
        row("boundary, upstream goes", From::AwaitingBoundary, UpstreamGoes, Closing, "1011", "",
            "upstream_vanished");
        row("boundary, tick", From::AwaitingBoundary, LongTick, Closing, "4409", "1000", "session_limit");
        row("boundary, abort", From::AwaitingBoundary, Abort, Phase::Over, "", "", "relay_shutdown");

        row("closing, end again", ClosingOurs, EndByOperator, Closing, "", "", "session_limit");
        row("closing, client answers", ClosingOurs, ClientCloses, Closing, "", "", "session_limit");
        row("closing, client goes", ClosingOurs, ClientGoes, Phase::Over, "", "", "session_limit");
        row("closing, tick", ClosingOurs, LongTick, Phase::Over, "", "", "session_limit");
        row("closing, abort", ClosingOurs, Abort, Phase::Over, "", "", "session_limit");
        row("closed by the client, end", ClosingTheirs, EndByOperator, Closing, "", "", "client_closed");
        row("closed by the client, upstream answers", ClosingTheirs, UpstreamCloses, Closing, "4001", "",
            "client_closed");
        row("closed by the client, upstream goes", ClosingTheirs, UpstreamGoes, Closing, "", "",
            "client_closed");
        row("closed by the client, client goes", ClosingTheirs, ClientGoes, Closing, "", "", "client_closed");
        row("closed by the client, tick", ClosingTheirs, LongTick, Phase::Over, "", "", "client_closed");

        for (const Event event : {EndByOperator, EndByFault, LongTick, Abort})
            row(qPrintable(QStringLiteral("over, %1").arg(event)), From::Over, event, Phase::Over, "", "",
                "relay_shutdown");
    }
    void table()
    {
        QFETCH(int, from);
        QFETCH(int, event);
        QFETCH(int, next);
        QFETCH(QByteArray, client);
        QFETCH(QByteArray, upstream);
        QFETCH(QByteArray, reason);
        CallFixture f(from == Dialling ? silence : switchingProtocols);
        f.settings.sessionLimit = 30min;
        QVERIFY(bring(f, From(from)));
        int finished = 0;
        QObject::connect(f.call.get(), &Call::finished, f.call.get(), [&finished] { ++finished; });
        constexpr Phase phases[] = {Phase::Dialling, Phase::Open, Phase::Open, Phase::AwaitingBoundary,
            Phase::Closing, Phase::Closing, Phase::Over};
        QCOMPARE(f.call->phase(), phases[from]);
        const qsizetype clientKnew = f.clientHeard().size();
        if (from == ClosingOurs || from == ClosingTheirs)
            QTRY_VERIFY(!f.upstreamHeard().isEmpty());
        const qsizetype upstreamKnew = f.upstreamHeard().size();

        happen(f, Event(event));
        QTRY_COMPARE(int(f.call->phase()), next);
        QTRY_COMPARE(inShort(f.clientHeard().mid(clientKnew)), client);
        QTRY_COMPARE(inShort(f.upstreamHeard().mid(upstreamKnew)), upstream);
        QCOMPARE(f.record->state.load(),
            next == int(Phase::Over)           ? CallState::Closed
                : next == int(Phase::Closing)  ? CallState::Closing
                : next == int(Phase::Dialling) ? CallState::Dialling
                                               : CallState::Open);
        if (reason.isEmpty()) {
            // The message comes to its end, and nothing more.
            f.upstreamSays(
                fromUpstream(Opcode::Continuation, " and half") + fromUpstream(Opcode::Text, "more"));
            QTRY_COMPARE(int(f.call->phase()), int(Phase::Closing));
            QVERIFY(f.clientHeard().contains("80  and half"));
            QVERIFY(!f.clientHeard().contains("81 more"));
            return;
        }
        // Then both sides go, and it is over once.
        if (!f.client->over)
            f.client->tellEnded();
        if (!f.upstream.sockets.isEmpty())
            f.upstream.sockets.last()->abort();
        QTRY_COMPARE(int(f.call->phase()), int(Phase::Over));
        QCOMPARE(finished, from == From::Over ? 0 : 1);
        QCOMPARE(QString(nameOf(f.record->endReason)), QString::fromLatin1(reason));
    }
};

RELAY_TEST(tst_CallPhase)
#include "tst_callphase.moc"
