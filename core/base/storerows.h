// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace rr {

/// How the rows of calls and usage fare that a store is told of. A plain value.
struct StoreRows
{
    qint64 waiting = 0; ///< that are yet to be written
    qint64 dropped = 0; ///< since the start, for want of room
    bool operator==(const StoreRows &) const = default;
};

} // namespace rr
