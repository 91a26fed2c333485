// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractEventDispatcher>

#include <chrono>
#include <map>
#include <optional>
#include <unordered_map>

namespace rr {

/// The running timers of one thread, ordered by when they are due. Belongs to that thread's dispatcher and is
/// used in that thread only. Knows no clock: every `now` is the caller's reading of one monotonic clock.
///
/// A precise timer fires at its interval. A coarse one may be up to 5 % early or late, so that many fire on
/// one wake-up; from 20 s on it counts whole seconds, as very coarse timers do. An interval of 0 is due on
/// every turn.
class TimerQueue
{
public:
    using Time = std::chrono::nanoseconds;

    void add(int id, std::chrono::milliseconds interval, Qt::TimerType type, QObject *object, Time now);
    bool remove(int id); ///< false: no such timer
    bool removeAll(const QObject *object); ///< false: it had none

    bool isEmpty() const { return m_timers.empty(); }
    /// When the first timer is due, leaving out those whose event is being handled right now: they do not
    /// fire again before their handler has returned. Nothing: there is none to wait for.
    std::optional<Time> nextDue() const;
    std::optional<Time> remaining(int id, Time now) const; ///< never below 0; nothing: no such timer
    QList<QAbstractEventDispatcher::TimerInfo> timersOf(const QObject *object) const;

    /// Sends a QTimerEvent to each timer that is due, in order, and at most once to each. Handlers may change
    /// the queue and may run nested loops that call fire() again. Returns how many fired, those with interval
    /// 0 not counted: they are always ready and no reason to go on.
    int fire(Time now);

private:
    struct Key
    {
        Time due;
        quint64 order; ///< timers due at the same time fire in the order they were set
        auto operator<=>(const Key &) const = default;
    };
    struct Timer
    {
        int id;
        Qt::TimerType type;
        Time interval;
        QObject *object;
        quint64 round; ///< the fire() that it last took part in, or in which it was added
        bool running = false; ///< its event is being handled
    };
    using Timers = std::map<Key, Timer>;

    void reschedule(Timers::iterator timer, Time now);

    Timers m_timers;
    std::unordered_map<int, Timers::iterator> m_byId;
    quint64 m_order = 0;
    quint64 m_round = 0;
};

} // namespace rr
