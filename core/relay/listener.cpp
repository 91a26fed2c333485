// SPDX-License-Identifier: MIT
#include "core/relay/listener.h"

#include <QHostInfo>

namespace rr {

namespace {

using namespace std::chrono_literals;

/// As many as the system allows to wait (Linux cuts it at net.core.somaxconn): all of an audience may come at
/// once, and Qt's 50 would make most of them wait for a retransmission.
constexpr int waitingConnections = 4096;
constexpr auto exhaustedPause = 500ms;

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

} // namespace

Listener::Listener(std::function<void(qintptr)> take, QObject *parent)
    : QTcpServer(parent)
    , m_take(std::move(take))
{
    setListenBacklogSize(waitingConnections);
    m_resume.setSingleShot(true);
    connect(&m_resume, &QTimer::timeout, this, [this] {
        if (isListening())
            resumeAccepting();
    });
    // Accepting again at once would spin: the connection still waits, and still there is no descriptor for it.
    connect(this, &QTcpServer::acceptError, this, [this] {
        pauseAccepting();
        m_resume.start(exhaustedPause);
        Q_EMIT exhausted(errorString());
    });
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
    return std::nullopt;
}

void Listener::incomingConnection(qintptr descriptor)
{
    m_take(descriptor);
}

} // namespace rr
