// SPDX-License-Identifier: MIT
#include "core/relay/relay.h"

#include "core/eventloop/workerdispatcher.h"
#include "core/monitor/journal.h"
#include "core/monitor/processusage.h"
#include "core/relay/listener.h"
#include "core/relay/sharedsnapshot.h"
#include "core/relay/tlsfiles.h"
#include "core/relay/upstreamroute.h"
#include "core/relay/worker.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QMutex>
#include <QSet>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <atomic>

namespace rr {

namespace {

/// One worker and the thread it lives in.
struct WorkerThread
{
    std::unique_ptr<QThread> thread;
    Worker *worker; ///< destroyed by its thread
};

/// What snapshots need to know of the relay itself; guarded by the mutex.
struct Standing
{
    RelayState state = RelayState::Stopped;
    QString address;
    quint16 port = 0;
    bool tls = false;
    int workers = 0;
};

std::variant<std::shared_ptr<const RelayRules>, RelayError> makeRules(const Settings &settings)
{
    auto rules = std::make_shared<RelayRules>();
    auto serverTls = loadServerTls(settings);
    if (const auto *error = std::get_if<RelayError>(&serverTls))
        return *error;
    auto upstreamTls = loadUpstreamTls(settings);
    if (const auto *error = std::get_if<RelayError>(&upstreamTls))
        return *error;
    rules->settings = std::make_shared<const Settings>(settings);
    rules->serverTls = std::get<std::optional<QSslConfiguration>>(serverTls);
    rules->upstreamTls = std::get<UpstreamTls>(upstreamTls);
    rules->upstreamProxy = upstreamProxy(settings, QProcessEnvironment::systemEnvironment());
    rules->trustedProxies = TrustedProxies(settings.trustedProxies);
    return rules;
}

int workerCount(const Settings &settings)
{
    return settings.workers > 0 ? settings.workers : std::clamp(QThread::idealThreadCount(), 1, 4);
}

} // namespace

struct Relay::Parts
{
    Parts(Journal &journal, const Patience &patience)
        : services{journal, {}, {}, {}, {}, {}, patience}
    {
    }

    void give(qintptr descriptor)
    {
        Worker *worker = std::min_element(workers.begin(), workers.end(), [](const auto &a, const auto &b) {
            return a.worker->load() < b.worker->load();
        })->worker;
        worker->expectConnection();
        worker->call([worker, descriptor] { worker->adopt(descriptor); });
    }

    /// Calls a function of every worker, in its thread.
    template <typename Function>
    void eachWorker(Function function)
    {
        for (const WorkerThread &each : workers) {
            Worker *worker = each.worker;
            worker->call([worker, function] { function(*worker); });
        }
    }

    void setStanding(RelayState state)
    {
        {
            const QMutexLocker lock(&mutex);
            standing.state = state;
            standing.address = listener ? listener->serverAddress().toString() : QString();
            standing.port = listener ? listener->serverPort() : quint16(0);
            standing.tls = rules && rules->serverTls;
            standing.workers = int(workers.size());
        }
        shared.forget(); // a load balancer sees at once that the relay drains
    }

    Snapshot snapshot(bool withSessions) const
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
            snapshot.uptimeMs = standing.state == RelayState::Stopped ? 0 : uptime.elapsed();
        }
        services.registry.fill(snapshot, withSessions);
        snapshot.rejected = services.admission.rejected();
        const ProcessUsage usage = processUsage();
        snapshot.memoryBytes = usage.memoryBytes;
        snapshot.cpuSeconds = usage.cpuSeconds;
        return snapshot;
    }

    RelayServices services;
    std::shared_ptr<const RelayRules> rules;
    std::unique_ptr<Listener> listener;
    std::vector<WorkerThread> workers;
    QSet<const Worker *> busyWorkers; ///< while draining: those that have not said idle()
    QTimer drainDeadline;
    QElapsedTimer uptime;

    mutable QMutex mutex;
    Standing standing;
    SharedSnapshot shared{[this] { return snapshot(false); }}; ///< for the workers
};

Relay::Relay(Journal &journal, const Patience &patience)
    : m_parts(std::make_unique<Parts>(journal, patience))
{
    m_parts->services.snapshot = [parts = m_parts.get()] { return parts->shared.get(); };
    m_parts->drainDeadline.setSingleShot(true);
    connect(&m_parts->drainDeadline, &QTimer::timeout, this, &Relay::stopNow);
}

Relay::~Relay()
{
    m_parts->listener.reset();
    stopWorkers();
}

std::optional<RelayError> Relay::check(const Settings &settings)
{
    auto rules = makeRules(settings);
    if (auto *error = std::get_if<RelayError>(&rules))
        return std::move(*error);
    return std::nullopt;
}

std::optional<RelayError> Relay::start(const Settings &settings)
{
    if (state() != RelayState::Stopped)
        return apply(settings);

    auto rules = makeRules(settings);
    if (const auto *error = std::get_if<RelayError>(&rules))
        return *error;
    auto listener = makeListener();
    if (auto error = listener->listenOn(settings.host, settings.port))
        return error;

    m_parts->rules = std::get<std::shared_ptr<const RelayRules>>(rules);
    m_parts->listener = std::move(listener);
    enforceRules();
    startWorkers();
    m_parts->uptime.start();
    setState(RelayState::Running);
    return std::nullopt;
}

