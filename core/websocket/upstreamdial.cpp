// SPDX-License-Identifier: MIT
#include "core/websocket/upstreamdial.h"

#include "core/websocket/socketoptions.h"
#include "core/websocket/takeover.h"

#ifdef Q_OS_LINUX
#include "core/websocket/handshakebridge.h"
#endif

#include <QPointer>
#include <QRegularExpression>
#include <QSslSocket>
#include <QTcpSocket>
#include <QWebSocket>

#include <algorithm>

namespace rr {

namespace {

using namespace std::chrono_literals;

/// RFC 8305 5: the recommended delay before the next address is tried.
constexpr auto otherFamilyDelay = 250ms;

/// QWebSocket tells of an HTTP refusal only in words (Qt 6.4: "Unhandled http status code: 401 (…)", and
/// "Unknown error condition" for 400).
UpstreamFailure handshakeFailure(const QString &errorString)
{
    static const QRegularExpression status(QStringLiteral("status code: (\\d{3})\\b"));
    const auto match = status.match(errorString);
    if (match.hasMatch())
        return {UpstreamFailure::Refused, match.captured(1).toInt(), {}};
    if (errorString.contains(QLatin1String("Unknown error condition")))
        return {UpstreamFailure::Refused, 400, {}};
    // What else Qt says of a handshake names functions of its own, and the keys of this one.
    return {UpstreamFailure::BadHandshake, 0, {}};
}

UpstreamFailure socketFailure(QAbstractSocket::SocketError error, const QString &errorString)
{
    switch (error) {
    case QAbstractSocket::HostNotFoundError:
        return {UpstreamFailure::Dns, 0, errorString};
    case QAbstractSocket::ConnectionRefusedError:
        return {UpstreamFailure::ConnectRefused, 0, errorString};
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        return {UpstreamFailure::Tls, 0, errorString};
    case QAbstractSocket::ProxyAuthenticationRequiredError:
    case QAbstractSocket::ProxyConnectionRefusedError:
    case QAbstractSocket::ProxyConnectionClosedError:
    case QAbstractSocket::ProxyConnectionTimeoutError:
    case QAbstractSocket::ProxyNotFoundError:
    case QAbstractSocket::ProxyProtocolError:
        return {UpstreamFailure::Proxy, 0, errorString};
    case QAbstractSocket::RemoteHostClosedError:
        return {UpstreamFailure::BadHandshake, 0,
            QStringLiteral("the connection was closed before the handshake was answered")};
    case QAbstractSocket::SocketTimeoutError:
        return {UpstreamFailure::Timeout, 0, errorString};
    default:
        // Qt 6.4 has no error of its own for a proxy that answers CONNECT with 403.
        if (errorString.startsWith(QLatin1String("Proxy denied connection")))
            return {UpstreamFailure::Proxy, 0, errorString};
        return {UpstreamFailure::Network, 0, errorString};
    }
}

} // namespace

UpstreamDial::UpstreamDial(Target target, QObject *parent)
    : QObject(parent)
    , m_target(std::move(target))
{
    if (!m_target.sessions)
        m_target.sessions = std::make_shared<TlsSessionCache>();
    m_deadline.setSingleShot(true);
    m_otherFamily.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        fail({UpstreamFailure::Timeout, 0,
            m_reached ? QStringLiteral("connected, but the handshake was not answered") : QString()});
    });
    connect(&m_otherFamily, &QTimer::timeout, this, &UpstreamDial::tryOtherFamily);
}

UpstreamDial::~UpstreamDial()
{
    dropAll();
}

void UpstreamDial::start()
{
    m_elapsed.start();
    m_deadline.start(m_target.timeout);
    open(QHostAddress());
}

void UpstreamDial::open(const QHostAddress &only)
{
    if (m_target.tls.client)
        openSocket(only);
    else
        openWebSocket(only);
}

void UpstreamDial::openSocket(const QHostAddress &only)
{
    auto *socket = new QTcpSocket;
    socket->setProxy(m_target.proxy);
    const Attempt attempt{socket, socket};
    m_attempts.push_back(attempt);
    watch(attempt, only);
    // Queued: not from inside start(), for the caller expects signals later.
    connect(
        socket, &QAbstractSocket::errorOccurred, this,
        [this, socket](QAbstractSocket::SocketError error) {
            attemptFailed(socket, socketFailure(error, socket->errorString()));
        },
        Qt::QueuedConnection);
    connect(
        socket, &QAbstractSocket::connected, this, [this, socket] { secure(socket); }, Qt::QueuedConnection);
    const QUrl url = m_target.request.url();
    const auto port = quint16(url.port(443));
    if (only.isNull())
        socket->connectToHost(url.host(), port);
    else
        socket->connectToHost(only, port);
}

