// SPDX-License-Identifier: MIT
// Certificates that are not taken are in tst_proofservers.cpp.
#include "core/sharing/checkrequest.h"
#include "core/sharing/tlscheck.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"

#include <QSslCertificate>
#include <QTest>

#include <optional>

using namespace Qt::StringLiterals;
using namespace rr;
using namespace std::chrono_literals;

class tst_TlsCheck : public QObject
{
    Q_OBJECT
    std::unique_ptr<TestCertificate> m_certificate;

    Destination to(const QString &scheme, quint16 port) const
    {
        return destinationOf(QUrl(u"%1://localhost:%2"_s.arg(scheme).arg(port)), {},
            QNetworkProxy(QNetworkProxy::NoProxy), QSslCertificate::fromPath(m_certificate->certFile()));
    }
    static CheckVerdict verdictOf(TlsCheck &check)
    {
        std::optional<CheckVerdict> found;
        connect(&check, &TlsCheck::finished, &check, [&](const CheckVerdict &verdict) { found = verdict; });
        check.start();
        if (found || !QTest::qWaitFor([&] { return found.has_value(); }, 60'000))
            qWarning("not finished in a later turn");
        return found.value_or(CheckVerdict());
    }

private Q_SLOTS:
    void initTestCase() { m_certificate = std::make_unique<TestCertificate>(); }

    /// The first address refuses, the second answers.
    void eachAddressInTurn()
    {
        ScriptedServer server([](const QByteArray &) { return QByteArray(); }, m_certificate->server());
        const QHostAddress elsewhere(u"127.0.0.9"_s), here(QHostAddress::LocalHost);
        TlsCheck check(to(u"https"_s, server.serverPort()), {elsewhere, here}, 30s);
        const CheckVerdict verdict = verdictOf(check);
        QCOMPARE(verdict.result, CheckStep::Result::Good);
        QCOMPARE(check.connectedTo(), here);
        QVERIFY(plain(verdict.text).contains("TLSv1."_L1));
        QCOMPARE(server.sockets.size(), 1);
    }

    void aSilentAddressIsLeft()
    {
        QTcpServer silent; // takes connections, and says nothing
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        TlsCheck check(to(u"https"_s, silent.serverPort()), {QHostAddress(QHostAddress::LocalHost)}, 200ms);
        QCOMPARE(verdictOf(check).code, "timeout"_L1);
    }

    void closedInTheHandshake()
    {
        QTcpServer closes;
        QVERIFY(closes.listen(QHostAddress::LocalHost));
        connect(
            &closes, &QTcpServer::newConnection, &closes, [&] { closes.nextPendingConnection()->close(); });
        TlsCheck check(to(u"https"_s, closes.serverPort()), {QHostAddress(QHostAddress::LocalHost)}, 30s);
        const CheckVerdict verdict = verdictOf(check);
        QCOMPARE(verdict.result, CheckStep::Result::Bad);
        QCOMPARE(verdict.code, "lost"_L1);
    }

    void withoutTls()
    {
        ScriptedServer server([](const QByteArray &) { return QByteArray(); });
        TlsCheck check(to(u"http"_s, server.serverPort()), {QHostAddress(QHostAddress::LocalHost)}, 30s);
        const CheckVerdict verdict = verdictOf(check);
        QCOMPARE(verdict.result, CheckStep::Result::Warning);
        QCOMPARE(verdict.code, "no_tls"_L1);
        QVERIFY(server.heads.isEmpty());
    }

    void theProxyRefuses()
    {
        ScriptedServer proxy(
            [](const QByteArray &) { return "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"_ba; });
        Destination through = to(u"https"_s, 443);
        through.proxy = {QNetworkProxy::HttpProxy, u"127.0.0.1"_s, proxy.serverPort()};
        TlsCheck check(through, {}, 30s);
        const CheckVerdict verdict = verdictOf(check);
        QCOMPARE(verdict.code, "proxy"_L1);
        QVERIFY(check.connectedTo().isNull());
        QVERIFY(proxy.heads.value(0).startsWith("CONNECT localhost:443 "));
    }
};

RELAY_TEST(tst_TlsCheck)
#include "tst_tlscheck.moc"
