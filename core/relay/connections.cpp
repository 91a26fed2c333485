// SPDX-License-Identifier: MIT
#include "core/relay/connections.h"

#include "core/admission/clientaddress.h"
#include "core/admission/sharerules.h"
#include "core/wire/acceptedstream.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

/// In one turn: about what an answer to a request costs.
constexpr int adoptedAtOnce = 8;

/// Of the oldest connections: among so many one that asks for nothing is looked for. More would cost live calls time where
/// a flood has filled all places.
constexpr std::size_t mostLookedAt = 64;

} // namespace

Connections::Connections(
    RelayServices &services, Turns &turns, const Handlers &handlers, std::atomic<int> &load, QObject *parent)
    : CallReceiver(parent)
    , m_services(services)
    , m_turns(turns)
    , m_handlers(handlers)
    , m_load(load)
{
}

Connections::~Connections()
{
    for (const Arrived &each : m_arrived)
        acceptStream(each.accepted.descriptor, nullptr); // which closes it
    for (const Incoming &each : std::exchange(m_connections, {})) {
        each.connection->disconnect(this);
        delete each.connection;
    }
}

void Connections::setRules(std::shared_ptr<const RelayRules> rules)
{
    m_rules = std::move(rules);
}

bool Connections::take(const Listener::Accepted &accepted, Door door)
{
    m_load.fetch_add(1, std::memory_order_relaxed);
    const std::lock_guard lock(m_arrivedMutex);
    m_arrived.push_back({accepted, door});
    if (m_arrived.size() == 1)
        call([this] { m_turns.ask(this, [this] { adoptSome(); }); });
    return m_arrived.size() < mostArrived;
}

void Connections::adoptSome()
{
    for (int i = 0; i < adoptedAtOnce; ++i) {
        Arrived next;
        bool isLast = false;
        {
            const std::lock_guard lock(m_arrivedMutex);
            next = m_arrived.front();
            m_arrived.pop_front();
            isLast = m_arrived.empty();
        }
        adopt(next.accepted, next.door);
        if (isLast)
            return; // take() asks again
    }
    m_turns.ask(this, [this] { adoptSome(); });
}

void Connections::adopt(const Listener::Accepted &arrived, Door door)
{
    const bool isShare = door == Door::Share;
    // A tunnel speaks plain HTTP, on this machine.
    AcceptedStream accepted = acceptStream(arrived.descriptor, isShare ? nullptr : m_rules->serverTls);
    if (!accepted.stream) {
        m_load.fetch_sub(1, std::memory_order_relaxed);
        return;
    }
    accepted.peer = canonical(arrived.peer.isNull() ? accepted.peer : arrived.peer);
    const bool peerIsProxy = !isShare && m_rules->trustedProxies.contains(accepted.peer);
    // All of a share are one: who fills its places with connections that ask nothing has those of the share cut, and no others.
    const QHostAddress network = isShare ? ShareRules::someone
        : peerIsProxy                    ? QHostAddress()
                                         : clientNetwork(accepted.peer);
    auto *connection = new IncomingConnection(std::move(accepted), peerIsProxy,
        m_rules->settings->handshakeTimeout, m_turns, *m_handlers[std::size_t(door)], this);
    connect(connection, &IncomingConnection::done, this, [this, connection] { forget(connection); });
    m_connections.push_back({connection, m_services.halfOpen.take(network), door});
    if (m_connections.back().place.excess() != HalfOpen::Excess::None)
        cutHalfOpen(m_connections.back().place);
}

/// The oldest of this worker, which has its share of them: of the same address, if that has too many. Among the oldest, who
/// asks for nothing just now goes before who is in the midst of a handshake or a request; not among the newer ones, whose
/// first word may only be on its way: else who holds all places with a byte each would have every newcomer cut.
void Connections::cutHalfOpen(const HalfOpen::Place &newest)
{
    const bool ofAddress = newest.excess() == HalfOpen::Excess::OfAddress;
    const auto isOfThose
        = [&](const Incoming &each) { return !ofAddress || each.place.network() == newest.network(); };
    const auto newer = m_connections.begin() + qsizetype(std::min(m_connections.size() / 2, mostLookedAt));
    auto oldest = std::find_if(m_connections.begin(), newer,
        [&](const Incoming &each) { return isOfThose(each) && each.connection->isIdle(); });
    if (oldest == newer)
        oldest = std::find_if(m_connections.begin(), m_connections.end(), isOfThose);
    m_services.admission.countRefusal(
        ofAddress ? "too_many_half_open_from_address"_ba : "too_many_half_open"_ba);
    m_services.troubles.report(TroubleCode::HalfOpenCut,
        !ofAddress ? Sentence(QT_TRANSLATE_NOOP("Core",
            "There are more connections that ask nothing than MAX_HALF_OPEN allows. If so many clients come at "
            "once, raise it."))
            : newest.network() == ShareRules::someone
            ? Sentence(QT_TRANSLATE_NOOP("Core",
                "Connections come in where the relay is shared, and ask nothing; the oldest of them are cut. If that goes on, "
                "make a new link or stop sharing."))
            : Sentence(
                QT_TRANSLATE_NOOP("Core",
                    "The address %1 opens connections and asks nothing. If all clients come from there, "
                    "raise MAX_HALF_OPEN_PER_IP, or name the proxy in TRUSTED_PROXIES."),
                {newest.network().toString()}));
    // At once, before the next one is adopted: nothing of it is on the stack here.
    const std::unique_ptr<IncomingConnection> cut(oldest->connection);
    cut->disconnect(this);
    m_connections.erase(oldest);
    m_load.fetch_sub(1, std::memory_order_relaxed);
}

void Connections::forget(IncomingConnection *connection)
{
    std::erase_if(
        m_connections, [connection](const Incoming &each) { return each.connection == connection; });
    connection->disconnect(this);
    connection->deleteLater();
    m_load.fetch_sub(1, std::memory_order_relaxed);
}

void Connections::endAt(Door door)
{
    std::vector<IncomingConnection *> connections;
    for (const Incoming &each : m_connections) {
        if (each.door == door)
            connections.push_back(each.connection);
    }
    for (IncomingConnection *connection : connections)
        forget(connection);
}

void Connections::endAll()
{
    while (!m_connections.empty())
        forget(m_connections.back().connection);
}

} // namespace rr
