// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/halfopen.h"
#include "core/base/door.h"
#include "core/call/relayservices.h"
#include "core/eventloop/callreceiver.h"
#include "core/relay/incomingconnection.h"
#include "core/relay/listener.h"
#include "core/relay/relayrules.h"
#include "core/relay/turns.h"

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace rr {

/// One worker's connections that are no calls: adopts them a few at a time, and cuts the oldest where there are too many that ask
/// nothing. Lives in the worker's thread; owned by it. All functions but take() are called there.
class Connections final : public CallReceiver
{
    Q_OBJECT
public:
    /// Who answers what comes in, by Door. Outlives this, as all else does that is given here.
    using Handlers = std::array<IncomingConnection::Handler *, doorNames.size()>;

    /// `load`: counts what was taken, as long as it is no call.
    Connections(RelayServices &services, Turns &turns, const Handlers &handlers, std::atomic<int> &load,
        QObject *parent);
    ~Connections() override;

    void setRules(std::shared_ptr<const RelayRules> rules);

    /// See Worker::take(). Any thread.
    bool take(const Listener::Accepted &accepted, Door door);
    static constexpr std::size_t mostArrived = 64;

    void endAt(Door door); ///< those that came in there, at once
    void endAll();

private:
    struct Incoming
    {
        IncomingConnection *connection;
        HalfOpen::Place place;
        Door door;
    };
    struct Arrived
    {
        Listener::Accepted accepted;
        Door door = Door::Public;
    };

    void adoptSome();
    void adopt(const Listener::Accepted &arrived, Door door);
    void cutHalfOpen(const HalfOpen::Place &newest);
    void forget(IncomingConnection *connection);

    RelayServices &m_services;
    Turns &m_turns;
    const Handlers m_handlers;
    std::atomic<int> &m_load;
    std::shared_ptr<const RelayRules> m_rules;
    std::vector<Incoming> m_connections; ///< the oldest first
    std::mutex m_arrivedMutex;
    std::deque<Arrived> m_arrived; ///< guarded by the mutex
};

} // namespace rr
