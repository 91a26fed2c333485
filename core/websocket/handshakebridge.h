// SPDX-License-Identifier: MIT
#pragma once

#include "core/websocket/plainstream.h"
#include "core/websocket/tlsstream.h"

#include <memory>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace rr {

/// Lets a QWebSocket, which knows only connections that Qt makes, make its opening handshake over a TlsStream: its socket
/// gets one end of a pair of local sockets, and what it says is passed on. Of what comes back it gets the head of the
/// answer; what follows stays in the stream. Linux only. Lives in one thread; may be destroyed in any signal of the
/// QWebSocket.
class HandshakeBridge final : private ByteStream::Owner
{
public:
    explicit HandshakeBridge(std::unique_ptr<TlsStream> stream);

    /// Connects `socket`, which is not connected to anything. False: the system has no more descriptors (errno).
    bool connectSocket(QTcpSocket &socket);

    /// Why there is no secure connection; empty: nothing went wrong with that.
    const QString &tlsFailure() const { return m_stream->failure(); }
    /// The stream, to be read behind the head of the answer. Once, when QWebSocket is content with it; null if the
    /// connection was lost meanwhile.
    std::unique_ptr<ByteStream> takeStream();

private:
    void streamReadable(ByteStream &stream) override;
    void streamWritten(ByteStream &) override { }
    void streamEnded(ByteStream &stream) override;
    void passHead();

    std::unique_ptr<TlsStream> m_stream;
    std::unique_ptr<PlainStream> m_near; ///< the other end of the pair
    QByteArray m_head;
    bool m_headPassed = false;
};

} // namespace rr
