// SPDX-License-Identifier: MIT
#include "core/relay/incomingconnection.h"

#include "core/http/endpoints.h"
#include "core/websocket/socketoptions.h"

#include <QSslSocket>
#include <QTcpSocket>

namespace rr {

namespace {

/// A body that nobody reads is passed over up to this size; a longer one ends the connection.
constexpr qint64 longestBody = 64 * 1024;

} // namespace

IncomingConnection::IncomingConnection(qintptr descriptor, const std::optional<QSslConfiguration> &tls,
                                       std::chrono::milliseconds timeout, Handler &handler, QObject *parent)
    : QObject(parent)
    , m_socket(tls ? new QSslSocket(this) : new QTcpSocket(this))
    , m_handler(handler)
{
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(timeout);
    connect(&m_deadline, &QTimer::timeout, this, &IncomingConnection::finish);
    connect(m_socket, &QIODevice::readyRead, this, &IncomingConnection::readable);
    // Also after a failed TLS handshake, plain HTTP on a TLS port among them, or a reset; but not before the answer
    // is written to a client that has closed its half.
    connect(m_socket, &QAbstractSocket::disconnected, this, &IncomingConnection::finish);

    m_socket->setReadBufferSize(maxHeadBytes + 1);
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
    while (m_socket && !m_closing && !m_done && readHead()) { }
    if (m_socket && m_closing)
        m_socket->skip(m_socket->bytesAvailable());
    if (!m_socket)
        finish();
}

bool IncomingConnection::readHead()
{
    if (m_bodyLeft > 0)
        m_bodyLeft -= std::max<qint64>(0, m_socket->skip(m_bodyLeft));
    if (m_bodyLeft > 0 || m_socket->bytesAvailable() == 0)
        return false;

    const QByteArray bytes = m_socket->peek(maxHeadBytes + 1);
    const auto parsed = parseRequestHead(bytes);
    if (std::holds_alternative<HeadIncomplete>(parsed))
        return false;
    if (const auto *error = std::get_if<HeadError>(&parsed)) {
        answer(m_handler.answerBadHead(*error), false, false);
        return false;
    }

    const auto &head = std::get<RequestHead>(parsed);
    if (head.wantsUpgrade() && isRelayPath(head.path)) {
        std::optional<HttpResponse> refusal;
        if (auto error = checkUpgrade(head))
            refusal = m_handler.answerBadHead(*error);
        else if (m_socket->bytesAvailable() > head.size)
            // Qt would take it for frames of its own; no client sends any before the 101 (RFC 6455 4.1).
            refusal = m_handler.answerBadHead(
                {400, "bad_request", QStringLiteral("Nothing may follow an upgrade request before its answer.")});
        else
            refusal = m_handler.startCall(*this, head);
        if (refusal)
            answer(*refusal, false, false);
        return false;
    }

    const bool bodyFits = !head.chunked && head.contentLength <= longestBody;
    m_socket->skip(head.size);
    m_bodyLeft = bodyFits ? head.contentLength : 0;
    answer(m_handler.answerRequest(head), bodyFits && head.keepAlive(), head.method == "HEAD");
    return !m_closing;
}

void IncomingConnection::answer(const HttpResponse &response, bool keepAlive, bool headOnly)
{
    m_deadline.start(); // for the next request, or for the end
    m_socket->write(serialise(response, keepAlive, headOnly));
    m_socket->flush(); // Qt writes nothing any more once it has read the end of a client that closed its half
    if (keepAlive)
        return;
    m_closing = true;
    // What is unread when a socket is closed makes the system take back the answer (RFC 1122 4.2.2.13).
    m_socket->skip(m_socket->bytesAvailable());
    m_socket->disconnectFromHost();
}

void IncomingConnection::finish()
{
    if (std::exchange(m_done, true))
        return;
    m_deadline.stop();
    Q_EMIT done();
}

} // namespace rr
