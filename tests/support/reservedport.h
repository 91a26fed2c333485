// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QTcpServer>

#include <utility>

#ifdef Q_OS_LINUX
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace rr {

/// A port at which nobody listens but whom the test tells to. To other programs, the tests beside this one among them, the
/// system gives any port that is free, one that was closed a moment ago, too; on Linux not this one, at no address, as long
/// as this is there.
class ReservedPort
{
public:
#ifdef Q_OS_LINUX
    ReservedPort()
    {
        // A socket that has the port and does not listen: the system offers that to nobody, refuses who connects, and lets
        // those listen there who name it, if they, too, may use it again (SO_REUSEADDR), as every QTcpServer may.
        sockaddr_in6 any = {};
        any.sin6_family = AF_INET6;
        sockaddr_in anyOfIpv4 = {};
        anyOfIpv4.sin_family = AF_INET;
        if (!bindTo(reinterpret_cast<sockaddr *>(&any), sizeof any)
            && !bindTo(reinterpret_cast<sockaddr *>(&anyOfIpv4), sizeof anyOfIpv4)) // a machine without IPv6
            qFatal("bind");
    }
    ~ReservedPort()
    {
        ::close(m_descriptor);
    }
#else
    ReservedPort()
    {
        QTcpServer server;
        if (!server.listen(QHostAddress::LocalHost))
            qFatal("listen");
        m_number = server.serverPort();
    }
#endif
    Q_DISABLE_COPY_MOVE(ReservedPort)

    quint16 number() const
    {
        return m_number;
    }
    /// At this machine alone.
    QString place() const
    {
        return QStringLiteral("127.0.0.1:%1").arg(m_number);
    }

private:
#ifdef Q_OS_LINUX
    bool bindTo(sockaddr *address, socklen_t size)
    {
        ::close(std::exchange(m_descriptor, ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0)));
        const int yes = 1;
        const int no = 0;
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        ::setsockopt(m_descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no); // of IPv4 it is none
        if (::bind(m_descriptor, address, size) != 0 || ::getsockname(m_descriptor, address, &size) != 0)
            return false;
        m_number = ntohs(address->sa_family == AF_INET6 ? reinterpret_cast<sockaddr_in6 *>(address)->sin6_port
                                                        : reinterpret_cast<sockaddr_in *>(address)->sin_port);
        return true;
    }

    int m_descriptor = -1;
#endif
    quint16 m_number = 0;
};

} // namespace rr
