// SPDX-License-Identifier: MIT
// The part of a Session that has to do with time: heartbeat, inactivity, length, stalls, deadlines.
#include "core/relay/session.h"

#include "core/websocket/framewriter.h"

#include <QtEndian>

namespace rr {

namespace {

qint64 ns(std::chrono::milliseconds time)
{
    return std::chrono::nanoseconds(time).count();
}

} // namespace

void Session::tick(qint64 nowNs)
{
    if (m_finished)
        return;
    if (m_end) {
        if (!m_endIsUntold && closingTookTooLong(nowNs))
            abort();
        return;
    }
    if (m_endAtBoundary) {
        if (nowNs - m_endAtBoundaryNs >= ns(patience().boundary))
            endNow(m_endAtBoundary->first, m_endAtBoundary->second);
        return;
    }

    EndDetails details;
    const qint64 limitNs = ns(settings().sessionLimit);
    if (limitNs > 0 && nowNs - m_record->startedNs >= limitNs) {
        details.limit = settings().sessionLimit;
        end(EndReason::SessionLimit, details);
        return;
    }
    if (!m_up || !m_upstream)
        return; // dialling: the dial has a deadline of its own

    const bool upData = m_up->takeHeardData();
    const bool downData = m_down->takeHeardData();
    // A side that is not read because the other one is slow is not inactive.
    if (upData || downData || m_up->isPaused() || m_down->isPaused())
        m_activeNs = nowNs;
    const qint64 inactivityNs = ns(settings().inactivityTimeout);
    if (inactivityNs > 0 && nowNs - m_activeNs >= inactivityNs) {
        details.limit = settings().inactivityTimeout;
        end(EndReason::InactivityTimeout, details);
        return;
    }
    if (stalled(m_clientStall, *m_client, nowNs)) {
        endNow(EndReason::ClientTooSlow, details);
        return;
    }
    if (stalled(m_upstreamStall, *m_upstream, nowNs)) {
        endNow(EndReason::UpstreamTooSlow, details);
        return;
    }
    // The budget may have room again although this session's own backlog did not change.
    m_up->resume();
    m_down->resume();
    heartbeat(nowNs);
}

void Session::heartbeat(qint64 nowNs)
{
    if (settings().heartbeatInterval.count() == 0)
        return;
    if (!pulse(m_clientPulse, *m_up, *m_down, FrameScanner::Sender::Server, nowNs))
        endNow(EndReason::ClientSilent, {});
    else if (!pulse(m_upstreamPulse, *m_down, *m_up, FrameScanner::Sender::Client, nowNs))
        endNow(EndReason::UpstreamSilent, {});
}

bool Session::pulse(Pulse &pulse, Pump &from, Pump &to, FrameScanner::Sender as, qint64 nowNs)
{
    const qint64 intervalNs = ns(settings().heartbeatInterval);
    // A side that is not being read cannot be heard.
    if (from.takeHeard() || from.isPaused())
        pulse.unansweredNs = 0;
    if (pulse.unansweredNs > 0 && nowNs - pulse.unansweredNs >= 2 * intervalNs)
        return false;
    if (nowNs - pulse.lastPingNs < intervalNs || to.hasInjectionWaiting() || to.isPaused())
        return true;
    pulse.lastPingNs = nowNs;
    const quint64 sent = qToBigEndian(quint64(SessionRegistry::nowNs()));
    const QByteArray payload = m_pingMark + QByteArray(reinterpret_cast<const char *>(&sent), sizeof sent);
    if (to.inject(makeFrame(as, Opcode::Ping, payload)) && pulse.unansweredNs == 0)
        pulse.unansweredNs = nowNs;
    return true;
}

bool Session::answersOurPing(const Pump &pump, QByteArrayView payload)
{
    if (payload.size() != m_pingMark.size() + qsizetype(sizeof(quint64)) || !payload.startsWith(m_pingMark))
        return false;
    const auto sent = qint64(qFromBigEndian<quint64>(payload.data() + m_pingMark.size()));
    Counter &rtt = &pump == m_up.get() ? m_record->downstreamRttUs : m_record->upstreamRttUs;
    rtt.set(std::max<qint64>(1, (SessionRegistry::nowNs() - sent) / 1000));
    return true;
}

bool Session::stalled(Stall &stall, const ByteStream &stream, qint64 nowNs)
{
    if (stream.backlogBytes() == 0 || stream.takenBytes() != stall.takenBytes || stall.sinceNs == 0) {
        stall.takenBytes = stream.takenBytes();
        stall.sinceNs = nowNs;
        return false;
    }
    const qint64 timeoutNs = ns(settings().stallTimeout);
    return timeoutNs > 0 && nowNs - stall.sinceNs >= timeoutNs;
}

bool Session::closingTookTooLong(qint64 nowNs)
{
    // Both close frames may wait behind much that a slow side has yet to take: as long as it takes, it is
    // waited for.
    const auto progress
        = qint64((m_client ? m_client->takenBytes() : 0) + (m_upstream ? m_upstream->takenBytes() : 0));
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
