// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"
#include "core/store/store.h"

#include <QDateTime>
#include <QString>

namespace rr {

// What `realtime-relayd token` says, for people and for programs. Every text ends with a line feed.

/// With the token itself, and where it goes: that is what it was made for. `settings`: those of the relay that it is for, as far
/// as this machine knows it.
QString newTokenAsText(const Store::NewToken &token, const Settings &settings);
QString newTokenAsJson(const Store::NewToken &token);

/// A line a token: its state, its limits, and what is spent of them where it has a budget. `now`: UTC.
QString tokensAsText(
    const QList<AccessTerms> &tokens, const QList<BudgetStand> &budgets, const QDateTime &now);
QString tokensAsJson(
    const QList<AccessTerms> &tokens, const QList<BudgetStand> &budgets, const QDateTime &now);

} // namespace rr
