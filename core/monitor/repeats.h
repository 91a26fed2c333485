// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/journal.h"

#include <QByteArray>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace rr {

/// Entries that say the same again and again, of the same address for the same reason, folded into few: the first of
/// them is told, those that come within the next minute are counted, and told as one at its end. Many different ones
/// at once are a flood as well: past `mostKinds` they are counted together, and past mostOfClient of one client (an IPv6 /64
/// is one), or one could keep what all others bring about from being told.
/// Belongs to the Journal, whose lock it needs; what takes time is done before, by key().
class Repeats
{
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds window{60};
    static constexpr std::size_t mostKinds = 256;
    static constexpr std::ptrdiff_t mostOfClient = 16;

    /// What is the same in all but its time, and whose it is.
    struct Key
    {
        bool operator==(
            const Key &) const = default; // the hash first: of lines that differ little else is read

        std::size_t hash = 0;
        std::optional<std::size_t> client; ///< hash of its network; none: of no client
        QByteArray line;
    };
    static Key key(const JournalEntry &entry); ///< any thread, without the lock

    /// True: it is to be told now. False: it was counted, and due() tells it.
    bool isNew(Key key, const JournalEntry &entry, TimePoint now);
    /// What is to be told by now of what was counted, each kind once, with how many `times` it came again.
    QList<JournalEntry> due(TimePoint now);

private:
    struct Kind
    {
        Key key;
        JournalEntry entry;
        TimePoint since; ///< of this minute
        qint64 times = 0; ///< that were not told
    };

    std::deque<Kind> m_kinds;
    Kind m_others; ///< all that found no room
};

} // namespace rr
