// SPDX-License-Identifier: MIT
#include "core/wire/tcpconnect.h"

#include "core/eventloop/patientnotifier.h"
#include "core/wire/plainstream.h"
#include "core/wire/socketoptions.h"

#include <QHostAddress>
#include <QNetworkInterface>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rr {

namespace {

int connectTo(int descriptor, const QHostAddress &address, quint16 port)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(address.toIPv4Address());
        return ::connect(descriptor, reinterpret_cast<const sockaddr *>(&to), sizeof to);
    }
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    memcpy(&to.sin6_addr, &bytes, sizeof bytes);
    to.sin6_scope_id = quint32(QNetworkInterface::interfaceIndexFromName(address.scopeId()));
    return ::connect(descriptor, reinterpret_cast<const sockaddr *>(&to), sizeof to);
}

UpstreamFailure connectFailure(int error)
{
    switch (error) {
    case ECONNREFUSED:
        return {UpstreamFailure::ConnectRefused, 0, asTheySaid(qt_error_string(error))};
    case ETIMEDOUT:
        return {UpstreamFailure::Timeout, 0, asTheySaid(qt_error_string(error))};
    case EMFILE:
    case ENFILE:
        return {UpstreamFailure::NoDescriptors};
    default:
        return {UpstreamFailure::Network, 0, asTheySaid(qt_error_string(error))};
    }
}

} // namespace

TcpConnect::TcpConnect(const QHostAddress &address, quint16 port, QObject *parent)
    : ConnectAttempt(parent)
{
    const bool isIPv4 = address.protocol() == QAbstractSocket::IPv4Protocol;
    m_descriptor = ::socket(isIPv4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
    if (m_descriptor < 0) {
        m_lacksDescriptor = errno == EMFILE || errno == ENFILE;
        fail(errno);
        return;
    }
    ::fcntl(m_descriptor, F_SETFD, FD_CLOEXEC);
    ::fcntl(m_descriptor, F_SETFL, O_NONBLOCK);
    setRelayOptions(m_descriptor);
    if (connectTo(m_descriptor, address, port) != 0 && errno != EINPROGRESS && errno != EINTR) {
        fail(errno);
        return;
    }
    m_notifier = std::make_unique<PatientNotifier>(m_descriptor, QSocketNotifier::Write);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &TcpConnect::progressed);
    m_notifier->setEnabled(true);
}

TcpConnect::~TcpConnect()
{
    m_notifier.reset();
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

std::unique_ptr<ByteStream> TcpConnect::takeStream()
{
    return std::make_unique<PlainStream>(takeDescriptor());
}

bool TcpConnect::lacksDescriptor() const
{
    return m_lacksDescriptor;
}

int TcpConnect::takeDescriptor()
{
    return std::exchange(m_descriptor, -1);
}

void TcpConnect::progressed()
{
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    if (error != 0) {
        m_notifier->setEnabled(false);
        fail(error);
        return;
    }
    sockaddr_storage peer{};
    size = sizeof peer;
    if (::getpeername(m_descriptor, reinterpret_cast<sockaddr *>(&peer), &size) != 0)
        return; // not yet
    m_notifier->setEnabled(false);
    Q_EMIT reached();
    Q_EMIT connected();
}

void TcpConnect::fail(int error)
{
    QMetaObject::invokeMethod(
        this, [this, error] { Q_EMIT failed(connectFailure(error)); }, Qt::QueuedConnection);
}

} // namespace rr
