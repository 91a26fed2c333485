// SPDX-License-Identifier: MIT
#pragma once

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

namespace rr {

/// Keys and certificates of every kind, made by the openssl command in a folder that is removed in the end. A certificate
/// NAME.pem has its key in NAME.key.
class OpensslFiles
{
public:
    QString path(const QString &name) const { return m_folder.filePath(name); }

    QByteArray content(const QString &name) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("%s", qPrintable(file.errorString()));
        return file.readAll();
    }

    QString put(const QString &name, const QByteArray &content) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("%s", qPrintable(file.errorString()));
        return file.fileName();
    }

    /// In the folder: names of files are relative to it.
    void openssl(const QString &arguments) const
    {
        QProcess command;
        command.setWorkingDirectory(m_folder.path());
        command.start(QStringLiteral("openssl"), QProcess::splitCommand(arguments));
        if (!command.waitForFinished() || command.exitCode() != 0)
            qFatal("openssl %s: %s", qPrintable(arguments), command.readAllStandardError().constData());
    }

    /// `kind`: "rsa:2048", "rsa-pss:2048", "ec:P-256", "ed25519", … Written as PKCS #8.
    void makeKey(const QString &name, const QString &kind) const
    {
        const QString algorithm = kind.section(u':', 0, 0);
        const QString option = algorithm == QLatin1String("ec") ? QStringLiteral("ec_paramgen_curve:")
                                                                : QStringLiteral("rsa_keygen_bits:");
        openssl(QStringLiteral("genpkey -algorithm %1 %2 -out %3.key")
                    .arg(algorithm.toUpper(),
                        kind.contains(u':') ? QStringLiteral("-pkeyopt ") + option + kind.section(u':', 1)
                                            : QString(),
                        name));
    }

    /// For localhost, signed by `signer`, or by itself where that is empty.
    void certify(const QString &name, const QString &kind = QStringLiteral("ec:P-256"),
        const QString &signer = {},
        const QString &extensions = QStringLiteral("subjectAltName=DNS:localhost")) const
    {
        makeKey(name, kind);
        put(name + QStringLiteral(".ext"), extensions.toLatin1() + '\n');
        openssl(QStringLiteral("req -new -key %1.key -subj /CN=localhost -out %1.csr").arg(name));
        const QString by = signer.isEmpty()
            ? QStringLiteral("-signkey %1.key").arg(name)
            : QStringLiteral("-CA %1.pem -CAkey %1.key -CAcreateserial").arg(signer);
        openssl(QStringLiteral("x509 -req -in %1.csr %2 -days 2 -extfile %1.ext -out %1.pem").arg(name, by));
    }

    void certifyAuthority(const QString &name, const QString &signer = {}) const
    {
        certify(name, QStringLiteral("ec:P-256"), signer,
            QStringLiteral("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign"));
    }

private:
    QTemporaryDir m_folder;
};

} // namespace rr
