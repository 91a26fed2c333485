// SPDX-License-Identifier: MIT
#pragma once

#include "core/websocket/bytestream.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>

QT_BEGIN_NAMESPACE
class QTcpSocket;
class QWebSocketServer;
QT_END_NAMESPACE

namespace rr {

/// The server's side of a WebSocket handshake, made by a QWebSocketServer that never listens. One per worker,
/// in the worker's thread. Qt's check of a request is lax: the caller has found the head well formed before
/// (checkUpgrade() of core/http) and that nothing follows it.
class ServerHandshake : public QObject
{
    Q_OBJECT
public:
    explicit ServerHandshake(QObject *parent = nullptr);
    ~ServerHandshake() override;

    /// Answers the request that waits unread in `socket` with 101, echoing the subprotocol "realtime" if it was
    /// offered and no other, and takes over the connection. Takes ownership of `socket`, whose signals nobody
    /// else may be connected to any more. `ready` comes later, in this thread: with the stream, or with null if
    /// the handshake or the connection failed, or took longer than `timeout`.
    void accept(QTcpSocket *socket, std::chrono::milliseconds timeout,
        std::function<void(std::unique_ptr<ByteStream>)> ready);

private:
    void upgraded();

    struct Pending
    {
        std::function<void(std::unique_ptr<ByteStream>)> ready;
        std::shared_ptr<QTimer> deadline;
    };

    QWebSocketServer *m_server;
    QHash<QTcpSocket *, Pending> m_pending;
};

} // namespace rr
