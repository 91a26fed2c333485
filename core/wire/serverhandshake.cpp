// SPDX-License-Identifier: MIT
#include "core/wire/serverhandshake.h"

#include <QCoreApplication>
#include <QEvent>
#include <QTcpSocket>
#include <QWebSocket>
#include <QWebSocketServer>

#include <algorithm>
#include <memory>
#include <utility>

namespace rr {

namespace {

/// A client that has said `request` and is connected to nothing.
class MemorySocket final : public QTcpSocket
{
public:
    explicit MemorySocket(const QByteArray &request)
        : m_request(request)
    {
        setSocketState(ConnectedState);
        setOpenMode(ReadWrite | Unbuffered);
    }

    qint64 bytesAvailable() const override { return m_request.size(); }
    bool canReadLine() const override { return m_request.contains('\n'); }

    QByteArray written;

protected:
    qint64 readData(char *to, qint64 most) override
    {
        const qint64 n = std::min<qint64>(most, m_request.size());
        std::copy_n(m_request.cbegin(), n, to);
        m_request.remove(0, n);
        return n;
    }
    qint64 writeData(const char *bytes, qint64 size) override
    {
        written.append(bytes, size);
        return size;
    }

private:
    QByteArray m_request;
};

} // namespace

ServerHandshake::ServerHandshake(QObject *parent)
    : QObject(parent)
    // The name would appear in a Server header, which OpenAI's clients do not need.
    , m_server(new QWebSocketServer(QString(), QWebSocketServer::NonSecureMode, this))
{
    m_server->setSupportedSubprotocols({QStringLiteral("realtime")});
}

QByteArray ServerHandshake::answer(const QByteArray &key, bool realtimeOffered)
{
    MemorySocket client("GET / HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        + key + (realtimeOffered ? "\r\nSec-WebSocket-Protocol: realtime" : "") + "\r\n\r\n");
    m_server->handleConnection(&client);
    QCoreApplication::sendPostedEvents(m_server, QEvent::MetaCall); // in which the server reads
    // A QWebSocket that goes says goodbye, so the answer is taken before.
    const std::unique_ptr<QWebSocket> webSocket(m_server->nextPendingConnection());
    client.disconnect(m_server); // which would delete it later
    return webSocket ? std::exchange(client.written, {}) : QByteArray();
}

} // namespace rr
