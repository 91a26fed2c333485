// SPDX-License-Identifier: MIT
#include "core/websocket/upstreamdial.h"

#include "core/websocket/clienthandshake.h"
#include "core/websocket/qtstream.h"
#include "core/websocket/socketoptions.h"
#include "core/websocket/takeover.h"

#ifdef Q_OS_UNIX
#include "core/websocket/plainstream.h"
#include "core/websocket/tcpconnect.h"
#endif
#ifdef Q_OS_LINUX
#include "core/websocket/tlsstream.h"
#endif

#include <QHostInfo>
#include <QSslSocket>
#include <QTcpSocket>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace rr {

namespace {

using namespace std::chrono_literals;

/// RFC 8305 5: the recommended delay before the next address is tried.
constexpr auto nextAddressDelay = 250ms;
/// A proxy says yes in far fewer reads; each takes QtStream::readAheadBytes at most.
constexpr int mostReadsOfProxysAnswer = 64;

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
    case QAbstractSocket::SocketResourceError:
        return {UpstreamFailure::NoDescriptors};
    default:
        // Qt 6.4 has no error of its own for a proxy that answers CONNECT with 403.
        if (errorString.startsWith(QLatin1String("Proxy denied connection")))
            return {UpstreamFailure::Proxy, 0, errorString};
        return {UpstreamFailure::Network, 0, errorString};
    }
}

#ifdef Q_OS_UNIX
UpstreamFailure connectFailure(int error)
{
    switch (error) {
    case ECONNREFUSED:
        return {UpstreamFailure::ConnectRefused, 0, qt_error_string(error)};
    case ETIMEDOUT:
        return {UpstreamFailure::Timeout, 0, qt_error_string(error)};
    case EMFILE:
    case ENFILE:
        return {UpstreamFailure::NoDescriptors};
    default:
        return {UpstreamFailure::Network, 0, qt_error_string(error)};
    }
}
#endif

/// The last is tried first: the system's order, but the families in turn (RFC 8305 4).
std::vector<QHostAddress> inTurn(QList<QHostAddress> addresses)
{
    std::vector<QHostAddress> ordered;
    while (!addresses.isEmpty()) {
        const auto other = std::find_if(addresses.begin(), addresses.end(), [&](const QHostAddress &address) {
            return ordered.empty() || address.protocol() != ordered.back().protocol();
        });
        ordered.push_back(addresses.takeAt(other == addresses.end() ? 0 : other - addresses.begin()));
    }
    std::reverse(ordered.begin(), ordered.end());
    return ordered;
}

} // namespace

UpstreamDial::UpstreamDial(Target target, QObject *parent)
    : QObject(parent)
    , m_target(std::move(target))
{
    if (!m_target.sessions)
        m_target.sessions = std::make_shared<TlsSessionCache>();
    m_deadline.setSingleShot(true);
    m_nextAddress.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        if (m_handshake && m_handshake->endWaiting())
            return; // it is refused already, and failed() follows
        if (!m_reached && isThroughProxy())
            fail({UpstreamFailure::Proxy, 0, QStringLiteral("it did not answer in time")});
        else
            fail({UpstreamFailure::Timeout, 0,
                m_reached ? QStringLiteral("connected, but the handshake was not answered") : QString()});
    });
    connect(&m_nextAddress, &QTimer::timeout, this, &UpstreamDial::tryNextAddress);
}

UpstreamDial::~UpstreamDial()
{
    dropAll();
}

bool UpstreamDial::isSecure() const
{
    return m_target.request.url().scheme() == QLatin1String("wss");
}

quint16 UpstreamDial::port() const
{
    return quint16(m_target.request.url().port(isSecure() ? 443 : 80));
}

void UpstreamDial::start()
{
    m_elapsed.start();
    m_deadline.start(m_target.timeout);
    const QString host = m_target.request.url().host();
    if (isThroughProxy())
        open(QHostAddress()); // which looks up the name itself
    else if (const QHostAddress address(host); !address.isNull())
        open(address);
    else
        m_lookup = QHostInfo::lookupHost(host, this, &UpstreamDial::lookedUp);
}

