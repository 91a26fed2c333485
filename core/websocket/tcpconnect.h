// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

QT_BEGIN_NAMESPACE
class QHostAddress;
QT_END_NAMESPACE

namespace rr {

/// Opens one TCP connection, as a bare descriptor. A QTcpSocket would do, but when the network says that there is no way
/// (ICMP), Linux leaves a socket connecting, reports an error of it without end, and Qt asks by connect(2) how it is getting
/// on, which does not tell; here the error itself is asked for. Unix only. One thread; owned by whoever dials; destroying it
/// gives the attempt up.
class TcpConnect final : public QObject
{
    Q_OBJECT
public:
    /// Begins. Exactly one signal follows, in a later turn of the event loop, or none: there is no deadline here.
    TcpConnect(const QHostAddress &address, quint16 port, QObject *parent = nullptr);
    ~TcpConnect() override;

    /// The descriptor, non-blocking and with the relay's options, once after connected(). It belongs to the caller then.
    int takeDescriptor();

Q_SIGNALS:
    void connected();
    void failed(int error); ///< errno

private:
    void progressed();
    void fail(int error);

    int m_descriptor = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace rr
