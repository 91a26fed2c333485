// SPDX-License-Identifier: MIT
#include "core/websocket/serverhandshake.h"

#include "core/websocket/takeover.h"

#include <QTcpSocket>
#include <QWebSocket>
#include <QWebSocketServer>

#include <algorithm>

namespace rr {

ServerHandshake::ServerHandshake(QObject *parent)
    : QObject(parent)
    // The name would appear in a Server header, which OpenAI's clients do not need.
    , m_server(new QWebSocketServer(QString(), QWebSocketServer::NonSecureMode, this))
{
    m_server->setSupportedSubprotocols({QStringLiteral("realtime")});
    connect(m_server, &QWebSocketServer::newConnection, this, &ServerHandshake::upgraded);
}

ServerHandshake::~ServerHandshake()
{
    for (const auto pending = std::exchange(m_pending, {}); QTcpSocket * socket : pending.keys()) {
        socket->disconnect(this);
        delete socket;
    }
}

void ServerHandshake::accept(QTcpSocket *socket, std::chrono::milliseconds timeout,
    std::function<void(std::unique_ptr<ByteStream>)> ready)
{
    // Qt has none for a connection that was given to it, and may wait for more where the caller saw a whole head.
    auto deadline = std::make_shared<QTimer>();
    deadline->setSingleShot(true);
    connect(deadline.get(), &QTimer::timeout, socket, &QAbstractSocket::abort);
    deadline->start(timeout);
    m_pending.insert(socket, {std::move(ready), std::move(deadline)});
    // Qt closes the socket of a request it does not like.
    connect(socket, &QAbstractSocket::disconnected, this, [this, socket] {
        socket->deleteLater();
        m_pending.take(socket).ready(nullptr);
    });
    m_server->handleConnection(socket);
}

void ServerHandshake::upgraded()
{
    QWebSocket *webSocket = m_server->nextPendingConnection();
    // Qt does not say which socket it is.
    const auto pending
        = std::find_if(m_pending.keyBegin(), m_pending.keyEnd(), [webSocket](QTcpSocket *socket) {
              return socket->peerPort() == webSocket->peerPort()
                  && socket->peerAddress() == webSocket->peerAddress()
                  && socket->localPort() == webSocket->localPort()
                  && socket->localAddress() == webSocket->localAddress();
          });
    if (pending == m_pending.keyEnd()) { // it went just before: `ready` was told
        webSocket->deleteLater();
        return;
    }
    QTcpSocket *socket = *pending;
    socket->disconnect(this);
    // Qt's server deletes a socket that has ended, read or not.
    disconnect(socket, &QAbstractSocket::disconnected, m_server, nullptr);
    socket->setParent(webSocket);
    takeOver(webSocket, socket, m_pending.take(socket).ready);
}

} // namespace rr
