// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/database.h"
#include "core/store/store.h"

#include <QList>

#include <optional>

namespace rr {

/// Reads the history of calls. Functions on a connection, in its thread. nullopt: see Database::error().
namespace history {

/// A page of at most 1000 calls. By key: what it costs does not grow with how many calls stand before it.
std::optional<HistoryPage> page(Database &database, const HistoryQuery &query);

/// Over all calls that the query means, whatever its page; the key sorted, a day's newest first.
std::optional<QList<UsageSum>> sums(Database &database, SumBy by, const HistoryQuery &query);

} // namespace history

} // namespace rr
