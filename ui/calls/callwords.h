// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"

#include <QString>

/// What is known of a call, in the user's words.
namespace rr {

QString callStateName(CallState state);
QString callKindName(CallKind kind);
QString endedByName(EndedBy by); ///< empty for Nobody
QString closeReasonText(const CallSnapshot &call); ///< in one line; empty while the call is live
/// As costText(); empty where nothing was used, or what is used is billed to the call that it watches.
QString callCostText(const CallSnapshot &call);
QString roundTripText(qint64 microseconds); ///< "23 ms"; empty for 0
/// The model; where another answers than was asked for, the one that answers first, for there is not always room for both.
QString modelText(const CallSnapshot &call);
/// What the protocol that the client speaks has no words for, so that only the operator can know it: sentences, a line each;
/// empty: nothing.
QString untoldText(const CallSnapshot &call);
QString searchText(const CallSnapshot &call); ///< what the filter looks into, lower case

} // namespace rr
