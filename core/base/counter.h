// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <atomic>

namespace rr {

/// A number that one thread writes and any thread reads. Not a read-modify-write: the data path pays a plain
/// store.
class Counter
{
public:
    void add(qint64 n)
    {
        m_value.store(m_value.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    void set(qint64 n) { m_value.store(n, std::memory_order_relaxed); }
    qint64 value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<qint64> m_value{0};
};

} // namespace rr
