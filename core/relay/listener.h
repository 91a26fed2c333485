// SPDX-License-Identifier: MIT
#pragma once

#include "core/relay/relay.h"

#include <QSocketNotifier>
#include <QTcpServer>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>

namespace rr {

/// Accepts connections and gives their descriptors away, untouched. Lives in the Relay's thread.
///
/// Where there are sockets as POSIX has them, QTcpServer only listens. It keeps the first error it has met for good:
/// the end of any round of accepting (EAGAIN) hides later that no descriptors are left, and the other way round.
class Listener final : public QTcpServer
{
    Q_OBJECT
public:
    /// What tests put in another's place.
    struct Ways
    {
        /// Accepts one connection from a listening descriptor: its descriptor, or -1 with errno set.
        std::function<qintptr(qintptr listening)> accept = acceptConnection;
        std::chrono::milliseconds pause{50}; ///< of accepting, when nothing is left to accept with
        std::chrono::milliseconds calm{10'000}; ///< without a new failure: then it is over
    };

    explicit Listener(std::function<void(qintptr descriptor)> take, QObject *parent = nullptr);
    Listener(std::function<void(qintptr descriptor)> take, Ways ways, QObject *parent = nullptr);

    /// Listens on a host name or address ("0.0.0.0" and "::" mean all) and a port (0: any free one).
    std::optional<RelayError> listenOn(const QString &host, quint16 port);
    void close(); ///< hides QTcpServer's, which does not know of the notifier

    static qintptr acceptConnection(qintptr listening);
    /// So many at once; then it is others' turn in this thread.
    static constexpr int mostAtOnce = 64;

Q_SIGNALS:
    /// No descriptors or memory left: nothing is accepted until there are. Said once, when it begins.
    void exhausted(const QString &error);
    /// Connections have been accepted for a while again.
    void recovered();

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void acceptSome();
    void pause(const QString &error);
    void setAccepting(bool on);

    std::function<void(qintptr)> m_take;
    Ways m_ways;
    std::unique_ptr<QSocketNotifier>
        m_notifier; ///< of the listening descriptor; none where QTcpServer accepts
    QTimer m_resume;
    QTimer m_calm; ///< runs from the last failure until it is over
};

} // namespace rr
