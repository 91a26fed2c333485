// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/admission.h"
#include "core/monitor/sessionrecord.h"
#include "core/realtime/endreason.h"
#include "core/realtime/eventtype.h"
#include "core/relay/pump.h"
#include "core/relay/workercontext.h"
#include "core/websocket/upstreamdial.h"

#include <QObject>

#include <memory>
#include <optional>

namespace rr {

/// One call: a downstream client, an upstream, and a Pump each way between them. It dials, passes, watches
/// (heartbeat, inactivity, length, stalls, the rules of RFC 6455), and ends both sides with the right code
/// exactly once: Dialling → Open → Closing → Closed. Lives in its worker's thread; owned by its worker, which
/// destroys it after finished().
class Session final : public QObject, private ByteStream::Owner, private Pump::Watcher
{
    Q_OBJECT
public:
    /// What the session is to reach, or why it must not dial at all.
    struct Plan
    {
        UpstreamDial::Target target;
        QHostAddress client; ///< whose calls are told their failures one after the other
        Secret key; ///< kept as long as the session, to be cut out of what the sides say of it
        QString missingKey; ///< not empty: what is wrong with the key; the client is told, nobody is dialled
    };

    Session(WorkerContext &context, std::shared_ptr<SessionRecord> record, Ticket ticket, Plan plan,
        QObject *parent);
    ~Session() override;

    /// The client's handshake is done; null: it failed.
    void start(std::unique_ptr<ByteStream> client);

    /// Ends it, after the message that is just being passed to the client if that comes within a second.
    void end(EndReason reason, EndDetails details = {});
    /// Cuts both sides without a word, unless they were told already.
    void abort();

    /// Looks after all that has to do with time; called a few times a second. `nowNs` is steady.
    void tick(qint64 nowNs);

    const SessionRecord &record() const { return *m_record; }

Q_SIGNALS:
    void finished();

private:
    /// What the heartbeat knows of one side.
    struct Pulse
    {
        qint64 lastPingNs = 0;
        qint64 unansweredNs = 0; ///< since when a ping waits for a sign of life; 0: none does
    };
    /// How long a side has taken nothing of its backlog.
    struct Stall
    {
        quint64 takenBytes = 0;
        qint64 sinceNs = 0;
    };

    // ByteStream::Owner
    void streamReadable(ByteStream &stream) override;
    void streamWritten(ByteStream &stream) override;
    void streamEnded(ByteStream &stream) override;
    // Pump::Watcher
    void messageStarted(const Pump &pump, QByteArrayView start) override;
    void messageEnded(const Pump &pump, qint64 bytes) override;
    bool controlFrame(const Pump &pump, Opcode opcode, QByteArrayView payload) override;
    void breached(const Pump &pump, quint16 closeCode) override;
    void stoppedAtBoundary(const Pump &pump) override;

    void dial();
    void dialled();
    void openUpstream();
    void endNow(EndReason reason, const EndDetails &details);
    bool failedAtOnce() const;
    void tellEnd();
    void endClient();
    void endUpstream();
    void finishIfOver();
    void heartbeat(qint64 nowNs);
    bool pulse(Pulse &pulse, Pump &from, Pump &to, FrameScanner::Sender as, qint64 nowNs);
    bool answersOurPing(const Pump &pump, QByteArrayView payload);
    bool stalled(Stall &stall, const ByteStream &stream, qint64 nowNs);
    bool closingTookTooLong(qint64 nowNs);
    std::unique_ptr<Pump> makePump(FrameScanner::Sender sender);
    const Settings &settings() const { return *m_context.settings; }
    const Patience &patience() const { return m_context.services.patience; }

    WorkerContext &m_context;
    const std::shared_ptr<SessionRecord> m_record;
    const Ticket m_ticket; ///< the place among all sessions; given back when the session is gone
    Plan m_plan;
    std::unique_ptr<UpstreamDial> m_dial;
    std::unique_ptr<ByteStream> m_client;
    std::unique_ptr<ByteStream> m_upstream;
    std::unique_ptr<Pump> m_up; ///< client to upstream
    std::unique_ptr<Pump> m_down; ///< upstream to client

    std::optional<EndDescription> m_end; ///< from the first close frame or the first reason on
    std::optional<std::pair<EndReason, EndDetails>> m_endAtBoundary;
    qint64 m_endAtBoundaryNs = 0;
    bool m_clientSaidClose = false; ///< its close frame has come
    bool m_endedByUs = false; ///< endNow() has run
    bool m_endIsUntold = false; ///< and tellEnd() follows
    bool m_finished = false;

    const QByteArray m_pingMark; ///< starts the payload of the relay's own pings; nobody else's can
    EventType m_upType = noEvent, m_downType = noEvent; ///< of the message that is being passed
    Pulse m_clientPulse;
    Pulse m_upstreamPulse;
    Stall m_clientStall;
    Stall m_upstreamStall;
    qint64 m_activeNs;
    qint64 m_closingSinceNs = 0;
    qint64 m_progress = -1;
    qint64 m_progressNs = 0;
};

} // namespace rr
