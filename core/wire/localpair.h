// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/bytestream.h"

#include <memory>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace rr {

/// Connects `socket`, which is not connected to anything, with the stream that is returned: what one side writes the other
/// reads, within this process. Null: the system gives no more descriptors. Any thread; both sides stay in it.
std::unique_ptr<ByteStream> connectLocally(QTcpSocket &socket);

/// connectLocally() where there are no pairs of sockets (Windows): over the loopback interface.
std::unique_ptr<ByteStream> connectOverLoopback(QTcpSocket &socket);

} // namespace rr
