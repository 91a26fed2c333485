// SPDX-License-Identifier: MIT
// The part of a Call that has to do with time: heartbeat, inactivity, length, stalls, deadlines.
#include "core/call/call.h"

#include "core/wire/framewriter.h"

#include <QtEndian>

namespace rr {

namespace {

qint64 ns(std::chrono::milliseconds time)
{
    return std::chrono::nanoseconds(time).count();
}

} // namespace

void Call::tick(qint64 nowNs)
{
    switch (m_phase) {
    case Phase::Dialling:
    case Phase::Open:
        break;
    case Phase::AwaitingBoundary:
        if (nowNs - m_ending->sinceNs >= ns(patience().boundary))
            close();
        return;
    case Phase::Closing:
        if (!m_ending->untold && closingTookTooLong(nowNs))
            abort();
        return;
    case Phase::Over:
        return;
    }

    EndDetails details;
    const qint64 limitNs = ns(m_settings->sessionLimit);
    if (limitNs > 0 && nowNs - m_record->startedNs >= limitNs) {
        details.limit = m_settings->sessionLimit;
        end(EndReason::SessionLimit, std::move(details));
        return;
    }
    if (m_isWatched && accessIsOver(nowNs))
        return;
    if (m_phase == Phase::Open && nowNs - m_record->startedNs >= briefNs)
        m_ticket.prove();
    if (m_phase == Phase::Dialling) { // the dial has a deadline of its own
        const bool isRead = m_switchingProtocols.isEmpty() && m_ahead.room() > 0;
        if (!isRead && leg(Side::Client).stream->peerHasLeft())
            endNow(EndReason::ClientVanished);
        return;
    }

    for (Leg &each : m_legs) {
        // A side that is not read because the other one is slow is not inactive.
        const bool heard = each.passage->takeHeardData();
        if (heard || each.passage->isPaused())
            m_activeNs = nowNs;
        if (heard || isUnread(each) || !each.passage->keepsMuch())
            each.cameOnNs = nowNs;
    }
    const qint64 inactivityNs = ns(m_settings->inactivityTimeout);
    if (inactivityNs > 0 && nowNs - m_activeNs >= inactivityNs) {
        details.limit = m_settings->inactivityTimeout;
        end(EndReason::InactivityTimeout, std::move(details));
        return;
    }
    if (isStalled(leg(Side::Client), nowNs)) {
        endNow(EndReason::ClientTooSlow);
        return;
    }
    if (isStalled(leg(Side::Upstream), nowNs)) {
        endNow(EndReason::UpstreamTooSlow);
        return;
    }
    const qint64 stallNs = ns(m_settings->stallTimeout);
    for (const Leg &each : m_legs) { // what is kept would be so for ever
        if (stallNs == 0 || nowNs - each.cameOnNs < stallNs)
            continue;
        details.isKept = true;
        endNow(each.side == Side::Client ? EndReason::ClientTooSlow : EndReason::UpstreamTooSlow,
            std::move(details));
        return;
    }
    // The budget may have room again although this call's own backlog did not change.
    for (Leg &each : m_legs)
        each.passage->resume();
    if (m_phase == Phase::Open) // what was read just now may have ended it
        heartbeat(nowNs);
}

void Call::heartbeat(qint64 nowNs)
{
    if (m_settings->heartbeatInterval.count() == 0)
        return;
    if (!beats(Side::Client, nowNs))
        endNow(EndReason::ClientSilent);
    else if (!beats(Side::Upstream, nowNs))
        endNow(EndReason::UpstreamSilent);
}

/// Pings the side when it is time to. False: it has not answered for too long.
bool Call::beats(Side side, qint64 nowNs)
{
    const qint64 intervalNs = ns(m_settings->heartbeatInterval);
    Pulse &pulse = leg(side).pulse;
    Passage &from = *leg(side).passage;
    Passage &to = *leg(other(side)).passage;
    // A side that is not being read cannot be heard.
    if (from.takeHeard() || isUnread(leg(side))) {
        pulse.unansweredNs = 0;
        pulse.lastHeardNs = nowNs;
    }
    // A ping may wait behind what a slow side has yet to take; isStalled() sees whether it takes anything.
    const bool pingsArrive = leg(side).stream->backlogBytes() == 0 || m_settings->stallTimeout.count() == 0;
    if (pulse.unansweredNs > 0 && nowNs - pulse.unansweredNs >= intervalNs
        && nowNs - pulse.lastHeardNs >= 2 * intervalNs && pingsArrive)
        return false;
    if (nowNs - pulse.lastPingNs < intervalNs || to.hasInjectionWaiting() || to.isPaused())
        return true;
    pulse.lastPingNs = nowNs;
    pulse.sentNs = CallRegistry::nowNs();
    const quint64 number = qToBigEndian(++pulse.pings);
    const QByteArray payload
        = m_pingMark + QByteArray(reinterpret_cast<const char *>(&number), sizeof number);
    if (to.inject(makeFrame(senderOf(other(side)), Opcode::Ping, payload)) && pulse.unansweredNs == 0)
        pulse.unansweredNs = nowNs;
    return true;
}

bool Call::answersOurPing(Side from, QByteArrayView payload)
{
    if (payload.size() != m_pingMark.size() + qsizetype(sizeof(quint64)) || !payload.startsWith(m_pingMark))
        return false;
    Pulse &pulse = leg(from).pulse;
    const bool isLast = qFromBigEndian<quint64>(payload.data() + m_pingMark.size()) == pulse.pings;
    const qint64 sentNs = isLast ? std::exchange(pulse.sentNs, 0) : 0;
    Counter &rtt = from == Side::Client ? m_record->downstreamRttUs : m_record->upstreamRttUs;
    if (sentNs > 0)
        rtt.set(std::max<qint64>(1, (CallRegistry::nowNs() - sentNs) / 1000));
    return true;
}

/// The relay reads nothing from there just now.
bool Call::isUnread(const Leg &leg) const
{
    return leg.passage->isPaused() || (leg.side == Side::Upstream && !m_held.isEmpty());
}

bool Call::isStalled(Leg &leg, qint64 nowNs)
{
    const ByteStream &stream = *leg.stream;
    Stall &stall = leg.stall;
    if (stream.backlogBytes() == 0 || stream.takenBytes() != stall.takenBytes || stall.sinceNs == 0) {
        stall.takenBytes = stream.takenBytes();
        stall.sinceNs = nowNs;
        return false;
    }
    const qint64 timeoutNs = ns(m_settings->stallTimeout);
    return timeoutNs > 0 && nowNs - stall.sinceNs >= timeoutNs;
}

bool Call::closingTookTooLong(qint64 nowNs)
{
    // Both close frames may wait behind much that a slow side has yet to take: as long as it takes, it is
    // waited for.
    qint64 progress = 0;
    for (const Leg &each : m_legs)
        progress += each.stream ? qint64(each.stream->takenBytes()) : 0;
    if (progress != m_progress) {
        m_progress = progress;
        m_progressNs = nowNs;
    }
    if (m_closingSinceNs == 0)
        m_closingSinceNs = nowNs;
    return nowNs - m_progressNs >= ns(patience().closing)
        || nowNs - m_closingSinceNs >= ns(patience().closingInAll);
}

} // namespace rr
