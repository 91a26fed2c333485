// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"
#include "core/base/relayerror.h"

#include <QDateTime>

#include <optional>

namespace rr {

/// Puts the terms of an access token into the form in which they are kept: without blanks at the ends of names, nothing twice.
/// Returns what is wrong with them ("bad_terms"). A pure function.
std::optional<RelayError> checkTerms(AccessTerms &terms);

/// The same of one that is new, which is not to be expired at once.
std::optional<RelayError> checkNewTerms(AccessTerms &terms, const QDateTime &now);

} // namespace rr
