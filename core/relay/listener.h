// SPDX-License-Identifier: MIT
#pragma once

#include "core/relay/relay.h"

#include <QTcpServer>
#include <QTimer>

#include <functional>

namespace rr {

/// Accepts connections and gives their descriptors away, untouched. Lives in the Relay's thread.
class Listener final : public QTcpServer
{
    Q_OBJECT
public:
    explicit Listener(std::function<void(qintptr descriptor)> take, QObject *parent = nullptr);

    /// Listens on a host name or address ("0.0.0.0" and "::" mean all) and a port (0: any free one).
    std::optional<RelayError> listenOn(const QString &host, quint16 port);

Q_SIGNALS:
    /// No descriptors left: nothing is accepted for a moment.
    void exhausted(const QString &error);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    std::function<void(qintptr)> m_take;
    QTimer m_resume;
};

} // namespace rr
