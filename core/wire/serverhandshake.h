// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QObject>

QT_BEGIN_NAMESPACE
class QWebSocketServer;
QT_END_NAMESPACE

namespace rr {

/// The server's side of a WebSocket handshake, made by a QWebSocketServer that never listens: it is shown a request that
/// is written here, in memory, and asked for nothing but its answer. So it does not matter how Qt reads requests, and no
/// key enters Qt. One per worker, in the worker's thread.
class ServerHandshake final : public QObject
{
public:
    explicit ServerHandshake(QObject *parent = nullptr);

    /// The answer 101 to a request that was found fit for a handshake (checkUpgrade() of core/http), to be written as it
    /// is. `key`: its Sec-WebSocket-Key. `realtimeOffered`: the subprotocol "realtime" is among those it offers, and is
    /// chosen then; no other ever is. Empty: the key is none.
    QByteArray answer(const QByteArray &key, bool realtimeOffered);

private:
    QWebSocketServer *m_server;
};

} // namespace rr
