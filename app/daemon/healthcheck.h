// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"

#include <QString>

#include <optional>

namespace rr {

/// Asks the relay that runs on this machine with these settings for /health, as containers do to see whether
/// it works. Blocks up to five seconds. nullopt when it answers 200, else what is wrong, as one sentence.
std::optional<QString> checkHealth(const Settings &settings);

} // namespace rr
