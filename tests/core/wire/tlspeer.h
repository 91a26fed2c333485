// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/tlsstream.h"
#include "tests/core/wire/memorystream.h"
#include "tests/core/wire/streamowner.h"
#include "tests/core/wire/testcertificate.h"

#include <QCoreApplication>
#include <QSslCertificate>

#include <memory>
#include <utility>

#include <openssl/ssl.h>

namespace rr {

/// A server that streams of the relay dial, of one version of TLS: what all connections to it have in common.
class ServerContext
{
public:
    ServerContext(const TestCertificate &certificate, int version)
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
    ~ServerContext() { SSL_CTX_free(context); }
    Q_DISABLE_COPY_MOVE(ServerContext)

    SSL_CTX *const context;
};

/// A client that dials the relay, with what is set for it.
class ClientContext
{
public:
    /// Trusts the certificate; null: nobody.
    ClientContext(const TestCertificate *trusted, int version)
        : context(SSL_CTX_new(TLS_client_method()))
    {
        SSL_CTX_set_security_level(context, 0); // old versions are not spoken otherwise
        SSL_CTX_set_min_proto_version(context, version);
        SSL_CTX_set_max_proto_version(context, version);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
        if (trusted && SSL_CTX_load_verify_file(context, trusted->certFile().toUtf8().constData()) != 1)
            qFatal("certificate");
    }
    ~ClientContext() { SSL_CTX_free(context); }
    Q_DISABLE_COPY_MOVE(ClientContext)

    SSL_CTX *const context;
};

/// A TlsStream, as the client of a server's context or as the server of a client's, and the other's side of it.
class TlsConnection
{
public:
    /// The peer is a client; nobody has the other end yet: `memory` is it.
    explicit TlsConnection(const ClientContext &client)
        : TlsConnection(client.context)
    {
        SSL_set_connect_state(peer);
    }
    TlsConnection(const ServerContext &server, const QSslCertificate &authority, const QString &host,
        std::shared_ptr<TlsSessionCache> sessions = std::make_shared<TlsSessionCache>())
        : TlsConnection(server.context)
    {
        SSL_set_accept_state(peer);
        stream = std::make_unique<TlsStream>(
            std::move(memory), std::make_shared<TlsClient>(QList{authority}), host, std::move(sessions));
        stream->setOwner(&owner);
    }
    TlsConnection(const ClientContext &client, std::shared_ptr<const TlsServer> server)
        : TlsConnection(client.context)
    {
        SSL_set_connect_state(peer);
        stream = std::make_unique<TlsStream>(std::move(memory), std::move(server));
        stream->setOwner(&owner);
    }
    ~TlsConnection() { SSL_free(peer); }
    Q_DISABLE_COPY_MOVE(TlsConnection)

    /// What the peer has said reaches the stream.
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
    std::unique_ptr<MemoryStream> memory = std::make_unique<MemoryStream>(); ///< until a stream has it
    std::unique_ptr<TlsStream> stream;
    QByteArray heard; ///< by the peer

private:
    explicit TlsConnection(SSL_CTX *context)
        : peer(SSL_new(context))
    {
        SSL_set_bio(peer, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        inner = memory.get();
    }
};

} // namespace rr
