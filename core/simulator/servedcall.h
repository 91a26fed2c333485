// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/faults.h"
#include "core/simulator/framelink.h"
#include "core/simulator/handshake.h"
#include "core/simulator/livesessions.h"
#include "core/simulator/playedcall.h"
#include "core/simulator/recording.h"
#include "core/simulator/speech.h"

#include <QTimer>

#include <deque>
#include <memory>

namespace rr {

/// One connection after its 101: joins a socket to a played call (or to a recording), drives the call's
/// agenda by the clock, and lets happen what the faults say. Owns the socket. ended() is its last word.
class ServedCall : public QObject
{
    Q_OBJECT
public:
    struct Service
    {
        std::shared_ptr<const Speech> speech;
        std::shared_ptr<const Recording> recording; ///< null: a played call
        std::shared_ptr<LiveSessions> live;
        double speed = 4; ///< times faster than real time; 0: as fast as possible
        Models models{};
    };

    ServedCall(QTcpSocket *socket, const Service &service, const Faults &faults, QObject *parent = nullptr);

    /// Sends the 101 and begins, or ends at once with the error that the verdict names.
    void start(const RequestHead &head, const HandshakeVerdict &verdict);

Q_SIGNALS:
    void ended();

private:
    void beginCall(const RequestHead &head, const HandshakeVerdict &verdict);
    std::unique_ptr<PlayedCall> makeCall(
        const RequestHead &head, const HandshakeVerdict &verdict, qint64 expiresAt) const;
    void beginEcho();
    void advanceRecording(const QString &clientEventType);
    void arm();
    void runDue();
    void deliver(const QByteArray &event);
    void transmit(const QByteArray &event);
    void afterFirstEvent();
    void pauseMidMessage();
    void pour(std::function<QByteArray()> source);
    void release();
    void expire();
    void finish(quint16 closeCode, const QByteArray &reason);

    QTcpSocket *m_socket;
    Service m_service;
    Faults m_faults;
    FrameLink m_link;
    std::unique_ptr<PlayedCall> m_call;
    QTimer m_due; ///< the call's next planned step
    qsizetype m_replayAt = 0;
    std::deque<QByteArray> m_delayed;
    QList<QByteArray> m_held; ///< events that wait behind half a frame
    bool m_holding = false;
    int m_sentEvents = 0;
    int m_sentDeltas = 0;
    std::function<QByteArray()> m_source; ///< gives the next bytes to pour; empty at the end
};

} // namespace rr
