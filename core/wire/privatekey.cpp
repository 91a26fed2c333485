// SPDX-License-Identifier: MIT
#include "core/wire/privatekey.h"

#include <optional>

#ifdef Q_OS_LINUX
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#endif

namespace rr {

namespace {

std::optional<QSslKey> readByQt(const QByteArray &pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        QSslKey key(pem, algorithm);
        if (!key.isNull())
            return key;
    }
    return {};
}

#ifdef Q_OS_LINUX
/// Null: there is none, or it is encrypted.
EVP_PKEY *readByOpenssl(const QByteArray &pem)
{
    EVP_PKEY *key = nullptr;
    BIO *bio = BIO_new_mem_buf(pem.constData(), int(pem.size()));
    char *name = nullptr;
    char *header = nullptr;
    unsigned char *der = nullptr;
    long size = 0;
    while (!key && PEM_read_bio(bio, &name, &header, &der, &size) == 1) {
        const unsigned char *begin = der;
        if (QByteArrayView(name).endsWith("PRIVATE KEY"))
            key = d2i_AutoPrivateKey(nullptr, &begin, size);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(der, size_t(size));
    }
    BIO_free(bio);
    ERR_clear_error(); // Qt, which has TLS connections in this thread, would take it for its own
    return key;
}

std::optional<QSslKey> readKey(const QByteArray &pem)
{
    EVP_PKEY *key = readByOpenssl(pem);
    if (!key)
        return {};
    const int kind = EVP_PKEY_get_base_id(key);
    if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC && kind != EVP_PKEY_DSA)
        return QSslKey(key); // which is its owner now
    EVP_PKEY_free(key);
    return readByQt(pem);
}
#else
std::optional<QSslKey> readKey(const QByteArray &pem)
{
    return readByQt(pem);
}
#endif

} // namespace

std::variant<QSslKey, Sentence> readPrivateKey(const QByteArray &pem)
{
    if (const auto key = readKey(pem))
        return *key;
    // PKCS #8 says it in the first line (RFC 7468 11), older forms in a head below it (RFC 1421 4.6.1.1).
    if (pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || pem.contains("Proc-Type: 4,ENCRYPTED"))
        return Sentence(QT_TRANSLATE_NOOP("Core",
            "the key is encrypted, and the relay asks for no passphrase; write it without one: openssl pkey -in "
            "OLD -out NEW"));
    if (pem.startsWith('\x30')) // a SEQUENCE, as DER and PKCS #12 begin
        return Sentence(QT_TRANSLATE_NOOP("Core",
            "it is binary (DER or PKCS #12); make PEM of it: openssl pkey -inform der -in OLD -out NEW, or openssl "
            "pkcs12 -nodes -nocerts -in OLD -out NEW"));
    return Sentence(QT_TRANSLATE_NOOP("Core", "there is no private key in PEM form in it"));
}

} // namespace rr
