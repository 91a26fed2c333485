// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/admission.h"
#include "core/call/callbooks.h"
#include "core/call/callcontext.h"
#include "core/call/callmeter.h"
#include "core/call/passage.h"
#include "core/call/readahead.h"
#include "core/call/side.h"
#include "core/monitor/callrecord.h"
#include "core/realtime/beta/dialect.h"
#include "core/realtime/endreason.h"
#include "core/realtime/eventtype.h"
#include "core/realtime/kindofcall.h"
#include "core/wire/dial.h"

#include <QDeadlineTimer>
#include <QObject>

#include <array>
#include <chrono>
#include <memory>
#include <optional>

namespace rr {

/// One call: a downstream client, an upstream, and a Passage each way between them. It dials, passes, watches
/// (heartbeat, inactivity, length, stalls, the rules of RFC 6455), and ends both sides with the right code
/// exactly once. Lives in its worker's thread; owned by its worker, which destroys it after finished().
///
/// What each event does in each phase; the test of this class has the same table:
///
/// | phase            | end(reason)             | a close frame of A     | A's connection is over | tick                  |
/// |------------------|-------------------------|------------------------|------------------------|-----------------------|
/// | Dialling         | → Closing, no more dial | → Closing              | → Closing: vanished    | length; the dial has  |
/// |                  |                         |                        |                        | its own deadline      |
/// | Open             | in mid-message, unless  | → Closing, passes on   | → Closing: vanished    | length, inactivity,   |
/// |                  | a side is at fault      |                        |                        | stalls, heartbeat     |
/// |                  | → AwaitingBoundary;     |                        |                        |                       |
/// |                  | else → Closing          |                        |                        |                       |
/// | AwaitingBoundary | – : the first one wins  | → Closing, theirs wins | → Closing: vanished    | boundary over         |
/// |                  |                         |                        |                        | → Closing             |
/// | Closing          | – : but told at once    | the answer             | both over → Over       | closing over → cut    |
/// | Over             | –                       | –                      | –                      | –                     |
///
/// Behind a session.closed of the upstream, where that endsWithItsSession(), nothing passes from there any more: → Closing with
/// its close frame, if one comes with it, else with 1000. A client whose own went before has its answer from the relay.
class Call final : public QObject, private Passage::Watcher
{
    Q_OBJECT
public:
    enum class Phase : quint8 {
        Dialling, ///< there is no upstream yet
        Open, ///< both are there, and messages pass
        AwaitingBoundary, ///< the relay ends it once the message has passed that is on its way to the client
        Closing, ///< a close frame passes, or the relay has told both sides, or soon will
        Over, ///< both connections are over
    };
    static constexpr bool mayFollow(Phase phase, Phase next)
    {
        return next > phase && (next != Phase::AwaitingBoundary || phase == Phase::Open)
            && (next != Phase::Over || phase == Phase::Closing);
    }

    /// What the call is to reach, or why it must not dial at all.
    struct Plan
    {
        Dial::Target target;
        QHostAddress client; ///< whose calls are told their failures one after the other
        QList<Secret> keys; ///< kept as long as the call, to be cut out of what the sides say of it
        Sentence missingKey; ///< not empty: what is wrong with the key; the client is told, nobody is dialled
        std::optional<BetaDialect> dialect{}; ///< between the client and the upstream; none: both speak alike
        std::shared_ptr<AccessPlace> access{}; ///< of its access token; null: it has a key of its own
        bool usesHeldKey = false; ///< of the relay; else one that the client has sent
        /// Why its access token is not let in: the client is told, nobody is dialled.
        std::optional<EndDetails::Refusal> refusal{};
    };

    /// Who calls.
    struct Client
    {
        std::unique_ptr<ByteStream> stream; ///< read to the end of the request's head
        QByteArray switchingProtocols; ///< the answer 101, not written yet
        /// It has sent an Origin, so it sees no HTTP status: it has its 101 at once, and failures are told in an error
        /// event and a close. Who is none has it when the upstream has answered, and an HTTP status when that fails.
        bool browser = false;
    };

