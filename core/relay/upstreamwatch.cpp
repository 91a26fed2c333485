// SPDX-License-Identifier: MIT
#include "core/relay/upstreamwatch.h"

#include <algorithm>
#include <utility>

namespace rr {

UpstreamWatch::UpstreamWatch(Relay &relay, QObject *parent)
    : UpstreamWatch(relay, Pace(), parent)
{
}

UpstreamWatch::UpstreamWatch(Relay &relay, const Pace &pace, QObject *parent)
    : QObject(parent)
    , m_relay(relay)
    , m_pace(pace)
    , m_pause(pace.failing / 2)
{
    m_timer.setInterval(m_pace.look);
    connect(&m_timer, &QTimer::timeout, this, &UpstreamWatch::look);
    connect(&m_check, &UpstreamCheck::finished, this, &UpstreamWatch::note);
    connect(&relay, &Relay::stateChanged, this, [this](RelayState state) {
        if (state == RelayState::Running)
            beginAnew();
        else if (!m_asked)
            m_check.cancel();
    });
}

void UpstreamWatch::begin()
{
    m_byItself = true;
    m_timer.start();
    look();
}

void UpstreamWatch::check(const Settings &settings)
{
    m_asked = true;
    m_check.run(settings);
}

void UpstreamWatch::settingsChanged()
{
    m_asked = false;
    m_check.cancel();
    if (!m_relay.snapshot().upstreamAnsweredAt.isValid())
        beginAnew();
}

void UpstreamWatch::networkChanged()
{
    if (!m_asked)
        beginAnew();
}

void UpstreamWatch::beginAnew()
{
    m_check.cancel();
    m_sinceCheck.invalidate();
    m_pause = m_pace.failing / 2; // before the first that fails
    look();
}

void UpstreamWatch::look()
{
    if (m_byItself && m_relay.state() == RelayState::Running && m_relay.settings().checkUpstream
        && !m_check.isRunning() && isDue())
        m_check.run(m_relay.settings());
}

bool UpstreamWatch::isDue()
{
    if (!m_sinceCheck.isValid())
        return true;
    const Snapshot snapshot = m_relay.snapshot();
    bool fails = !snapshot.upstreamAnsweredAt.isValid();
    std::pair<QDateTime, qint64> lost;
    for (const Trouble &trouble : snapshot.troubles) {
        if (trouble.code == TroubleCode::UpstreamUnreachable || trouble.code == TroubleCode::UpstreamRefused)
            fails = true;
        else if (trouble.code == TroubleCode::UpstreamLost)
            lost = {trouble.since, trouble.times};
    }
    if (fails || (lost.second > 0 && lost != m_lost)) {
        const bool due = m_sinceCheck.hasExpired(m_pause.count());
        if (due)
            m_lost = lost;
        return due;
    }
    return snapshot.upstreamAnsweredAt.msecsTo(snapshot.takenAt) >= m_pace.silent.count();
}

void UpstreamWatch::note(const UpstreamCheckResult &result)
{
    const bool asked = std::exchange(m_asked, false);
    m_sinceCheck.start();
    // Some upstreams have no better answer for a request without a key and a model; whether they take calls is known.
    const bool answersAsBefore = m_relay.snapshot().upstreamAnsweredAt.isValid() && result.failure
        && result.failure->kind == UpstreamFailure::Refused && result.failure->status < 500
        && result.failure->status != 403;
    if (result.isReachable() || answersAsBefore) {
        m_pause = m_pace.failing / 2; // before the first that fails
        // That calls are refused may lie with what they have and a check has not. Who asks has seen to that.
        m_relay.upstreamAnswered(asked || std::exchange(m_refused, false));
    } else if (m_relay.state() != RelayState::Stopped) {
        m_pause = std::min(m_pause * 2, m_pace.failingMost);
        m_refused = result.failure && result.failure->kind == UpstreamFailure::Refused;
        m_relay.upstreamFailed(
            m_refused ? TroubleCode::UpstreamRefused : TroubleCode::UpstreamUnreachable, sentenceOf(result));
    }
    Q_EMIT checked(result);
}

} // namespace rr
