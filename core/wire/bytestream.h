// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/tlsfailure.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace rr {

/// A connection: bytes in, bytes out, and a backlog of what the peer has not taken yet.
/// Three kinds: PlainStream on a bare descriptor; TlsStream through another stream; QtStream on a QTcpSocket or QSslSocket
/// where the bytes must go through Qt (proxies, and systems without the other two). Used in one thread only.
class ByteStream
{
public:
    /// Who is told what happens. Called from the event loop, never from inside read(), write() or setReading().
    /// The stream may not be destroyed inside these calls.
    class Owner
    {
    public:
        virtual void streamReadable(ByteStream &stream) = 0;
        virtual void streamWritten(ByteStream &stream) = 0; ///< the backlog became smaller
        virtual void streamEnded(ByteStream &stream)
            = 0; ///< once; nothing more to read, nothing can be written

    protected:
        ~Owner() = default;
    };

    virtual ~ByteStream() = default; ///< cuts the connection if it is still there
    ByteStream(const ByteStream &) = delete;
    ByteStream &operator=(const ByteStream &) = delete;

    void setOwner(Owner *owner) { m_owner = owner; } ///< tells nothing before setReading(true)

    /// Up to `most` bytes of what has come. 0: nothing just now, or the end (streamEnded follows).
    virtual qint64 read(char *to, qint64 most) = 0;
    /// Whether there is something to read, without reading it. False also at the end (streamEnded follows).
    virtual bool hasWaiting() = 0;
    /// Gives back what was read too far: the next read() gets it. Only while reading is off.
    void unread(const QByteArray &bytes) { m_early = bytes + m_early; }
    /// Off, as it is at first: nothing more is read ahead than the stream's own small buffer, so that TCP stops the sender.
    virtual void setReading(bool on) = 0;
    /// Takes all of it: what the peer does not take at once becomes the backlog.
    virtual void write(QByteArrayView bytes) = 0;
    virtual qint64 backlogBytes() const = 0;
    /// How many bytes the peer's side of the system has taken in all. Grows while a slow peer is still alive.
    virtual quint64 takenBytes() const = 0;
    /// Takes back the last `count` bytes that were written, if none of them has left this process. False: nothing is done.
    virtual bool takeBack([[maybe_unused]] qint64 count) { return false; }

    /// Ends the connection once the backlog is written; streamEnded follows when the peer has ended it too.
    virtual void closeAfterWriting() = 0;
    /// Cuts it now. No call to the owner follows.
    virtual void abort() = 0;
    /// True once it was cut or has ended.
    virtual bool isOver() const = 0;
    /// Whether the peer has ended the connection, though not all that it said before was read. False also where the system
    /// does not tell.
    virtual bool peerHasLeft() const { return false; }
    /// A stream is patient at first: it waits for those that are not, see PatientNotifier. Who carries a call is not.
    virtual void setPatient(bool patient) = 0;
    /// Whether a TLS handshake has begun that is not done.
    virtual bool isShakingHands() const { return false; }
    /// Of a client's connection that was accepted: known when it ends.
    virtual TlsFailure tlsFailure() const { return TlsFailure::None; }
    /// What the system's TLS says of that failure, in its own English words; empty: nothing.
    virtual QString tlsError() const { return {}; }

protected:
    ByteStream() = default;
    /// Moves up to `most` bytes from the front of `bytes`. Returns how many.
    static qint64 takeFrom(QByteArray &bytes, char *to, qint64 most);
    Owner *m_owner = nullptr;
    QByteArray m_early; ///< comes before what the connection still holds
};

} // namespace rr
