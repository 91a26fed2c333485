// SPDX-License-Identifier: MIT
#include "ui/tray/notices.h"

#include "ui/control/coretext.h"

#include <QCoreApplication>

namespace rr {

namespace {

class NoticeText
{
    Q_DECLARE_TR_FUNCTIONS(NoticeText)
};

bool isOver(const QDateTime &last, const QDateTime &now, qint64 seconds)
{
    return !last.isValid() || last.secsTo(now) >= seconds;
}

} // namespace

QList<Notice> Notices::next(const Snapshot &snapshot, const Troubles &troubles)
{
    QList<Notice> notices;
    const QDateTime &now = snapshot.takenAt;
    if (snapshot.state != RelayState::Stopped)
        m_failure.clear();
    // A short one is over before it is seen.
    const bool called = snapshot.totalConnections != m_callsSoFar && snapshot.totalConnections > 0;
    m_callsSoFar = snapshot.totalConnections;
    if (called || snapshot.activeConnections > 0) {
        if (isOver(m_lastCall, now, quietSeconds))
            notices.append({Notice::FirstCall, NoticeText::tr("A call has started"),
                NoticeText::tr("The first one in a while is being relayed.")});
        m_lastCall = now;
    }
    // Told when it begins; again only if it goes on or comes back after a while.
    if (!troubles.upstream.isEmpty() && isOver(m_lastUpstream, now, repeatSeconds)) {
        m_lastUpstream = now;
        notices.append({Notice::UpstreamFailing, NoticeText::tr("Calls do not reach the upstream"),
            coreText(troubles.upstream)});
    }
    const bool fullAgain = troubles.lastFull.isValid() && troubles.lastFull != m_seenFull;
    m_seenFull = troubles.lastFull;
    if (fullAgain && isOver(m_lastFull, now, repeatSeconds)) {
        m_lastFull = now;
        notices.append({Notice::LimitReached, NoticeText::tr("All places are taken"),
            NoticeText::tr("Callers are turned away. Raise the limit in the settings, or end calls.")});
    }
    return notices;
}

bool Notices::failedStart(const QString &reason, const Snapshot &snapshot)
{
    if (reason == m_failure && !isOver(m_lastFailure, snapshot.takenAt, repeatSeconds))
        return false;
    m_failure = reason;
    m_lastFailure = snapshot.takenAt;
    return true;
}

} // namespace rr
