// SPDX-License-Identifier: MIT
#include "core/websocket/qtstream.h"

#include <QNetworkProxy>
#include <QSocketNotifier>
#include <QSslSocket>
#include <QTcpSocket>

#include <algorithm>
#include <cstring>
#include <utility>

namespace rr {

namespace {

bool isProxied(const QTcpSocket &socket)
{
    const auto type = socket.proxy().type();
    return type == QNetworkProxy::HttpProxy || type == QNetworkProxy::Socks5Proxy;
}

} // namespace

QtStream::QtStream(QTcpSocket *socket, QObject *keeper, QByteArray early)
    : m_socket(socket)
    , m_tls(qobject_cast<QSslSocket *>(socket))
    , m_proxied(isProxied(*socket))
    , m_keeper(keeper)
    , m_early(std::move(early))
{
    m_socket->setReadBufferSize(m_proxied ? 0 : readAheadBytes);
    connect(m_socket, &QIODevice::readyRead, this, &QtStream::announce);
    // QSslSocket's bytesWritten() tells of bytes encrypted, not of bytes taken.
    if (m_tls) {
        m_encrypted = m_tls->findChild<QTcpSocket *>();
        connect(m_tls, &QSslSocket::encryptedBytesWritten, this, &QtStream::written);
    } else
        connect(m_socket, &QIODevice::bytesWritten, this, &QtStream::written);
    connect(m_socket, &QAbstractSocket::disconnected, this, [this] {
        m_disconnected = true;
        finish();
    });
    m_disconnected = m_socket->state() == QAbstractSocket::UnconnectedState;
    trim(); // of what the handshake took
}

QtStream::~QtStream()
{
    abort();
    m_keeper->deleteLater();
}

qint64 QtStream::read(char *to, qint64 most)
{
    if (!m_early.isEmpty()) {
        const qint64 n = std::min<qint64>(most, m_early.size());
        memcpy(to, m_early.constData(), size_t(n));
        m_early = m_early.size() == n ? QByteArray() : m_early.mid(n);
        return n;
    }
    return m_over ? 0 : std::max<qint64>(0, m_socket->read(to, most));
}

bool QtStream::hasWaiting()
{
    return !m_early.isEmpty() || (!m_over && m_socket->bytesAvailable() > 0);
}

void QtStream::setReading(bool on)
{
    if (m_reading == on || m_over)
        return;
    m_reading = on;
    if (on)
        announce(); // what came while reading was off
}

void QtStream::boundProxied()
{
    // Behind a proxy, Qt 6.4 does not go on reading when a buffer that was full has room again. So the buffer has no
    // size, and what stops is the notifier of the connection to the proxy.
    const bool full = m_socket->bytesAvailable() >= readAheadBytes;
    if (!m_proxied || m_over || m_held == full)
        return;
    m_held = full;
    for (QSocketNotifier *notifier : m_socket->findChildren<QSocketNotifier *>()) {
        if (notifier->type() == QSocketNotifier::Read)
            notifier->setEnabled(!full);
    }
}

void QtStream::announce()
{
    boundProxied();
    // QSslSocket says readyRead for every 4 KiB it has decrypted, in the midst of decrypting more: to pass them on
    // one by one would cost a system call each. By the end of this turn of the event loop all are there.
    if (m_reading && !std::exchange(m_announced, true))
        QMetaObject::invokeMethod(this, &QtStream::readable, Qt::QueuedConnection);
}

void QtStream::readable()
{
    m_announced = false;
    const bool full = m_tls && m_socket->bytesAvailable() >= readAheadBytes;
    if (m_reading && !m_over && m_owner && hasWaiting())
        m_owner->streamReadable(*this);
    // QSslSocket stops in the midst of a TLS record when its buffer is full, and forgets the rest until more comes.
    if (full && !m_over)
        m_tls->flush();
    boundProxied();
    if (!m_over && hasWaiting())
        announce(); // the owner takes only so much in one go
    finish();
}

void QtStream::write(QByteArrayView bytes)
{
    if (!m_over && !m_disconnected && !m_closing)
        m_socket->write(bytes.data(), bytes.size());
}

void QtStream::written(qint64 bytes)
{
    m_taken += quint64(bytes);
    if (m_closing) // QSslSocket would close without what is encrypted already
        closeAfterWriting();
    if (m_owner && !m_over)
        m_owner->streamWritten(*this);
}

qint64 QtStream::backlogBytes() const
{
    if (m_over)
        return 0;
    // bytesToWrite() alone would count only what is not encrypted yet.
    return m_socket->bytesToWrite() + (m_tls ? m_tls->encryptedBytesToWrite() : 0);
}

void QtStream::trim()
{
    // A socket keeps a block of 16 KiB for reading and one of 32 for writing once it has used them; a QSslSocket has
    // them twice. To open a device that is open already drops its buffers and does nothing else.
    const auto drop = [](QTcpSocket *socket) {
        if (socket && socket->isOpen() && socket->bytesAvailable() == 0 && socket->bytesToWrite() == 0)
            socket->QIODevice::open(socket->openMode());
    };
    if (m_over || m_disconnected || backlogBytes() > 0)
        return;
    drop(m_socket);
    drop(m_encrypted);
}

void QtStream::closeAfterWriting()
{
    m_closing = true;
    if (!m_over && backlogBytes() == 0)
        m_socket->disconnectFromHost();
}

void QtStream::abort()
{
    if (m_over)
        return;
    m_over = true;
    disconnect(m_socket, nullptr, this, nullptr);
    m_socket->abort();
}

void QtStream::finish()
{
    if (!m_disconnected || m_over)
        return;
    if (hasWaiting()) {
        announce(); // or setReading(true) comes back here
        return;
    }
    abort();
    if (m_owner)
        m_owner->streamEnded(*this);
}

} // namespace rr
