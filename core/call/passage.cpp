// SPDX-License-Identifier: MIT
#include "core/call/passage.h"

#include "core/wire/framewriter.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace rr {

namespace {

/// The least worth a read: a high mark that is nearly reached is overrun by this much at most.
constexpr qint64 leastRead = 4 * 1024;
/// Enough of a message to find its type in.
constexpr qsizetype startBytes = 256;

} // namespace

Passage::Passage(Side side, ByteStream &from, ByteStream *to, qint64 maxMessageBytes, PassageSpace &space,
    BufferBudget &budget, DirectionCounters &counters, Watcher &watcher)
    : m_from(from)
    , m_to(to)
    , m_space(space)
    , m_budget(budget)
    , m_share(budget)
    , m_counters(counters)
    , m_watcher(watcher)
    , m_scanner(senderOf(side), maxMessageBytes)
    , m_side(side)
{
}

void Passage::run()
{
    const qint64 room = m_to ? m_budget.highMark() - m_to->backlogBytes() : qint64(m_space.size());
    if (room <= 0 || m_isHeld) {
        m_paused = true;
        m_from.setReading(false);
        publishBacklog();
        return;
    }
    // One read: there may be more, but others may be waiting as well.
    char *const begin = m_space.data();
    memcpy(begin, m_held.data(), m_heldBytes);
    const qint64 most = std::clamp<qint64>(room, leastRead, qint64(m_space.size()) - m_heldBytes);
    const qint64 got = m_from.read(begin + m_heldBytes, most);
    if (got > 0) {
        m_heard = true;
        pass(begin, begin + m_heldBytes + got);
    }
    publishBacklog();
    if (!keepsMuch() || !m_budget.isUsedUp())
        return;
    // To read no more would be no way out: what is kept leaves only when the rest of it has come.
    if (m_fate == Fate::Replace)
        breach(1013);
    else
        forget();
    publishBacklog();
}

void Passage::pass(const char *begin, const char *end)
{
    if (m_broken)
        return;
    const char *at = begin;
    const char *unwritten = begin; // everything from here to `at` passes as it came
    for (;;) {
        const char *const start = at;
        const FrameScanner::Step step = m_scanner.next(at, end);
        switch (step.kind) {
        case FrameScanner::Step::NeedMore:
            write(unwritten, start);
            m_heldBytes = quint8(end - start);
            memcpy(m_held.data(), start, m_heldBytes);
            return;
        case FrameScanner::Step::Data:
            m_heardData = true;
            if (m_passedOfFrame == 0)
                m_frameStartsMessage = step.startsMessage;
            m_passedOfFrame = step.endsFrame ? 0 : m_passedOfFrame + (at - start);
            if (step.startsMessage) {
                m_fate = askFate(step);
                m_opcode = step.opcode;
                m_keeps = m_fate != Fate::Pass && m_to;
            }
            if (m_fate != Fate::Pass) {
                keep(step);
                if (m_fate == Fate::Replace) {
                    write(unwritten, start);
                    unwritten = at;
                    if (m_to)
                        m_counters.bytes.add(at - start);
                }
            }
            if (step.endsMessage) {
                if (m_to)
                    m_counters.messages.add(1);
                m_watcher.messageEnded(m_side, m_scanner.messageBytes());
                if (m_keeps) {
                    write(unwritten, at);
                    unwritten = at;
                    messageIsWhole();
                }
                m_fate = Fate::Pass;
            }
            break;
        case FrameScanner::Step::Control:
            // What the watcher does on a Close must come behind what came before. A Ping or a Pong that passes
            // is written with its neighbours: or a flood of them would be as many system calls.
            if (step.opcode == Opcode::Close) {
                write(unwritten, start);
                unwritten = start;
                if (m_fate == Fate::Replace)
                    forget(); // no message may follow it (RFC 6455 5.5.1)
            }
            if (!control(step)) {
                write(unwritten, start);
                unwritten = at;
            }
            if (step.opcode == Opcode::Close) {
                write(unwritten, at);
                unwritten = at;
                stop();
            }
            break;
        case FrameScanner::Step::Breach:
            write(unwritten, start);
            breach(step.closeCode);
            return;
        }
        if (m_isHeld && at != end) {
            write(unwritten, at);
            m_heldBytes = 0;
            m_from.unread(QByteArray(at, end - at));
            return;
        }
        if (!m_pending.isEmpty() && atFrameBoundary()) {
            write(unwritten, at);
            unwritten = at;
            inject(std::exchange(m_pending, QByteArray()));
        }
        if (m_stopAtBoundary && atMessageBoundary()) {
            write(unwritten, at);
            unwritten = at;
            stop();
            m_watcher.stoppedAtBoundary(m_side);
        }
    }
}

