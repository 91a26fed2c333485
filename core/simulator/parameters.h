// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/apierror.h"

#include <optional>

namespace rr {

/// Checks a client event against what the Realtime API takes: that its type is known, nothing required is
/// missing, nothing is unknown, types, enumerations and ranges are right. Returns the error to answer with;
/// nullopt when all is well.
std::optional<ApiError> checkClientEvent(const QJsonObject &event);

} // namespace rr
