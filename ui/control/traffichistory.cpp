// SPDX-License-Identifier: MIT
#include "ui/control/traffichistory.h"

#include <algorithm>

namespace rr {

void TrafficHistory::add(const Snapshot &snapshot)
{
    const qint64 nowMs = snapshot.takenAt.toMSecsSinceEpoch();
    const qint64 second = nowMs / 1000;
    // A clock that was set back starts the history anew.
    if (!m_samples.isEmpty() && second < m_samples.last().second)
        m_samples.clear();
    if (!m_samples.isEmpty() && second == m_samples.last().second)
        return;

    TrafficSample sample;
    sample.second = second;
    sample.calls = int(snapshot.activeConnections);
    if (!m_samples.isEmpty()) {
        const double passed = double(std::max<qint64>(1, nowMs - m_lastMs)) / 1000;
        sample.upBytesPerSecond = double(std::max<qint64>(0, snapshot.up.bytes - m_lastUp)) / passed;
        sample.downBytesPerSecond = double(std::max<qint64>(0, snapshot.down.bytes - m_lastDown)) / passed;
    }
    m_lastMs = nowMs;
    m_lastUp = snapshot.up.bytes;
    m_lastDown = snapshot.down.bytes;
    m_samples.append(sample);

    const auto kept = std::find_if(m_samples.cbegin(), m_samples.cend(),
        [second](const TrafficSample &each) { return each.second > second - spanSeconds - 1; });
    m_samples.erase(m_samples.cbegin(), kept);
}

} // namespace rr
