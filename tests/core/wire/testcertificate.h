// SPDX-License-Identifier: MIT
#pragma once

#include <QFile>
#include <QProcess>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QTemporaryDir>

namespace rr {

/// A throw-away certificate for localhost that signs itself, made by the openssl command.
class TestCertificate
{
public:
    enum Validity { Valid, Expired };

    explicit TestCertificate(Validity validity = Valid)
    {
        run({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"),
            QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256"), QStringLiteral("-nodes"),
            QStringLiteral("-days"), QStringLiteral("2"), QStringLiteral("-subj"),
            QStringLiteral("/CN=localhost"), QStringLiteral("-addext"),
            QStringLiteral("subjectAltName=DNS:localhost,IP:127.0.0.1"), QStringLiteral("-keyout"), keyFile(),
            QStringLiteral("-out"), certFile()});
        // With 0 days it ends in the second in which it begins, which is over; OpenSSL 3.5 refuses -1.
        if (validity == Expired)
            run({QStringLiteral("x509"), QStringLiteral("-in"), certFile(), QStringLiteral("-signkey"),
                keyFile(), QStringLiteral("-days"), QStringLiteral("0"), QStringLiteral("-out"), certFile()});
    }

    QString certFile() const { return m_dir.filePath(QStringLiteral("cert.pem")); }
    QString keyFile() const { return m_dir.filePath(QStringLiteral("key.pem")); }

    QSslConfiguration server() const
    {
        QFile key(keyFile());
        if (!key.open(QIODevice::ReadOnly))
            qFatal("key");
        auto configuration = QSslConfiguration::defaultConfiguration();
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        configuration.setLocalCertificateChain(QSslCertificate::fromPath(certFile()));
        configuration.setPrivateKey(QSslKey(&key, QSsl::Ec));
        return configuration;
    }
    QSslConfiguration client() const
    {
        auto configuration = QSslConfiguration::defaultConfiguration();
        configuration.setCaCertificates(QSslCertificate::fromPath(certFile()));
        return configuration;
    }

private:
    static void run(const QStringList &arguments)
    {
        QProcess openssl;
        openssl.start(QStringLiteral("openssl"), arguments);
        if (!openssl.waitForFinished() || openssl.exitCode() != 0)
            qFatal("openssl: %s", openssl.readAllStandardError().constData());
    }

    QTemporaryDir m_dir;
};

} // namespace rr
