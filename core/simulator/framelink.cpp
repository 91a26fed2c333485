// SPDX-License-Identifier: MIT
#include "core/simulator/framelink.h"

#include <QSslSocket>
#include <QTimer>
#include <QtEndian>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr qint64 readAheadBytes = 64 * 1024;
constexpr int closeDeadlineMs = 5000;

} // namespace

FrameLink::FrameLink(QTcpSocket *socket, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
{
    socket->setReadBufferSize(readAheadBytes);
    connect(socket, &QIODevice::readyRead, this, &FrameLink::read);
    connect(socket, &QIODevice::bytesWritten, this, &FrameLink::backlogTaken);
    if (auto *tls = qobject_cast<QSslSocket *>(socket))
        connect(tls, &QSslSocket::encryptedBytesWritten, this, &FrameLink::backlogTaken);
    connect(socket, &QAbstractSocket::disconnected, this, [this] {
        m_open = false;
        if (!std::exchange(m_closed, true))
            Q_EMIT closed();
    });
}

void FrameLink::start()
{
    read();
}

void FrameLink::setReading(bool reading)
{
    if (!std::exchange(m_reading, reading) && reading)
        QMetaObject::invokeMethod(this, &FrameLink::read, Qt::QueuedConnection);
}

qint64 FrameLink::backlogBytes() const
{
    auto *tls = qobject_cast<QSslSocket *>(m_socket);
    return m_socket->bytesToWrite() + (tls ? tls->encryptedBytesToWrite() : 0);
}

QByteArray FrameLink::frameHead(quint8 opcode, bool final, qint64 payloadBytes)
{
    QByteArray head(1, char((final ? 0x80 : 0) | opcode));
    if (payloadBytes < 126) {
        head.append(char(payloadBytes));
    } else if (payloadBytes <= 0xffff) {
        head.append(char(126)).append(2, '\0');
        qToBigEndian(quint16(payloadBytes), head.data() + 2);
    } else {
        head.append(char(127)).append(8, '\0');
        qToBigEndian(quint64(payloadBytes), head.data() + 2);
    }
    return head;
}

void FrameLink::sendBytes(const QByteArray &bytes)
{
    if (m_open)
        m_socket->write(bytes);
}

void FrameLink::sendText(const QByteArray &message)
{
    if (!m_fragmenting) {
        sendBytes(frameHead(Text, true, message.size()) + message);
        return;
    }
    const qsizetype usual = std::max<qsizetype>(7, message.size() / 64);
    quint8 opcode = Text;
    for (qsizetype from = 0; from < message.size(); opcode = Continuation) {
        qsizetype to = std::min(from + usual, message.size());
        for (qsizetype i = from; i < to; ++i) {
            if (quint8(message[i])
                >= 0xc0) { // a character of several bytes begins: end the fragment after one
                to = i + 1;
                break;
            }
        }
        sendBytes(frameHead(opcode, to == message.size(), to - from) + message.mid(from, to - from));
        from = to;
    }
}

void FrameLink::close(quint16 code, const QByteArray &reason)
{
    if (!m_open)
        return;
    QByteArray payload;
    if (code != 1005) {
        payload.resize(2);
        qToBigEndian(code, payload.data());
        payload += reason;
    }
    sendBytes(frameHead(Close, true, payload.size()) + payload);
    m_open = false;
    m_closeSent = true;
    m_reading = true; // for the answer
    QTimer::singleShot(closeDeadlineMs, m_socket, [socket = m_socket] { socket->abort(); });
    QMetaObject::invokeMethod(this, &FrameLink::read, Qt::QueuedConnection);
}

void FrameLink::cut()
{
    m_open = false;
    m_socket->flush();
    m_socket->abort();
}

void FrameLink::fail(quint16 code, const QByteArray &reason)
{
    close(code, reason);
    m_reading = false;
    m_socket->disconnectFromHost();
}

void FrameLink::read()
{
    for (;;) {
        while (m_reading && !m_closed && takeFrame()) { }
        m_buffer.remove(0, std::exchange(m_at, 0));
        if (!m_reading || m_closed || m_socket->bytesAvailable() == 0)
            return;
        m_buffer += m_socket->read(readAheadBytes);
    }
}

/// Takes one whole frame from the buffer; false when there is none yet.
bool FrameLink::takeFrame()
{
    const qsizetype available = m_buffer.size() - m_at;
    const auto *head = reinterpret_cast<const uchar *>(m_buffer.constData()) + m_at;
    if (available < 2)
        return false;
    const quint8 opcode = head[0] & 0x0f;
    const bool final = head[0] & 0x80;
    const bool control = opcode & 0x08;
    const bool known = opcode <= Binary || (opcode >= Close && opcode <= Pong);
    const qsizetype headBytes = 2 + 4 + ((head[1] & 0x7f) == 126 ? 2 : (head[1] & 0x7f) == 127 ? 8 : 0);
    if (head[0] & 0x70 || !known || !(head[1] & 0x80) || (control && (!final || (head[1] & 0x7f) > 125))
        || (!control && (opcode == Continuation) != m_inMessage)) {
        fail(1002, "Invalid frame."_ba);
        return false;
    }
    if (available < headBytes)
        return false;
    const quint64 length = headBytes == 8 ? qFromBigEndian<quint16>(head + 2)
        : headBytes == 14                 ? qFromBigEndian<quint64>(head + 2)
                                          : quint64(head[1] & 0x7f);
    if (length > quint64(maxMessageBytes - m_message.size())) {
        fail(1009, "Message too big."_ba);
        return false;
    }
    if (quint64(available - headBytes) < length)
        return false;
    QByteArray payload = m_buffer.mid(m_at + headBytes, qsizetype(length));
    const uchar *mask = head + headBytes - 4;
    char *bytes = payload.data();
    for (qsizetype i = 0; i < payload.size(); ++i)
        bytes[i] = char(quint8(bytes[i]) ^ mask[i & 3]);
    m_at += headBytes + qsizetype(length);
    if (control) {
        takeControl(opcode, payload);
        return true;
    }
    Q_EMIT frameReceived(opcode, final, payload);
    m_message += payload;
    m_inMessage = !final;
    if (final)
        Q_EMIT messageReceived(std::exchange(m_message, {}));
    return true;
}

void FrameLink::takeControl(quint8 opcode, const QByteArray &payload)
{
    if (opcode == Ping && m_answeringPings)
        sendBytes(frameHead(Pong, true, payload.size()) + payload);
    if (opcode != Close || !m_answeringCloses)
        return;
    if (!std::exchange(m_closeSent, true))
        sendBytes(frameHead(Close, true, payload.size()) + payload);
    m_open = false;
    m_reading = false;
    m_socket->disconnectFromHost();
    QTimer::singleShot(closeDeadlineMs, m_socket, [socket = m_socket] { socket->abort(); });
}

} // namespace rr
