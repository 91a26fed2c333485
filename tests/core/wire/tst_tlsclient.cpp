// SPDX-License-Identifier: MIT
// How it connects: tst_tlsstream.
#include "core/wire/tlsclient.h"
#include "tests/core/wire/opensslfiles.h"
#include "tests/core/wire/tlspeer.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_TlsClient : public QObject
{
    Q_OBJECT
    const OpensslFiles m_files;

    QSslCertificate certificate(const QString &name) const
    {
        return QSslCertificate::fromPath(m_files.path(name)).constFirst();
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_files.certifyAuthority(u"root"_s);
        m_files.certifyAuthority(u"between"_s, u"root"_s);
        m_files.certifyAuthority(u"other"_s, u"root"_s);
        m_files.certify(u"server"_s, u"ec:P-256"_s, u"between"_s);
        m_files.certify(u"subjectonly"_s, u"ec:P-256"_s, u"between"_s, u"basicConstraints=CA:FALSE"_s);
    }

    void trusts_data()
    {
        QTest::addColumn<QString>("authority");
        QTest::addColumn<QString>("server"); ///< shown together with "between"
        QTest::addColumn<bool>("trusted");
        QTest::newRow("the root") << u"root.pem"_s << u"server"_s << true;
        QTest::newRow("the one between, and not its root") << u"between.pem"_s << u"server"_s << true;
        QTest::newRow("the server itself") << u"server.pem"_s << u"server"_s << true;
        QTest::newRow("another of the same root") << u"other.pem"_s << u"server"_s << false;
        QTest::newRow("a name in the subject alone") << u"root.pem"_s << u"subjectonly"_s << false;
    }
    void trusts()
    {
        QFETCH(QString, authority);
        QFETCH(QString, server);
        QFETCH(bool, trusted);
        const TestCertificate unused;
        const ServerContext context(unused, TLS1_3_VERSION);
        m_files.put(u"chain.pem"_s, m_files.content(server + u".pem"_s) + m_files.content(u"between.pem"_s));
        QCOMPARE(SSL_CTX_use_certificate_chain_file(
                     context.context, QFile::encodeName(m_files.path(u"chain.pem"_s)).constData()),
            1);
        QCOMPARE(SSL_CTX_use_PrivateKey_file(context.context,
                     QFile::encodeName(m_files.path(server + u".key"_s)).constData(), SSL_FILETYPE_PEM),
            1);
        TlsConnection c(context, certificate(authority), u"localhost"_s);
        c.exchange();
        QVERIFY2(c.stream->isSecured() == trusted, qPrintable(plain(c.stream->failure())));
    }
};

RELAY_TEST(tst_TlsClient)
#include "tst_tlsclient.moc"
