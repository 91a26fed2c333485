// SPDX-License-Identifier: MIT
#include "core/wire/qtstream.h"

#include "core/wire/socketoptions.h"

#include <QSocketNotifier>
#include <QSslSocket>
#include <QTcpSocket>

#include <algorithm>
#include <utility>

namespace rr {

QtStream::QtStream(QTcpSocket *socket, QObject *keeper, QByteArray early)
    : m_socket(socket)
    , m_tls(qobject_cast<QSslSocket *>(socket))
    , m_proxied(isProxied(*socket))
    , m_keeper(keeper)
{
    m_early = std::move(early);
    m_socket->setReadBufferSize(m_proxied ? 0 : readAheadBytes);
    // QSslSocket says readyRead() for every 4 KiB it has decrypted, in the midst of decrypting more: to pass them on one
    // by one would cost a system call each. It is the first to hear that encrypted bytes have come, and has decrypted
    // them when we hear it.
    m_encrypted = m_tls ? m_tls->findChild<QTcpSocket *>() : nullptr;
    connect(m_tls ? m_encrypted : m_socket, &QIODevice::readyRead, this, &QtStream::arrived);
    // The others' bytesWritten() tells of bytes encrypted, or handed on to the connection to the proxy.
    const auto inner = m_socket->findChildren<QTcpSocket *>();
    m_wire = inner.isEmpty() ? m_socket : inner.last();
    connect(m_wire, &QIODevice::bytesWritten, this, &QtStream::written);
    // Behind SOCKS5 these come before the outer socket has counted what it handed on.
    if (m_proxied && m_wire != m_socket && !m_tls)
        connect(m_socket, &QIODevice::bytesWritten, this, [this] { written(0); });
    m_wire->setReadBufferSize(readAheadBytes);
    connect(m_socket, &QAbstractSocket::disconnected, this, [this] {
        m_disconnected = true;
        if (m_sending)
            QMetaObject::invokeMethod(this, &QtStream::finish, Qt::QueuedConnection);
        else
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
    if (!m_early.isEmpty())
        return takeFrom(m_early, to, most);
    if (m_over)
        return 0;
    if (!m_telling && hasUndecrypted()) {
        m_decryptMore = true;
        announce();
    }
    return std::max<qint64>(0, m_socket->read(to, most));
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
    if (!m_proxied || m_over)
        return;
    // Behind a proxy, Qt 6.4 does not go on reading when a buffer that was full has room again. So the buffer has no
    // size, and what stops is the notifier of the connection to the proxy. With SOCKS5, Qt reads from that whenever it
    // writes, and switches the notifier on again: one byte each time.
    const bool full = m_socket->bytesAvailable() >= readAheadBytes;
    if (!full && !m_held)
        return;
    m_held = full;
    if (m_wire)
        m_wire->setReadBufferSize(full ? 1 : readAheadBytes);
    for (QSocketNotifier *notifier : m_socket->findChildren<QSocketNotifier *>()) {
        if (notifier->type() == QSocketNotifier::Read)
            notifier->setEnabled(!full);
    }
}

bool QtStream::hasUndecrypted()
{
    // QSslSocket stops when its buffer is full, and forgets the rest until more comes.
    m_wasFull = m_wasFull || m_socket->bytesAvailable() >= readAheadBytes;
    return m_tls && (m_wasFull || m_encrypted->bytesAvailable() > 0);
}

void QtStream::decrypt()
{
    m_wasFull = false;
    m_tls->flush();
}

void QtStream::announce()
{
    if (m_reading && !std::exchange(m_announced, true))
        QMetaObject::invokeMethod(this, &QtStream::announced, Qt::QueuedConnection);
}

void QtStream::announced()
{
    m_announced = false;
    if (std::exchange(m_decryptMore, false) && !m_over)
        decrypt();
    arrived();
}

void QtStream::arrived()
{
    m_telling = true;
    while (m_reading && !m_over && m_owner && hasWaiting()) {
        const bool undecrypted = hasUndecrypted();
        m_owner->streamReadable(*this);
        if (m_over || !undecrypted || hasWaiting())
            break;
        decrypt();
    }
    m_telling = false;
    boundProxied();
    if (!m_over && hasWaiting())
        announce(); // the owner takes only so much in one go
    else
        trim();
    finish();
}

void QtStream::write(QByteArrayView bytes)
{
    if (m_over || m_disconnected || m_closing)
        return;
    if (m_proxied && (!m_wire || !m_wire->isOpen()))
        return; // the proxy is gone, which Qt has yet to tell
    const bool later = m_sending || backlogBytes() > 0;
    m_socket->write(bytes.data(), bytes.size());
    if (later)
        return;
    // Qt itself would send it on the next turn of the event loop.
    m_sending = true;
    m_socket->flush();
    if (m_proxied && m_wire)
        m_wire->flush();
    m_sending = false;
    boundProxied();
    if (m_tls && !m_over && hasWaiting())
        announce(); // it may have decrypted as well
    else
        trim();
}

void QtStream::written(qint64 bytes)
{
    m_taken += quint64(bytes);
    if (m_sending)
        return;
    if (m_closing) // QSslSocket would close without what is encrypted already
        closeAfterWriting();
    if (!m_owner || m_over)
        return;
    m_sending = true;
    m_owner->streamWritten(*this);
    m_sending = false;
    if (backlogBytes() == 0)
        announce(); // which gives the buffers back
}

qint64 QtStream::backlogBytes() const
{
    if (m_over)
        return 0;
    // bytesToWrite() alone would count only what is not encrypted yet, and behind an HTTP proxy nothing.
    return m_socket->bytesToWrite() + (m_tls ? m_tls->encryptedBytesToWrite() : 0)
        + (m_proxied && m_wire ? m_wire->bytesToWrite() : 0);
}

void QtStream::trim()
{
    // A socket keeps a block of 16 KiB for reading and one of 32 for writing once it has used them; a QSslSocket has
    // them twice. Given back after every message, the same few blocks serve all sockets and stay in the processor's
    // cache: a tenth of the CPU time a message takes with TLS. To open a device that is open already drops its buffers
    // and does nothing else.
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

TlsFailure QtStream::tlsFailure() const
{
    const bool failed = m_tls && m_tls->error() == QAbstractSocket::SslHandshakeFailedError;
    return failed ? TlsFailure::Other : TlsFailure::None;
}

QString QtStream::tlsError() const
{
    return tlsFailure() == TlsFailure::None ? QString() : m_tls->errorString();
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