    /// Keeps the settings that are in force now to its end; only Settings::debug is obeyed as it is at any moment.
    Call(CallContext &context, std::shared_ptr<CallRecord> record, Ticket ticket, Plan plan, QObject *parent);
    ~Call() override;

    /// Once, right after it was made.
    void start(Client client);

    /// Ends it, after the message that is just being passed to the client if that comes within a second.
    void end(EndReason reason, EndDetails details = {});
    /// Cuts both sides without a word, unless they were told already.
    void abort();

    /// The access tokens are others now: ends with 4412 what came with one that is good no more.
    void accessChanged(const AccessBook &book);

    /// Looks after all that has to do with time; called a few times a second. `nowNs` is steady.
    void tick(qint64 nowNs);

    /// A call that fails within this time has failed at once: an upstream may say a word before it drops one.
    static constexpr qint64 briefNs = 2'000'000'000;

    Phase phase() const { return m_phase; }
    const CallRecord &record() const { return *m_record; }
    /// Those of its birth.
    const Settings &settings() const { return *m_settings; }

Q_SIGNALS:
    void finished();

private:
    /// What the heartbeat knows of one side.
    struct Pulse
    {
        qint64 lastPingNs = 0;
        qint64 lastHeardNs = 0;
        qint64 unansweredNs = 0; ///< since when a ping waits for a sign of life; 0: none does
        quint64 pings = 0; ///< each bears its number
        qint64 sentNs = 0; ///< the last of them, on its way; 0: it is answered
    };
    /// How long a side has taken nothing of its backlog.
    struct Stall
    {
        quint64 takenBytes = 0;
        qint64 sinceNs = 0;
    };
    /// One side, and what passes from it to the other.
    struct Leg final : ByteStream::Owner
    {
        Leg(Call &owner, Side which)
            : call(owner)
            , side(which)
        {
        }
        void streamReadable(ByteStream &) override { call.readable(side); }
        void streamWritten(ByteStream &) override { call.written(side); }
        void streamEnded(ByteStream &) override { call.ended(side); }
        bool isOver() const { return !stream || stream->isOver(); }

        Call &call;
        const Side side;
        std::unique_ptr<ByteStream> stream;
        std::optional<Passage>
            passage; ///< from Open on; of a client, also when it is told that the dial has failed
        Pulse pulse;
        Stall stall;
        EventType passing = noEvent; ///< type of the message that passes
        qint64 cameOnNs = 0; ///< when the message last did that is kept
        bool saidClose = false; ///< its close frame has come, or can no more be found
    };
    /// How it ends; from AwaitingBoundary on.
    struct Ending
    {
        EndReason reason;
        EndDetails details;
        EndDescription meaning;
        qint64 sinceNs = 0;
        Passage::Place place
            = Passage::Place::BetweenMessages; ///< where it has cut off what the client was sent
        bool ours = true; ///< the relay ends both sides; false: a close frame of theirs passes
        bool untold = false; ///< and the client is yet to be told
    };

    void readable(Side side);
    void readAhead();
    void written(Side side);
    void ended(Side side);
    // Passage::Watcher
    Fate messageStarted(Side from, Opcode opcode, QByteArrayView start) override;
    void messageEnded(Side from, qint64 bytes) override;
    void messageRead(Side from, const QByteArray &whole) override;
    std::optional<QByteArray> replacement(Side from, const QByteArray &whole) override;
    bool controlFrame(Side from, Opcode opcode, QByteArrayView payload) override;
    void breached(Side from, quint16 closeCode) override;
    void stoppedAtBoundary(Side from) override;

