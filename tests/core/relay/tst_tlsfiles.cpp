// SPDX-License-Identifier: MIT
#include "core/relay/tlsfiles.h"
#include "tests/core/wire/opensslfiles.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"

#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif
#ifdef Q_OS_LINUX
#include "tests/core/wire/tlspeer.h"

#include <openssl/pem.h>
#endif

using namespace rr;
using namespace Qt::StringLiterals;

class tst_TlsFiles : public QObject
{
    Q_OBJECT
    TestCertificate m_certificate;
    TestCertificate m_expired{TestCertificate::Expired};
    QTemporaryDir m_dir;
    const OpensslFiles m_files;

    QString file(const QString &name, const QByteArray &content)
    {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("write");
        return file.fileName();
    }

#ifdef Q_OS_LINUX
    /// The openssl command learns it only in version 3.4.
    QByteArray notYetValid(const QString &name) const
    {
        const auto opened = [this](const QString &file) {
            const QByteArray content = m_files.content(file);
            BIO *bio = BIO_new(BIO_s_mem());
            BIO_write(bio, content.constData(), int(content.size()));
            return bio;
        };
        BIO *in = opened(name + u".pem"_s);
        X509 *certificate = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
        BIO_free(in);
        in = opened(name + u".key"_s);
        EVP_PKEY *key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
        BIO_free(in);
        X509_gmtime_adj(X509_getm_notBefore(certificate), 24 * 60 * 60);
        X509_sign(certificate, key, EVP_sha256());
        BIO *out = BIO_new(BIO_s_mem());
        PEM_write_bio_X509(out, certificate);
        char *text = nullptr;
        const long size = BIO_get_mem_data(out, &text);
        const QByteArray pem(text, size);
        BIO_free(out);
        EVP_PKEY_free(key);
        X509_free(certificate);
        return pem;
    }
#endif

private Q_SLOTS:
    void none()
    {
        const auto result = loadServerTls({});
        QVERIFY(!std::get<0>(result));
    }

    void good()
    {
        Settings settings;
        settings.tlsCertFile = m_certificate.certFile();
        settings.tlsKeyFile = m_certificate.keyFile();
        const auto result = loadServerTls(settings);
        QVERIFY(std::get<0>(result));
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
        QVERIFY(plain(error->detail).contains(setting == "tlsCertFile" ? cert : key));
    }

    /// Each is told as what it is.
    void refused_data()
    {
        QTest::addColumn<QString>("cert");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QByteArray>("setting");
        QTest::addColumn<QString>("says");
        const auto row = [&](const char *name, const QString &cert, const QString &key,
                             const QByteArray &setting, const QString &says) {
            QTest::newRow(name) << m_files.path(cert) << m_files.path(key) << setting << says;
        };
        m_files.certify(u"a"_s);
        m_files.certify(u"b"_s);
        m_files.certify(u"short"_s, u"rsa:1024"_s);
        m_files.put(u"turned.pem"_s, m_files.content(u"b.pem"_s) + m_files.content(u"a.pem"_s));
        m_files.openssl(u"x509 -in a.pem -outform DER -out a.der"_s);
        m_files.openssl(u"pkey -in a.key -aes256 -passout pass:hunter2 -out a.encrypted"_s);
        row("key of another", u"a.pem"_s, u"b.key"_s, "tlsKeyFile", u"does not belong"_s);
        row("own certificate behind another", u"turned.pem"_s, u"a.key"_s, "tlsKeyFile",
            u"must be the first"_s);
        row("binary certificate", u"a.der"_s, u"a.key"_s, "tlsCertFile", u"openssl x509 -inform der"_s);
        row("binary key", u"a.pem"_s, u"a.der"_s, "tlsKeyFile", u"openssl pkey -inform der"_s);
        row("encrypted key", u"a.pem"_s, u"a.encrypted"_s, "tlsKeyFile", u"is encrypted"_s);
#ifdef Q_OS_LINUX
        row("short key", u"short.pem"_s, u"short.key"_s, "tlsCertFile", u"its key is too short"_s);
        m_files.put(u"early.pem"_s, notYetValid(u"a"_s));
        row("not valid yet", u"early.pem"_s, u"a.key"_s, "tlsCertFile", u"is not valid before"_s);
#endif
    }
    void refused()
    {
        QFETCH(QString, cert);
        QFETCH(QString, key);
        QFETCH(QString, says);
        Settings settings;
        settings.tlsCertFile = cert;
        settings.tlsKeyFile = key;
        const auto result = loadServerTls(settings);
        const auto *error = std::get_if<RelayError>(&result);
        QVERIFY(error);
        QTEST(error->setting, "setting");
        QVERIFY2(plain(error->detail).contains(says), qPrintable(plain(error->detail)));
    }

    void pipeIsNotWaitedFor()
    {
#ifdef Q_OS_UNIX
        QCOMPARE(mkfifo(QFile::encodeName(m_dir.filePath(u"pipe"_s)).constData(), 0600), 0);
        Settings settings;
        settings.tlsCertFile = m_dir.filePath(u"pipe"_s);
        settings.tlsKeyFile = m_certificate.keyFile();
        const auto result = loadServerTls(settings);
        QVERIFY(std::holds_alternative<RelayError>(result));
#endif
    }

#ifdef Q_OS_LINUX
    void everyKindServes_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("version");
        for (const char *kind :
            {"rsa:2048", "rsa-pss:2048", "ec:P-256", "ec:P-384", "ec:P-521", "ed25519", "ed448"}) {
            QTest::addRow("%s, TLS 1.2", kind) << QString::fromLatin1(kind) << TLS1_2_VERSION;
            QTest::addRow("%s, TLS 1.3", kind) << QString::fromLatin1(kind) << TLS1_3_VERSION;
        }
    }
    void everyKindServes()
    {
        QFETCH(QString, kind);
        QFETCH(int, version);
        m_files.certify(u"kind"_s, kind);
        // In one file, as some tools write them.
        const QString both
            = m_files.put(u"both.pem"_s, m_files.content(u"kind.pem"_s) + m_files.content(u"kind.key"_s));
        Settings settings;
        settings.tlsCertFile = both;
        settings.tlsKeyFile = both;
        const auto result = loadServerTls(settings);
        const auto *error = std::get_if<RelayError>(&result);
        QVERIFY2(!error, error ? qPrintable(plain(error->detail)) : "");
        const ClientContext client(nullptr, version);
        SSL_CTX_set_verify(client.context, SSL_VERIFY_NONE, nullptr);
        TlsConnection c(client, std::get<0>(result));
        c.exchange();
        QVERIFY2(c.stream->isSecured(), qPrintable(plain(c.stream->failure())));
    }
#endif

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
            QVERIFY(plain(error->detail).contains(path));
        }
    }
};

RELAY_TEST(tst_TlsFiles)
#include "tst_tlsfiles.moc"
