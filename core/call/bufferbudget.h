// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <atomic>

namespace rr {

/// How much backlog a direction of a call may have: the high mark (Settings::sessionBufferBytes), and less and less
/// as the backlogs of all calls together fill the last quarter of Settings::bufferBudgetBytes, so that the largest
/// stop reading first and the small ones notice nothing. Any thread; no locks.
class BufferBudget
{
public:
    /// Backlogs are counted in steps of this size, so that ordinary traffic touches nothing shared.
    static constexpr qint64 stepBytes = 16 * 1024;

    void setLimits(qint64 highMark, qint64 budget)
    {
        m_highMark.store(highMark, std::memory_order_relaxed);
        m_budget.store(budget, std::memory_order_relaxed);
    }

    /// The backlog above which a direction stops reading, just now.
    qint64 highMark() const
    {
        const qint64 highMark = m_highMark.load(std::memory_order_relaxed);
        const qint64 budget = m_budget.load(std::memory_order_relaxed);
        const qint64 left = std::max<qint64>(0, budget - chargedBytes());
        const qint64 quarter = std::max<qint64>(1, budget / 4);
        if (left >= quarter)
            return highMark;
        return std::max(
            std::min(stepBytes, highMark), qint64(double(highMark) * double(left) / double(quarter)));
    }

    /// Who can wait no more, for it has to have more before it can give any of it away, must do without.
    bool isUsedUp() const { return chargedBytes() >= m_budget.load(std::memory_order_relaxed); }

    qint64 chargedBytes() const { return m_charged.load(std::memory_order_relaxed); }

    /// What one direction has charged. Gives it back when destroyed. One thread.
    class Share
    {
    public:
        explicit Share(BufferBudget &budget)
            : m_budget(budget)
        {
        }
        ~Share() { set(0); }
        Q_DISABLE_COPY_MOVE(Share)

        void set(qint64 backlogBytes)
        {
            const qint64 charge = backlogBytes / stepBytes * stepBytes;
            if (charge == m_charge)
                return;
            m_budget.m_charged.fetch_add(charge - m_charge, std::memory_order_relaxed);
            m_charge = charge;
        }

    private:
        BufferBudget &m_budget;
        qint64 m_charge = 0;
    };

private:
    std::atomic<qint64> m_highMark{0};
    std::atomic<qint64> m_budget{0};
    std::atomic<qint64> m_charged{0};
};

} // namespace rr
