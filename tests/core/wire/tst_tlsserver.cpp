// SPDX-License-Identifier: MIT
// How it serves: tst_tlsstream.
#include "core/wire/tlsserver.h"

#include "core/wire/privatekey.h"
#include "tests/core/wire/opensslfiles.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"

#include <QSslConfiguration>
#include <QSslDiffieHellmanParameters>
#include <QSslEllipticCurve>
#include <QTest>

#include <openssl/err.h>
#include <openssl/ssl.h>

using namespace rr;

class tst_TlsServer : public QObject
{
    Q_OBJECT
    const TestCertificate m_certificate;
    const TestCertificate m_other;
    const OpensslFiles m_files;

    QSslConfiguration withKeyOfOther() const
    {
        QSslConfiguration configuration = m_certificate.server();
        configuration.setPrivateKey(m_other.server().privateKey());
        return configuration;
    }

private Q_SLOTS:
    void keyMustFit()
    {
        QVERIFY(TlsServer::make(m_certificate.server()));
        QVERIFY(!TlsServer::make(withKeyOfOther()));
        QSslConfiguration none = m_certificate.server();
        none.setPrivateKey({});
        QVERIFY(!TlsServer::make(none));
        QCOMPARE(ERR_peek_error(), 0ul); // for Qt to stumble over
    }

    void saysWhy()
    {
        TlsRefusal refusal;
        QVERIFY(!TlsServer::make(withKeyOfOther(), &refusal));
        QCOMPARE(refusal.of, TlsRefusal::Key);
        QVERIFY(refusal.why.isEmpty());
        m_files.certify(QStringLiteral("rsa"), QStringLiteral("rsa:2048"));
        QSslConfiguration otherKind = m_certificate.server();
        otherKind.setPrivateKey(
            std::get<QSslKey>(readPrivateKey(m_files.content(QStringLiteral("rsa.key")))));
        QVERIFY(!TlsServer::make(otherKind, &refusal));
        QCOMPARE(refusal.of, TlsRefusal::Key);
        QVERIFY(refusal.why.isEmpty());
        m_files.certify(QStringLiteral("short"), QStringLiteral("rsa:1024"));
        QSslConfiguration tooShort = m_certificate.server();
        tooShort.setLocalCertificateChain(
            QSslCertificate::fromPath(m_files.path(QStringLiteral("short.pem"))));
        QVERIFY(!TlsServer::make(tooShort, &refusal));
        QCOMPARE(refusal.of, TlsRefusal::Certificate);
        QVERIFY2(plain(refusal.why).contains(QStringLiteral("too short")), qPrintable(plain(refusal.why)));
    }

    void keyMustFitForQt()
    {
        QVERIFY(keyFits(m_certificate.server()));
        QVERIFY(!keyFits(withKeyOfOther()));
    }

    void wholeChainIsShown()
    {
        QSslConfiguration configuration = m_certificate.server();
        auto chain = configuration.localCertificateChain();
        chain += m_other.server().localCertificateChain();
        configuration.setLocalCertificateChain(chain);
        const auto server = TlsServer::make(configuration);
        QVERIFY(server);
        STACK_OF(X509) *others = nullptr;
        SSL_CTX_get0_chain_certs(server->context(), &others);
        QCOMPARE(sk_X509_num(others), 1);
        QVERIFY(SSL_CTX_get0_certificate(server->context()) != sk_X509_value(others, 0));
    }

    void groupsForQt()
    {
        QSslConfiguration configuration = m_certificate.server();
        limitGroups(configuration);
        QStringList names;
        for (const QSslEllipticCurve &curve : configuration.ellipticCurves())
            names.append(curve.shortName());
        QCOMPARE(names,
            (QStringList{
                QStringLiteral("X25519"), QStringLiteral("prime256v1"), QStringLiteral("secp384r1")}));
        QVERIFY(configuration.diffieHellmanParameters().isEmpty());
    }

    void nothingOldIsSpoken()
    {
        const auto server = TlsServer::make(m_certificate.server());
        QCOMPARE(SSL_CTX_get_min_proto_version(server->context()), TLS1_2_VERSION);
    }
};

RELAY_TEST(tst_TlsServer)
#include "tst_tlsserver.moc"
