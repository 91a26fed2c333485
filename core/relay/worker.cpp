// SPDX-License-Identifier: MIT
#include "core/relay/worker.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace rr {

namespace {

using namespace std::chrono_literals;

/// A call's access token is looked at four times as often, so that an end of it is told within a second.
constexpr auto accessIsWatched = 2'000ms;

} // namespace

Worker::Worker(RelayServices &services, std::shared_ptr<const RelayRules> rules)
    : m_rules(std::move(rules))
    , m_context{services, m_rules->settings, {}, DialQueue(this), m_rules->prices}
    , m_turns(this)
    , m_reception(
          m_context, m_handover, [this](Reception::Arrival arrival) { begin(std::move(arrival)); }, this)
    , m_connections(services, m_turns,
          {&m_reception.handlerAt(Door::Public), &m_reception.handlerAt(Door::Admin),
              &m_reception.handlerAt(Door::Share)},
          m_load, this)
    , m_tick(this)
{
    m_context.dials.setLimit(m_rules->dialsAtOnce);
    m_reception.setRules(m_rules);
    m_connections.setRules(m_rules);
    m_tick.setTimerType(Qt::CoarseTimer);
    connect(&m_tick, &QTimer::timeout, this, &Worker::tick);
    connect(&m_reception, &Reception::emptied, this, &Worker::reportIfIdle);
    adjustTick();
}

Worker::~Worker()
{
    m_handover.close();
    m_reception.disconnect(this);
    m_context.dials.setLimit(0);
    for (Call *call : std::exchange(m_calls, {})) {
        call->disconnect(this);
        delete call;
    }
}

void Worker::begin(Reception::Arrival arrival)
{
    if (m_context.services.admission.tooManyLeave()) { // the oldest here has had the longest time to go
        const auto leaving = std::find_if(m_calls.begin(), m_calls.end(),
            [](const Call *call) { return call->phase() == Call::Phase::Closing; });
        if (leaving != m_calls.end())
            (*leaving)->abort();
    }
    auto *call = new Call(
        m_context, std::move(arrival.record), std::move(arrival.ticket), std::move(arrival.plan), this);
    m_calls.push_back(call);
    if (!m_tick.isActive())
        m_tick.start();
    m_load.fetch_add(1, std::memory_order_relaxed);
    connect(call, &Call::finished, this, [this, call] { forget(call); });
    call->start(std::move(arrival.client));
    call->accessChanged(*m_context.services.accounts.book()); // while it has waited for the ledger
}

void Worker::forget(Call *call)
{
    std::erase(m_calls, call);
    call->disconnect(this);
    if (&call->settings() != m_rules->settings.get())
        adjustTick();
    call->deleteLater();
    m_load.fetch_sub(1, std::memory_order_relaxed);
    if (m_calls.empty())
        m_tick.stop();
    reportIfIdle();
}

void Worker::tick()
{
    const auto begin = m_calls.begin();
    const std::size_t count = m_calls.size();
    // A copy, for a call that ends takes itself off the list.
    const std::vector<Call *> part(begin + qsizetype(count * m_tickPart / tickParts),
        begin + qsizetype(count * (m_tickPart + 1) / tickParts));
    m_tickPart = (m_tickPart + 1) % tickParts;
    const qint64 now = CallRegistry::nowNs();
    for (Call *call : part)
        call->tick(now);
}

void Worker::setRules(std::shared_ptr<const RelayRules> rules)
{
    m_rules = std::move(rules);
    m_context.settings = m_rules->settings;
    m_context.prices = m_rules->prices;
    m_context.dials.setLimit(m_rules->dialsAtOnce);
    m_reception.setRules(m_rules);
    m_connections.setRules(m_rules);
    adjustTick();
}

void Worker::accessChanged()
{
    const auto book = m_context.services.accounts.book();
    const auto calls = m_calls;
    for (Call *call : calls)
        call->accessChanged(*book);
    m_reception.accessChanged();
    adjustTick();
}

void Worker::endCalls(const QList<quint64> &numbers)
{
    const auto calls = m_calls;
    for (Call *call : calls) {
        if (numbers.contains(call->record().number))
            call->end(EndReason::ClosedByOperator);
    }
}

void Worker::endShare()
{
    m_connections.endAt(Door::Share);
    m_reception.endAt(Door::Share);
    const auto calls = m_calls;
    for (Call *call : calls) {
        if (call->record().door == Door::Share)
            call->end(EndReason::ClosedByOperator);
    }
}

void Worker::shutDown(int drain)
{
    m_connections.endAll();
    m_reception.endAll();
    const auto calls = m_calls;
    for (Call *call : calls)
        call->end(EndReason::RelayShutdown);
    QTimer::singleShot(m_context.services.patience.shutDown, this, [this] {
        const auto left = m_calls;
        for (Call *call : left)
            call->abort();
    });
    watchForIdle(drain);
}

void Worker::watchForIdle(int drain)
{
    m_reportIdle = drain;
    reportIfIdle();
}

void Worker::reportIfIdle()
{
    if (m_reportIdle != 0 && m_calls.empty() && m_reception.isEmpty())
        Q_EMIT idle(std::exchange(m_reportIdle, 0));
}

void Worker::adjustTick()
{
    // A quarter of the shortest time that is watched, so that none is overrun by more than that.
    const Patience &patience = m_context.services.patience;
    std::chrono::milliseconds shortest
        = std::min({4'000ms, patience.closing, patience.closingInAll, patience.boundary});
    const auto serve = [&shortest](const Settings &s) {
        for (const auto time : {s.heartbeatInterval, s.inactivityTimeout, s.sessionLimit, s.stallTimeout}) {
            if (time.count() > 0)
                shortest = std::min(shortest, time);
        }
    };
    serve(*m_rules->settings);
    for (const Call *call : m_calls)
        serve(call->settings()); // which it keeps
    if (!m_context.services.accounts.book()->isEmpty())
        shortest = std::min<std::chrono::milliseconds>(shortest, accessIsWatched);
    const auto interval = std::max(20ms, shortest / 4) / tickParts;
    if (interval != m_tick.intervalAsDuration()) // or a tick that is due would be put off
        m_tick.setInterval(interval);
}

} // namespace rr
