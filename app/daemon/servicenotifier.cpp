// SPDX-License-Identifier: MIT
#include "app/daemon/servicenotifier.h"

#include <QCoreApplication>

#ifdef Q_OS_LINUX
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#endif

namespace rr {

ServiceNotifier::ServiceNotifier()
{
    if (m_address.isEmpty())
        return;
#ifdef Q_OS_LINUX
    m_socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
#endif
    // sd_watchdog_enabled(3): the interval is meant for this process only when the id says so, or nothing.
    const QByteArray process = qgetenv("WATCHDOG_PID");
    const std::chrono::microseconds interval(qgetenv("WATCHDOG_USEC").toLongLong());
    if (interval.count() <= 0
        || (!process.isEmpty() && process.toLongLong() != QCoreApplication::applicationPid()))
        return;
    QObject::connect(&m_watchdog, &QTimer::timeout, &m_watchdog, [this] { send("WATCHDOG=1"); });
    m_watchdog.start(std::chrono::duration_cast<std::chrono::milliseconds>(interval / 2));
}

ServiceNotifier::~ServiceNotifier()
{
#ifdef Q_OS_LINUX
    if (m_socket >= 0)
        ::close(m_socket);
#endif
}

void ServiceNotifier::ready() const
{
    send("READY=1");
}

void ServiceNotifier::reloading() const
{
    send("RELOADING=1");
}

void ServiceNotifier::stopping(std::chrono::milliseconds atMost) const
{
    using std::chrono::microseconds;
    constexpr std::chrono::seconds forTheRest{10};
    send("STOPPING=1\nEXTEND_TIMEOUT_USEC="
        + QByteArray::number(qint64(microseconds(atMost + forTheRest).count())));
}

void ServiceNotifier::send(const QByteArray &message) const
{
#ifdef Q_OS_LINUX
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (m_socket < 0 || m_address.size() >= qsizetype(sizeof address.sun_path))
        return;
    std::memcpy(address.sun_path, m_address.constData(), size_t(m_address.size()));
    if (address.sun_path[0] == '@') // a name in the abstract namespace, unix(7)
        address.sun_path[0] = '\0';
    const auto size = socklen_t(offsetof(sockaddr_un, sun_path)) + socklen_t(m_address.size());
    ::sendto(m_socket, message.constData(), size_t(message.size()), MSG_NOSIGNAL,
        reinterpret_cast<const sockaddr *>(&address), size);
#else
    Q_UNUSED(message)
#endif
}

} // namespace rr
