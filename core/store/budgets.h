// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/database.h"
#include "core/store/store.h"

#include <QList>

#include <optional>

namespace rr {

/// What is spent of every budget that there is: of tokens that are not revoked, and of the relay, if it has one. In the
/// connection's thread. nullopt: see Database::error().
std::optional<QList<BudgetStand>> readBudgets(Database &database, Money relayUsdADay, qint64 nowMs);

} // namespace rr
