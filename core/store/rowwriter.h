// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/ledger.h"
#include "core/store/database.h"
#include "core/store/slices.h"

#include <variant>
#include <vector>

namespace rr {

/// What waits to be written.
struct CallBegun
{
    CallEntry call;
};
struct CallEnded
{
    CallEntry call;
};
struct SliceGivenBack
{
    qint64 token = 0;
};
using StoreRow = std::variant<UsageEntry, CallBegun, CallEnded, SliceGivenBack>;

/// Writes them in one transaction, or none. To write the same again does no harm, as when nobody knows whether the connection was
/// lost before or after: usage counts by its difference to what was told before. In the connection's thread.
bool writeRows(Database &database, Slices &slices, const std::vector<StoreRow> &rows);

} // namespace rr
