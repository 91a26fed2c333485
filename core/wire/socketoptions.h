// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace rr {

/// What the kernel may hold unsent towards the client, in bytes: less means that a slow client hears what is
/// new sooner, for the rest waits where it can be counted.
inline constexpr int clientNotSentLowBytes = 128 * 1024;

/// For every relayed connection: no Nagle delay, and keepalive probes for peers that die silently.
void setRelayOptions(QTcpSocket &socket);
#ifdef Q_OS_UNIX
void setRelayOptions(int descriptor);
#endif
/// Bounds what the kernel holds unsent (TCP_NOTSENT_LOWAT; nothing where that does not exist).
void limitUnsent(qintptr descriptor, int bytes);

/// Whether Qt speaks through a proxy for it: then socketDescriptor() is none of the system's, and its buffers are not
/// the only ones.
bool isProxied(const QTcpSocket &socket);

} // namespace rr
