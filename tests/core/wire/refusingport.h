// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QTcpSocket>

namespace rr {

/// A port of 127.0.0.1 at which nobody listens, nor can anybody as long as this is there: one that was let go of may be
/// another program's at once.
class RefusingPort
{
public:
    RefusingPort()
    {
        if (!m_holder.bind(QHostAddress::LocalHost, 0, QAbstractSocket::DontShareAddress))
            qFatal("bind");
    }

    quint16 number() const { return m_holder.localPort(); }

private:
    QTcpSocket m_holder; ///< bound, and does not listen
};

} // namespace rr
