// SPDX-License-Identifier: MIT
#include "core/relay/doortroubles.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

const QHostAddress client(u"192.0.2.7"_s);

QList<Trouble> afterTen(const std::function<void(Troubles &)> &note)
{
    Troubles troubles;
    for (int i = 0; i < 10; ++i)
        note(troubles);
    return troubles.current();
}

} // namespace

class tst_DoorTroubles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void failures_data()
    {
        QTest::addColumn<ConnectionFailure>("failure");
        QTest::addColumn<QString>("code"); ///< empty: none
        using enum ConnectionFailure;
        QTest::newRow("version") << TlsVersionTooOld << u"tls_version_too_old"_s;
        QTest::newRow("not trusted") << CertificateNotTrusted << u"certificate_not_trusted"_s;
        QTest::newRow("left at the certificate") << LeftAtCertificate << u"certificate_not_trusted"_s;
        QTest::newRow("TLS") << TlsFailed << u"tls_failed"_s;
        QTest::newRow("left after TLS") << LeftAfterTls << QString();
        QTest::newRow("left early") << LeftEarly << u"requests_unfinished"_s;
        QTest::newRow("timeout") << RequestTimeout << u"requests_unfinished"_s;
    }
    void failures()
    {
        QFETCH(ConnectionFailure, failure);
        QFETCH(QString, code);
        const auto troubles = afterTen([&](Troubles &into) { noteFailed(into, failure, client); });
        QCOMPARE(troubles.isEmpty() ? QString() : QString(nameOf(troubles[0].code)), code);
        QVERIFY(troubles.isEmpty() || plain(troubles[0].text).contains(u"192.0.2.7"_s));
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<bool>("isTrouble");
        for (const char *code :
            {"tls_on_plain_port", "http_on_tls_port", "proxy_not_trusted", "proxy_header_malformed"})
            QTest::newRow(code) << QByteArray(code) << true;
        for (const char *code : {"bad_request", "head_too_large", "not_listening"})
            QTest::newRow(code) << QByteArray(code) << false;
    }
    void refusals()
    {
        QFETCH(QByteArray, code);
        QFETCH(bool, isTrouble);
        const auto troubles
            = afterTen([&](Troubles &into) { noteTurnedAway(into, code, "What to do.", client); });
        QCOMPARE(troubles.size(), isTrouble ? 1 : 0);
        QVERIFY(!isTrouble || nameOf(troubles[0].code) == QLatin1String(code));
        QVERIFY(!isTrouble || plain(troubles[0].text) == u"What to do. The last client: 192.0.2.7."_s);
    }

    void wrongPath()
    {
        const auto troubles = afterTen([](Troubles &into) { noteWrongPath(into, "Not here.", client); });
        QCOMPARE(troubles.size(), 1);
        QCOMPARE(troubles[0].code, TroubleCode::WrongPath);
    }
};

RELAY_TEST(tst_DoorTroubles)
#include "tst_doortroubles.moc"
