// SPDX-License-Identifier: MIT
#pragma once

#include "core/websocket/bytestream.h"

#include <functional>
#include <memory>

QT_BEGIN_NAMESPACE
class QTcpSocket;
class QWebSocket;
QT_END_NAMESPACE

namespace rr {

/// Takes the connection away from a QWebSocket whose handshake is done: what comes from now on is read by
/// nobody but the returned stream. Must be called in the slot that Qt calls when the handshake is done, before
/// it returns: what came behind the handshake is still in `socket` then, and QWebSocket would go on to parse
/// it. `ready` gets the stream in a later turn of the event loop of the same thread, once `socket` has sent
/// what Qt still had to send; a null stream if the connection was lost meanwhile. `webSocket` owns `socket`
/// and belongs to the stream afterwards; it is destroyed as soon as it is not needed.
void takeOver(
    QWebSocket *webSocket, QTcpSocket *socket, std::function<void(std::unique_ptr<ByteStream>)> ready);

} // namespace rr
