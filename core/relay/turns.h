// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <deque>
#include <functional>

namespace rr {

/// Work that is done by turns, so that sockets come in between: in each turn of the event loop a few of those who
/// asked get theirs, in the order in which they asked, after all sockets that were ready. However much of it there is,
/// a call's data waits for no more than those few. Belongs to one thread.
///
/// A zero timer does that, for timers come behind the sockets (EpollDispatcher, and Qt's own dispatchers, too). A
/// posted event would not: what is posted while posted events are sent is sent with them, before any socket.
class Turns : public QObject
{
public:
    explicit Turns(QObject *parent = nullptr);

    /// Calls `turn` once, later, unless `who` is destroyed before. Who asks from within a turn gets the next one in a
    /// later turn of the event loop.
    void ask(QObject *who, std::function<void()> turn);

    static constexpr int perTurn = 4; ///< of the event loop

private:
    struct Waiting
    {
        QPointer<QObject> who;
        std::function<void()> turn;
    };

    void give();

    std::deque<Waiting> m_waiting;
    QTimer m_timer;
};

} // namespace rr
