// SPDX-License-Identifier: MIT
#pragma once

#include "core/websocket/bytestream.h"
#include "core/websocket/tlsclient.h"

#include <QByteArray>
#include <QObject>

#include <memory>

struct ssl_st;

namespace rr {

/// A ByteStream that is encrypted by OpenSSL on its way through another one: one read and one write of that a message,
/// and no buffer of its own while nothing is on its way. It makes the client's TLS handshake first. Linux only: elsewhere
/// QtStream does this through QSslSocket, at more cost.
class TlsStream final : public QObject, public ByteStream, private ByteStream::Owner
{
public:
    /// Begins the handshake with `host`, whose name or address the certificate must bear. What is written before the
    /// handshake is done waits for it. If it fails, the stream ends.
    TlsStream(std::unique_ptr<ByteStream> inner, std::shared_ptr<const TlsClient> client, const QString &host,
        std::shared_ptr<TlsSessionCache> sessions);
    ~TlsStream() override;

    /// Why the handshake failed, in words for people; empty also when the peer just closed the connection.
    const QString &failure() const { return m_failure; }
    bool isSecured() const { return m_secured; } ///< the handshake is done

    qint64 read(char *to, qint64 most) override;
    bool hasWaiting() override;
    void setReading(bool on) override;
    void write(QByteArrayView bytes) override;
    qint64 backlogBytes() const override;
    quint64 takenBytes() const override { return m_inner->takenBytes(); }
    void closeAfterWriting() override;
    void abort() override;
    bool isOver() const override { return m_over; }

private:
    friend class TlsClient;
    static int keepSession(ssl_st *ssl, ssl_session_st *session);

    void streamReadable(ByteStream &) override;
    void streamWritten(ByteStream &) override;
    void streamEnded(ByteStream &) override;

    void shakeHands();
    void fail(const QString &why);
    void send(QByteArrayView bytes);
    void shutDown();
    void announce();
    void tell();

    const std::unique_ptr<ByteStream> m_inner;
    const std::shared_ptr<const TlsClient> m_client;
    const std::shared_ptr<TlsSessionCache> m_sessions;
    ssl_st *const m_ssl;
    QByteArray m_unsent; ///< waits for the handshake
    QString m_failure;
    bool m_secured = false;
    bool m_reading = false;
    bool m_more = false; ///< OpenSSL has taken more from the inner stream than was read here
    bool m_announced = false; ///< tell() comes by itself
    bool m_telling = false; ///< inside tell()
    bool m_ended = false; ///< nothing more comes from the peer but what is there already
    bool m_closing = false; ///< closeAfterWriting() was called
    bool m_over = false;
};

} // namespace rr
