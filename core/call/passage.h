// SPDX-License-Identifier: MIT
#pragma once

#include "core/call/bufferbudget.h"
#include "core/call/side.h"
#include "core/monitor/callrecord.h"
#include "core/wire/bytestream.h"
#include "core/wire/framescanner.h"

#include <QByteArray>

#include <array>
#include <memory>
#include <optional>

namespace rr {

/// Where bytes are between one socket and the other: never longer than one call of Passage::run(), so one such
/// space serves all the passages of a thread.
using PassageSpace = std::array<char, 64 * 1024>;

/// What becomes of a message.
enum class Fate : quint8 {
    Pass, ///< goes on as it comes; nobody keeps any of it
    PassAndRead, ///< goes on as it comes; the watcher gets a copy of it afterwards
    Replace, ///< is kept until it is whole; then the watcher's own message, or none, goes on in its place
};

/// One direction of a call: reads from one stream, looks at the frame headers, writes to the other stream. What
/// it reads it passes on in the same call, unchanged, unless its watcher wants a message replaced; it reads no more while
/// the other side's backlog is over the high mark, and goes on below the low mark, which is half of it. Its counters count
/// what was received and meant to go on, whatever went in its place. Behind a close frame nothing passes any more (RFC 6455
/// 5.5.1). One thread; owned by its Call.
class Passage
{
public:
    /// A message that is larger is passed without being read: Fate::PassAndRead is then as Fate::Pass.
    static constexpr qint64 mostReadBytes = 256 * 1024;

    /// What a Call has to know of what passes, and decides about it; `from` is the side it comes from. Called from inside
    /// run(). Where nothing else is said, something may be still to be written: there the passage must be left alone.
    class Watcher
    {
    public:
        /// Asked once a data message; `start` is the first of it, unmasked: a few hundred bytes at the least, if there
        /// are so many and they have come. Who cannot decide by them asks for all of it.
        virtual Fate messageStarted(Side from, Opcode opcode, QByteArrayView start) = 0;
        /// The rest of it has come; `bytes` is its size, of all its frames' payloads.
        virtual void messageEnded(Side from, qint64 bytes) = 0;
        /// All of a message that has passed, unmasked. It has been written: here the watcher may inject() or stop(), and
        /// write to the other side.
        virtual void messageRead([[maybe_unused]] Side from, [[maybe_unused]] const QByteArray &whole) { }
        /// All of a message that is to be replaced, unmasked. What came before it has been written, as in
        /// messageRead(). Returns what goes on in its place, as one frame of the same opcode; nullopt: nothing does.
        virtual std::optional<QByteArray> replacement([[maybe_unused]] Side from, const QByteArray &whole)
        {
            return whole;
        }
        /// A whole control frame, its payload unmasked. True: it passes; false: it was for the relay. What came
        /// before a Close has been written: here the watcher may inject() or stop(), and write to that side.
        virtual bool controlFrame(Side from, Opcode opcode, QByteArrayView payload) = 0;
        /// The sender broke a rule of RFC 6455 or the size limit, or there is no room for the rest of a message that is
        /// to be replaced (1013): the call must end with this close code. What came before it has been written.
        virtual void breached(Side from, quint16 closeCode) = 0;
        /// What stopAtMessageBoundary() or stopAfterMessage() waited for; all of it has been written.
        virtual void stoppedAtBoundary(Side from) = 0;

    protected:
        ~Watcher() = default;
    };

    /// `to` is null when there is nobody to pass anything on to: then what comes is looked at and dropped.
    Passage(Side side, ByteStream &from, ByteStream *to, qint64 maxMessageBytes, PassageSpace &space,
        BufferBudget &budget, DirectionCounters &counters, Watcher &watcher);

    /// Passes what one read brings. To be called when `from` is readable.
    void run();
    /// To be called when `to` has written: goes on where the backlog stopped it.
    void resume();
    /// Reads nothing more, however much the other side may take. From messageEnded(): what was read behind that message waits, too.
    void hold();
    /// Takes that back, and goes on.
    void release();
    bool isHeld() const { return m_isHeld; }
    /// Passes nothing any more: what still comes is looked at and dropped, so that a close frame and the end of
    /// the stream are noticed.
    void stop();
    /// stop(), but not in the middle of a message: at once (true), or when the message has passed.
    bool stopAtMessageBoundary();
    /// From messageEnded() only: stop(), when that message has been written.
    void stopAfterMessage() { m_stopAtBoundary = true; }
    /// Takes back a stopAtMessageBoundary() that waits.
    void passOn() { m_stopAtBoundary = false; }
    /// Where the other side stands in what was passed to it.
    enum class Place : quint8 { InFrame, BetweenFrames, BetweenMessages };
    /// stop(), and takes back a frame that is passed only in part, if nothing of it has left yet. Returns where the other
    /// side stands then.
    Place cut();

    /// Puts in a control frame of the relay's own, at once between two frames, else behind the frame that is
    /// being passed (then false).
    bool inject(const QByteArray &frame);
    bool hasInjectionWaiting() const { return !m_pending.isEmpty(); }

    // Of what goes out: nothing of a message that is kept to be replaced has gone yet.
    bool atFrameBoundary() const { return m_fate == Fate::Replace || m_scanner.atFrameBoundary(); }
    bool atMessageBoundary() const { return m_fate == Fate::Replace || m_scanner.atMessageBoundary(); }
    /// Keeps more of a message than passes in one run anyway; what was kept when the budget was used up is never more.
    bool keepsMuch() const { return m_kept.size() > qsizetype(m_space.size()); }
    /// Not reading, for the other side's backlog is too large, or it is to hold().
    bool isPaused() const { return m_paused; }

    /// Whether anything at all, or any data message's bytes, came since the last call.
    bool takeHeard() { return std::exchange(m_heard, false); }
    bool takeHeardData() { return std::exchange(m_heardData, false); }

private:
    void pass(const char *begin, const char *end);
    void write(const char *begin, const char *end);
    Fate askFate(const FrameScanner::Step &step);
    void keep(const FrameScanner::Step &step);
    void forget();
    void breach(quint16 closeCode);
    void messageIsWhole();
    bool control(const FrameScanner::Step &step);
    void publishBacklog();

    ByteStream &m_from;
    ByteStream *m_to;
    PassageSpace &m_space;
    BufferBudget &m_budget;
    BufferBudget::Share m_share;
    DirectionCounters &m_counters;
    Watcher &m_watcher;
    FrameScanner m_scanner;
    QByteArray m_pending; ///< injected, waiting for the end of a frame
    QByteArray m_kept; ///< of the message that comes, if it is kept
    qint64 m_passedOfFrame = 0; ///< of a data frame that has not all come, with its header
    Side m_side; ///< that it comes from
    Fate m_fate = Fate::Pass; ///< of the message that comes; Pass between messages
    Opcode m_opcode = Opcode::Text; ///< of the message that comes
    bool m_keeps
        = false; ///< what comes of the message; not any more, when it is too large or nobody wants it
    quint8 m_heldBytes = 0;
    std::array<char, FrameScanner::maxHeldBack> m_held; ///< the start of a header or control frame
    bool m_frameStartsMessage = false; ///< that frame
    bool m_paused = false;
    bool m_isHeld = false;
    bool m_stopAtBoundary = false;
    bool m_broken = false; ///< after a breach: nothing that follows can be understood
    bool m_heard = false;
    bool m_heardData = false;
};

} // namespace rr