    void sessionBegins(const QByteArray &whole);
    // Of a call with an access token.
    bool accessIsOver(qint64 nowNs);
    std::optional<Sentence> mustStopSpending();
    void usageCounted();
    bool mustWaitForMoney() const;
    void holdForMoney();
    void waitForMoney(std::chrono::milliseconds pause = std::chrono::milliseconds(5));
    void responseAsked();
    void clientRead(const QByteArray &whole);
    QByteArray withoutHeldKey(const QByteArray &event) const;
    void sessionIsUnread();
    void endSoon(EndReason reason, const Sentence &detail);
    QByteArray toUpstream(const QByteArray &event);
    std::optional<QByteArray> toClient(const QByteArray &event);
    void dial();
    void dialled();
    void open();
    void makePassage(Side from);
    void enter(Phase phase);
    void decide(EndReason reason, EndDetails details, bool ours = true);
    void endNow(EndReason reason, EndDetails details = {});
    void close();
    void closeAfter(std::chrono::milliseconds pause);
    std::chrono::milliseconds pauseBeforeTelling();
    bool isEndedByUs() const { return m_phase >= Phase::Closing && m_ending->ours; }
    bool isUntold() const
    {
        return m_ending && m_ending->untold;
    } ///< tellClient() has yet to write, and closes then
    bool failedAtOnce() const;
    bool leftInVain() const;
    bool wasBrief() const;
    bool lastWordWasError() const;
    std::optional<QByteArray> inDialect(Side from, const QByteArray &whole);
    std::optional<QByteArray> heldBack(const QByteArray &event);
    void letGo();
    void tellEnd();
    void tellClient();
    void refuseUpgrade();
    void tellUpstream();
    void sessionIsOver();
    void finishIfOver();
    void heartbeat(qint64 nowNs);
    bool beats(Side side, qint64 nowNs);
    bool answersOurPing(Side from, QByteArrayView payload);
    bool isUnread(const Leg &leg) const;
    bool isStalled(Leg &leg, qint64 nowNs);
    bool closingTookTooLong(qint64 nowNs);
    Leg &leg(Side side) { return m_legs[std::size_t(side)]; }
    const Leg &leg(Side side) const { return m_legs[std::size_t(side)]; }
    const Patience &patience() const { return m_context.services.patience; }

    CallContext &m_context;
    const std::shared_ptr<const Settings> m_settings;
    const std::shared_ptr<CallRecord> m_record;
    Ticket m_ticket; ///< the place among all calls, until it is Closing
    Plan m_plan;
    std::optional<CallBooks> m_books; ///< where any are kept
    const bool m_isWatched; ///< it has an access token
    CallMeter m_meter;
    QByteArray m_switchingProtocols; ///< that the client still waits for; empty: it has its answer
    std::unique_ptr<Dial> m_dial;
    ReadAhead m_ahead; ///< what the client said meanwhile
    std::array<Leg, 2> m_legs{Leg(*this, Side::Client), Leg(*this, Side::Upstream)};
    const EventType
        m_lastEvent; ///< of the upstream, in a call that ends with its session; noEvent: in no other
    bool m_sessionIsOver = false; ///< it has passed
    QString m_sessionsReason; ///< that it gave
    Phase m_phase = Phase::Dialling;
    std::optional<Ending> m_ending;
    std::optional<qint64> m_lastResponse; ///< how many have ended when the call must, for its money is spent
    QByteArray m_held; ///< frames of the upstream that the client is yet to be sent
    Opcode m_heldOpcode = Opcode::Text; ///< of the message that is to be the next of them
    QDeadlineTimer m_heldUntil{0};
    bool m_paced = false; ///< the upstream's first word was an error, and FailurePacer knows

    const QByteArray m_pingMark; ///< starts the payload of the relay's own pings; nobody else's can
    qint64 m_activeNs;
    qint64 m_closingSinceNs = 0;
    qint64 m_progress = -1;
    qint64 m_progressNs = 0;
};

} // namespace rr
