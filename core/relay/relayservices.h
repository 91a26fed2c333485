// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/admission.h"
#include "core/admission/failurepacer.h"
#include "core/monitor/journal.h"
#include "core/monitor/sessionregistry.h"
#include "core/relay/bufferbudget.h"
#include "core/relay/patience.h"

#include <functional>

namespace rr {

/// What all workers share. Everything in it may be used from any thread. Owned by the Relay, which outlives
/// the workers.
struct RelayServices
{
    Journal &journal;
    SessionRegistry registry;
    Admission admission;
    FailurePacer failures;
    BufferBudget budget;
    /// Everything that can be seen, without the single sessions; may be as old as SharedSnapshot keeps one.
    std::function<Snapshot()> snapshot;
    Patience patience = {};
};

} // namespace rr
