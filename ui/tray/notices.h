// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"
#include "ui/control/troublewatch.h"

#include <QList>
#include <QString>

namespace rr {

struct Notice
{
    // Without a type, for lupdate 6.8 loses the namespace of what follows such an enumeration inside a struct.
    enum Kind { FirstCall, UpstreamFailing, LimitReached };
    Kind kind = FirstCall;
    QString title;
    QString text;
};

/// Decides what is worth a notification: the first call after a quiet time, an upstream that fails, the limit
/// of calls reached; each at most once in a while. Told of every snapshot, decides by its time, shows
/// nothing.
class Notices
{
public:
    static constexpr qint64 quietSeconds
        = 10 * 60; ///< without a call, before a call counts as the first again
    static constexpr qint64 repeatSeconds = 5 * 60; ///< between two of the same trouble

    QList<Notice> next(const Snapshot &snapshot, const Troubles &troubles);
    /// Whether a start that failed for this reason is worth one: not when it did so a moment ago.
    bool failedStart(const QString &reason, const Snapshot &snapshot);

private:
    QDateTime m_lastCall;
    qint64 m_callsSoFar = 0;
    QString m_failure; ///< of the last start; empty: the relay has been on since
    QDateTime m_lastFailure;
    QDateTime m_lastUpstream;
    QDateTime m_seenFull; ///< Troubles::lastFull, of the snapshot before
    QDateTime m_lastFull;
};

} // namespace rr
