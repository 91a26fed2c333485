// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QTcpSocket>

namespace rr {

/// The server's end of a WebSocket connection (RFC 6455), after the handshake. Written for a simulator that
/// has to misbehave on purpose: frames can be sent in pieces, pings left unanswered, reading stopped. The
/// socket is not owned; used in its thread.
class FrameLink : public QObject
{
    Q_OBJECT
public:
    enum Opcode : quint8 { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };
    static constexpr qsizetype maxMessageBytes = 64 * 1024 * 1024;

    explicit FrameLink(QTcpSocket *socket, QObject *parent = nullptr);

    void start(); ///< begins to read

    void sendText(const QByteArray &message);
    /// Parts of frames, for messages that do not go out in one piece.
    void sendBytes(const QByteArray &bytes);
    static QByteArray frameHead(quint8 opcode, bool final, qint64 payloadBytes);

    /// Starts the closing handshake; 1005 sends a close frame without a code. closed() follows, by force if
    /// the peer does not answer.
    void close(quint16 code, const QByteArray &reason);
    void cut(); ///< ends the connection without a close frame, what was written goes out first

    bool isOpen() const { return m_open; } ///< data may still be sent
    qint64 backlogBytes() const; ///< written, but not taken by the kernel yet

    void setReading(bool reading);
    void setAnsweringPings(bool answering) { m_answeringPings = answering; }
    void setAnsweringCloses(bool answering) { m_answeringCloses = answering; }
    /// Sends messages in fragments of a few bytes that cut characters in two.
    void setFragmenting(bool fragmenting) { m_fragmenting = fragmenting; }

Q_SIGNALS:
    void messageReceived(const QByteArray &message);
    /// Each data frame, before messageReceived() of the message it completes.
    void frameReceived(quint8 opcode, bool final, const QByteArray &payload);
    void backlogTaken(); ///< some of it
    void closed(); ///< the connection is gone; once

private:
    void read();
    bool takeFrame();
    void takeControl(quint8 opcode, const QByteArray &payload);
    void fail(quint16 code, const QByteArray &reason);

    QTcpSocket *m_socket;
    QByteArray m_buffer;
    qsizetype m_at = 0; ///< start of the next frame in m_buffer
    QByteArray m_message;
    bool m_inMessage = false;
    bool m_open = true;
    bool m_closeSent = false;
    bool m_closed = false;
    bool m_reading = true;
    bool m_answeringPings = true;
    bool m_answeringCloses = true;
    bool m_fragmenting = false;
};

} // namespace rr
