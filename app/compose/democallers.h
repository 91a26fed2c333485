// SPDX-License-Identifier: MIT
#pragma once

#include "core/relay/relay.h"

#include <memory>
#include <vector>

namespace rr {

/// The callers of a demo: each makes one call after the other to the relay's own listener, as a client would, says a few
/// sentences that are nobody's, and pauses. No call is begun while the relay is stopping; when it has stopped they are gone.
/// Main thread; owned by Host.
class DemoCallers
{
public:
    static constexpr int most = 100;

    DemoCallers();
    ~DemoCallers(); ///< cuts their calls off
    Q_DISABLE_COPY_MOVE(DemoCallers)

    /// So many from now on, 1 to `most`: those that are too many hang up, new ones come one after the other. The relay must
    /// run, and outlive this.
    void start(int callers, const Relay &relay);
    void stop(); ///< all hang up
    int count() const; ///< that were asked for; 0: none, or the relay has stopped

private:
    class Caller;
    void adjust(int callers, const Relay *relay);

    std::vector<std::unique_ptr<Caller>> m_callers;
    std::vector<std::unique_ptr<Caller>> m_leaving; ///< have been asked to hang up
};

} // namespace rr
