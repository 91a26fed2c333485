// SPDX-License-Identifier: MIT
#include "core/wire/tlsserver.h"

#include "core/wire/localpair.h"

#include <QSslCertificate>
#include <QSslDiffieHellmanParameters>
#include <QSslEllipticCurve>
#include <QSslKey>
#include <QSslSocket>

#ifdef Q_OS_LINUX
#include <openssl/err.h>
#include <openssl/ssl.h>
#endif

namespace rr {

void limitGroups(QSslConfiguration &configuration)
{
    QList<QSslEllipticCurve> curves;
    for (const QString &name :
        {QStringLiteral("X25519"), QStringLiteral("prime256v1"), QStringLiteral("secp384r1")}) {
        if (const QSslEllipticCurve curve = QSslEllipticCurve::fromShortName(name); curve.isValid())
            curves.append(curve);
    }
    configuration.setEllipticCurves(curves);
    configuration.setDiffieHellmanParameters({}); // of TLS 1.2, where Qt has some of its own
}

bool keyFits(const QSslConfiguration &configuration)
{
    // Qt looks only where a handshake begins, so one is begun, with a peer that says nothing.
    QSslSocket socket;
    const auto peer = connectLocally(socket);
    if (!peer)
        return true; // not the key's fault; a handshake will tell
    socket.setSslConfiguration(configuration);
    socket.startServerEncryption();
    return socket.error() == QAbstractSocket::UnknownSocketError;
}

#ifdef Q_OS_LINUX
namespace {

bool useCertificates(SSL_CTX *context, const QList<QSslCertificate> &chain)
{
    bool used = !chain.isEmpty();
    for (const QSslCertificate &each : chain) {
        const QByteArray der = each.toDer();
        const auto *begin = reinterpret_cast<const unsigned char *>(der.constData());
        X509 *certificate = d2i_X509(nullptr, &begin, long(der.size()));
        used = used && certificate
            && (&each == &chain.first() ? SSL_CTX_use_certificate(context, certificate)
                                        : SSL_CTX_add1_chain_cert(context, certificate))
                == 1;
        X509_free(certificate);
    }
    return used;
}

/// A reference to it that is to be given back; null when there is none.
EVP_PKEY *opensslKey(const QSslKey &key)
{
    if (key.algorithm() == QSsl::Opaque) {
        auto *own = static_cast<EVP_PKEY *>(key.handle());
        return own && EVP_PKEY_up_ref(own) == 1 ? own : nullptr;
    }
    const QByteArray der = key.toDer();
    const auto *begin = reinterpret_cast<const unsigned char *>(der.constData());
    return d2i_AutoPrivateKey(nullptr, &begin, long(der.size()));
}

bool useKey(SSL_CTX *context, const QSslKey &key)
{
    EVP_PKEY *own = opensslKey(key);
    const bool fits
        = own && SSL_CTX_use_PrivateKey(context, own) == 1 && SSL_CTX_check_private_key(context) == 1;
    EVP_PKEY_free(own);
    return fits;
}

/// What OpenSSL has against it; which keys and signatures are too weak is up to its security level.
Sentence opensslsReason()
{
    const unsigned long error = ERR_peek_error();
    if (ERR_GET_LIB(error) == ERR_LIB_X509)
        return {}; // it compares the key with the certificate
    switch (ERR_GET_REASON(error)) {
    case SSL_R_NO_CERTIFICATE_ASSIGNED: // the key is of another kind
        return {};
    case SSL_R_EE_KEY_TOO_SMALL:
        return QT_TRANSLATE_NOOP(
            "Core", "its key is too short: have one made with RSA of 2048 bits or EC P-256");
    case SSL_R_CA_KEY_TOO_SMALL:
        return QT_TRANSLATE_NOOP("Core", "the key of an authority in its chain is too short");
    case SSL_R_CA_MD_TOO_WEAK:
        return QT_TRANSLATE_NOOP(
            "Core", "it is signed with a hash that is too weak: have one made with SHA-256");
    default:
        const char *reason = ERR_reason_error_string(error);
        return asTheySaid(QString::fromLatin1(reason ? reason : "?"));
    }
}

} // namespace

TlsServer::TlsServer(const QDateTime &certificateExpiry)
    : m_context(SSL_CTX_new(TLS_server_method()))
    , m_certificateExpiry(certificateExpiry)
{
    Q_CHECK_PTR(m_context);
    SSL_CTX_set_min_proto_version(m_context, TLS1_2_VERSION);
    SSL_CTX_set_options(m_context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set1_groups_list(m_context, "X25519:P-256:P-384"); // see limitGroups()
    // An idle connection needs no buffers, and where they are freed the programs wipe what a client has sent, its key above
    // all (app/compose/wipedmemory.cpp); a record is read with one call, not its head first.
    SSL_CTX_set_mode(m_context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(m_context, 1);
    // A client keeps its session itself, as a ticket; one that comes again makes one connection with it.
    SSL_CTX_set_session_cache_mode(m_context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(m_context, 1);
}

TlsServer::~TlsServer()
{
    SSL_CTX_free(m_context);
}

std::shared_ptr<const TlsServer> TlsServer::make(const QSslConfiguration &configuration, TlsRefusal *refusal)
{
    const std::shared_ptr<const TlsServer> server(
        new TlsServer(configuration.localCertificate().expiryDate()));
    ERR_clear_error();
    const bool certified = useCertificates(server->context(), configuration.localCertificateChain());
    const bool fits = certified && useKey(server->context(), configuration.privateKey());
    if (!fits && refusal)
        *refusal = {certified ? TlsRefusal::Key : TlsRefusal::Certificate, opensslsReason()};
    ERR_clear_error(); // Qt, which has TLS connections in this thread, would take it for its own
    return fits ? server : nullptr;
}
#else
TlsServer::TlsServer(const QSslConfiguration &configuration)
    : m_configuration(configuration)
    , m_certificateExpiry(configuration.localCertificate().expiryDate())
{
}

TlsServer::~TlsServer() = default;

std::shared_ptr<const TlsServer> TlsServer::make(const QSslConfiguration &configuration, TlsRefusal *refusal)
{
    if (!keyFits(configuration)) {
        if (refusal)
            *refusal = {};
        return nullptr;
    }
    return std::shared_ptr<const TlsServer>(new TlsServer(configuration));
}
#endif

} // namespace rr
