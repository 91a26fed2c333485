// SPDX-License-Identifier: MIT
#include "core/wire/socketconnect.h"

#include "core/wire/destination.h"
#include "core/wire/qtstream.h"
#include "core/wire/socketoptions.h"

#include <QHostAddress>
#include <QSslSocket>
#include <QTcpSocket>

namespace rr {

namespace {

/// A proxy says yes in far fewer reads; each takes QtStream::readAheadBytes at most.
constexpr int mostReadsOfProxysAnswer = 64;

std::unique_ptr<QSslSocket> makeTlsSocket(const Destination &to)
{
    auto socket = std::make_unique<QSslSocket>();
    QSslConfiguration configuration = to.tls.qt;
    configuration.setSslOption(QSsl::SslOptionDisableSessionPersistence, false);
    configuration.setSessionTicket(to.sessions->ticket);
    socket->setSslConfiguration(configuration);
    // TLS 1.2 has its ticket in the handshake, TLS 1.3 sends it afterwards, when the attempt may be gone.
    const auto keepTicket = [socket = socket.get(), sessions = to.sessions] {
        const QByteArray ticket = socket->sslConfiguration().sessionTicket();
        if (!ticket.isEmpty())
            sessions->ticket = ticket;
    };
    QObject::connect(socket.get(), &QSslSocket::encrypted, socket.get(), keepTicket);
    QObject::connect(socket.get(), &QSslSocket::newSessionTicketReceived, socket.get(), keepTicket);
    return socket;
}

} // namespace

UpstreamFailure socketFailure(QAbstractSocket::SocketError error, const QString &errorString)
{
    switch (error) {
    case QAbstractSocket::HostNotFoundError:
        return {UpstreamFailure::Dns, 0, asTheySaid(errorString)};
    case QAbstractSocket::ConnectionRefusedError:
        return {UpstreamFailure::ConnectRefused, 0, asTheySaid(errorString)};
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        return {UpstreamFailure::Tls, 0, asTheySaid(errorString)};
    case QAbstractSocket::ProxyAuthenticationRequiredError:
    case QAbstractSocket::ProxyConnectionRefusedError:
    case QAbstractSocket::ProxyConnectionClosedError:
    case QAbstractSocket::ProxyConnectionTimeoutError:
    case QAbstractSocket::ProxyNotFoundError:
    case QAbstractSocket::ProxyProtocolError:
        return {UpstreamFailure::Proxy, 0, asTheySaid(errorString)};
    case QAbstractSocket::RemoteHostClosedError:
        return {UpstreamFailure::BadHandshake, 0,
            QT_TRANSLATE_NOOP("Core", "the connection was closed before the handshake was answered")};
    case QAbstractSocket::SocketTimeoutError:
        return {UpstreamFailure::Timeout, 0, asTheySaid(errorString)};
    case QAbstractSocket::SocketResourceError:
        return {UpstreamFailure::NoDescriptors};
    default:
        // Qt 6.4 has no error of its own for a proxy that answers CONNECT with 403.
        if (errorString.startsWith(QLatin1String("Proxy denied connection")))
            return {UpstreamFailure::Proxy, 0, asTheySaid(errorString)};
        return {UpstreamFailure::Network, 0, asTheySaid(errorString)};
    }
}

SocketConnect::SocketConnect(const Destination &to, const QHostAddress &address, QObject *parent)
    : ConnectAttempt(parent)
{
    QSslSocket *tlsSocket = nullptr;
    if (to.isSecuredByQt()) {
        auto made = makeTlsSocket(to);
        tlsSocket = made.get();
        m_socket = std::move(made);
    } else {
        m_socket = std::make_unique<QTcpSocket>();
    }
    m_socket->setProxy(to.proxy);
    connect(m_socket.get(), &QAbstractSocket::connected, this, [this] {
        m_reached = true;
        setRelayOptions(*m_socket);
        Q_EMIT reached();
    });
    // Queued: not from inside the constructor, and not while Qt is in the midst of its work.
    connect(
        m_socket.get(), &QAbstractSocket::errorOccurred, this,
        [this](QAbstractSocket::SocketError error) {
            if (m_socket) // else it was taken meanwhile, and its stream tells of the end
                Q_EMIT failed(socketFailure(error, m_socket->errorString()));
        },
        Qt::QueuedConnection);
    const QString host = address.isNull() ? to.host : address.toString();
    if (tlsSocket) {
        connect(tlsSocket, &QSslSocket::encrypted, this, &SocketConnect::connected, Qt::QueuedConnection);
        tlsSocket->connectToHostEncrypted(host, to.port, to.host);
    } else {
        connect(m_socket.get(), &QAbstractSocket::connected, this, &SocketConnect::connected,
            Qt::QueuedConnection);
        m_socket->connectToHost(host, to.port);
    }
    if (to.isThroughProxy())
        boundProxysAnswer();
}

SocketConnect::~SocketConnect() = default;

std::unique_ptr<ByteStream> SocketConnect::takeStream()
{
    m_socket->disconnect(this);
    QByteArray early = m_socket->readAll();
    QTcpSocket *const socket = m_socket.release();
    return std::make_unique<QtStream>(socket, socket, std::move(early));
}

bool SocketConnect::lacksDescriptor() const
{
    return m_socket && m_socket->error() == QAbstractSocket::SocketResourceError;
}

/// Qt keeps whatever a proxy sends before it says yes.
void SocketConnect::boundProxysAnswer()
{
    const auto inner = m_socket->findChildren<QTcpSocket *>();
    if (inner.isEmpty())
        return;
    inner.last()->setReadBufferSize(QtStream::readAheadBytes);
    // Queued, for the inner socket goes with the outer one, and this is its signal.
    const auto isEndless = [this] {
        if (!m_reached)
            Q_EMIT failed({UpstreamFailure::Proxy, 0, QT_TRANSLATE_NOOP("Core", "its answer does not end")});
    };
    connect(inner.last(), &QIODevice::readyRead, this, [this, isEndless, reads = 0]() mutable {
        if (++reads == mostReadsOfProxysAnswer && !m_reached)
            QMetaObject::invokeMethod(this, isEndless, Qt::QueuedConnection);
    });
}

} // namespace rr
