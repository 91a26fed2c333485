// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/checkverdict.h"
#include "core/wire/destination.h"

#include <QAbstractSocket>
#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QSslError>
#include <QTimer>

#include <chrono>
#include <memory>

QT_BEGIN_NAMESPACE
class QSslSocket;
QT_END_NAMESPACE

namespace rr {

/// Connects to each of a name's addresses in turn until one answers, and looks at its certificate: whether it is for the
/// name, whom it is from, how long it is good. By a QSslSocket on all systems, for that tells all of this. One thread; nothing
/// blocks.
class TlsCheck final : public QObject
{
    Q_OBJECT
public:
    /// `to`: its address does not count. No addresses: the proxy looks up the name.
    TlsCheck(Destination to, QList<QHostAddress> addresses, std::chrono::milliseconds timeout,
        QObject *parent = nullptr);
    ~TlsCheck() override;

    void start(); ///< exactly one finished() follows, in a later turn

    /// After finished(), of the address that answered; null through a proxy.
    QHostAddress connectedTo() const { return m_address; }

Q_SIGNALS:
    void finished(const rr::CheckVerdict &verdict);

private:
    void tryNext();
    void reached();
    void failed(QAbstractSocket::SocketError error);
    CheckVerdict verdictOn(QAbstractSocket::SocketError error) const;
    CheckVerdict secured() const;
    void finish(const CheckVerdict &verdict);

    const Destination m_to;
    QList<QHostAddress> m_addresses; ///< still to be tried
    const std::chrono::milliseconds m_timeout;
    QHostAddress m_address; ///< that is tried
    std::unique_ptr<QSslSocket> m_socket;
    QList<QSslError> m_errors; ///< of the certificate
    bool m_isReached = false; ///< there is a TCP connection
    QTimer m_deadline;
};

} // namespace rr