void UpstreamDial::lookedUp(const QHostInfo &info)
{
    m_lookup = -1;
    if (info.error() != QHostInfo::NoError || info.addresses().isEmpty()) {
        fail({UpstreamFailure::Dns, 0, info.errorString()});
        return;
    }
    m_addresses = inTurn(info.addresses());
    tryNextAddress();
}

void UpstreamDial::tryNextAddress()
{
    if (m_done || m_reached || m_addresses.empty())
        return;
    const QHostAddress address = m_addresses.back();
    m_addresses.pop_back();
    if (!m_addresses.empty())
        m_nextAddress.start(nextAddressDelay);
    open(address);
}

void UpstreamDial::open(const QHostAddress &address)
{
#ifdef Q_OS_UNIX
    if (!isThroughProxy() && (!isSecure() || m_target.tls.client)) {
        openDescriptor(address);
        return;
    }
#endif
    openThroughQt(address);
}

void UpstreamDial::openDescriptor([[maybe_unused]] const QHostAddress &address)
{
#ifdef Q_OS_UNIX
    auto *attempt = new TcpConnect(address, port());
    m_attempts.push_back(attempt);
    connect(attempt, &TcpConnect::connected, this, [this, attempt] {
        reached(attempt);
        m_attempts.clear();
        shakeHands(std::make_unique<PlainStream>(attempt->takeDescriptor()));
        attempt->deleteLater(); // this is its signal
    });
    connect(attempt, &TcpConnect::failed, this,
        [this, attempt](int error) { attemptFailed(attempt, connectFailure(error)); });
#endif
}

void UpstreamDial::openThroughQt(const QHostAddress &address)
{
    QTcpSocket *const socket = isSecure() && !m_target.tls.client ? makeTlsSocket() : new QTcpSocket;
    m_attempts.push_back(socket);
    socket->setProxy(m_target.proxy);
    connect(socket, &QAbstractSocket::connected, this, [this, socket] {
        reached(socket);
        setRelayOptions(*socket);
    });
    // Queued: not from inside start(), for the caller expects signals later.
    connect(
        socket, &QAbstractSocket::errorOccurred, this,
        [this, socket](QAbstractSocket::SocketError error) {
            attemptFailed(socket, socketFailure(error, socket->errorString()));
        },
        Qt::QueuedConnection);
    const auto ready = [this, socket] { socketIsReady(socket); };
    const QString name = m_target.request.url().host();
    const QString host = address.isNull() ? name : address.toString();
    if (auto *tlsSocket = qobject_cast<QSslSocket *>(socket)) {
        connect(tlsSocket, &QSslSocket::encrypted, this, ready, Qt::QueuedConnection);
        tlsSocket->connectToHostEncrypted(host, port(), name);
    } else {
        connect(socket, &QAbstractSocket::connected, this, ready, Qt::QueuedConnection);
        socket->connectToHost(host, port());
    }
    if (isThroughProxy())
        boundProxysAnswer(socket);
}

QTcpSocket *UpstreamDial::makeTlsSocket()
{
    auto *socket = new QSslSocket;
    QSslConfiguration configuration = m_target.tls.qt;
    configuration.setSslOption(QSsl::SslOptionDisableSessionPersistence, false);
    configuration.setSessionTicket(m_target.sessions->ticket);
    socket->setSslConfiguration(configuration);
    // TLS 1.2 has its ticket in the handshake, TLS 1.3 sends it afterwards, when the dial may be gone.
    const auto keepTicket = [socket, sessions = m_target.sessions] {
        const QByteArray ticket = socket->sslConfiguration().sessionTicket();
        if (!ticket.isEmpty())
            sessions->ticket = ticket;
    };
    connect(socket, &QSslSocket::encrypted, socket, keepTicket);
    connect(socket, &QSslSocket::newSessionTicketReceived, socket, keepTicket);
    return socket;
}

