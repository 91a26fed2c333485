// SPDX-License-Identifier: MIT
#pragma once

#include "core/eventloop/socketwatch.h"
#include "core/eventloop/timerqueue.h"

#include <QAbstractEventDispatcher>

#include <atomic>

namespace rr {

/// An event dispatcher on epoll, for threads with many sockets: a turn costs what is ready, not what is open.
/// Behaves as Qt's own for Unix does, save that coarse timers may be rounded otherwise within their 5 %, and
/// that very coarse ones last at least a second. wakeUp() and interrupt() may be called from any thread,
/// everything else in its own. Owned by the thread or application it is given to.
class EpollDispatcher final : public QAbstractEventDispatcher
{
    Q_OBJECT
public:
    explicit EpollDispatcher(QObject *parent = nullptr);

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;

    void registerSocketNotifier(QSocketNotifier *notifier) override;
    void unregisterSocketNotifier(QSocketNotifier *notifier) override;

    void registerTimer(int timerId, qint64 intervalMs, Qt::TimerType type, QObject *object) override;
    bool unregisterTimer(int timerId) override;
    bool unregisterTimers(QObject *object) override;
    QList<TimerInfo> registeredTimers(QObject *object) const override;
    int remainingTime(int timerId) override; ///< milliseconds, rounded up; -1: no such timer

    void wakeUp() override;
    void interrupt() override;

private:
    enum class State {
        Awake,
        Notified, ///< wakeUp() was called: the next wait must not block
        Acknowledged, ///< so it was, before this turn began
        Asleep, ///< may be blocked in the kernel: wakeUp() must ring
    };

    int timerWaitMs() const;

    SocketWatch m_sockets;
    TimerQueue m_timers;
    std::atomic<State> m_state = State::Awake;
    std::atomic<bool> m_interrupted = false;
};

} // namespace rr
