// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/ledger.h"

#include <QString>

namespace rr {

/// How a call ended, in a few words: the history keeps the reason alone. One that has no end is live, or its relay was killed.
QString endText(const CallEntry &call);

} // namespace rr
