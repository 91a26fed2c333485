// SPDX-License-Identifier: MIT
#include "core/sharing/addresscertificate.h"

#include "tests/core/wire/opensslfiles.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <memory>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_AddressCertificate : public QObject
{
    Q_OBJECT
    std::unique_ptr<OpensslFiles> m_files;

    QString said(const QString &name, const QString &host) const
    {
        const auto problem = certificateProblemOfFile(m_files->path(name), host);
        return problem ? plain(*problem) : u"good"_s;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_files = std::make_unique<OpensslFiles>();
        const QString names = u"subjectAltName=DNS:relay.example.org,DNS:*.demo.example.org,IP:192.0.2.7"_s;
        m_files->certify(u"self"_s, u"ec:P-256"_s, {}, names);
        m_files->certifyAuthority(u"authority"_s);
        m_files->certifyAuthority(u"between"_s, u"authority"_s);
        m_files->certify(u"own"_s, u"ec:P-256"_s, u"between"_s, names);
        m_files->certify(u"nameless"_s, u"ec:P-256"_s, {}, u"keyUsage=digitalSignature"_s);
        m_files->put(u"chain.pem"_s,
            m_files->content(u"own.pem"_s) + m_files->content(u"between.pem"_s)
                + m_files->content(u"authority.pem"_s));
        m_files->openssl(
            u"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=Stranger "
            "-keyout stranger.key -out stranger.pem"_s);
        m_files->put(u"disorder.pem"_s, m_files->content(u"own.pem"_s) + m_files->content(u"stranger.pem"_s));
    }
    void cleanupTestCase() { m_files.reset(); }

    void problems_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("says");
        QTest::newRow("no file") << u"none.pem"_s << u"relay.example.org"_s << u"cannot be read"_s;
        QTest::newRow("no certificate") << u"self.key"_s << u"relay.example.org"_s << u"no certificate"_s;
        QTest::newRow("another name")
            << u"chain.pem"_s << u"relay.example.com"_s
            << u"is for *.demo.example.org, 192.0.2.7, relay.example.org, and not for relay.example.com"_s;
        QTest::newRow("another address") << u"chain.pem"_s << u"192.0.2.8"_s << u"and not for 192.0.2.8"_s;
        QTest::newRow("of two labels") << u"chain.pem"_s << u"a.b.demo.example.org"_s << u"not for"_s;
        QTest::newRow("of no label") << u"chain.pem"_s << u"demo.example.org"_s << u"not for"_s;
        QTest::newRow("no name at all") << u"nameless.pem"_s << u"localhost"_s << u"names no host"_s;
        QTest::newRow("by itself") << u"self.pem"_s << u"relay.example.org"_s << u"signed by itself"_s;
        QTest::newRow("another follows") << u"disorder.pem"_s << u"relay.example.org"_s
                                         << u"was issued by localhost, and Stranger follows"_s;
        // All of these test certificates are of the common name "localhost".
        QTest::newRow("its issuer is missing") << u"own.pem"_s << u"relay.example.org"_s
                                               << u"issued by localhost, which this system does not know"_s;
        QTest::newRow("an authority of one's own")
            << u"chain.pem"_s << u"RELAY.example.org."_s
            << u"leads to localhost, which this system does not know"_s;
        QTest::newRow("the address") << u"chain.pem"_s << u"192.0.2.7"_s << u"leads to localhost"_s;
        QTest::newRow("the wildcard") << u"chain.pem"_s << u"a.demo.example.org"_s << u"leads to localhost"_s;
    }
    void problems()
    {
        QFETCH(QString, file);
        QFETCH(QString, host);
        QFETCH(QString, says);
        const QString got = said(file, host);
        QVERIFY2(got.contains(says), qPrintable(got));
    }

    void dates()
    {
        const auto chain = QSslCertificate::fromPath(m_files->path(u"self.pem"_s));
        QCOMPARE(chain.size(), 1);
        const QString host = u"relay.example.org"_s;
        const auto late = certificateProblem(chain, host, chain.first().expiryDate().addSecs(1));
        QVERIFY(late);
        QVERIFY2(plain(*late).startsWith(u"The certificate expired on "_s), qPrintable(plain(*late)));
        const auto early = certificateProblem(chain, host, chain.first().effectiveDate().addSecs(-1));
        QVERIFY(early);
        QVERIFY2(plain(*early).contains(u"machine's clock"_s), qPrintable(plain(*early)));
    }

    /// What the system trusts is good; what it trusts it tells by the place that OpenSSL reads.
    void good()
    {
        const auto before = QSslConfiguration::defaultConfiguration();
        auto trusting = before;
        trusting.setCaCertificates(QSslCertificate::fromPath(m_files->path(u"authority.pem"_s)));
        QSslConfiguration::setDefaultConfiguration(trusting);
        const QString got = said(u"chain.pem"_s, u"relay.example.org"_s);
        QSslConfiguration::setDefaultConfiguration(before);
        QCOMPARE(got, u"good"_s);
    }
};

RELAY_TEST(tst_AddressCertificate)
#include "tst_addresscertificate.moc"