std::optional<RelayError> Relay::apply(const Settings &settings)
{
    if (state() == RelayState::Stopped)
        return RelayError{"not_running", {}, QStringLiteral("The relay is not running.")};

    auto rules = makeRules(settings);
    if (const auto *error = std::get_if<RelayError>(&rules))
        return *error;

    const Settings &current = *m_parts->rules->settings;
    if (m_parts->listener && (settings.host != current.host || settings.port != current.port)) {
        auto listener = makeListener();
        // All addresses and one of them cannot both listen on the same port: then the old listener goes first.
        const bool samePort = settings.port == m_parts->listener->serverPort();
        if (samePort)
            m_parts->listener->close();
        if (auto error = listener->listenOn(settings.host, settings.port)) {
            if (samePort)
                m_parts->listener->listenOn(current.host, settings.port);
            return error;
        }
        m_parts->listener = std::move(listener);
    }
    m_parts->rules = std::get<std::shared_ptr<const RelayRules>>(rules);
    enforceRules();
    m_parts->eachWorker([rules = m_parts->rules](Worker &worker) { worker.setRules(rules); });
    m_parts->setStanding(state());
    return std::nullopt;
}

void Relay::enforceRules()
{
    const Settings &settings = *m_parts->rules->settings;
    m_parts->services.admission.setRules(settings);
    m_parts->services.budget.setLimits(settings.sessionBufferBytes, settings.bufferBudgetBytes);
}

std::unique_ptr<Listener> Relay::makeListener()
{
    auto listener = std::make_unique<Listener>(
        [parts = m_parts.get()](qintptr descriptor) { parts->give(descriptor); });
    connect(listener.get(), &Listener::exhausted, this, [this](const QString &error) {
        JournalEntry entry;
        entry.level = LogLevel::Error;
        entry.event = "accept_failed";
        entry.message = QStringLiteral(
            "No connections can be accepted: a resource of the system is used up. If there are too "
            "many open files, raise the limit (ulimit -n, LimitNOFILE) or lower MAX_CONNECTIONS. "
            "New connections wait until there is room.");
        entry.fields = {{"error", error}};
        m_parts->services.journal.add(std::move(entry));
    });
    connect(listener.get(), &Listener::recovered, this, [this] {
        JournalEntry entry;
        entry.event = "accept_recovered";
        entry.message = QStringLiteral("Connections are accepted again.");
        m_parts->services.journal.add(std::move(entry));
    });
    return listener;
}

void Relay::startWorkers()
{
    m_parts->services.admission.setDraining(false);
    const int count = workerCount(*m_parts->rules->settings);
    for (int i = 0; i < count; ++i) {
        auto thread = std::make_unique<QThread>();
        thread->setObjectName(QStringLiteral("worker-%1").arg(i + 1));
        if (auto dispatcher = makeWorkerDispatcher())
            thread->setEventDispatcher(dispatcher.release());
        auto *worker = new Worker(m_parts->services, m_parts->rules);
        worker->moveToThread(thread.get());
        connect(thread.get(), &QThread::finished, worker, &QObject::deleteLater);
        connect(worker, &Worker::idle, this, [this, worker] { workerIdle(worker); });
        thread->start();
        m_parts->workers.push_back({std::move(thread), worker});
    }
}

void Relay::stopWorkers()
{
    // Behind the descriptors that are on their way to it, for nobody else would close them.
    m_parts->eachWorker([](Worker &worker) { worker.thread()->quit(); });
    for (const WorkerThread &each : m_parts->workers)
        each.thread->wait();
    m_parts->workers.clear();
}

void Relay::drain()
{
    if (state() != RelayState::Running)
        return;
    // The port stays open: who comes now is told to try elsewhere, and load balancers see /health turn.
    startDraining();
    m_parts->drainDeadline.start(m_parts->rules->settings->drainTimeout);
    m_parts->eachWorker([](Worker &worker) { worker.watchForIdle(); });
}

void Relay::stopNow()
{
    if (state() == RelayState::Stopped)
        return;
    m_parts->drainDeadline.stop();
    m_parts->listener.reset();
    if (state() == RelayState::Running)
        startDraining();
    m_parts->eachWorker([](Worker &worker) { worker.shutDown(); });
}

void Relay::startDraining()
{
    m_parts->services.admission.setDraining(true);
    for (const WorkerThread &each : m_parts->workers)
        m_parts->busyWorkers.insert(each.worker);
    setState(RelayState::Draining);
}

void Relay::workerIdle(const Worker *worker)
{
    if (!m_parts->busyWorkers.remove(worker) || !m_parts->busyWorkers.isEmpty())
        return;
    m_parts->drainDeadline.stop();
    m_parts->listener.reset();
    stopWorkers();
    setState(RelayState::Stopped);
    Q_EMIT stopped();
}

void Relay::endSessions(const QList<quint64> &numbers)
{
    m_parts->eachWorker([numbers](Worker &worker) { worker.endSessions(numbers); });
}

void Relay::setState(RelayState state)
{
    const bool changed = state != this->state();
    m_parts->setStanding(state);
    if (changed)
        Q_EMIT stateChanged(state);
}

RelayState Relay::state() const
{
    return m_parts->standing.state; // written in this thread only
}

quint16 Relay::port() const
{
    return m_parts->standing.port;
}

const Settings &Relay::settings() const
{
    static const Settings defaults;
    return m_parts->rules ? *m_parts->rules->settings : defaults;
}

Snapshot Relay::snapshot(Detail detail) const
{
    return m_parts->snapshot(detail == Detail::Sessions);
}

} // namespace rr
