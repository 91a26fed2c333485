// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"
#include "core/admission/ledger.h"
#include "ui/control/accesscontrol.h"
#include "ui/parts/tone.h"

#include <QDateTime>
#include <QString>

#include <optional>

/// What is known of access tokens, budgets and the held key, in the user's words.
namespace rr {

enum class TokenState : quint8 { Good, Expiring, Expired, Revoked };

/// Expiring: within a day.
TokenState stateOf(const AccessTerms &terms, const QDateTime &now);
QString tokenStateText(const AccessTerms &terms, const QDateTime &now); ///< "good, expires in 6 days"
Tone toneOf(TokenState state);

/// "$1.20 of $5.00 (24 %)"; without a limit what is spent alone, where it is known.
QString budgetText(const std::optional<BudgetStand> &budget, Money limit);
/// Warning from 80 % on, as its trouble is told; Bad when it is spent.
Tone toneOf(const std::optional<BudgetStand> &budget);

QString limitsText(const AccessTerms &terms); ///< "2 calls at once, 10 minutes a call"; "none"
/// "any", or the names.
QString listText(const QStringList &names);

/// Where the held key is, and how it is changed where that is not done beside these words: some sentences.
QString heldKeyText(const HeldKeyStand &key);
QString stepText(const AccessStep &step); ///< what is to be done, or was

} // namespace rr
