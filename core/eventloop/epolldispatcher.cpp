// SPDX-License-Identifier: MIT
#include "core/eventloop/epolldispatcher.h"

#include <QCoreApplication>
#include <QThread>

#include <algorithm>
#include <limits>

namespace rr {

namespace {

using std::chrono::milliseconds;

TimerQueue::Time now()
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

/// Rounded up: a timer must not fire early, nor the thread spin until it may.
int toMilliseconds(TimerQueue::Time time)
{
    const auto ms = std::chrono::ceil<milliseconds>(time).count();
    return int(std::min<milliseconds::rep>(ms, std::numeric_limits<int>::max()));
}

} // namespace

EpollDispatcher::EpollDispatcher(QObject *parent)
    : QAbstractEventDispatcher(parent)
{
}

bool EpollDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    Q_ASSERT(thread() == QThread::currentThread());
    m_interrupted = false;
    State notified = State::Notified;
    // A wake-up that is taken by a nested turn still keeps this one from blocking: it may have meant this
    // loop's end.
    const bool woken
        = m_state.compare_exchange_strong(notified, State::Acknowledged) || notified == State::Acknowledged;
    Q_EMIT awake();
    QCoreApplication::sendPostedEvents();

    const bool withSockets = !flags.testFlag(QEventLoop::ExcludeSocketNotifiers);
    const bool withTimers = !flags.testFlag(QEventLoop::X11ExcludeTimers);
    // Notified anew: posted events are left over, for Qt calls wakeUp() then.
    const bool mayWait
        = flags.testFlag(QEventLoop::WaitForMoreEvents) && !m_interrupted && m_state != State::Notified;
    if (mayWait)
        Q_EMIT aboutToBlock();
    if (m_interrupted)
        return false;

    bool block = mayWait && !woken;
    if (withSockets && m_sockets.prepare())
        block = false;
    if (block) {
        State expected = State::Awake;
        block = m_state.compare_exchange_strong(expected, State::Asleep);
    }
    bool waited = false;
    while (!waited) { // a signal does not end the turn
        const int timeout = !block ? 0 : withTimers ? timerWaitMs() : -1;
        waited = withSockets ? m_sockets.wait(timeout) : m_sockets.waitForRing(timeout);
    }
    const State before = m_state.exchange(State::Awake);

    int handled = before == State::Notified || before == State::Acknowledged ? 1 : 0;
    if (withSockets)
        handled += m_sockets.deliver();
    if (withTimers && !m_timers.isEmpty())
        handled += m_timers.fire(now());
    return handled > 0;
}

int EpollDispatcher::timerWaitMs() const
{
    const auto due = m_timers.nextDue();
    return due ? std::max(toMilliseconds(*due - now()), 0) : -1;
}

void EpollDispatcher::registerSocketNotifier(QSocketNotifier *notifier)
{
    Q_ASSERT(notifier && notifier->thread() == thread() && thread() == QThread::currentThread());
    m_sockets.add(notifier);
}

void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier *notifier)
{
    Q_ASSERT(notifier && thread() == QThread::currentThread());
    m_sockets.remove(notifier);
}

void EpollDispatcher::registerTimer(int timerId, qint64 intervalMs, Qt::TimerType type, QObject *object)
{
    Q_ASSERT(object && object->thread() == thread() && thread() == QThread::currentThread());
    m_timers.add(timerId, milliseconds(intervalMs), type, object, now());
}

bool EpollDispatcher::unregisterTimer(int timerId)
{
    Q_ASSERT(thread() == QThread::currentThread());
    return m_timers.remove(timerId);
}

bool EpollDispatcher::unregisterTimers(QObject *object)
{
    Q_ASSERT(thread() == QThread::currentThread());
    return m_timers.removeAll(object);
}

QList<QAbstractEventDispatcher::TimerInfo> EpollDispatcher::registeredTimers(QObject *object) const
{
    return m_timers.timersOf(object);
}

int EpollDispatcher::remainingTime(int timerId)
{
    const auto remaining = m_timers.remaining(timerId, now());
    return remaining ? toMilliseconds(*remaining) : -1;
}

void EpollDispatcher::wakeUp()
{
    if (m_state.exchange(State::Notified) == State::Asleep)
        m_sockets.ring();
}

void EpollDispatcher::interrupt()
{
    m_interrupted = true;
    wakeUp();
}

} // namespace rr
