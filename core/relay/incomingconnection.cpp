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
/// How long a client may go on sending what nobody reads, once it was answered. A socket that is closed before all of
/// it has come makes the system take the answer back (RFC 1122 4.2.2.13).
constexpr std::chrono::seconds lingerTime{2};

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
        answer(m_handler.answerBadHead(*this, *error), After::CloseLater);
        return false;
    }

    const auto &head = std::get<RequestHead>(parsed);
    if (head.wantsUpgrade() && isRelayPath(head.path)) {
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
        return false;
    }

    const bool bodyFits = !head.chunked && head.contentLength <= longestBody;
    m_socket->skip(head.size);
    m_bodyLeft = bodyFits ? head.contentLength : 0;
    const After after = !bodyFits ? After::CloseLater : head.keepAlive() ? After::KeepAlive : After::Close;
    answer(m_handler.answerRequest(*this, head), after, head.method == "HEAD");
    return !m_closing;
}

void IncomingConnection::answer(const HttpResponse &response, After after, bool headOnly)
{
    m_socket->write(serialise(response, after == After::KeepAlive, headOnly));
    m_socket->flush(); // Qt writes nothing any more once it has read the end of a client that closed its half
    m_closing = after != After::KeepAlive;
    if (m_closing)
        m_socket->skip(m_socket->bytesAvailable());
    if (after == After::CloseLater)
        m_deadline.start(std::min<std::chrono::milliseconds>(m_deadline.intervalAsDuration(), lingerTime));
    else
        m_deadline.start(); // for the next request, or for the end
    if (after == After::Close)
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
