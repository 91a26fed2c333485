// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/connectattempt.h"

#include <memory>

QT_BEGIN_NAMESPACE
class QHostAddress;
QT_END_NAMESPACE

namespace rr {

class PatientNotifier;

/// A ConnectAttempt by a bare descriptor. A QTcpSocket would do, but when the network says that there is no way (ICMP),
/// Linux leaves a socket connecting, reports an error of it without end, and Qt asks by connect(2) how it is getting on,
/// which does not tell; here the error itself is asked for. Unix only.
class TcpConnect final : public ConnectAttempt
{
    Q_OBJECT
public:
    TcpConnect(const QHostAddress &address, quint16 port, QObject *parent = nullptr);
    ~TcpConnect() override;

    std::unique_ptr<ByteStream> takeStream() override; ///< a PlainStream
    bool lacksDescriptor() const override;
    /// What takeStream() would have, non-blocking, to be closed by the caller.
    int takeDescriptor();

private:
    void progressed();
    void fail(int error); ///< errno

    int m_descriptor = -1;
    bool m_lacksDescriptor = false;
    std::unique_ptr<PatientNotifier> m_notifier;
};

} // namespace rr
