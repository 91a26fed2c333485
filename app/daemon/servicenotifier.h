// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QTimer>

#include <chrono>

namespace rr {

/// Tells systemd how the service fares, by the protocol of sd_notify(3): one datagram a message, to the
/// socket that $NOTIFY_SOCKET names. Without that variable, and on systems without systemd, it does nothing.
/// While the event loop of its thread runs, it also answers the watchdog (WatchdogSec=), from construction
/// on. Main thread only.
class ServiceNotifier
{
public:
    ServiceNotifier();
    ~ServiceNotifier();
    Q_DISABLE_COPY_MOVE(ServiceNotifier)

    /// The service has started, or has read its settings again.
    void ready() const;
    void reloading() const;
    /// The service is about to end, and may take this long for it, whatever TimeoutStopSec= says.
    void stopping(std::chrono::milliseconds atMost) const;

private:
    void send(const QByteArray &message) const;

    const QByteArray m_address = qgetenv("NOTIFY_SOCKET");
    int m_socket = -1; ///< open from the start, so that the watchdog is answered when descriptors run out
    QTimer m_watchdog;
};

} // namespace rr
