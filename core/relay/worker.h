// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/door.h"
#include "core/call/call.h"
#include "core/call/callcontext.h"
#include "core/eventloop/callreceiver.h"
#include "core/relay/connections.h"
#include "core/relay/handover.h"
#include "core/relay/listener.h"
#include "core/relay/reception.h"
#include "core/relay/relayrules.h"
#include "core/relay/turns.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <memory>
#include <vector>

namespace rr {

/// One event loop's share of the relay: the connections and calls that were given to it. Connections come in by Connections, are
/// answered by Reception, and calls that may begin are the Worker's own: it makes them, looks after their time, and ends them. Made
/// anywhere, then moved to the thread it works in, which destroys it; all functions but load() and take() are called there.
class Worker final : public CallReceiver
{
    Q_OBJECT
public:
    Worker(RelayServices &services, std::shared_ptr<const RelayRules> rules);
    ~Worker() override;

    /// Connections and calls here, for choosing the least loaded worker. Any thread.
    int load() const { return m_load.load(std::memory_order_relaxed); }
    /// Hands over a descriptor that was accepted; it is adopted when it is its turn. False: so many wait for that that no
    /// more should be accepted just now. Any thread.
    bool take(const Listener::Accepted &accepted, Door door = Door::Public)
    {
        return m_connections.take(accepted, door);
    }
    /// The calls' clocks are looked at in so many parts, one after the other: with thousands of calls, what has just come for one
    /// would otherwise wait for the care of all.
    static constexpr std::size_t tickParts = 16;

    /// That wait to be adopted; more connections wait in the system.
    static constexpr std::size_t mostArrived = Connections::mostArrived;

    void setRules(std::shared_ptr<const RelayRules> rules);
    /// Accounts::book() is another one: ends calls with access tokens that are good no more.
    void accessChanged();
    void endCalls(const QList<quint64> &numbers);
    /// The relay is no longer shared: ends all that came in there, calls with 4410.
    void endShare();
    /// Closes idle connections and ends all calls with 1001; who does not take that at once is cut. idle()
    /// follows.
    void shutDown(int drain);
    /// Sends idle() when there is no call and no exchange (left). `drain`: a number of the caller's, for what is called off in the
    /// meantime; 0: no longer.
    void watchForIdle(int drain);

Q_SIGNALS:
    void idle(int drain);

private:
    void begin(Reception::Arrival arrival);
    void forget(Call *call);
    void tick();
    void adjustTick();
    void reportIfIdle();

    const Handover m_handover{*this};
    std::shared_ptr<const RelayRules> m_rules;
    CallContext m_context;
    Turns m_turns; ///< of requests
    std::atomic<int> m_load{0};
    Reception m_reception;
    Connections m_connections;
    QTimer m_tick;
    std::vector<Call *> m_calls;
    std::size_t m_tickPart = 0; ///< whose turn it is
    int m_reportIdle = 0; ///< the drain that waits for it
};

} // namespace rr
