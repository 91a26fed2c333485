// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/store.h"

#include <QString>

namespace rr {

/// What is to be known of how the store fares: that it is away, that rows were dropped; empty: all is well.
QString storeStandText(const StoreStand &stand);

} // namespace rr