/// Qt keeps whatever a proxy sends before it says yes.
void UpstreamDial::boundProxysAnswer(QTcpSocket *socket)
{
    const auto inner = socket->findChildren<QTcpSocket *>();
    if (inner.isEmpty())
        return;
    inner.last()->setReadBufferSize(QtStream::readAheadBytes);
    // Queued, for the inner socket goes with the outer one, and this is its signal.
    const auto isEndless = [this, socket] {
        if (!m_reached)
            attemptFailed(socket, {UpstreamFailure::Proxy, 0, QStringLiteral("its answer does not end")});
    };
    connect(inner.last(), &QIODevice::readyRead, this, [this, isEndless, reads = 0]() mutable {
        if (++reads == mostReadsOfProxysAnswer && !m_reached)
            QMetaObject::invokeMethod(this, isEndless, Qt::QueuedConnection);
    });
}

void UpstreamDial::reached(const QObject *winner)
{
    m_reached = true;
    m_nextAddress.stop();
    m_addresses.clear();
    const auto losers = std::partition(
        m_attempts.begin(), m_attempts.end(), [winner](const QObject *attempt) { return attempt == winner; });
    std::for_each(losers, m_attempts.end(), [this](QObject *loser) { drop(loser); });
    m_attempts.erase(losers, m_attempts.end());
}

void UpstreamDial::socketIsReady(QTcpSocket *socket)
{
    if (m_attempts.empty() || m_attempts.front() != socket)
        return; // it ended meanwhile
    m_attempts.clear();
    disconnect(socket, nullptr, this, nullptr);
    QByteArray early = socket->readAll();
    shakeHands(makeStream(socket, socket, std::move(early)));
}

void UpstreamDial::shakeHands(std::unique_ptr<ByteStream> stream)
{
#ifdef Q_OS_LINUX
    if (isSecure() && m_target.tls.client) {
        auto tls = std::make_unique<TlsStream>(
            std::move(stream), m_target.tls.client, m_target.request.url().host(), m_target.sessions);
        m_tls = tls.get();
        stream = std::move(tls);
    }
#endif
    QNetworkRequest request = m_target.request;
    QUrl url = request.url();
    url.setScheme(QStringLiteral("ws")); // what goes through `stream` is plain
    request.setUrl(url);
    m_handshake = std::make_unique<ClientHandshake>(std::move(stream), request);
    connect(m_handshake.get(), &ClientHandshake::done, this, &UpstreamDial::handshakeDone);
    connect(m_handshake.get(), &ClientHandshake::failed, this, [this](const UpstreamFailure &failure) {
#ifdef Q_OS_LINUX
        if (m_tls && !m_tls->failure().isEmpty()) {
            fail({UpstreamFailure::Tls, 0, m_tls->failure()});
            return;
        }
#endif
        fail(failure);
    });
}

void UpstreamDial::handshakeDone()
{
    m_stream = m_handshake->takeStream();
    m_handshake.release()->deleteLater(); // this is its signal
    m_done = true;
    m_deadline.stop();
    Q_EMIT opened();
}

void UpstreamDial::attemptFailed(QObject *attempt, UpstreamFailure failure)
{
    if (std::erase(m_attempts, attempt) == 0)
        return;
    drop(attempt);
    // What came of a connection says most; what says least is "Network", as of a family of addresses that is not to be
    // had here.
    if (m_reached || !m_failure || m_failure->kind == UpstreamFailure::Network)
        m_failure = std::move(failure);
    if (!m_addresses.empty())
        tryNextAddress();
    else if (m_attempts.empty())
        fail(*m_failure);
}

void UpstreamDial::drop(QObject *attempt)
{
    // Possibly inside one of its signals, so it is destroyed later.
    disconnect(attempt, nullptr, this, nullptr);
    if (auto *socket = qobject_cast<QTcpSocket *>(attempt))
        socket->abort();
    attempt->deleteLater();
}

void UpstreamDial::dropAll()
{
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(m_lookup);
    m_lookup = -1;
    for (QObject *attempt : std::exchange(m_attempts, {}))
        drop(attempt);
    if (m_handshake) {
        m_handshake->disconnect(this);
        m_handshake.release()->deleteLater(); // this may be its signal
    }
}

void UpstreamDial::fail(UpstreamFailure failure)
{
    if (std::exchange(m_done, true))
        return;
    m_deadline.stop();
    m_nextAddress.stop();
    dropAll();
    Q_EMIT failed(failure);
}

} // namespace rr