void UpstreamDial::openWebSocket(const QHostAddress &only)
{
    QWebSocket *webSocket = makeWebSocket();
    connect(webSocket, &QWebSocket::connected, this, [this, webSocket] { upgraded(webSocket); });
    if (m_target.request.url().scheme() == QLatin1String("wss")) {
        QSslConfiguration configuration = m_target.tls.qt;
        configuration.setSslOption(QSsl::SslOptionDisableSessionPersistence, false);
        configuration.setSessionTicket(m_target.sessions->ticket);
        webSocket->setSslConfiguration(configuration);
    }
    webSocket->setProxy(m_target.proxy);
    webSocket->open(m_target.request);
    auto *socket = webSocket->findChild<QTcpSocket *>();
    if (!socket) {
        const UpstreamFailure failure{UpstreamFailure::Network, 0, webSocket->errorString()};
        webSocket->deleteLater();
        // Not from inside start(): the caller expects signals later.
        QMetaObject::invokeMethod(
            this, [this, failure] { fail(failure); }, Qt::QueuedConnection);
        return;
    }
    const Attempt attempt{webSocket, socket};
    m_attempts.push_back(attempt);
    watch(attempt, only);
    if (auto *tlsSocket = qobject_cast<QSslSocket *>(socket)) {
        // TLS 1.2 has its ticket in the handshake, TLS 1.3 sends it afterwards.
        const auto keepTicket = [this, tlsSocket] {
            const QByteArray ticket = tlsSocket->sslConfiguration().sessionTicket();
            if (!ticket.isEmpty())
                m_target.sessions->ticket = ticket;
        };
        connect(tlsSocket, &QSslSocket::encrypted, this, keepTicket);
        connect(tlsSocket, &QSslSocket::newSessionTicketReceived, this, keepTicket);
    }
    if (only.isNull())
        return;
    // The same dial, but to this one address. QWebSocket waits for its socket to connect and does not mind
    // where to; the certificate is still checked against the name.
    const QUrl url = m_target.request.url();
    socket->blockSignals(true);
    socket->abort();
    socket->blockSignals(false);
    if (auto *tlsSocket = qobject_cast<QSslSocket *>(socket))
        tlsSocket->connectToHostEncrypted(only.toString(), quint16(url.port(443)), url.host());
    else
        socket->connectToHost(only, quint16(url.port(80)));
}

QWebSocket *UpstreamDial::makeWebSocket()
{
    auto *webSocket = new QWebSocket;
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const auto errorSignal = &QWebSocket::errorOccurred;
#else
    const auto errorSignal = QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error);
#endif
    connect(webSocket, errorSignal, this, [this, webSocket](QAbstractSocket::SocketError error) {
        const auto *socket = webSocket->findChild<QTcpSocket *>();
        const bool answered = error == QAbstractSocket::ConnectionRefusedError && socket
            && socket->state() == QAbstractSocket::ConnectedState;
        attemptFailed(webSocket,
            answered ? handshakeFailure(webSocket->errorString())
                     : socketFailure(error, webSocket->errorString()));
    });
    // Queued, for Qt says disconnected() before the error that tells why. Without one: the connection ended.
    connect(
        webSocket, &QWebSocket::disconnected, this,
        [this, webSocket] {
            attemptFailed(webSocket, socketFailure(QAbstractSocket::RemoteHostClosedError, {}));
        },
        Qt::QueuedConnection);
    return webSocket;
}

void UpstreamDial::watch(const Attempt &attempt, const QHostAddress &only)
{
    connect(attempt.socket, &QAbstractSocket::connected, this, [this, attempt] {
        setRelayOptions(*attempt.socket);
        reachedTcp(attempt.keeper);
    });
    if (!only.isNull())
        return;
    const auto waitForOther = [this](QAbstractSocket::SocketState state) {
        if (state == QAbstractSocket::ConnectingState && !m_otherFamily.isActive())
            m_otherFamily.start(otherFamilyDelay);
    };
    connect(attempt.socket, &QAbstractSocket::stateChanged, this, waitForOther);
    waitForOther(attempt.socket->state());
}

void UpstreamDial::tryOtherFamily()
{
    if (m_target.proxy.type() != QNetworkProxy::NoProxy || m_attempts.size() != 1 || m_reached)
        return;
    m_lookup = QHostInfo::lookupHost(m_target.request.url().host(), this, [this](const QHostInfo &info) {
        m_lookup = -1;
        const auto addresses = info.addresses();
        if (m_done || addresses.isEmpty() || m_attempts.size() != 1 || m_reached)
            return;
        for (const QHostAddress &address : addresses) {
            if (address.protocol() != addresses.first().protocol()) {
                open(address);
                return;
            }
        }
    });
}

void UpstreamDial::reachedTcp(const QObject *winner)
{
    m_reached = true;
    m_otherFamily.stop();
    const auto losers = std::partition(m_attempts.begin(), m_attempts.end(),
        [winner](const Attempt &attempt) { return attempt.keeper == winner; });
    std::for_each(losers, m_attempts.end(), [this](const Attempt &loser) { drop(loser); });
    m_attempts.erase(losers, m_attempts.end());
}

