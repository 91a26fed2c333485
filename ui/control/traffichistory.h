// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"

#include <QList>

namespace rr {

/// One point of the plots.
struct TrafficSample
{
    qint64 second = 0; ///< epoch seconds
    int calls = 0;
    double upBytesPerSecond = 0;
    double downBytesPerSecond = 0;
};

/// The last 15 minutes, one sample a second, from snapshots that come at any pace. A plain value.
class TrafficHistory
{
public:
    static constexpr int spanSeconds = 15 * 60;

    /// A second's first snapshot makes a sample; the others of that second are passed over.
    void add(const Snapshot &snapshot);
    /// Oldest first, ascending; seconds without a snapshot are missing.
    const QList<TrafficSample> &samples() const { return m_samples; }

private:
    QList<TrafficSample> m_samples;
    qint64 m_lastMs = 0;
    qint64 m_lastUp = 0;
    qint64 m_lastDown = 0;
};

} // namespace rr
