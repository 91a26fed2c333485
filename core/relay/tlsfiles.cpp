// SPDX-License-Identifier: MIT
#include "core/relay/tlsfiles.h"

#include "core/config/regularfile.h"
#include "core/wire/privatekey.h"

#include <QDateTime>
#include <QSslCertificate>
#include <QSslSocket>

namespace rr {

namespace {

RelayError fileError(const QByteArray &setting, const Sentence &detail)
{
    return {"tls_files", setting, detail};
}

std::variant<QByteArray, RelayError> readFile(const QString &path, const QByteArray &setting)
{
    const auto content = readRegularFile(path);
    if (const auto *why = std::get_if<Sentence>(&content))
        return fileError(setting,
            {QT_TRANSLATE_NOOP("Core", "%1 cannot be read: %2. Check the path and its permissions."),
                {path, *why}});
    return std::get<QByteArray>(content);
}

/// At least one.
std::variant<QList<QSslCertificate>, RelayError> readCertificates(
    const QString &path, const QByteArray &setting)
{
    const auto pem = readFile(path, setting);
    if (const auto *error = std::get_if<RelayError>(&pem))
        return *error;
    const auto &content = std::get<QByteArray>(pem);
    auto certificates = QSslCertificate::fromData(content, QSsl::Pem);
    if (!certificates.isEmpty())
        return certificates;
    if (content.startsWith('\x30')) // a SEQUENCE, as DER and PKCS #12 begin
        return fileError(setting,
            {QT_TRANSLATE_NOOP("Core",
                 "%1 holds no certificate in PEM form, for it is binary (DER or PKCS #12). Make PEM of it: openssl "
                 "x509 -inform der -in OLD -out NEW, or openssl pkcs12 -nokeys -in OLD -out NEW"),
                {path}});
    return fileError(setting, {QT_TRANSLATE_NOOP("Core", "%1 holds no certificate in PEM form."), {path}});
}

} // namespace

std::variant<std::shared_ptr<const TlsServer>, RelayError> loadServerTls(const Settings &settings)
{
    if (settings.tlsCertFile.isEmpty())
        return std::shared_ptr<const TlsServer>();

    const auto certificates = readCertificates(settings.tlsCertFile, "tlsCertFile");
    if (const auto *error = std::get_if<RelayError>(&certificates))
        return *error;
    const auto keyPem = readFile(settings.tlsKeyFile, "tlsKeyFile");
    if (const auto *error = std::get_if<RelayError>(&keyPem))
        return *error;
    const auto key = readPrivateKey(std::get<QByteArray>(keyPem));
    if (const auto *why = std::get_if<Sentence>(&key))
        return fileError("tlsKeyFile",
            {QT_TRANSLATE_NOOP("Core", "The key in %1 cannot be used: %2."), {settings.tlsKeyFile, *why}});
    const auto &chain = std::get<QList<QSslCertificate>>(certificates);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    if (chain.first().effectiveDate() > now)
        return fileError("tlsCertFile",
            {QT_TRANSLATE_NOOP("Core",
                 "The certificate in %1 is not valid before %2. Does this machine's clock go right? It says %3."),
                {settings.tlsCertFile, chain.first().effectiveDate().toString(Qt::ISODate),
                    now.toString(Qt::ISODate)}});
    if (chain.first().expiryDate() < now)
        return fileError("tlsCertFile",
            {QT_TRANSLATE_NOOP("Core", "The certificate in %1 expired on %2. Renew it."),
                {settings.tlsCertFile, chain.first().expiryDate().toString(Qt::ISODate)}});

    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone); // of the client, which authenticates by its key
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(std::get<QSslKey>(key));
    limitGroups(configuration);
    TlsRefusal refusal;
    auto server = TlsServer::make(configuration, &refusal);
    if (server)
        return server;
    if (refusal.of == TlsRefusal::Certificate)
        return fileError("tlsCertFile",
            {QT_TRANSLATE_NOOP("Core", "The certificate in %1 cannot be used: %2."),
                {settings.tlsCertFile, refusal.why}});
    if (!refusal.why.isEmpty())
        return fileError("tlsKeyFile",
            {QT_TRANSLATE_NOOP("Core", "The key in %1 cannot be used: %2."),
                {settings.tlsKeyFile, refusal.why}});
    return fileError("tlsKeyFile",
        {QT_TRANSLATE_NOOP("Core",
             "The key in %1 does not belong to the certificate in %2, where the relay's own must be the first."),
            {settings.tlsKeyFile, settings.tlsCertFile}});
}

std::variant<UpstreamTls, RelayError> loadUpstreamTls(const Settings &settings)
{
    UpstreamTls tls;
    tls.qt = QSslConfiguration::defaultConfiguration();
    tls.qt.setProtocol(QSsl::TlsV1_2OrLater);
    tls.qt.setPeerVerifyMode(QSslSocket::VerifyPeer);
    QList<QSslCertificate> authorities;
    if (!settings.upstreamCaFile.isEmpty()) {
        const auto certificates = readCertificates(settings.upstreamCaFile, "upstreamCaFile");
        if (const auto *error = std::get_if<RelayError>(&certificates))
            return *error;
        authorities = std::get<QList<QSslCertificate>>(certificates);
        // In the place of the system's: Qt would have to load all of those for every connection.
        tls.qt.setCaCertificates(authorities);
    }
#ifdef Q_OS_LINUX
    if (settings.upstreamUrl.scheme() == QLatin1String("wss"))
        tls.client = std::make_shared<TlsClient>(authorities);
#endif
    return tls;
}

} // namespace rr
