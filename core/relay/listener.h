// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/door.h"
#include "core/base/relayerror.h"

#include <QHostAddress>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace rr {

/// Accepts connections and gives their descriptors away, untouched. Lives in the Relay's thread.
///
/// Where there are sockets as POSIX has them, QTcpServer only listens. It keeps the first error it has met for good:
/// the end of any round of accepting (EAGAIN) hides later that no descriptors are left, and the other way round.
class Listener final : public QTcpServer
{
    Q_OBJECT
public:
    /// A connection: its descriptor, which it can be used as, and its other end, which the system no longer tells once it has
    /// been reset. -1: there is none. Without an address: it is not known yet.
    struct Accepted
    {
        Accepted(qintptr of = -1, const QHostAddress &from = {}) // NOLINT: see above
            : descriptor(of)
            , peer(from)
        {
        }
        operator qintptr() const { return descriptor; } // NOLINT

        qintptr descriptor;
        QHostAddress peer;
    };
    using Take = std::function<void(const Accepted &accepted)>;

    /// What tests put in another's place.
    struct Ways
    {
        /// Accepts one connection from a listening descriptor; -1 with errno set.
        std::function<Accepted(qintptr listening)> accept = acceptConnection;
        std::chrono::milliseconds pause{50}; ///< of accepting, when nothing is left to accept with
        std::chrono::milliseconds calm{10'000}; ///< without a new failure: then it is over
        std::chrono::milliseconds rest{5}; ///< of accepting, when those who take are behind
    };

    explicit Listener(Take take, QObject *parent = nullptr);
    Listener(Take take, Ways ways, QObject *parent = nullptr);

    /// Listens on a host name or address ("0.0.0.0": all of IPv4, "::": all of both families) and a port (0: any free
    /// one). `door`: whose settings an error is about.
    std::optional<RelayError> listenOn(const QString &host, quint16 port, Door door = Door::Public);
    /// Accepts nothing for a moment: what comes meanwhile waits in the system, as far as that lets it.
    void rest();
    bool isExhausted() const
    {
        return m_calm.isActive();
    } ///< from exhausted() on, until recovered() or closed
    void close(); ///< hides QTcpServer's, which does not know of the notifier

    static Accepted acceptConnection(qintptr listening);
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

    Take m_take;
    Ways m_ways;
    std::unique_ptr<QSocketNotifier>
        m_notifier; ///< of the listening descriptor; none where QTcpServer accepts
    QTimer m_resume;
    QTimer m_calm; ///< runs from the last failure until it is over
};

} // namespace rr
