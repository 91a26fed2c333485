// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/relayerror.h"
#include "core/config/settings.h"
#include "core/realtime/prices.h"

#include <memory>
#include <variant>

namespace rr {

/// Those of Settings::pricesFile, or the ones that are built in when none is set, with Settings::priceFactor. Reads files.
std::variant<std::shared_ptr<const Prices>, RelayError> loadPrices(const Settings &settings);

} // namespace rr
