// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace rr {

/// Clears memory that has held a key and is not used any more, which a compiler may not leave out. For what is on the
/// stack; the programs wipe what they free (app/compose/wipedmemory.cpp).
inline void wipe(char *bytes, qint64 count)
{
    volatile char *each = bytes;
    for (qint64 i = 0; i < count; ++i)
        each[i] = 0;
}

} // namespace rr
