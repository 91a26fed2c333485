// SPDX-License-Identifier: MIT
#pragma once

#include <QCryptographicHash>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpServer>

#include <functional>
#include <optional>

namespace rr {

/// The Sec-WebSocket-Accept that belongs to a request (RFC 6455 4.2.2).
inline QByteArray acceptKey(const QByteArray &head)
{
    const qsizetype at = head.toLower().indexOf("sec-websocket-key:");
    const QByteArray key = head.mid(at + 18, head.indexOf('\r', at) - at - 18).trimmed();
    return QCryptographicHash::hash(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1)
        .toBase64();
}

inline QByteArray switchingProtocols(const QByteArray &head)
{
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + acceptKey(head) + "\r\n\r\n";
}

/// A server that answers each request head with whatever bytes a test wants, and keeps what follows.
class ScriptedServer : public QTcpServer
{
public:
    using Answer = std::function<QByteArray(const QByteArray &head)>;

    explicit ScriptedServer(Answer answer, const std::optional<QSslConfiguration> &tls = {})
        : m_answer(std::move(answer))
        , m_tls(tls)
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("listen");
    }

    QList<QByteArray> heads;
    QList<QSslSocket *> sockets; ///< in the order of their coming
    QByteArray received; ///< behind the heads
    bool closeAfterAnswer = false;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *socket = new QSslSocket(this);
        socket->setSocketDescriptor(descriptor);
        if (m_tls) {
            socket->setSslConfiguration(*m_tls);
            socket->startServerEncryption();
        }
        sockets.append(socket);
        connect(socket, &QIODevice::readyRead, this, [this, socket] { read(socket); });
    }

private:
    void read(QSslSocket *socket)
    {
        QByteArray &bytes = m_bytes[socket];
        bytes += socket->readAll();
        if (m_answered.contains(socket)) {
            received += std::exchange(bytes, {});
            return;
        }
        const qsizetype end = bytes.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        heads.append(bytes.left(end + 4));
        received += bytes.mid(end + 4);
        bytes.clear();
        m_answered.insert(socket);
        socket->write(m_answer(heads.last()));
        if (closeAfterAnswer)
            socket->disconnectFromHost();
    }

    Answer m_answer;
    std::optional<QSslConfiguration> m_tls;
    QHash<QSslSocket *, QByteArray> m_bytes;
    QSet<QSslSocket *> m_answered;
};

} // namespace rr
