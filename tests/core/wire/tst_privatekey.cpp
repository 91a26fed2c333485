// SPDX-License-Identifier: MIT
#include "core/wire/privatekey.h"
#include "tests/core/wire/opensslfiles.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_PrivateKey : public QObject
{
    Q_OBJECT
    const OpensslFiles m_files;

private Q_SLOTS:
    void initTestCase()
    {
        m_files.makeKey(u"rsa"_s, u"rsa:2048"_s);
        m_files.makeKey(u"ec"_s, u"ec:P-256"_s);
    }

    void kinds_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QSsl::KeyAlgorithm>("algorithm");
        QTest::newRow("RSA") << u"rsa:2048"_s << QSsl::Rsa;
        for (const char *curve : {"P-256", "P-384", "P-521"})
            QTest::newRow(curve) << QString(u"ec:"_s + QLatin1String(curve)) << QSsl::Ec;
#ifdef Q_OS_LINUX
        for (const char *kind : {"rsa-pss:2048", "ed25519", "ed448"})
            QTest::newRow(kind) << QString::fromLatin1(kind) << QSsl::Opaque;
#endif
    }
    void kinds()
    {
        QFETCH(QString, kind);
        m_files.makeKey(u"key"_s, kind);
        const auto key = readPrivateKey(m_files.content(u"key.key"_s));
        QVERIFY(std::holds_alternative<QSslKey>(key));
        QVERIFY(!std::get<QSslKey>(key).isNull());
        QTEST(std::get<QSslKey>(key).algorithm(), "algorithm");
    }

    void forms_data()
    {
        QTest::addColumn<QByteArray>("pem");
        const QByteArray rsa = m_files.content(u"rsa.key"_s);
        m_files.openssl(u"pkey -traditional -in rsa.key -out rsa.old"_s);
        m_files.openssl(u"pkey -traditional -in ec.key -out ec.old"_s);
        m_files.openssl(u"ecparam -name prime256v1 -genkey -out ec.parameters"_s);
        m_files.openssl(u"req -x509 -new -key ec.key -days 2 -subj /CN=x -out ec.pem"_s);
        QTest::newRow("PKCS #8") << rsa;
        QTest::newRow("PKCS #1") << m_files.content(u"rsa.old"_s);
        QTest::newRow("SEC 1") << m_files.content(u"ec.old"_s);
        QTest::newRow("EC PARAMETERS before it") << m_files.content(u"ec.parameters"_s);
        QTest::newRow("CR LF") << QByteArray(rsa).replace("\n", "\r\n");
        QTest::newRow("a mark of UTF-8 and a text before it") << "\xef\xbb\xbfThe key:\n" + rsa;
        QTest::newRow("a mark of UTF-8 right before it") << "\xef\xbb\xbf" + rsa;
        QTest::newRow("text behind it") << rsa + "The end.\n";
        QTest::newRow("no line feed at the end") << rsa.trimmed();
        QTest::newRow("behind its certificate")
            << m_files.content(u"ec.pem"_s) + m_files.content(u"ec.key"_s);
        QTest::newRow("before its certificate")
            << m_files.content(u"ec.key"_s) + m_files.content(u"ec.pem"_s);
    }
    void forms()
    {
        QFETCH(QByteArray, pem);
        const auto key = readPrivateKey(pem);
        QVERIFY(std::holds_alternative<QSslKey>(key));
        QVERIFY(!std::get<QSslKey>(key).isNull());
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        m_files.openssl(u"pkey -aes256 -passout pass:hunter2 -in rsa.key -out rsa.encrypted"_s);
        m_files.openssl(
            u"pkey -traditional -aes256 -passout pass:hunter2 -in rsa.key -out rsa.oldencrypted"_s);
        m_files.openssl(u"pkey -outform DER -in rsa.key -out rsa.der"_s);
        m_files.openssl(u"pkey -pubout -in rsa.key -out rsa.public"_s);
        m_files.openssl(u"req -x509 -new -key ec.key -days 2 -subj /CN=x -out ec.pem"_s);
        m_files.openssl(u"pkcs12 -export -passout pass:hunter2 -in ec.pem -inkey ec.key -out ec.p12"_s);
        QTest::newRow("encrypted") << m_files.content(u"rsa.encrypted"_s) << u"is encrypted"_s;
        QTest::newRow("encrypted, older form") << m_files.content(u"rsa.oldencrypted"_s) << u"is encrypted"_s;
        QTest::newRow("DER") << m_files.content(u"rsa.der"_s) << u"openssl pkey -inform der"_s;
        QTest::newRow("PKCS #12") << m_files.content(u"ec.p12"_s) << u"openssl pkcs12 -nodes"_s;
        QTest::newRow("a public key") << m_files.content(u"rsa.public"_s) << u"no private key"_s;
        QTest::newRow("a certificate") << m_files.content(u"ec.pem"_s) << u"no private key"_s;
        QTest::newRow("half a key") << m_files.content(u"rsa.key"_s).first(500) << u"no private key"_s;
        QTest::newRow("nothing") << QByteArray() << u"no private key"_s;
    }
    void refused()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        const auto key = readPrivateKey(content);
        const auto *why = std::get_if<Sentence>(&key);
        QVERIFY(why);
        QVERIFY2(plain(*why).contains(says), qPrintable(plain(*why)));
    }
};

RELAY_TEST(tst_PrivateKey)
#include "tst_privatekey.moc"
