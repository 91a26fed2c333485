// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/requesthead.h"
#include "core/http/response.h"

#include <QHostAddress>
#include <QObject>
#include <QSslConfiguration>
#include <QTimer>

#include <chrono>
#include <optional>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace rr {

class Turns;

/// A connection to the relay that still speaks HTTP: waits for request heads, with a deadline and a size cap,
/// until the connection ends or one asks for a call. Requests that are sent all at once are answered in order, one a
/// turn of the event loop, and none while the answer before is still to be written: who reads no answers can have none kept for him.
/// Lives in its worker's thread; owned by its worker, which destroys it after done().
class IncomingConnection final : public QObject
{
    Q_OBJECT
public:
    /// Who answers. Called from the event loop.
    class Handler
    {
    public:
        /// A head that is no call. The connection writes the answer.
        virtual HttpResponse answerRequest(const IncomingConnection &connection, const RequestHead &head) = 0;
        /// A head that could not be understood.
        virtual HttpResponse answerBadHead(const IncomingConnection &connection, const HeadError &error) = 0;
        /// A call is asked for, and the head is fit for a handshake. nullopt: the handler has taken the socket
        /// with takeSocket(). Else the refusal to write.
        virtual std::optional<HttpResponse> startCall(IncomingConnection &connection, const RequestHead &head)
            = 0;

    protected:
        ~Handler() = default;
    };

    /// Takes over `descriptor`. `tls`: what to show when this port speaks TLS. `timeout`: for a request to come, and
    /// for its answer to be taken by the client. `turns`: where to wait with a request.
    IncomingConnection(qintptr descriptor, const std::optional<QSslConfiguration> &tls,
        std::chrono::milliseconds timeout, Turns &turns, Handler &handler, QObject *parent);
    ~IncomingConnection() override;

    QHostAddress peer() const { return m_peer; }
    /// The socket, with the head still unread in it; the caller owns it. Only inside startCall().
    QTcpSocket *takeSocket();

Q_SIGNALS:
    void done();

private:
    void readable();
    void decrypted();
    void takeTurn();
    bool readHead(); ///< false: more of it has to come
    void readAhead(bool on);
    /// What becomes of the connection after an answer.
    enum class After : quint8 {
        KeepAlive,
        Close,
        CloseLater, ///< there is more to come from the client, which has to see the answer first
    };
    void answer(const HttpResponse &response, After after, bool headOnly = false);
    void written();
    void finish();

    QTcpSocket *m_socket;
    Turns &m_turns;
    Handler &m_handler;
    QHostAddress m_peer;
    QTimer m_deadline;
    qint64 m_bodyLeft = 0; ///< to come still, of a request that was answered already; nobody reads it
    bool m_asked = false; ///< for a turn
    bool m_answerWaits = false; ///< to be written
    bool m_closing = false;
    bool m_done = false;
};

} // namespace rr
