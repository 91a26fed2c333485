// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"

#include <QDateTime>
#include <QHash>
#include <QList>
#include <QSet>
#include <QString>

#include <optional>

namespace rr {

struct Notice
{
    // Without a type, for lupdate 6.8 loses the namespace of what follows such an enumeration inside a struct.
    enum Kind { FirstCall, NewTrouble, PageTurnedAway, Shared, ShareTrouble };
    Kind kind = FirstCall;
    QString title;
    QString text;

    bool isTrouble() const { return kind == NewTrouble || kind == PageTurnedAway || kind == ShareTrouble; }
};

/// Decides what is worth a notification: the first call after a quiet time, a trouble that is more than a note, and a page
/// that was turned away and may be let in; each at most once in a while; and a budget that is nearly spent, or spent, once while
/// it is so. Told of every snapshot, decides by its time, shows
/// nothing.
class Notices
{
public:
    static constexpr qint64 quietSeconds
        = 10 * 60; ///< without a call, before a call counts as the first again
    static constexpr qint64 repeatSeconds = 5 * 60; ///< between two of the same trouble

    static constexpr qint64 pageSeconds = 30; ///< between two of pages: strangers may send any number of them

    QList<Notice> next(const Snapshot &snapshot);
    /// Whether a start that failed for this reason is worth one: not when it did so a moment ago.
    bool failedStart(const QString &reason, const Snapshot &snapshot);

private:
    std::optional<Notice> budget(const Trouble &trouble);
    std::optional<Notice> turnedAway(const Trouble &trouble, const QDateTime &now);

    QDateTime m_lastCall;
    qint64 m_callsSoFar = 0;
    QString m_failure; ///< of the last start; empty: the relay has been on since
    QDateTime m_lastFailure;
    QHash<TroubleCode, QDateTime> m_lastTroubles; ///< when each was told
    QHash<TroubleCode, QSet<QString>> m_budgets; ///< of which that was told, and which are in it still
    /// Likewise, of the pages of a trouble that are in it still.
    QHash<TroubleCode, QHash<QString, QDateTime>> m_lastPages;
    QDateTime m_lastPage; ///< the last of them
};

} // namespace rr
