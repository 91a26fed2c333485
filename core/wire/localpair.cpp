// SPDX-License-Identifier: MIT
#include "core/wire/localpair.h"

#include "core/wire/qtstream.h"

#include <QNetworkProxy>
#include <QTcpServer>
#include <QTcpSocket>

#ifdef Q_OS_UNIX
#include "core/wire/plainstream.h"

#include <array>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace rr {

namespace {

/// Gives the first connection that comes to a socket.
class OneConnection final : public QTcpServer
{
public:
    explicit OneConnection(QTcpSocket &socket)
        : m_socket(socket)
    {
    }

protected:
    void incomingConnection(qintptr descriptor) override { m_socket.setSocketDescriptor(descriptor); }

private:
    QTcpSocket &m_socket;
};

} // namespace

std::unique_ptr<ByteStream> connectOverLoopback(QTcpSocket &socket)
{
    constexpr int timeoutMs = 1000; // it takes none: both ends are here
    OneConnection server(socket);
    auto ours = std::make_unique<QTcpSocket>();
    ours->setProxy(QNetworkProxy::NoProxy);
    if (!server.listen(QHostAddress::LocalHost))
        return nullptr;
    ours->connectToHost(server.serverAddress(), server.serverPort());
    if (!ours->waitForConnected(timeoutMs) || !server.waitForNewConnection(timeoutMs)
        || socket.peerPort() != ours->localPort()) // another program was quicker
        return nullptr;
    QTcpSocket *const kept = ours.release();
    return std::make_unique<QtStream>(kept, kept);
}

#ifdef Q_OS_UNIX
std::unique_ptr<ByteStream> connectLocally(QTcpSocket &socket)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0)
        return nullptr;
    for (const int end : ends) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
#ifdef SO_NOSIGPIPE
        const int on = 1;
        ::setsockopt(end, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    }
    auto ours = std::make_unique<PlainStream>(ends[0]);
    if (socket.setSocketDescriptor(ends[1]))
        return ours;
    ::close(ends[1]);
    return nullptr;
}
#else
std::unique_ptr<ByteStream> connectLocally(QTcpSocket &socket)
{
    return connectOverLoopback(socket);
}
#endif

} // namespace rr
