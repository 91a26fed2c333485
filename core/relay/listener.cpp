// SPDX-License-Identifier: MIT
#include "core/relay/listener.h"

#include <QHostInfo>

#ifdef Q_OS_UNIX
#include <cerrno>

#include <fcntl.h>
#include <sys/socket.h>
#endif

using namespace Qt::StringLiterals;

namespace rr {

namespace {

/// As many as the system allows to wait (Linux cuts it at net.core.somaxconn): all of an audience may come at
/// once, and Qt's 50 would make most of them wait for a retransmission.
constexpr int waitingConnections = 4096;

/// The settings of a door, as sentences and machines name them.
struct DoorSettings
{
    QString portName;
    QString hostName;
    QByteArray port;
    QByteArray host;
    QByteArray portInUse; ///< the error's code: only of PORT the window can offer another one
};

/// Of a share, which has none, only what concerns the machine can fail.
DoorSettings settingsOf(Door door)
{
    if (door == Door::Share)
        return {{}, {}, {}, {}, "share_port_in_use"_ba};
    return door == Door::Admin ? DoorSettings{u"ADMIN_PORT"_s, u"ADMIN_HOST"_s, "adminPort"_ba,
               "adminHost"_ba, "admin_port_in_use"_ba}
                               : DoorSettings{u"PORT"_s, u"HOST"_s, "port"_ba, "host"_ba, "port_in_use"_ba};
}

RelayError listenError(QAbstractSocket::SocketError error, const QString &errorString, const QString &host,
    quint16 port, const DoorSettings &settings)
{
    const QString number = QString::number(port); // a name rather than a quantity
    switch (error) {
    case QAbstractSocket::AddressInUseError:
        return {settings.portInUse, settings.port,
            {QT_TRANSLATE_NOOP("Core",
                 "Port %1 is in use by another program. Stop that program, or set %2 to another one."),
                {number, settings.portName}}};
    case QAbstractSocket::SocketAccessError:
        return {"permission_denied", settings.port,
            {QT_TRANSLATE_NOOP("Core",
                 "This program may not listen on port %1. Ports below 1024 need a permission: take a higher "
                 "one."),
                {number}}};
    case QAbstractSocket::SocketAddressNotAvailableError:
        return {"address_not_available", settings.host,
            {QT_TRANSLATE_NOOP("Core",
                 "This machine does not have the address %1. Set %2 to one that it has, or to 0.0.0.0 for all."),
                {host, settings.hostName}}};
    default:
        return {"listen_failed", settings.port,
            {QT_TRANSLATE_NOOP("Core", "Cannot listen on %1 port %2: %3."), {host, number, errorString}}};
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

Listener::Listener(Take take, QObject *parent)
    : Listener(std::move(take), {}, parent)
{
}

Listener::Listener(Take take, Ways ways, QObject *parent)
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

std::optional<RelayError> Listener::listenOn(const QString &host, quint16 port, Door door)
{
    const DoorSettings settings = settingsOf(door);
    QHostAddress address(host);
    if (address.isNull()) {
        const auto addresses = QHostInfo::fromName(host).addresses();
        if (addresses.isEmpty())
            return RelayError{"address_not_available", settings.host,
                {QT_TRANSLATE_NOOP("Core",
                     "The name %1 has no address. Set %2 to an address of this machine, or to 0.0.0.0 for all."),
                    {host, settings.hostName}}};
        address = addresses.first();
    }
    if (address == QHostAddress(QHostAddress::AnyIPv6))
        address = QHostAddress::Any; // which Qt keeps apart: its AnyIPv6 is IPv6 alone
    if (!listen(address, port))
        return listenError(serverError(), errorString(), host, port, settings);
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
Listener::Accepted Listener::acceptConnection(qintptr listening)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto *const address = reinterpret_cast<sockaddr *>(&storage);
#ifdef Q_OS_LINUX
    const int descriptor = ::accept4(int(listening), address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
#else
    const int descriptor = ::accept(int(listening), address, &size); // whoever takes it makes it non-blocking
    if (descriptor >= 0)
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
#endif
    if (descriptor < 0)
        return {};
    return {descriptor, QHostAddress(address)};
}

void Listener::acceptSome()
{
    int failures = 0;
    int error = 0;
    for (int i = 0; i < mostAtOnce; ++i) {
        const Accepted accepted = m_ways.accept(socketDescriptor());
        if (accepted.descriptor >= 0) {
            m_take(accepted);
            if (!m_notifier || !m_notifier->isEnabled())
                return; // they want a rest
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
Listener::Accepted Listener::acceptConnection(qintptr)
{
    return {}; // QTcpServer accepts
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

void Listener::rest()
{
    setAccepting(false);
    m_resume.start(m_ways.rest);
}

void Listener::incomingConnection(qintptr descriptor)
{
    m_take(descriptor);
}

} // namespace rr
