// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace rr {

/// Gives memory that was used at a peak back to the system. The allocator of glibc keeps what it has, beside a little at the
/// end of its heap, however long nobody needs it; elsewhere nothing is done. One thread.
class MemoryTrim
{
public:
    /// Has the allocator of glibc give back the end of each thread's heap by itself, once that is larger than mostAtEnd: the
    /// call that gives back all else (malloc_trim(3)) spares the ends but for the main thread's. Without being told, it would
    /// move the limit up with the largest block that was ever freed, to as much as 64 MiB a thread.
    MemoryTrim();

    /// To be called now and then with an estimate of what is in use. Gives back once that has come down from its peak since
    /// the last time by leastBytes, and to half of it, and at the next looks as well, for much is freed only a little later than
    /// it counts as such. True: it did. Takes up to some tens of milliseconds then, in
    /// which who allocates may wait.
    bool look(qint64 usedBytes);

    static constexpr qint64 leastBytes = 8 * 1024 * 1024;
    static constexpr int mostAtEnd = 8 * 1024 * 1024;
    static constexpr int looks = 3; ///< at which it gives back

private:
    qint64 m_peak = 0;
    int m_looksToCome = 0;
};

} // namespace rr
