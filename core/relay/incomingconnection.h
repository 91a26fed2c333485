// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/endpoints.h"
#include "core/http/requestbody.h"
#include "core/http/requesthead.h"
#include "core/http/response.h"
#include "core/monitor/connectionfailure.h"
#include "core/wire/acceptedstream.h"
#include "core/wire/opening.h"

#include <QHostAddress>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

namespace rr {

class IncomingConnection;
class Turns;

/// Answers one request, now or later, once: what is said of a request that was answered already, or whose connection has
/// gone, is lost without harm. A plain value, to be used in the connection's thread.
class Responder
{
public:
    Responder(IncomingConnection &connection, quint64 request);

    void answer(const HttpResponse &response) const;
    /// Takes the connection away from HTTP: what comes behind the request's head, and all that is to be written, is the
    /// caller's. Reading is off. Null: answered already, or gone.
    std::unique_ptr<ByteStream> takeStream() const;
    /// Whether the client still waits for the answer, as far as the system tells (see ByteStream::peerHasLeft()): one that has
    /// ended its half may read on, but hardly any does.
    bool isAwaited() const;
    /// It does not: the connection ends.
    void clientLeft() const;

private:
    QPointer<IncomingConnection> m_connection;
    quint64 m_request; ///< number on that connection
};

/// A connection to the relay that still speaks HTTP: waits for requests, with a deadline and a size cap, until the
/// connection ends or is taken by who was asked for a call. Its first bytes tell what else it speaks before: the PROXY
/// protocol, TLS, or one of them where it should not. Requests that are sent all at once are answered in order, one
/// a turn of the event loop, and none while the answer before is still to be made or to be written: who reads no answers
/// can have none kept for him. A client may close its half with its last request.
/// Lives in its worker's thread; owned by its worker, which destroys it after done().
class IncomingConnection final : public QObject, private ByteStream::Owner
{
    Q_OBJECT
public:
    struct Request
    {
        QHostAddress peer; ///< of the connection, or as the PROXY protocol names it; perhaps a proxy's
        QHostAddress otherEnd; ///< of the connection itself, whomever the PROXY protocol names
        RequestHead head; ///< its path, where there is an endpoint, as canonicalPath() has it
        QByteArray body; ///< empty where the endpoint takes none
        const Endpoint *endpoint = nullptr; ///< null: there is nothing at its path
        bool isCall = false; ///< a handshake where calls are opened, fit to be answered with 101
        bool isEcho = false; ///< likewise, where a proof is asked for
        /// The secret of a link, as it came with the request, which has it no more.
        enum class Link : quint8 { None, Wrong, Right } link = Link::None;
    };

    /// Who answers. Called from the event loop.
    class Handler
    {
    public:
        /// What is at its path for those who come in here; may take out of its head what nobody else is to see.
        virtual const Endpoint *endpointOf(Request &request)
        {
            return findEndpoint(relayEndpoints, request.head);
        }
        /// `responder` must answer at last: nothing more is heard of the client until then. The request is gone with its
        /// answer.
        virtual void answerRequest(const Request &request, Responder responder) = 0;
        /// What could not be understood. The connection writes the answer. `origin`: value of that header; null when
        /// there is none, or the head was not understood.
        virtual HttpResponse answerBadRequest(
            const QHostAddress &peer, const QByteArray &origin, const HeadError &error)
            = 0;
        /// It has come to nothing; done() follows. `error`: in the words of the system's TLS, where that has failed.
        virtual void connectionFailed(const QHostAddress &peer, ConnectionFailure why, const QString &error)
            = 0;

    protected:
        ~Handler() = default;
    };

    /// `accepted`: has a stream, of which nothing was read. `peerIsProxy`: it is trusted, and may speak the PROXY
    /// protocol. `timeout`: for a request to come, with its body, and for its answer to be taken by the client; an
    /// answer that is not made in answerPatience times that is 503. `turns`: where to wait with a request.
    IncomingConnection(AcceptedStream accepted, bool peerIsProxy, std::chrono::milliseconds timeout,
        Turns &turns, Handler &handler, QObject *parent);
    ~IncomingConnection() override;

    /// Whether nothing of a request or of a TLS handshake is under way.
    bool isIdle() const;

    static constexpr int answerPatience = 3;

Q_SIGNALS:
    void done();

private:
    friend class Responder;

    /// What becomes of the connection after an answer.
    enum class After : quint8 {
        KeepAlive,
        Close,
        CloseLater, ///< there is more to come from the client, which has to see the answer first
    };

    void streamReadable(ByteStream &) override;
    void streamWritten(ByteStream &) override;
    void streamEnded(ByteStream &) override;

    void askForTurn();
    void takeTurn();
    bool readMore();
    bool open();
    bool takeRequest();
    bool takeHead(RequestHead &&head);
    bool takeBody();
    bool refuse(const HeadError &error, After after, const QByteArray &origin = {});
    bool handOver(After after);
    void answer(quint64 request, const HttpResponse &response);
    void forgetRequest();
    std::unique_ptr<ByteStream> takeStream(quint64 request);
    bool isAwaited(quint64 request) const;
    void clientLeft(quint64 request);
    void write(const HttpResponse &response, bool headOnly);
    void written();
    void passOver();
    void outOfTime();
    std::optional<ConnectionFailure> failure(bool timedOut) const;
    void end(bool timedOut);
    void finish();

    std::unique_ptr<ByteStream> m_stream;
    std::shared_ptr<const TlsServer> m_tls; ///< to begin; null: none, or the stream does that
    Turns &m_turns;
    Handler &m_handler;
    const std::chrono::milliseconds m_timeout;
    QTimer m_deadline;
    QByteArray m_bytes; ///< received, and of no request yet that was handed over
    HeadProgress m_progress; ///< of the head in them
    Request m_request; ///< the one that is being read or answered
    std::optional<RequestBody> m_body; ///< of it, while it is being read
    quint64 m_requests = 0; ///< that were handed over; the number of the last one
    qint64 m_bodyLeft = 0; ///< to come still, of a request that was answered already; nobody reads it
    After m_after = After::KeepAlive; ///< the answer that is being made or written
    OpeningRules m_opening;
    bool m_isOpen; ///< what the client speaks is known
    bool m_asked = false; ///< for a turn
    bool m_answering = false; ///< the handler has a request
    bool m_writing = false; ///< an answer, which the client has not taken yet
    bool m_closing = false; ///< no more requests
    bool m_done = false;
};

} // namespace rr
