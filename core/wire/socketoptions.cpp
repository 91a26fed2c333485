// SPDX-License-Identifier: MIT
#include "core/wire/socketoptions.h"

#include <QNetworkProxy>
#include <QTcpSocket>

#ifdef Q_OS_UNIX
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

namespace rr {

void setRelayOptions(QTcpSocket &socket)
{
    socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    socket.setSocketOption(QAbstractSocket::KeepAliveOption, 1);
#ifdef SO_NOSIGPIPE
    const int on = 1;
    ::setsockopt(int(socket.socketDescriptor()), SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}

#ifdef Q_OS_UNIX
void setRelayOptions(int descriptor)
{
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
#ifdef SO_NOSIGPIPE
    ::setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}
#endif

bool isProxied(const QTcpSocket &socket)
{
    const auto type = socket.proxy().type();
    return type == QNetworkProxy::HttpProxy || type == QNetworkProxy::Socks5Proxy;
}

void limitUnsent([[maybe_unused]] qintptr descriptor, [[maybe_unused]] int bytes)
{
#ifdef TCP_NOTSENT_LOWAT
    ::setsockopt(int(descriptor), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
#endif
}

} // namespace rr
