// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/database.h"

#include <optional>

namespace rr {

/// Deletes what is too old, a little at a time, so that nobody waits long: calls of before `beforeMs` with their usage (0: none),
/// and minted tokens that have expired at `nowMs`. What was spent of budgets stays, for that is in their slices. Returns whether
/// there may be more; nullopt: see Database::error(). In the connection's thread.
std::optional<bool> cleanSome(Database &database, qint64 beforeMs, qint64 nowMs);

} // namespace rr
