// SPDX-License-Identifier: MIT
#include "core/relay/relayparts.h"

#include "core/monitor/processusage.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHostAddress>

#include <atomic>

namespace rr {

namespace {

/// What a call or a connection with TLS takes about.
constexpr qint64 bytesPerConnection = 32 * 1024;

/// Both families are "::", as in the settings.
QString addressText(const QHostAddress &address)
{
    return address == QHostAddress(QHostAddress::Any) ? QStringLiteral("::") : address.toString();
}

} // namespace

Relay::Parts::Parts(Journal &journal, const Patience &patience)
    : services{journal, {}, {}, {}, {}, {}, patience}
{
}

qint64 Relay::Parts::usedBytes() const
{
    return services.budget.chargedBytes() + workers.load() * bytesPerConnection;
}

void Relay::Parts::setStanding(RelayState state)
{
    {
        const QMutexLocker lock(&mutex);
        const Listener *front = doors->listener(Door::Public);
        standing.state = state;
        standing.maxConnections
            = state != RelayState::Stopped && rules ? rules->settings->maxConnections : 0;
        standing.address = front ? addressText(front->serverAddress()) : QString();
        standing.port = front ? front->serverPort() : quint16(0);
        standing.tls = rules && rules->serverTls;
        standing.workers = workers.count();
        standing.pricesFrom = rules ? rules->prices->checkedOn() : QString();
        standing.drainEnd = drainEnd;
    }
    shared.forget(); // a load balancer sees at once that the relay drains
}

Snapshot Relay::Parts::snapshot(bool withCalls) const
{
    Snapshot snapshot;
    snapshot.takenAt = QDateTime::currentDateTimeUtc();
    snapshot.version = QCoreApplication::applicationVersion();
    {
        const QMutexLocker lock(&mutex);
        snapshot.state = standing.state;
        snapshot.listenAddress = standing.address;
        snapshot.port = standing.port;
        snapshot.tls = standing.tls;
        snapshot.workers = standing.workers;
        snapshot.maxConnections = standing.maxConnections;
        snapshot.pricesFrom = standing.pricesFrom;
        snapshot.uptimeMs = standing.state == RelayState::Stopped ? 0 : uptime.elapsed();
        snapshot.drainLeftMs
            = standing.state == RelayState::Draining ? standing.drainEnd.remainingTime() : 0;
    }
    services.registry.fill(snapshot, withCalls);
    snapshot.demo = services.demo.load(std::memory_order_relaxed);
    snapshot.placesTaken = services.admission.liveCount();
    snapshot.rejected = services.admission.rejected();
    snapshot.failedConnections = services.connectionFailures.totals();
    snapshot.exchanges = services.exchanges.totals();
    snapshot.troubles = services.troubles.current();
    if (const Ledger *ledger = services.accounts.ledger())
        snapshot.storeRows = ledger->rows();
    snapshot.firstVisitor = services.witness.first();
    if (const qint64 answered = services.upstreamAnswered.load(std::memory_order_relaxed); answered > 0)
        snapshot.upstreamAnsweredAt
            = snapshot.takenAt.addMSecs((answered - CallRegistry::nowNs()) / 1'000'000);
    const ProcessUsage usage = processUsage();
    snapshot.memoryBytes = usage.memoryBytes;
    snapshot.cpuSeconds = usage.cpuSeconds;
    return snapshot;
}

} // namespace rr