void Passage::write(const char *begin, const char *end)
{
    if (begin == end || !m_to)
        return;
    m_to->write(QByteArrayView(begin, end));
    m_counters.bytes.add(end - begin);
}

Fate Passage::askFate(const FrameScanner::Step &step)
{
    if (!step.mask)
        return m_watcher.messageStarted(m_side, step.opcode, step.payload);
    const QByteArrayView start = step.payload.first(std::min(startBytes, step.payload.size()));
    std::array<char, startBytes> unmasked;
    applyMask(unmasked.data(), start, step.mask);
    return m_watcher.messageStarted(m_side, step.opcode, QByteArrayView(unmasked.data(), start.size()));
}

void Passage::keep(const FrameScanner::Step &step)
{
    if (!m_keeps)
        return;
    if (m_fate == Fate::PassAndRead && m_scanner.messageBytes() > mostReadBytes) {
        forget();
        return;
    }
    if (!step.mask) {
        m_kept.append(step.payload);
        return;
    }
    const qsizetype before = m_kept.size();
    m_kept.resize(before + step.payload.size());
    applyMask(m_kept.data() + before, step.payload, step.mask, step.maskAt);
}

void Passage::forget()
{
    m_keeps = false;
    m_kept = QByteArray();
}

void Passage::breach(quint16 closeCode)
{
    m_heldBytes = 0;
    m_broken = true;
    forget();
    m_watcher.breached(m_side, closeCode);
}

void Passage::messageIsWhole()
{
    const QByteArray whole = std::exchange(m_kept, QByteArray());
    m_keeps = false;
    if (m_fate == Fate::PassAndRead) {
        m_watcher.messageRead(m_side, whole);
        return;
    }
    const std::optional<QByteArray> replacement = m_watcher.replacement(m_side, whole);
    if (replacement && m_to)
        m_to->write(makeFrame(senderOf(m_side), m_opcode, *replacement));
}

bool Passage::control(const FrameScanner::Step &step)
{
    if (!step.mask)
        return m_watcher.controlFrame(m_side, step.opcode, step.payload);
    std::array<char, 125> unmasked;
    applyMask(unmasked.data(), step.payload, step.mask);
    return m_watcher.controlFrame(m_side, step.opcode, QByteArrayView(unmasked.data(), step.payload.size()));
}

void Passage::resume()
{
    publishBacklog();
    if (!m_paused || m_isHeld || (m_to && m_to->backlogBytes() > m_budget.highMark() / 2))
        return;
    m_paused = false;
    m_from.setReading(true);
    run();
}

void Passage::hold()
{
    if (!m_to) // what comes is dropped
        return;
    m_isHeld = m_paused = true;
    m_from.setReading(false);
}

void Passage::release()
{
    if (std::exchange(m_isHeld, false))
        resume();
}

void Passage::stop()
{
    m_to = nullptr;
    m_isHeld = false;
    m_stopAtBoundary = false;
    m_pending.clear();
    forget();
    publishBacklog();
    if (std::exchange(m_paused, false))
        m_from.setReading(true);
}

Passage::Place Passage::cut()
{
    auto place = atMessageBoundary() ? Place::BetweenMessages
        : atFrameBoundary()          ? Place::BetweenFrames
                                     : Place::InFrame;
    if (place == Place::InFrame && m_to && m_to->takeBack(m_passedOfFrame))
        place = m_frameStartsMessage ? Place::BetweenMessages : Place::BetweenFrames;
    stop();
    return place;
}

bool Passage::stopAtMessageBoundary()
{
    if (atMessageBoundary()) {
        stop();
        return true;
    }
    m_stopAtBoundary = true;
    return false;
}

bool Passage::inject(const QByteArray &frame)
{
    if (!atFrameBoundary()) {
        m_pending += frame;
        return false;
    }
    if (m_to)
        m_to->write(frame);
    return true;
}

void Passage::publishBacklog()
{
    const qint64 backlog = m_to ? m_to->backlogBytes() : 0;
    m_counters.backlogBytes.set(backlog);
    m_share.set(backlog + m_kept.size());
}

} // namespace rr
