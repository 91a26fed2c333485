// SPDX-License-Identifier: MIT
#include "core/wire/tlsclient.h"

#include "core/wire/tlsstream.h"

#include <QDir>

#include <openssl/ssl.h>

namespace rr {

namespace {

/// Where distributions have them whose OpenSSL looks elsewhere unless a package of tools is installed (Debian).
constexpr const char *authoritiesFolder = "/etc/ssl/certs";

void trustSystem(SSL_CTX *context)
{
    SSL_CTX_set_default_verify_paths(context);
    if (QDir(QString::fromLatin1(authoritiesFolder)).exists())
        X509_STORE_load_path(SSL_CTX_get_cert_store(context), authoritiesFolder);
}

void trust(SSL_CTX *context, const QList<QSslCertificate> &authorities)
{
    for (const QSslCertificate &authority : authorities) {
        const QByteArray der = authority.toDer();
        const auto *begin = reinterpret_cast<const unsigned char *>(der.constData());
        if (X509 *certificate = d2i_X509(nullptr, &begin, long(der.size()))) {
            X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate);
            X509_free(certificate);
        }
    }
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
}

} // namespace

TlsClient::TlsClient(const QList<QSslCertificate> &authorities)
    : m_context(SSL_CTX_new(TLS_client_method()))
{
    Q_CHECK_PTR(m_context);
    SSL_CTX_set_min_proto_version(m_context, TLS1_2_VERSION);
    SSL_CTX_set_verify(m_context, SSL_VERIFY_PEER, nullptr);
    // A WebSocket has a close frame: an end without TLS's own is as good.
    SSL_CTX_set_options(m_context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    // An idle connection needs no buffers; a record is read with one call, not its head first.
    SSL_CTX_set_mode(m_context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(m_context, 1);
    SSL_CTX_set_session_cache_mode(m_context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(m_context, TlsStream::keepSession);
    if (authorities.isEmpty())
        trustSystem(m_context);
    else
        trust(m_context, authorities);
}

TlsClient::~TlsClient()
{
    SSL_CTX_free(m_context);
}

} // namespace rr
