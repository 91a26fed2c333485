// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QString>
#include <QTcpSocket>

namespace rr {

/// A port of 127.0.0.1 at which nobody listens, and that the system gives to nobody else while this is there. Who is told of
/// it may listen there all the same, as servers do, with SO_REUSEADDR.
class HeldPort
{
public:
    HeldPort()
    {
        if (!m_socket.bind(QHostAddress(QHostAddress::LocalHost), 0, QAbstractSocket::ReuseAddressHint))
            qFatal("bind");
    }

    quint16 port() const { return m_socket.localPort(); }
    QString place() const { return QStringLiteral("127.0.0.1:%1").arg(port()); }

private:
    QTcpSocket m_socket;
};

} // namespace rr
