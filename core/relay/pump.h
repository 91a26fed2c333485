// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/sessionrecord.h"
#include "core/relay/bufferbudget.h"
#include "core/websocket/bytestream.h"
#include "core/websocket/framescanner.h"

#include <QByteArray>

#include <array>
#include <memory>

namespace rr {

/// Where bytes are between one socket and the other: never longer than one call of Pump::run(), so one such
/// space serves all the pumps of a thread.
using PumpSpace = std::array<char, 64 * 1024>;

/// One direction of a call: reads from one stream, looks at the frame headers, writes to the other stream. What
/// it reads it passes on in the same call, unchanged; it reads no more while the other side's backlog is over
/// the high mark, and goes on below the low mark, which is half of it. One thread; owned by its Session.
class Pump
{
public:
    /// What a Session has to know of what passes. Called from inside run().
    class Watcher
    {
    public:
        /// The first bytes of a data message, unmasked: a few hundred at the least, if there are so many and they
        /// have come.
        virtual void messageStarted(const Pump &pump, QByteArrayView start) = 0;
        /// The rest of it has come; `bytes` is its size, of all its frames' payloads.
        virtual void messageEnded(const Pump &pump, qint64 bytes) = 0;
        /// A whole control frame, its payload unmasked. True: it passes; false: it was for the relay. What came
        /// before a Close has been written: here the watcher may inject() or stop(), and write to that side. What
        /// came before a Ping or a Pong may still be to be written: there it must leave the pump alone.
        virtual bool controlFrame(const Pump &pump, Opcode opcode, QByteArrayView payload) = 0;
        /// The sender broke a rule of RFC 6455 or the size limit: the session must end with this close code.
        virtual void breached(const Pump &pump, quint16 closeCode) = 0;
        /// What stopAtMessageBoundary() waited for.
        virtual void stoppedAtBoundary(const Pump &pump) = 0;

    protected:
        ~Watcher() = default;
    };

    /// `to` is null when there is nobody to pass anything on to: then what comes is looked at and dropped.
    Pump(FrameScanner::Sender sender, ByteStream &from, ByteStream *to, qint64 maxMessageBytes,
        PumpSpace &space, BufferBudget &budget, DirectionCounters &counters, Watcher &watcher);

    /// Passes what one read brings. To be called when `from` is readable.
    void run();
    /// To be called when `to` has written: goes on where the backlog stopped it.
    void resume();
    /// Passes nothing any more: what still comes is looked at and dropped, so that a close frame and the end of
    /// the stream are noticed.
    void stop();
    /// stop(), but not in the middle of a message: at once (true), or when the message has passed.
    bool stopAtMessageBoundary();
    /// Takes back a stopAtMessageBoundary() that waits.
    void passOn() { m_stopAtBoundary = false; }

    /// Puts in a control frame of the relay's own, at once between two frames, else behind the frame that is
    /// being passed (then false).
    bool inject(const QByteArray &frame);
    bool hasInjectionWaiting() const { return !m_pending.isEmpty(); }

    bool atFrameBoundary() const { return m_scanner.atFrameBoundary(); }
    bool atMessageBoundary() const { return m_scanner.atMessageBoundary(); }
    /// Not reading, for the other side's backlog is too large.
    bool isPaused() const { return m_paused; }

    /// Whether anything at all, or any data message's bytes, came since the last call.
    bool takeHeard() { return std::exchange(m_heard, false); }
    bool takeHeardData() { return std::exchange(m_heardData, false); }

private:
    void pass(const char *begin, const char *end);
    void write(const char *begin, const char *end);
    void startMessage(const FrameScanner::Step &step);
    bool control(const FrameScanner::Step &step);
    void publishBacklog();

    ByteStream &m_from;
    ByteStream *m_to;
    PumpSpace &m_space;
    BufferBudget &m_budget;
    BufferBudget::Share m_share;
    DirectionCounters &m_counters;
    Watcher &m_watcher;
    FrameScanner m_scanner;
    QByteArray m_pending; ///< injected, waiting for the end of a frame
    quint8 m_heldBytes = 0;
    std::array<char, FrameScanner::maxHeldBack> m_held; ///< the start of a header or control frame
    bool m_paused = false;
    bool m_stopAtBoundary = false;
    bool m_broken = false; ///< after a breach: nothing that follows can be understood
    bool m_heard = false;
    bool m_heardData = false;
};

} // namespace rr
