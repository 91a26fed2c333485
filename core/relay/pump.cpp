// SPDX-License-Identifier: MIT
#include "core/relay/pump.h"

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

Pump::Pump(FrameScanner::Sender sender, ByteStream &from, ByteStream *to, qint64 maxMessageBytes,
    PumpSpace &space, BufferBudget &budget, DirectionCounters &counters, Watcher &watcher)
    : m_from(from)
    , m_to(to)
    , m_space(space)
    , m_budget(budget)
    , m_share(budget)
    , m_counters(counters)
    , m_watcher(watcher)
    , m_scanner(sender, maxMessageBytes)
{
}

void Pump::run()
{
    const qint64 room = m_to ? m_budget.highMark() - m_to->backlogBytes() : qint64(m_space.size());
    if (room <= 0) {
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
}

void Pump::pass(const char *begin, const char *end)
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
            if (step.startsMessage)
                startMessage(step);
            if (step.endsMessage) {
                if (m_to)
                    m_counters.messages.add(1);
                m_watcher.messageEnded(*this, m_scanner.messageBytes());
            }
            break;
        case FrameScanner::Step::Control:
            // What the watcher does on a Close must come behind what came before. A Ping or a Pong that passes
            // is written with its neighbours: or a flood of them would be as many system calls.
            if (step.opcode == Opcode::Close) {
                write(unwritten, start);
                unwritten = start;
            }
            if (!control(step)) {
                write(unwritten, start);
                unwritten = at;
            }
            break;
        case FrameScanner::Step::Breach:
            write(unwritten, start);
            m_heldBytes = 0;
            m_broken = true;
            m_watcher.breached(*this, step.closeCode);
            return;
        }
        if (!m_pending.isEmpty() && m_scanner.atFrameBoundary()) {
            write(unwritten, at);
            unwritten = at;
            inject(std::exchange(m_pending, QByteArray()));
        }
        if (m_stopAtBoundary && m_scanner.atMessageBoundary()) {
            write(unwritten, at);
            unwritten = at;
            stop();
            m_watcher.stoppedAtBoundary(*this);
        }
    }
}

void Pump::write(const char *begin, const char *end)
{
    if (begin == end || !m_to)
        return;
    m_to->write(QByteArrayView(begin, end));
    m_counters.bytes.add(end - begin);
}

void Pump::startMessage(const FrameScanner::Step &step)
{
    if (!step.mask) {
        m_watcher.messageStarted(*this, step.payload);
        return;
    }
    const QByteArrayView start = step.payload.first(std::min(startBytes, step.payload.size()));
    std::array<char, startBytes> unmasked;
    applyMask(unmasked.data(), start, step.mask);
    m_watcher.messageStarted(*this, QByteArrayView(unmasked.data(), start.size()));
}

bool Pump::control(const FrameScanner::Step &step)
{
    if (!step.mask)
        return m_watcher.controlFrame(*this, step.opcode, step.payload);
    std::array<char, 125> unmasked;
    applyMask(unmasked.data(), step.payload, step.mask);
    return m_watcher.controlFrame(*this, step.opcode, QByteArrayView(unmasked.data(), step.payload.size()));
}

void Pump::resume()
{
    publishBacklog();
    if (!m_paused || (m_to && m_to->backlogBytes() > m_budget.highMark() / 2))
        return;
    m_paused = false;
    m_from.setReading(true);
    run();
}

void Pump::stop()
{
    m_to = nullptr;
    m_stopAtBoundary = false;
    m_pending.clear();
    publishBacklog();
    if (std::exchange(m_paused, false))
        m_from.setReading(true);
}

bool Pump::stopAtMessageBoundary()
{
    if (m_scanner.atMessageBoundary()) {
        stop();
        return true;
    }
    m_stopAtBoundary = true;
    return false;
}

bool Pump::inject(const QByteArray &frame)
{
    if (!m_scanner.atFrameBoundary()) {
        m_pending += frame;
        return false;
    }
    if (m_to)
        m_to->write(frame);
    return true;
}

void Pump::publishBacklog()
{
    const qint64 backlog = m_to ? m_to->backlogBytes() : 0;
    m_counters.backlogBytes.set(backlog);
    m_share.set(backlog);
}

} // namespace rr
