// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QMap>
#include <QString>
#include <QStringList>

#include <algorithm>
#include <chrono>

namespace rr {

/// How the relay is to be shared: what the operator chooses before a share, and what is kept of it for the next one. A plain
/// value; nothing of it is secret.
struct SharePlan
{
    QString way; ///< the id of a Way, see core/sharing/way.h
    QMap<QString, QString> fields; ///< what the way asks for, by name
    QStringList origins; ///< no "*"; empty: programs only
    int maxCalls = 10; ///< all together, 1 to mostCalls
    int maxCallsPerAddress = 3; ///< 1 to maxCalls
    std::chrono::seconds lasts = std::chrono::hours(4);
    bool endsAtMidnight = false; ///< `lasts` is the time to it, and is counted anew the next time

    static constexpr int mostCalls = 1000;
    static constexpr std::chrono::seconds shortest = std::chrono::seconds(1);
    static constexpr std::chrono::seconds longest = std::chrono::hours(30 * 24);

    bool operator==(const SharePlan &) const = default;
};

/// A minute at least: just before it, a share would be over as it begins.
inline std::chrono::seconds timeToMidnight(const QDateTime &now)
{
    const QDateTime midnight = now.toLocalTime().date().addDays(1).startOfDay();
    return std::max(std::chrono::seconds(now.secsTo(midnight)), std::chrono::seconds(60));
}

} // namespace rr
