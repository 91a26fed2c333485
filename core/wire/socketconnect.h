// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/connectattempt.h"

#include <QAbstractSocket>

QT_BEGIN_NAMESPACE
class QHostAddress;
class QTcpSocket;
QT_END_NAMESPACE

namespace rr {

struct Destination;

/// What an error of a socket of Qt's, and its words for it, mean for a connection that was to be made.
UpstreamFailure socketFailure(QAbstractSocket::SocketError error, const QString &errorString);

/// A ConnectAttempt by a socket of Qt's: for what goes through a proxy, and for systems without TcpConnect. With a
/// QSslSocket (Destination::isSecuredByQt()) it is connected() once that is encrypted.
class SocketConnect final : public ConnectAttempt
{
    Q_OBJECT
public:
    /// `address`: one of the host's; null: the proxy looks up the name.
    SocketConnect(const Destination &to, const QHostAddress &address, QObject *parent = nullptr);
    ~SocketConnect() override;

    std::unique_ptr<ByteStream> takeStream() override;
    bool lacksDescriptor() const override;

private:
    void boundProxysAnswer();

    std::unique_ptr<QTcpSocket> m_socket;
    bool m_reached = false;
};

} // namespace rr
