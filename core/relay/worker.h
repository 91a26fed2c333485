// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/door.h"
#include "core/call/call.h"
#include "core/call/callcontext.h"
#include "core/eventloop/callreceiver.h"
#include "core/realtime/credentials.h"
#include "core/relay/exchanges.h"
#include "core/relay/incomingconnection.h"
#include "core/relay/listener.h"
#include "core/relay/relayrules.h"
#include "core/relay/sharefront.h"
#include "core/relay/turns.h"
#include "core/wire/serverhandshake.h"

#include <QObject>
#include <QTimer>

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace rr {

/// One event loop's share of the relay: the connections and calls that were given to it. Made anywhere, then
/// moved to the thread it works in, which destroys it; all functions but load() are called there.
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
    bool take(const Listener::Accepted &accepted, Door door = Door::Public);
    static constexpr std::size_t mostArrived
        = 64; ///< that wait to be adopted; more connections wait in the system

    void setRules(std::shared_ptr<const RelayRules> rules);
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
    /// Who answers what comes in by a door.
    struct DoorHandler final : IncomingConnection::Handler
    {
        DoorHandler(Worker &owner, Door which)
            : worker(owner)
            , door(which)
        {
        }
        const Endpoint *endpointOf(IncomingConnection::Request &request) override
        {
            return door == Door::Share ? worker.m_share.endpointOf(request) : Handler::endpointOf(request);
        }
        void answerRequest(const IncomingConnection::Request &request, Responder responder) override
        {
            worker.answerAt(door, request, responder);
        }
        HttpResponse answerBadRequest(
            const QHostAddress &peer, const QByteArray &origin, const HeadError &error) override
        {
            return worker.answerBadRequest(door, peer, origin, error);
        }
        void connectionFailed(const QHostAddress &peer, ConnectionFailure why, const QString &error) override
        {
            worker.connectionFailed(door, peer, why, error);
        }
        Worker &worker;
        const Door door;
    };
    /// A connection that is no call.
    struct Incoming
    {
        IncomingConnection *connection;
        HalfOpen::Place place;
        Door door;
    };

    HttpResponse answerBadRequest(
        Door door, const QHostAddress &peer, const QByteArray &origin, const HeadError &error);
    void connectionFailed(Door door, const QHostAddress &peer, ConnectionFailure why, const QString &error);

    void answerAt(Door door, const IncomingConnection::Request &request, const Responder &responder);
    std::optional<Refusal> refusalAt(Door door, const IncomingConnection::Request &request);
    HttpResponse answerPlainly(Door door, const IncomingConnection::Request &request);
    bool hasAdminDoor() const { return m_rules->settings->adminPort != 0; }
    bool isFromProxy(const IncomingConnection::Request &request) const;
    void cutHalfOpen(const HalfOpen::Place &newest);
    void adoptSome();
    void adopt(const Listener::Accepted &arrived, Door door);
    QHostAddress clientOf(Door door, const IncomingConnection::Request &request) const;
    AdmissionRequest askedBy(
        Door door, const IncomingConnection::Request &request, const Credentials &credentials) const;
    QString shown(const QString &text, const Credentials &credentials, int maxLength = 200) const;
    void startCall(Door door, const IncomingConnection::Request &request, const Responder &responder);
    void startExchange(Door door, const IncomingConnection::Request &request, const Responder &responder);
    void tellRefused(const Responder &responder, const Refusal &refusal);

    Call::Plan planFor(
        const RequestHead &head, const Credentials &credentials, const QHostAddress &client) const;
    void forget(IncomingConnection *connection);
    void forget(Call *call);
    void tick();
    void adjustTick();
    void reportIfIdle();

    std::shared_ptr<const RelayRules> m_rules;
    CallContext m_context;
    std::shared_ptr<TlsSessionCache> m_tlsSessions = std::make_shared<TlsSessionCache>(); ///< for these rules
    ServerHandshake m_handshake;
    Turns m_turns; ///< of requests
    Exchanges m_exchanges{m_context, this};
    QTimer m_tick;
    ShareFront m_share;
    std::array<DoorHandler, doorNames.size()> m_handlers{
        DoorHandler(*this, Door::Public), DoorHandler(*this, Door::Admin), DoorHandler(*this, Door::Share)};
    std::vector<Incoming> m_connections; ///< the oldest first
    std::vector<Call *> m_calls;
    std::size_t m_tickPart = 0; ///< whose turn it is
    int m_held = 0; ///< refusals that are yet to be told
    std::atomic<int> m_load{0};
    std::mutex m_arrivedMutex;
    struct Arrived
    {
        Listener::Accepted accepted;
        Door door = Door::Public;
    };
    std::deque<Arrived> m_arrived; ///< guarded by the mutex
    int m_reportIdle = 0; ///< the drain that waits for it
};

} // namespace rr
