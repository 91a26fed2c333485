// SPDX-License-Identifier: MIT
#include "core/relay/workers.h"

#include "core/eventloop/workerdispatcher.h"
#include "core/relay/worker.h"

#include <QAbstractEventDispatcher>

#include <algorithm>

namespace rr {

Workers::Workers(RelayServices &services)
    : m_services(services)
{
}

Workers::~Workers()
{
    stop();
}

void Workers::start(const std::shared_ptr<const RelayRules> &rules)
{
    for (int i = 0; i < rules->workers; ++i) {
        auto thread = std::make_unique<QThread>();
        thread->setObjectName(QStringLiteral("worker-%1").arg(i + 1));
        if (auto dispatcher = makeWorkerDispatcher())
            thread->setEventDispatcher(dispatcher.release());
        auto *worker = new Worker(m_services, rules);
        worker->moveToThread(thread.get());
        connect(thread.get(), &QThread::finished, worker, &QObject::deleteLater);
        connect(worker, &Worker::idle, this, [this, worker](int drain) { workerIdle(worker, drain); });
        thread->start();
        m_workers.push_back({std::move(thread), worker});
    }
}

void Workers::stop()
{
    each([](Worker &worker) { worker.thread()->quit(); });
    for (const Thread &one : m_workers)
        one.thread->wait();
    m_workers.clear();
    m_busy.clear();
}

qint64 Workers::load() const
{
    qint64 load = 0;
    for (const Thread &one : m_workers)
        load += one.worker->load();
    return load;
}

bool Workers::give(const Listener::Accepted &accepted, Door door)
{
    Worker *worker = std::min_element(m_workers.begin(), m_workers.end(), [](const auto &a, const auto &b) {
        return a.worker->load() < b.worker->load();
    })->worker;
    return worker->take(accepted, door);
}

/// Calls a function of every worker, in its thread.
template <typename Function>
void Workers::each(Function function)
{
    for (const Thread &one : m_workers) {
        Worker *worker = one.worker;
        worker->call([worker, function] { function(*worker); });
    }
}

void Workers::setRules(const std::shared_ptr<const RelayRules> &rules)
{
    each([rules](Worker &worker) { worker.setRules(rules); });
}

void Workers::accessChanged()
{
    each([](Worker &worker) { worker.accessChanged(); });
}

void Workers::endCalls(const QList<quint64> &numbers)
{
    each([numbers](Worker &worker) { worker.endCalls(numbers); });
}

void Workers::endShare()
{
    each([](Worker &worker) { worker.endShare(); });
}

void Workers::watchForIdle()
{
    askForIdle();
    each([drain = m_drain](Worker &worker) { worker.watchForIdle(drain); });
}

void Workers::shutDown()
{
    askForIdle();
    each([drain = m_drain](Worker &worker) { worker.shutDown(drain); });
}

void Workers::keepRunning()
{
    m_busy.clear();
    each([](Worker &worker) { worker.watchForIdle(0); });
}

/// Those that have said so already need not say it again.
void Workers::askForIdle()
{
    if (!m_busy.isEmpty())
        return;
    ++m_drain;
    for (const Thread &one : m_workers)
        m_busy.insert(one.worker);
}

void Workers::workerIdle(const Worker *worker, int drain)
{
    if (drain == m_drain && m_busy.remove(worker) && m_busy.isEmpty())
        Q_EMIT idle();
}

} // namespace rr
