// SPDX-License-Identifier: MIT
#include "core/eventloop/timerqueue.h"

#include <QCoreApplication>
#include <QTimerEvent>

#include <algorithm>

using namespace std::chrono_literals;

namespace rr {

namespace {

using Time = TimerQueue::Time;

constexpr auto LongestInterval = std::chrono::hours(24 * 365 * 100); // keeps sums of times from overflowing

/// The roundest moment within 5 % of the interval around `due`: the rounder, the more timers share it.
Time coalesced(Time due, Time interval, Time now)
{
    const Time tolerance = interval / 20;
    for (const Time step : {1000ms, 500ms, 250ms, 100ms, 50ms, 25ms, 10ms, 5ms, 2ms}) {
        const Time rounded = (due + step / 2) / step * step;
        if (rounded >= now && rounded >= due - tolerance && rounded <= due + tolerance)
            return rounded;
    }
    return due;
}

Time wholeSeconds(Time time)
{
    return std::chrono::floor<std::chrono::seconds>(time);
}

} // namespace

void TimerQueue::add(
    int id, std::chrono::milliseconds interval, Qt::TimerType type, QObject *object, Time now)
{
    remove(id);
    Time length = std::clamp<std::chrono::milliseconds>(interval, 0ms, LongestInterval);
    if (type == Qt::CoarseTimer && length >= 20s)
        type = Qt::VeryCoarseTimer;
    if (type == Qt::CoarseTimer && length <= 20ms) // 5 % would be less than a millisecond
        type = Qt::PreciseTimer;

    Time due = now + length;
    if (type == Qt::CoarseTimer) {
        due = coalesced(due, length, now);
    } else if (type == Qt::VeryCoarseTimer && length > 0ns) {
        // At least a second: rounded down to none, the timer would keep the thread busy.
        length = std::max<Time>(wholeSeconds(length + 500ms), 1s);
        due = wholeSeconds(now + 500ms) + length;
    }
    const auto timer = m_timers.emplace(Key{due, ++m_order}, Timer{id, type, length, object, m_round});
    m_byId.emplace(id, timer.first);
}

bool TimerQueue::remove(int id)
{
    const auto found = m_byId.find(id);
    if (found == m_byId.end())
        return false;
    m_timers.erase(found->second);
    m_byId.erase(found);
    return true;
}

bool TimerQueue::removeAll(const QObject *object)
{
    return std::erase_if(m_timers, [&](const auto &entry) {
        return entry.second.object == object && m_byId.erase(entry.second.id);
    }) > 0;
}

std::optional<Time> TimerQueue::nextDue() const
{
    for (const auto &[key, timer] : m_timers) {
        if (!timer.running)
            return key.due;
    }
    return std::nullopt;
}

std::optional<Time> TimerQueue::remaining(int id, Time now) const
{
    const auto found = m_byId.find(id);
    if (found == m_byId.end())
        return std::nullopt;
    return std::max<Time>(found->second->first.due - now, 0ns);
}

QList<QAbstractEventDispatcher::TimerInfo> TimerQueue::timersOf(const QObject *object) const
{
    QList<QAbstractEventDispatcher::TimerInfo> timers;
    for (const auto &[key, timer] : m_timers) {
        if (timer.object == object)
            timers.emplace_back(timer.id, int(timer.interval / 1ms), timer.type);
    }
    return timers;
}

int TimerQueue::fire(Time now)
{
    const quint64 round = ++m_round;
    int fired = 0;
    while (!m_timers.empty()) {
        const auto first = m_timers.begin();
        Timer &timer = first->second;
        // What is put back or added meanwhile sorts behind all that was due, and so ends the round.
        if (first->first.due > now || timer.round >= round)
            break;
        timer.round = round;
        reschedule(first, now);
        if (timer.interval > 0ns)
            ++fired;
        if (timer.running) // a nested loop in its handler: the handler is not entered twice
            continue;
        timer.running = true;
        const int id = timer.id;
        QTimerEvent event(id);
        QCoreApplication::sendEvent(timer.object, &event);
        if (const auto after = m_byId.find(id); after != m_byId.end()) // the handler may have removed it
            after->second->second.running = false;
    }
    return fired;
}

void TimerQueue::reschedule(Timers::iterator timer, Time now)
{
    auto node = m_timers.extract(timer);
    const Timer &settings = node.mapped();
    Time due = node.key().due + settings.interval;
    if (settings.type == Qt::VeryCoarseTimer && settings.interval > 0ns) {
        if (due <= wholeSeconds(now))
            due = wholeSeconds(now) + settings.interval;
    } else {
        if (due < now) // missed: no burst to catch up
            due = now + settings.interval;
        if (settings.type == Qt::CoarseTimer)
            due = coalesced(due, settings.interval, now);
    }
    node.key() = {due, ++m_order};
    const int id = settings.id;
    m_byId[id] = m_timers.insert(std::move(node)).position;
}

} // namespace rr
