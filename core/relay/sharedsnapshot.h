// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"

#include <QDeadlineTimer>
#include <QMutex>

#include <functional>
#include <optional>

namespace rr {

/// One snapshot for all that ask within a moment, so that it does not matter to calls how often strangers ask. One for
/// the whole relay and not one a worker: a scraper whose requests come to different workers would else see counters go
/// back. Any thread; who asks while it is taken waits for it.
class SharedSnapshot
{
public:
    static constexpr std::chrono::milliseconds keptFor{100};

    explicit SharedSnapshot(std::function<Snapshot()> take, std::chrono::milliseconds kept = keptFor)
        : m_take(std::move(take))
        , m_kept(kept)
    {
    }

    /// At most so old as it may be kept.
    Snapshot get()
    {
        const QMutexLocker lock(&m_mutex);
        if (!m_snapshot || m_age.hasExpired()) {
            m_snapshot = m_take();
            m_age.setRemainingTime(m_kept);
        }
        return *m_snapshot;
    }

    /// What is asked from now on must be taken anew: something changed that nobody may read late.
    void forget()
    {
        const QMutexLocker lock(&m_mutex);
        m_snapshot.reset();
    }

private:
    const std::function<Snapshot()> m_take;
    const std::chrono::milliseconds m_kept;
    QMutex m_mutex;
    std::optional<Snapshot> m_snapshot; ///< guarded by the mutex, as its age is
    QDeadlineTimer m_age;
};

} // namespace rr
