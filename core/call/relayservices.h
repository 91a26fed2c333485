// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accounts.h"
#include "core/admission/admission.h"
#include "core/admission/failurepacer.h"
#include "core/admission/halfopen.h"
#include "core/admission/shareproofs.h"
#include "core/call/bufferbudget.h"
#include "core/call/patience.h"
#include "core/monitor/callregistry.h"
#include "core/monitor/connectionfailure.h"
#include "core/monitor/exchangecounts.h"
#include "core/monitor/journal.h"
#include "core/monitor/sharewitness.h"
#include "core/monitor/troubles.h"

#include <atomic>
#include <functional>

namespace rr {

/// What all workers share. Everything in it may be used from any thread. Owned by the Relay, which outlives
/// the workers.
struct RelayServices
{
    Journal &journal;
    CallRegistry registry;
    Admission admission;
    FailurePacer failures;
    BufferBudget budget;
    /// Everything that can be seen, without the single calls; may be as old as SharedSnapshot keeps one.
    std::function<Snapshot()> snapshot;
    Patience patience = {};
    Troubles troubles{};
    HalfOpen halfOpen{};
    /// When the upstream was last proven to take calls, by a call or a check, as
    /// CallRegistry::nowNs() has it. 0: never, or not since it failed.
    std::atomic<qint64> upstreamAnswered{0};
    std::atomic<bool> demo{false}; ///< see Snapshot
    ConnectionFailureCounts connectionFailures{};
    ExchangeCounts exchanges{};
    ShareProofs proofs{};
    ShareWitness witness{};
    Accounts accounts{};
};

} // namespace rr
