// SPDX-License-Identifier: MIT
#pragma once

#include "core/call/dialqueue.h"
#include "core/call/passage.h"
#include "core/call/relayservices.h"
#include "core/config/settings.h"
#include "core/realtime/prices.h"

#include <memory>

namespace rr {

/// What the calls of one worker share. Owned by the worker, used in its thread only.
struct CallContext
{
    RelayServices &services;
    std::shared_ptr<const Settings>
        settings; ///< those in force, for calls to be born with; replaced, never changed
    PassageSpace space;
    DialQueue dials{};
    std::shared_ptr<const Prices> prices{}; ///< likewise; null: none are known
};

} // namespace rr
