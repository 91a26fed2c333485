// SPDX-License-Identifier: MIT
#include "core/relay/incomingconnection.h"

#include "core/http/endpoints.h"
#include "core/relay/turns.h"
#include "core/websocket/socketoptions.h"

#include <QSslSocket>
#include <QTcpSocket>

namespace rr {

namespace {

/// How long a client may go on sending what nobody reads, once it was answered. A socket that is closed before all of
/// it has come makes the system take the answer back (RFC 1122 4.2.2.13).
constexpr std::chrono::seconds lingerTime{2};
/// What Qt reads ahead: enough to see that a head is too large.
constexpr qint64 readAheadBytes = maxHeadBytes + 1;

/// What was written and has not gone to the system.
qint64 unwrittenBytes(const QTcpSocket &socket)
{
    const auto *tls = qobject_cast<const QSslSocket *>(&socket);
    return socket.bytesToWrite() + (tls ? tls->encryptedBytesToWrite() : 0);
}

} // namespace

IncomingConnection::IncomingConnection(qintptr descriptor, const std::optional<QSslConfiguration> &tls,
    std::chrono::milliseconds timeout, Turns &turns, Handler &handler, QObject *parent)
    : QObject(parent)
    , m_socket(tls ? new QSslSocket(this) : new QTcpSocket(this))
    , m_turns(turns)
    , m_handler(handler)
{
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(timeout);
    connect(&m_deadline, &QTimer::timeout, this, &IncomingConnection::finish);
    connect(m_socket, &QIODevice::readyRead, this,
        tls ? &IncomingConnection::decrypted : &IncomingConnection::readable);
    connect(m_socket, &QIODevice::bytesWritten, this, &IncomingConnection::written);
    // Also after a failed TLS handshake, plain HTTP on a TLS port among them, or a reset; but not before the answer
    // is written to a client that has closed its half.
    connect(m_socket, &QAbstractSocket::disconnected, this, &IncomingConnection::finish);

    m_socket->setReadBufferSize(readAheadBytes);
    if (!m_socket->setSocketDescriptor(descriptor)) {
        QMetaObject::invokeMethod(this, &IncomingConnection::finish, Qt::QueuedConnection);
        return;
    }
    m_peer = m_socket->peerAddress();
    setRelayOptions(*m_socket);
    limitUnsent(*m_socket, clientNotSentLowBytes);
    m_deadline.start();
    if (tls) {
        auto *tlsSocket = static_cast<QSslSocket *>(m_socket);
        connect(tlsSocket, &QSslSocket::encryptedBytesWritten, this, &IncomingConnection::written);
        tlsSocket->setSslConfiguration(*tls);
        tlsSocket->startServerEncryption();
    }
}

IncomingConnection::~IncomingConnection()
{
    if (m_socket) {
        m_socket->disconnect(this);
        m_socket->abort();
    }
}

QTcpSocket *IncomingConnection::takeSocket()
{
    m_socket->disconnect(this);
    m_socket->setParent(nullptr);
    m_deadline.stop();
    return std::exchange(m_socket, nullptr);
}

void IncomingConnection::readable()
{
    if (!m_socket || m_done)
        return;
    if (m_closing) {
        const qint64 skipped = m_socket->skip(m_socket->bytesAvailable());
        readAhead(true);
        if (m_bodyLeft > 0 && (m_bodyLeft -= skipped) <= 0)
            m_socket->disconnectFromHost();
        return;
    }
    if (m_answerWaits || m_asked)
        return;
    if (m_socket->bytesAvailable() == 0) {
        readAhead(true);
        return;
    }
    m_asked = true;
    readAhead(false);
    m_turns.ask(this, [this] { takeTurn(); });
}

/// A QSslSocket reads the end of a client that closed its half together with the request, and writes nothing any more
/// once this call has returned: so the first request that comes does not wait for a turn, only those behind it.
void IncomingConnection::decrypted()
{
    if (m_socket && !m_done && !m_closing && !m_answerWaits && !m_asked && m_socket->bytesAvailable() > 0)
        takeTurn();
    else
        readable();
}

void IncomingConnection::takeTurn()
{
    m_asked = true;
    const bool more = !m_done && !readHead();
    m_asked = false;
    if (!m_socket)
        finish();
    else if (more)
        readAhead(true);
    else
        readable();
}

/// Off, while a request waits for its turn: what comes behind it stays in the system, the end of a client that closed
/// its half above all. Once Qt has read that, it writes no answer any more.
void IncomingConnection::readAhead(bool on)
{
    const qint64 size = on ? readAheadBytes : 1; // 0 means any
    if (m_socket->readBufferSize() == size)
        return;
    m_socket->setReadBufferSize(size);
    if (on)
        m_socket->flush(); // QSslSocket decrypts what it held back
}

bool IncomingConnection::readHead()
{
    const QByteArray bytes = m_socket->peek(maxHeadBytes + 1);
    const auto parsed = parseRequestHead(bytes);
    if (std::holds_alternative<HeadIncomplete>(parsed))
        return false;
    if (const auto *error = std::get_if<HeadError>(&parsed)) {
        answer(m_handler.answerBadHead(*this, *error), After::CloseLater);
        return true;
    }

    const auto &head = std::get<RequestHead>(parsed);
    if (head.wantsUpgrade() && isRelayPath(head.path)) {
        readAhead(true); // as whoever takes the socket expects it
        if (auto error = checkUpgrade(head))
            answer(m_handler.answerBadHead(*this, *error), After::Close);
        else if (m_socket->bytesAvailable() > head.size)
            // Qt would take it for frames of its own; no client sends any before the 101 (RFC 6455 4.1).
            answer(m_handler.answerBadHead(*this,
                       {400, "bad_request",
                           QStringLiteral("Nothing may follow an upgrade request before its answer.")}),
                After::CloseLater);
        else if (auto refusal = m_handler.startCall(*this, head))
            answer(*refusal, After::Close);
        return true;
    }

    m_socket->skip(head.size);
    m_bodyLeft
        = head.contentLength - m_socket->skip(std::min(head.contentLength, m_socket->bytesAvailable()));
    const bool moreToCome = head.chunked || m_bodyLeft > 0;
    const After after = moreToCome ? After::CloseLater : head.keepAlive() ? After::KeepAlive : After::Close;
    answer(m_handler.answerRequest(*this, head), after, head.method == "HEAD");
    return true;
}

void IncomingConnection::answer(const HttpResponse &response, After after, bool headOnly)
{
    m_closing = after != After::KeepAlive;
    m_answerWaits = true;
    if (after == After::CloseLater)
        m_deadline.start(std::min<std::chrono::milliseconds>(m_deadline.intervalAsDuration(), lingerTime));
    else
        m_deadline.start(); // for the client to take the answer
    m_socket->write(serialise(response, after == After::KeepAlive, headOnly));
    m_socket->flush(); // Qt writes nothing any more once it has read the end of a client that closed its half
    if (m_closing)
        m_socket->skip(m_socket->bytesAvailable());
    if (after == After::Close)
        m_socket->disconnectFromHost();
    written();
}

void IncomingConnection::written()
{
    if (!m_answerWaits || m_done || unwrittenBytes(*m_socket) > 0)
        return;
    m_answerWaits = false;
    if (m_closing)
        return;
    m_deadline.start(); // for the next request
    readable();
}

void IncomingConnection::finish()
{
    if (std::exchange(m_done, true))
        return;
    m_deadline.stop();
    Q_EMIT done();
}

} // namespace rr
