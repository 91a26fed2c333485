// SPDX-License-Identifier: MIT
#pragma once

#include "core/websocket/tlsstream.h"
#include "tests/core/websocket/memorystream.h"
#include "tests/core/websocket/streamowner.h"
#include "tests/core/websocket/testcertificate.h"

#include <QCoreApplication>
#include <QSslCertificate>

#include <memory>
#include <utility>

#include <openssl/ssl.h>

namespace rr {

/// A server's side, with what all connections to it have in common.
class TlsServer
{
public:
    TlsServer(const TestCertificate &certificate, int version)
        : context(SSL_CTX_new(TLS_server_method()))
    {
        SSL_CTX_set_min_proto_version(context, version);
        SSL_CTX_set_max_proto_version(context, version);
        if (SSL_CTX_use_certificate_file(
                context, certificate.certFile().toUtf8().constData(), SSL_FILETYPE_PEM)
                != 1
            || SSL_CTX_use_PrivateKey_file(
                   context, certificate.keyFile().toUtf8().constData(), SSL_FILETYPE_PEM)
                != 1)
            qFatal("certificate");
    }
    ~TlsServer() { SSL_CTX_free(context); }
    Q_DISABLE_COPY_MOVE(TlsServer)

    SSL_CTX *const context;
};

/// A TlsStream to that server, and the server's side of it.
class TlsConnection
{
public:
    TlsConnection(const TlsServer &server, const QSslCertificate &authority, const QString &host,
        std::shared_ptr<TlsSessionCache> sessions = std::make_shared<TlsSessionCache>())
        : peer(SSL_new(server.context))
    {
        SSL_set_bio(peer, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_accept_state(peer);
        auto memory = std::make_unique<MemoryStream>();
        inner = memory.get();
        stream = std::make_unique<TlsStream>(
            std::move(memory), std::make_shared<TlsClient>(QList{authority}), host, std::move(sessions));
        stream->setOwner(&owner);
    }
    ~TlsConnection() { SSL_free(peer); }
    Q_DISABLE_COPY_MOVE(TlsConnection)

    /// What the server has said reaches the stream.
    void deliver()
    {
        char *bytes = nullptr;
        const long size = BIO_get_mem_data(SSL_get_wbio(peer), &bytes);
        inner->incoming.append(bytes, size);
        BIO_reset(SSL_get_wbio(peer));
    }
    /// Both sides say and hear all that they can.
    void exchange()
    {
        do {
            if (const QByteArray bytes = std::exchange(inner->written, {}); !bytes.isEmpty())
                BIO_write(SSL_get_rbio(peer), bytes.constData(), int(bytes.size()));
            char bytes[16384];
            for (int n; (n = SSL_read(peer, bytes, sizeof bytes)) > 0;)
                heard.append(bytes, n);
            deliver();
            if (!inner->incoming.isEmpty() && inner->reading && !inner->over)
                inner->tellReadable();
            QCoreApplication::processEvents();
        } while (!inner->written.isEmpty());
    }
    void say(const QByteArray &bytes)
    {
        if (SSL_write(peer, bytes.constData(), int(bytes.size())) != bytes.size())
            qFatal("SSL_write");
        deliver();
    }

    SSL *const peer;
    MemoryStream *inner;
    StreamOwner owner;
    std::unique_ptr<TlsStream> stream;
    QByteArray heard; ///< by the server
};

} // namespace rr
