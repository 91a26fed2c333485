// SPDX-License-Identifier: MIT
#include "core/relay/tlsfiles.h"
#include "tests/core/websocket/testcertificate.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_TlsFiles : public QObject
{
    Q_OBJECT
    TestCertificate m_certificate;
    TestCertificate m_expired{TestCertificate::Expired};
    QTemporaryDir m_dir;

    QString file(const QString &name, const QByteArray &content)
    {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("write");
        return file.fileName();
    }

private Q_SLOTS:
    void none()
    {
        const auto result = loadServerTls({});
        QVERIFY(!std::get<0>(result).has_value());
    }

    void good()
    {
        Settings settings;
        settings.tlsCertFile = m_certificate.certFile();
        settings.tlsKeyFile = m_certificate.keyFile();
        const auto result = loadServerTls(settings);
        const auto &configuration = std::get<0>(result);
        QVERIFY(configuration);
        QCOMPARE(configuration->localCertificateChain(), QSslCertificate::fromPath(m_certificate.certFile()));
        QVERIFY(!configuration->privateKey().isNull());
        QCOMPARE(configuration->protocol(), QSsl::TlsV1_2OrLater);
    }

    void bad_data()
    {
        QTest::addColumn<QString>("cert");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QByteArray>("setting");
        const QString cert = m_certificate.certFile();
        const QString key = m_certificate.keyFile();
        const QString text = file(u"text.pem"_s, "not a certificate\n");
        QProcess openssl;
        openssl.start(u"openssl"_s, {u"genrsa"_s, u"-out"_s, m_dir.filePath(u"rsa.pem"_s), u"2048"_s});
        QVERIFY(openssl.waitForFinished());
        QTest::newRow("no certificate file") << u"/nowhere/cert.pem"_s << key << QByteArray("tlsCertFile");
        QTest::newRow("no key file") << cert << u"/nowhere/key.pem"_s << QByteArray("tlsKeyFile");
        QTest::newRow("no certificate in it") << text << key << QByteArray("tlsCertFile");
        QTest::newRow("no key in it") << cert << text << QByteArray("tlsKeyFile");
        QTest::newRow("certificate for a key") << cert << cert << QByteArray("tlsKeyFile");
        QTest::newRow("a key of another kind")
            << cert << m_dir.filePath(u"rsa.pem"_s) << QByteArray("tlsKeyFile");
        QTest::newRow("expired") << m_expired.certFile() << m_expired.keyFile() << QByteArray("tlsCertFile");
    }
    void bad()
    {
        QFETCH(QString, cert);
        QFETCH(QString, key);
        QFETCH(QByteArray, setting);
        Settings settings;
        settings.tlsCertFile = cert;
        settings.tlsKeyFile = key;
        const auto result = loadServerTls(settings);
        const auto *error = std::get_if<RelayError>(&result);
        QVERIFY(error);
        QCOMPARE(error->code, "tls_files");
        QCOMPARE(error->setting, setting);
        QVERIFY(error->detail.contains(setting == "tlsCertFile" ? cert : key));
    }

    void upstream()
    {
        const auto plain = std::get<0>(loadUpstreamTls({}));
        QCOMPARE(plain.qt.peerVerifyMode(), QSslSocket::VerifyPeer);
        QCOMPARE(plain.qt.protocol(), QSsl::TlsV1_2OrLater);
#ifdef Q_OS_LINUX
        QVERIFY(plain.client);
#endif

        Settings settings;
        settings.upstreamCaFile = m_certificate.certFile();
        const auto instead = std::get<0>(loadUpstreamTls(settings));
        QCOMPARE(instead.qt.peerVerifyMode(), QSslSocket::VerifyPeer);
        QCOMPARE(instead.qt.caCertificates(),
            QSslCertificate::fromPath(m_certificate.certFile())); // and no others
    }
    void badUpstream()
    {
        Settings settings;
        for (const QString &path : {u"/nowhere/ca.pem"_s, file(u"ca.pem"_s, "nothing")}) {
            settings.upstreamCaFile = path;
            const auto result = loadUpstreamTls(settings);
            const auto *error = std::get_if<RelayError>(&result);
            QVERIFY(error);
            QCOMPARE(error->setting, "upstreamCaFile");
            QVERIFY(error->detail.contains(path));
        }
    }
};

QTEST_GUILESS_MAIN(tst_TlsFiles)
#include "tst_tlsfiles.moc"
