// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QString>

#include <mutex>
#include <optional>

namespace rr {

/// Who came with the link of a share.
struct Visitor
{
    QString address; ///< empty: not known, for the tunnel does not tell it; it may be this machine then
    QString userAgent; ///< as it may be shown; empty: none was sent
    QDateTime at; ///< UTC
};

/// The first one who came with the link since calls were proven to come through, and not from this machine as far as that is
/// known: where the address is, the proof from outside that the relay cannot make itself.
/// Any thread; one mutex, held for microseconds.
class ShareWitness
{
public:
    bool isAwaited() const
    {
        const std::lock_guard lock(m_mutex);
        return !m_first;
    }
    void note(const Visitor &visitor) ///< but for the first time: without effect
    {
        const std::lock_guard lock(m_mutex);
        if (!m_first)
            m_first = visitor;
    }
    std::optional<Visitor> first() const
    {
        const std::lock_guard lock(m_mutex);
        return m_first;
    }
    void forget()
    {
        const std::lock_guard lock(m_mutex);
        m_first.reset();
    }

private:
    mutable std::mutex m_mutex; ///< guards all below
    std::optional<Visitor> m_first;
};

} // namespace rr
