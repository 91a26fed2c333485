// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace rr {

/// A connection: bytes in, bytes out, and a backlog of what the peer has not taken yet.
/// Three kinds: PlainStream on a bare descriptor; TlsStream through another stream; QtStream on a QTcpSocket or QSslSocket
/// where the bytes must go through Qt (the client's TLS, proxies, and systems without the other two). Used in one thread only.
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

    /// Ends the connection once the backlog is written; streamEnded follows when the peer has ended it too.
    virtual void closeAfterWriting() = 0;
    /// Cuts it now. No call to the owner follows.
    virtual void abort() = 0;
    /// True once it was cut or has ended.
    virtual bool isOver() const = 0;

protected:
    ByteStream() = default;
    /// Moves up to `most` bytes from the front of `bytes`. Returns how many.
    static qint64 takeFrom(QByteArray &bytes, char *to, qint64 most);
    Owner *m_owner = nullptr;
    QByteArray m_early; ///< comes before what the connection still holds
};

} // namespace rr
