// SPDX-License-Identifier: MIT
#include "core/relay/listener.h"

#include <QHostInfo>

#ifdef Q_OS_UNIX
#include <cerrno>

#include <fcntl.h>
#include <sys/socket.h>
#endif

namespace rr {

namespace {

/// As many as the system allows to wait (Linux cuts it at net.core.somaxconn): all of an audience may come at
/// once, and Qt's 50 would make most of them wait for a retransmission.
constexpr int waitingConnections = 4096;

RelayError listenError(
    QAbstractSocket::SocketError error, const QString &errorString, const QString &host, quint16 port)
{
    switch (error) {
    case QAbstractSocket::AddressInUseError:
        return {"port_in_use", "port",
            QStringLiteral(
                "Port %1 is in use by another program. Stop that program, or set PORT to another one.")
                .arg(port)};
    case QAbstractSocket::SocketAccessError:
        return {"permission_denied", "port",
            QStringLiteral(
                "This program may not listen on port %1. Ports below 1024 need a permission: take a "
                "higher one.")
                .arg(port)};
    case QAbstractSocket::SocketAddressNotAvailableError:
        return {"address_not_available", "host",
            QStringLiteral(
                "This machine does not have the address %1. Set HOST to one that it has, or to 0.0.0.0 "
                "for all.")
                .arg(host)};
    default:
        return {"listen_failed", "port",
            QStringLiteral("Cannot listen on %1 port %2: %3.").arg(host).arg(port).arg(errorString)};
    }
}

#ifdef Q_OS_UNIX
/// That only one connection has failed, which is gone with that. accept(2) of Linux reports errors of the network that
/// are pending on it, and asks to treat them so.
bool concernsOneConnection(int error)
{
    switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPERM: // the firewall
    case EPROTO:
    case ENOPROTOOPT:
    case EOPNOTSUPP:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
#ifdef ENONET
    case ENONET:
#endif
        return true;
    default:
        return false;
    }
}
#endif

} // namespace

Listener::Listener(std::function<void(qintptr)> take, QObject *parent)
    : Listener(std::move(take), {}, parent)
{
}

Listener::Listener(std::function<void(qintptr)> take, Ways ways, QObject *parent)
    : QTcpServer(parent)
    , m_take(std::move(take))
    , m_ways(std::move(ways))
{
    setListenBacklogSize(waitingConnections);
    m_resume.setSingleShot(true);
    connect(&m_resume, &QTimer::timeout, this, [this] { setAccepting(true); });
    m_calm.setSingleShot(true);
    connect(&m_calm, &QTimer::timeout, this, &Listener::recovered);
#ifndef Q_OS_UNIX
    connect(this, &QTcpServer::acceptError, this, [this] { pause(errorString()); });
#endif
}

std::optional<RelayError> Listener::listenOn(const QString &host, quint16 port)
{
    QHostAddress address(host);
    if (address.isNull()) {
        const auto addresses = QHostInfo::fromName(host).addresses();
        if (addresses.isEmpty())
            return RelayError{"address_not_available", "host",
                QStringLiteral("The name %1 has no address. Set HOST to an address of this machine, or "
                               "to 0.0.0.0 for all.")
                    .arg(host)};
        address = addresses.first();
    }
    if (!listen(address, port))
        return listenError(serverError(), errorString(), host, port);
#ifdef Q_OS_UNIX
    pauseAccepting(); // QTcpServer never accepts
    m_notifier = std::make_unique<QSocketNotifier>(socketDescriptor(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Listener::acceptSome);
#endif
    return std::nullopt;
}

void Listener::close()
{
    m_notifier.reset(); // before its descriptor is closed
    m_resume.stop();
    m_calm.stop();
    QTcpServer::close();
}

#ifdef Q_OS_UNIX
qintptr Listener::acceptConnection(qintptr listening)
{
#ifdef Q_OS_LINUX
    return ::accept4(int(listening), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
#else
    const int descriptor
        = ::accept(int(listening), nullptr, nullptr); // whoever takes it makes it non-blocking
    if (descriptor >= 0)
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
#endif
}

void Listener::acceptSome()
{
    int failures = 0;
    int error = 0;
    for (int i = 0; i < mostAtOnce; ++i) {
        const qintptr descriptor = m_ways.accept(socketDescriptor());
        if (descriptor >= 0) {
            m_take(descriptor);
            continue;
        }
        error = errno;
        if (error == EAGAIN || error == EWOULDBLOCK)
            return;
        if (!concernsOneConnection(error) || ++failures == mostAtOnce) {
            pause(qt_error_string(error));
            return;
        }
    }
}

void Listener::setAccepting(bool on)
{
    if (m_notifier)
        m_notifier->setEnabled(on);
}
#else
qintptr Listener::acceptConnection(qintptr)
{
    return -1; // QTcpServer accepts
}

void Listener::setAccepting(bool on)
{
    if (!isListening())
        return;
    if (on)
        resumeAccepting();
    else
        pauseAccepting();
}
#endif

/// To accept again at once would spin: the connection still waits, and still there is no descriptor for it.
void Listener::pause(const QString &error)
{
    setAccepting(false);
    m_resume.start(m_ways.pause);
    const bool goesOn = m_calm.isActive();
    m_calm.start(m_ways.pause + m_ways.calm);
    if (!goesOn)
        Q_EMIT exhausted(error);
}

void Listener::incomingConnection(qintptr descriptor)
{
    m_take(descriptor);
}

} // namespace rr