void UpstreamDial::secure([[maybe_unused]] QTcpSocket *socket)
{
#ifdef Q_OS_LINUX
    if (m_attempts.empty() || m_attempts.front().socket != socket)
        return; // it ended meanwhile
    disconnect(socket, nullptr, this, nullptr);
    m_attempts.clear();
    QByteArray early = socket->readAll();
    m_bridge = std::make_unique<HandshakeBridge>(
        std::make_unique<TlsStream>(makeStream(socket, socket, std::move(early)), m_target.tls.client,
            m_target.request.url().host(), m_target.sessions));

    QWebSocket *webSocket = makeWebSocket();
    // Queued, for QWebSocket is in the midst of its work when it says so.
    connect(
        webSocket, &QWebSocket::connected, this, [this, webSocket] { bridged(webSocket); },
        Qt::QueuedConnection);
    QNetworkRequest request = m_target.request;
    QUrl url = request.url();
    url.setScheme(QStringLiteral("ws"));
    request.setUrl(url);
    // The kind of proxy that cannot do this keeps Qt from connecting to anything itself.
    webSocket->setProxy(QNetworkProxy(QNetworkProxy::FtpCachingProxy));
    {
        const QSignalBlocker blocker(webSocket);
        webSocket->open(request);
    }
    auto *webSocketsSocket = webSocket->findChild<QTcpSocket *>();
    if (!webSocketsSocket) {
        webSocket->deleteLater();
        fail({UpstreamFailure::Network, 0, webSocket->errorString()});
        return;
    }
    m_attempts.push_back({webSocket, webSocketsSocket});
    if (!m_bridge->connectSocket(*webSocketsSocket))
        fail({UpstreamFailure::Network, 0, qt_error_string()});
#endif
}

void UpstreamDial::upgraded(QWebSocket *webSocket)
{
    QTcpSocket *socket = m_attempts.front().socket;
    m_attempts.clear();
    disconnect(webSocket, nullptr, this, nullptr);
    disconnect(socket, &QAbstractSocket::connected, this, nullptr);
    disconnect(socket, &QAbstractSocket::stateChanged, this, nullptr);
    // The dial may be given up before the takeover is complete: then the stream finds nobody and cuts itself.
    takeOver(webSocket, socket, [self = QPointer<UpstreamDial>(this)](std::unique_ptr<ByteStream> stream) {
        if (self && !self->m_done)
            self->deliver(std::move(stream));
    });
}

void UpstreamDial::bridged([[maybe_unused]] const QWebSocket *webSocket)
{
#ifdef Q_OS_LINUX
    if (m_attempts.empty() || m_attempts.front().keeper != webSocket)
        return; // it ended meanwhile
    dropAll();
    deliver(std::exchange(m_bridge, nullptr)->takeStream());
#endif
}

void UpstreamDial::deliver(std::unique_ptr<ByteStream> stream)
{
    if (!stream) {
        fail({UpstreamFailure::Network, 0, QStringLiteral("the connection was lost")});
        return;
    }
    m_done = true;
    m_deadline.stop();
    m_stream = std::move(stream);
    Q_EMIT opened();
}

void UpstreamDial::attemptFailed(const QObject *keeper, UpstreamFailure failure)
{
    const auto attempt = std::find_if(
        m_attempts.begin(), m_attempts.end(), [keeper](const Attempt &a) { return a.keeper == keeper; });
    if (attempt == m_attempts.end())
        return;
#ifdef Q_OS_LINUX
    if (m_bridge && !m_bridge->tlsFailure().isEmpty())
        failure = {UpstreamFailure::Tls, 0, m_bridge->tlsFailure()};
#endif
    drop(*attempt);
    m_attempts.erase(attempt);
    if (m_attempts.empty())
        fail(std::move(failure));
}

void UpstreamDial::drop(const Attempt &attempt)
{
    // Possibly inside one of its signals: it is only cut here, and destroyed later. Cut first, for a QWebSocket
    // that is destroyed while connected writes a close frame.
    disconnect(attempt.keeper, nullptr, this, nullptr);
    disconnect(attempt.socket, nullptr, this, nullptr);
    attempt.socket->abort();
    attempt.keeper->deleteLater();
}

void UpstreamDial::dropAll()
{
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(m_lookup);
    m_lookup = -1;
    for (const Attempt &attempt : std::exchange(m_attempts, {}))
        drop(attempt);
}

void UpstreamDial::fail(UpstreamFailure failure)
{
    if (std::exchange(m_done, true))
        return;
    m_deadline.stop();
    m_otherFamily.stop();
    dropAll();
#ifdef Q_OS_LINUX
    m_bridge.reset();
#endif
    Q_EMIT failed(failure);
}

} // namespace rr
