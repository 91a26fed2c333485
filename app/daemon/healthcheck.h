// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"

#include <QString>

#include <chrono>
#include <optional>

namespace rr {

/// Asks the relay that runs on this machine with these settings for /health, as containers do to see whether
/// it works. Blocks for `patience` at most. nullopt when it answers 200, else what is wrong, as one sentence.
std::optional<QString> checkHealth(
    const Settings &settings, std::chrono::milliseconds patience = std::chrono::seconds(5));

} // namespace rr
