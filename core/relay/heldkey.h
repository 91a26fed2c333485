// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/relayerror.h"
#include "core/config/secret.h"
#include "core/config/settings.h"

#include <variant>

namespace rr {

/// The key that the relay holds: Settings::openaiApiKey, or what stands in Settings::openaiApiKeyFile; empty where neither is set.
/// Reads a file. On error code "key_file": it cannot be read, or holds no key; its content is in no error.
std::variant<Secret, RelayError> loadHeldKey(const Settings &settings);

} // namespace rr
