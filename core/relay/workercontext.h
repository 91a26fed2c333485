// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"
#include "core/relay/pump.h"
#include "core/relay/relayservices.h"

#include <memory>

namespace rr {

/// What the sessions of one worker share. Owned by the worker, used in its thread only.
struct WorkerContext
{
    RelayServices &services;
    std::shared_ptr<const Settings> settings; ///< those in force; replaced, never changed
    PumpSpace space;
};

} // namespace rr
