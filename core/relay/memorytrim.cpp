// SPDX-License-Identifier: MIT
#include "core/relay/memorytrim.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace rr {

MemoryTrim::MemoryTrim()
{
#ifdef __GLIBC__
    ::mallopt(M_TRIM_THRESHOLD, mostAtEnd);
    ::mallopt(
        M_MMAP_THRESHOLD, mostAtEnd); // else blocks from 128 KiB on were each the kernel's, and zeroed by it
#endif
}

bool MemoryTrim::look(qint64 usedBytes)
{
    if (usedBytes > m_peak) {
        m_peak = usedBytes;
        m_looksToCome = 0;
    } else if (m_peak - usedBytes >= leastBytes && usedBytes <= m_peak / 2) {
        m_peak = usedBytes;
        m_looksToCome = looks;
    }
    if (m_looksToCome == 0)
        return false;
    --m_looksToCome;
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
    return true;
}

} // namespace rr
