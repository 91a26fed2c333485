// SPDX-License-Identifier: MIT
#pragma once

#include "core/call/relayservices.h"
#include "core/relay/accesstroubles.h"
#include "core/relay/doors.h"
#include "core/relay/memorytrim.h"
#include "core/relay/relay.h"
#include "core/relay/relayrules.h"
#include "core/relay/sharedsnapshot.h"
#include "core/relay/workers.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QMutex>
#include <QTimer>

#include <memory>
#include <optional>

namespace rr {

/// What a Relay is made of. Used in its thread, but for snapshot() and `services`, which any may.
struct Relay::Parts
{
    /// What snapshots need to know of the relay itself; guarded by the mutex.
    struct Standing
    {
        RelayState state = RelayState::Stopped;
        QString address;
        quint16 port = 0;
        bool tls = false;
        int workers = 0;
        int maxConnections = 0;
        QString pricesFrom;
        QDeadlineTimer drainEnd{0}; ///< while draining: when the calls that are left are closed
    };

    Parts(Journal &journal, const Patience &patience);

    /// What connections and backlogs take, about.
    qint64 usedBytes() const;
    /// The relay stands so, and so does all else that is seen of it.
    void setStanding(RelayState state);
    Snapshot snapshot(bool withCalls) const;

    RelayServices services;
    std::shared_ptr<const RelayRules> rules;
    std::optional<Doors> doors; ///< always there; made when makeListener() can be called
    Workers workers{services};
    QDeadlineTimer drainEnd{0};
    QTimer drainDeadline;
    AccessTroubles accessTroubles{services.troubles};
    QTimer troubleTimer; ///< when the troubles are looked at, for the journal
    qint64 lostLines = 0; ///< of the journal, at the last look
    MemoryTrim memory;
    QElapsedTimer uptime;

    mutable QMutex mutex;
    Standing standing;
    SharedSnapshot shared{[this] { return snapshot(false); }}; ///< for the workers
};

} // namespace rr
