// SPDX-License-Identifier: MIT
#pragma once

#include "core/websocket/bytestream.h"

#include <QByteArray>

#include <functional>
#include <memory>

QT_BEGIN_NAMESPACE
class QObject;
class QTcpSocket;
class QWebSocket;
QT_END_NAMESPACE

namespace rr {

/// A stream on a connected socket that is not read any more: a PlainStream where nothing keeps it from that, else a
/// QtStream. `keeper` owns `socket` and belongs to the stream; it is destroyed as soon as it is not needed. `early` is what
/// was already read.
std::unique_ptr<ByteStream> makeStream(QTcpSocket *socket, QObject *keeper, QByteArray early = {});

/// Takes the connection away from a QWebSocket whose handshake is done: what comes from now on is read by
/// nobody but the returned stream. Must be called in the slot that Qt calls when the handshake is done, before
/// it returns: what came behind the handshake is still in `socket` then, and QWebSocket would go on to parse
/// it. `ready` gets the stream in a later turn of the event loop of the same thread, once `socket` has sent
/// what Qt still had to send; a null stream if the connection was lost meanwhile. `webSocket` owns `socket` and belongs to
/// the stream afterwards, as in makeStream().
void takeOver(
    QWebSocket *webSocket, QTcpSocket *socket, std::function<void(std::unique_ptr<ByteStream>)> ready);

} // namespace rr
