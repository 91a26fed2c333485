// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"
#include "core/wire/backlog.h"
#include "core/wire/bytestream.h"
#include "core/wire/tlsclient.h"
#include "core/wire/tlsserver.h"

#include <QByteArray>
#include <QObject>

#include <memory>

struct ssl_st;

namespace rr {

/// A ByteStream that is encrypted by OpenSSL on its way through another one: one read and one write of that a message,
/// and no buffer of its own while nothing is on its way. What the other one cannot take at once waits here, unencrypted, and
/// can still be taken back. It makes the TLS handshake first, as the client or as the server.
/// Linux only: elsewhere QtStream does this through QSslSocket, at more cost.
///
/// The end is told only while reading is on, or before the handshake is done: a peer that closes its half with its last
/// message can still be answered.
class TlsStream final : public QObject, public ByteStream, private ByteStream::Owner
{
    Q_OBJECT
public:
    /// Begins the handshake with `host`, whose name or address the certificate must bear. What is written before the
    /// handshake is done waits for it. If it fails, the stream ends.
    TlsStream(std::unique_ptr<ByteStream> inner, std::shared_ptr<const TlsClient> client, const QString &host,
        std::shared_ptr<TlsSessionCache> sessions);
    /// Waits for a client to begin the handshake; until its first byte there is nothing of OpenSSL's. If it fails, the
    /// stream ends.
    TlsStream(std::unique_ptr<ByteStream> inner, std::shared_ptr<const TlsServer> server);
    ~TlsStream() override;

    /// Why the handshake failed, in words for people; empty also when the peer just closed the connection.
    const Sentence &failure() const { return m_failure; }
    bool isSecured() const { return m_secured; } ///< the handshake is done

    qint64 read(char *to, qint64 most) override;
    bool hasWaiting() override;
    void setReading(bool on) override;
    void write(QByteArrayView bytes) override;
    qint64 backlogBytes() const override;
    quint64 takenBytes() const override { return m_inner->takenBytes(); }
    bool takeBack(qint64 count) override;
    bool peerHasLeft() const override { return m_inner->peerHasLeft(); }
    void setPatient(bool patient) override { m_inner->setPatient(patient); }
    bool isShakingHands() const override { return m_ssl && !m_secured && !m_ended; }
    void closeAfterWriting() override;
    void abort() override;
    bool isOver() const override { return m_over; }
    TlsFailure tlsFailure() const override;
    QString tlsError() const override { return m_server ? plain(m_failure) : QString(); }

Q_SIGNALS:
    void secured(); ///< the handshake is done; in a later turn of the event loop

private:
    friend class TlsClient;
    static int keepSession(ssl_st *ssl, ssl_session_st *session);

    void streamReadable(ByteStream &) override;
    void streamWritten(ByteStream &) override;
    void streamEnded(ByteStream &) override;

    void begin(ssl_ctx_st *context);
    void shakeHands();
    void fail(const Sentence &why);
    bool receive(char *to, std::size_t most, std::size_t &got, bool keep);
    void send(QByteArrayView bytes);
    void sendUnsent();
    void shutDown();
    void announce();
    void tell();

    const std::unique_ptr<ByteStream> m_inner;
    const std::shared_ptr<const TlsServer> m_server; ///< null where this is the client
    const std::shared_ptr<TlsSessionCache> m_sessions; ///< null where this is the server
    ssl_st *m_ssl = nullptr; ///< the server has one from the client's first byte on
    Backlog m_unsent; ///< waits for the handshake, or for the inner stream
    Sentence m_failure;
    TlsFailure m_clientsFailure = TlsFailure::None;
    bool m_secured = false;
    bool m_reading = false;
    bool m_more = false; ///< OpenSSL has taken more from the inner stream than was read here
    bool m_announced = false; ///< tell() comes by itself
    bool m_telling = false; ///< inside tell()
    bool m_ended = false; ///< nothing more comes from the peer but what is there already
    bool m_closing = false; ///< closeAfterWriting() was called
    bool m_shutDown = false; ///< and all was written
    bool m_over = false;
};

} // namespace rr
