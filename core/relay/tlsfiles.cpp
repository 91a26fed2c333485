// SPDX-License-Identifier: MIT
#include "core/relay/tlsfiles.h"

#include <QDateTime>
#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QTcpSocket>

#include <algorithm>

namespace rr {

namespace {

std::variant<QByteArray, RelayError> readFile(const QString &path, const QByteArray &setting)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return RelayError{"tls_files", setting,
            QStringLiteral("%1 cannot be read: %2. Check the path and its permissions.")
                .arg(path, file.errorString())};
    return file.readAll();
}

std::optional<QSslKey> readKey(const QByteArray &pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        QSslKey key(pem, algorithm);
        if (!key.isNull())
            return key;
    }
    return std::nullopt;
}

/// One connection of this machine to itself, for keyFits().
class LoopbackConnection final : public QTcpServer
{
public:
    LoopbackConnection()
    {
        if (listen(QHostAddress::LocalHost)) {
            m_peer.connectToHost(QHostAddress::LocalHost, serverPort());
            waitForNewConnection(1000);
        }
    }

    qintptr descriptor() const { return m_descriptor; } ///< -1: there is none

protected:
    void incomingConnection(qintptr descriptor) override { m_descriptor = descriptor; }

private:
    QTcpSocket m_peer;
    qintptr m_descriptor = -1;
};

/// Whether the key is the certificate's. Qt looks only where a handshake begins, so one is begun, with a peer that
/// says nothing.
bool keyFits(const QSslConfiguration &configuration)
{
    LoopbackConnection connection;
    QSslSocket socket;
    if (connection.descriptor() < 0 || !socket.setSocketDescriptor(connection.descriptor()))
        return true; // not the files' fault; a handshake will tell
    socket.setSslConfiguration(configuration);
    socket.startServerEncryption();
    return socket.error() == QAbstractSocket::UnknownSocketError;
}

} // namespace

std::variant<std::optional<QSslConfiguration>, RelayError> loadServerTls(const Settings &settings)
{
    if (settings.tlsCertFile.isEmpty())
        return std::nullopt;

    const auto certPem = readFile(settings.tlsCertFile, "tlsCertFile");
    if (const auto *error = std::get_if<RelayError>(&certPem))
        return *error;
    const auto keyPem = readFile(settings.tlsKeyFile, "tlsKeyFile");
    if (const auto *error = std::get_if<RelayError>(&keyPem))
        return *error;

    const auto chain = QSslCertificate::fromData(std::get<QByteArray>(certPem), QSsl::Pem);
    if (chain.isEmpty())
        return RelayError{"tls_files", "tlsCertFile",
            QStringLiteral("%1 holds no certificate in PEM form.").arg(settings.tlsCertFile)};
    const auto key = readKey(std::get<QByteArray>(keyPem));
    if (!key)
        return RelayError{"tls_files", "tlsKeyFile",
            QStringLiteral("%1 holds no RSA or EC key in PEM form without a passphrase.")
                .arg(settings.tlsKeyFile)};
    if (chain.first().expiryDate() < QDateTime::currentDateTimeUtc())
        return RelayError{"tls_files", "tlsCertFile",
            QStringLiteral("The certificate in %1 expired on %2. Renew it.")
                .arg(settings.tlsCertFile, chain.first().expiryDate().toString(Qt::ISODate))};

    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone); // of the client, which authenticates by its key
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(*key);
    if (!keyFits(configuration))
        return RelayError{"tls_files", "tlsKeyFile",
            QStringLiteral("The key in %1 does not belong to the certificate in %2.")
                .arg(settings.tlsKeyFile, settings.tlsCertFile)};
    return configuration;
}

std::variant<UpstreamTls, RelayError> loadUpstreamTls(const Settings &settings)
{
    UpstreamTls tls;
    tls.qt = QSslConfiguration::defaultConfiguration();
    tls.qt.setProtocol(QSsl::TlsV1_2OrLater);
    tls.qt.setPeerVerifyMode(QSslSocket::VerifyPeer);
    QList<QSslCertificate> authorities;
    if (!settings.upstreamCaFile.isEmpty()) {
        const auto pem = readFile(settings.upstreamCaFile, "upstreamCaFile");
        if (const auto *error = std::get_if<RelayError>(&pem))
            return *error;
        authorities = QSslCertificate::fromData(std::get<QByteArray>(pem), QSsl::Pem);
        if (authorities.isEmpty())
            return RelayError{"tls_files", "upstreamCaFile",
                QStringLiteral("%1 holds no certificate in PEM form.").arg(settings.upstreamCaFile)};
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
