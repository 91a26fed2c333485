// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/money.h"
#include "core/monitor/snapshot.h"

#include <QList>

#include <optional>

namespace rr {

/// What calls have cost in an hour.
struct CostHour
{
    qint64 begin = 0; ///< epoch seconds, of a whole hour of UTC
    Money cost;
};

/// The last 24 hours, from the snapshots of a relay that comes and goes at any pace. A plain value.
class CostHistory
{
public:
    static constexpr int hoursKept = 24;

    void add(const Snapshot &snapshot);
    /// Oldest first, ascending; hours in which nothing was seen are missing.
    const QList<CostHour> &hours() const { return m_hours; }

private:
    QList<CostHour> m_hours;
    std::optional<Money> m_last; ///< of the snapshot before; nothing: there was none
};

} // namespace rr
