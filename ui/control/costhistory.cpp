// SPDX-License-Identifier: MIT
#include "ui/control/costhistory.h"

namespace rr {

namespace {

constexpr qint64 hourSeconds = 3600;

} // namespace

void CostHistory::add(const Snapshot &snapshot)
{
    const qint64 second = snapshot.takenAt.toSecsSinceEpoch();
    const qint64 begin = second - second % hourSeconds;
    // A clock that was set back starts the history anew.
    if (!m_hours.isEmpty() && begin < m_hours.last().begin)
        m_hours.clear();
    if (m_hours.isEmpty() || begin != m_hours.last().begin)
        m_hours.append(CostHour{begin, {}});
    while (m_hours.first().begin <= begin - hoursKept * hourSeconds)
        m_hours.removeFirst();

    // What was spent before it was first looked at belongs to no hour that is known.
    const Money now = snapshot.usage.cost;
    if (m_last && now > *m_last)
        m_hours.last().cost += Money::ofPico(now.pico() - m_last->pico());
    m_last = now;
}

} // namespace rr
