// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/agenda.h"

#include <QObject>

namespace rr {

/// One call, played: takes client events in, gives server events out, knows nothing of sockets or clocks. What it
/// does by and by is planned, and done when its owner says so: after nextInMs() of call time, at whatever speed.
/// Each surface has a class of its own. Used in one thread, the owner's.
class PlayedCall : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    virtual void start() = 0; ///< says what the server says first, if it does
    /// One client event as JSON. What is wrong with it is answered with an `error` event.
    virtual void receive(const QByteArray &message) = 0;
    /// The session's time is over. True: the call ends in its own way, by finished(); false: with an error and 1001.
    virtual bool expire() { return false; }

    qint64 nextInMs() const { return m_agenda.nextInMs(); } ///< -1 when nothing is planned
    void runNext() { m_agenda.runNext(); }

Q_SIGNALS:
    void eventReady(const QByteArray &json); ///< a whole server event, to be sent as one message
    void planned(); ///< nextInMs() may have changed
    void fellSilent(); ///< nothing more is said, and a close frame of the client is not answered
    /// The server ends the connection, behind all events that were ready: with this close code, or by cutting it
    /// without a close frame where the code is 0.
    void finished(quint16 closeCode, const QByteArray &reason);

protected:
    Agenda m_agenda;
};

} // namespace rr
