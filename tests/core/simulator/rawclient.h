// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QTcpSocket>
#include <QtEndian>

namespace rr {

/// A WebSocket client that sees every byte: for what a proper client library hides or refuses.
class RawClient : public QObject
{
public:
    struct Frame
    {
        quint8 opcode = 0;
        bool final = false;
        QByteArray payload;
    };

    explicit RawClient(quint16 port) { m_socket.connectToHost(QStringLiteral("127.0.0.1"), port); }

    /// Asks for an upgrade; `headers` are whole lines.
    void ask(const QByteArray &target, const QByteArray &headers = "Authorization: Bearer sk-any\r\n")
    {
        m_socket.write("GET " + target
            + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
              "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + headers + "\r\n");
    }
    void send(quint8 opcode, const QByteArray &payload, bool final = true)
    {
        QByteArray frame(1, char((final ? 0x80 : 0) | opcode));
        frame.append(char(0x80 | 127)).append(8, '\0');
        qToBigEndian(quint64(payload.size()), frame.data() + 2);
        if (payload.size() < 126)
            frame = QByteArray(1, frame[0]).append(char(0x80 | payload.size()));
        static constexpr char mask[] = "\x0a\xf3\x55\x81";
        frame.append(mask, 4);
        for (qsizetype i = 0; i < payload.size(); ++i)
            frame.append(char(payload[i] ^ mask[i & 3]));
        m_socket.write(frame);
    }
    void sendText(const QByteArray &json) { send(1, json); }

    /// The answer to the handshake, up to its empty line; empty while it is not complete.
    const QByteArray &head()
    {
        m_received += m_socket.readAll();
        const qsizetype end = m_received.indexOf("\r\n\r\n");
        if (m_head.isEmpty() && end >= 0) {
            m_head = m_received.left(end + 4);
            m_received.remove(0, end + 4);
        }
        return m_head;
    }
    int status() { return head().mid(9, 3).toInt(); }

    /// All whole frames until now.
    const QList<Frame> &frames()
    {
        if (status() != 101)
            return m_frames;
        qsizetype at = 0;
        while (m_received.size() - at >= 2) {
            const auto *bytes = reinterpret_cast<const uchar *>(m_received.constData()) + at;
            qsizetype headBytes = 2;
            quint64 length = bytes[1];
            if (length == 126 || length == 127) {
                headBytes = length == 126 ? 4 : 10;
                if (m_received.size() - at < headBytes)
                    break;
                length
                    = length == 126 ? qFromBigEndian<quint16>(bytes + 2) : qFromBigEndian<quint64>(bytes + 2);
            }
            if (quint64(m_received.size() - at - headBytes) < length)
                break;
            m_frames.append({quint8(bytes[0] & 15), bool(bytes[0] & 128),
                m_received.mid(at + headBytes, qsizetype(length))});
            at += headBytes + qsizetype(length);
        }
        m_received.remove(0, at);
        return m_frames;
    }
    /// Whole messages, text and binary, until now.
    QList<QByteArray> messages()
    {
        QList<QByteArray> list;
        for (const Frame &frame : frames()) {
            if (frame.opcode == 1 || frame.opcode == 2)
                list.append(frame.payload);
            else if (frame.opcode == 0)
                list.last() += frame.payload;
        }
        return list;
    }
    /// -1 before there is a close frame; 1005 for one without a code.
    int closeCode()
    {
        for (const Frame &frame : frames()) {
            if (frame.opcode == 8)
                return frame.payload.isEmpty() ? 1005 : qFromBigEndian<quint16>(frame.payload.constData());
        }
        return -1;
    }
    QByteArray closeReason() { return closeCode() < 0 ? QByteArray() : frames().last().payload.mid(2); }
    /// What has come after the head and is no whole frame.
    const QByteArray &rest()
    {
        frames();
        return m_received;
    }
    bool isGone() const { return m_socket.state() == QAbstractSocket::UnconnectedState; }
    QTcpSocket &socket() { return m_socket; }

private:
    QTcpSocket m_socket;
    QByteArray m_received, m_head;
    QList<Frame> m_frames;
};

} // namespace rr
