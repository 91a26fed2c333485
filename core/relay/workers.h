// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/door.h"
#include "core/call/relayservices.h"
#include "core/relay/listener.h"
#include "core/relay/relayrules.h"

#include <QList>
#include <QObject>
#include <QSet>
#include <QThread>

#include <memory>
#include <vector>

namespace rr {

class Worker;

/// The workers, each with the thread it lives in: begins and ends them, gives each connection to the one with the least to do,
/// and says when all have let go of their calls. Lives in the Relay's thread; what it has workers do happens in theirs, later.
class Workers final : public QObject
{
    Q_OBJECT
public:
    /// `services` must outlive it.
    explicit Workers(RelayServices &services);
    ~Workers() override; ///< ends them

    /// As many as the rules say; there must be none.
    void start(const std::shared_ptr<const RelayRules> &rules);
    /// Ends them with whatever they have, behind what is on its way to them. Waits for that.
    void stop();

    int count() const { return int(m_workers.size()); }
    qint64 load() const; ///< connections and calls of all
    /// Takes the descriptor. False: all have enough to do just now, and no more should be accepted.
    bool give(const Listener::Accepted &accepted, Door door);

    void setRules(const std::shared_ptr<const RelayRules> &rules);
    void accessChanged(); ///< Accounts::book() is another one
    void endCalls(const QList<quint64> &numbers);
    void endShare(); ///< all that came in by the door of a share, calls with 4410

    /// idle() follows when there is no call any more.
    void watchForIdle();
    /// Ends all calls with 1001; idle() follows.
    void shutDown();
    /// idle() does not follow, and is asked for anew.
    void keepRunning();

Q_SIGNALS:
    void idle();

private:
    struct Thread
    {
        std::unique_ptr<QThread> thread;
        Worker *worker; ///< destroyed by its thread
    };

    template <typename Function>
    void each(Function function);
    void askForIdle();
    void workerIdle(const Worker *worker, int drain);

    RelayServices &m_services;
    std::vector<Thread> m_workers;
    QSet<const Worker *> m_busy; ///< idle() waits for them; empty: it was not asked for
    int m_drain = 0; ///< number of the last time it was, for what is called off
};

} // namespace rr
