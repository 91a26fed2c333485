// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/bytestream.h"

#include <QByteArray>
#include <QObject>
#include <QPointer>

QT_BEGIN_NAMESPACE
class QTcpSocket;
class QSslSocket;
QT_END_NAMESPACE

namespace rr {

/// A ByteStream through Qt's sockets: for what goes through a proxy, and for systems where PlainStream or TlsStream is not
/// to be had. A QSslSocket may still be in its handshake.
class QtStream final : public QObject, public ByteStream
{
    Q_OBJECT
public:
    /// How far Qt may read ahead of us, in bytes: decrypted, and once more not yet decrypted, or not yet taken from the
    /// connection to a proxy.
    static constexpr qint64 readAheadBytes = 16 * 1024;

    /// `keeper` owns `socket` (or is the socket itself) and is owned by the stream from now on. `early` is what was already read from the socket.
    QtStream(QTcpSocket *socket, QObject *keeper, QByteArray early = {});
    ~QtStream() override;

    qint64 read(char *to, qint64 most) override;
    bool hasWaiting() override;
    void setReading(bool on) override;
    void write(QByteArrayView bytes) override;
    qint64 backlogBytes() const override;
    quint64 takenBytes() const override { return m_taken; }
    void setPatient(bool) override { } ///< its notifiers are Qt's
    void closeAfterWriting() override;
    void abort() override;
    bool isOver() const override { return m_over; }
    TlsFailure tlsFailure() const override;
    QString tlsError() const override;

private:
    bool hasUndecrypted();
    void decrypt();
    void announce();
    void announced();
    void arrived();
    void boundProxied();
    void trim();
    void written(qint64 bytes);
    void finish();

    QTcpSocket *m_socket;
    QSslSocket *m_tls; ///< the same socket, if it is one
    QTcpSocket *m_encrypted = nullptr; ///< what a QSslSocket sends and receives through
    /// What sends to the system: m_socket, m_encrypted, or what Qt talks to a proxy through.
    QPointer<QTcpSocket> m_wire;
    const bool m_proxied;
    QObject *m_keeper;
    quint64 m_taken = 0;
    bool m_reading = false;
    bool m_held = false; ///< by boundProxied()
    bool m_announced = false; ///< announced() comes by itself
    bool m_wasFull = false; ///< and decrypt() has not been called since
    bool m_decryptMore = false; ///< announced() has to see to it
    bool m_telling = false; ///< inside the owner's streamReadable()
    bool m_sending = false; ///< inside write() or the owner's streamWritten()
    bool m_disconnected = false; ///< the peer is gone, but not everything it sent has been read
    bool m_closing = false; ///< closeAfterWriting() was called
    bool m_over = false;
};

} // namespace rr
