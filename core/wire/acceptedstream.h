// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/bytestream.h"
#include "core/wire/tlsserver.h"

#include <QHostAddress>

#include <memory>

namespace rr {

/// A client's connection, from its first byte on.
struct AcceptedStream
{
    std::unique_ptr<ByteStream> stream; ///< null: the connection was lost already
    QHostAddress peer;
    /// What beginTls() is to be given once it is seen that the client speaks TLS; null: it is not to, or the stream makes
    /// the handshake by itself.
    std::shared_ptr<const TlsServer> tls;
    /// What is read first is what came first on the wire; false: it comes out of TLS.
    bool opensInClear = true;
};

/// Takes over a descriptor that was just accepted, in the thread that is to use it. `tls`: the client is to speak that;
/// null: plain. On Linux the stream is a plain one at first, for its first bytes tell what the client speaks (readOpening());
/// elsewhere one with TLS makes the handshake by itself.
AcceptedStream acceptStream(qintptr descriptor, const std::shared_ptr<const TlsServer> &tls);

/// The stream with TLS from its next byte on, and what was given back to it (ByteStream::unread()) before that. It makes
/// the handshake by itself; if that fails, the stream ends and ByteStream::tlsFailure() says why. `tls` is of an
/// AcceptedStream.
std::unique_ptr<ByteStream> beginTls(
    std::unique_ptr<ByteStream> stream, const std::shared_ptr<const TlsServer> &tls);

/// acceptStream() through Qt's sockets, where PlainStream or TlsStream is not to be had. `tls`: null: plain.
AcceptedStream acceptThroughQt(qintptr descriptor, const QSslConfiguration *tls);

} // namespace rr
