// SPDX-License-Identifier: MIT
#include "core/realtime/upstreamfailure.h"
#include "tests/support/relaytest.h"

#include <QDateTime>
#include <QLocale>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

using Kind = UpstreamFailure::Kind;
Q_DECLARE_METATYPE(Kind)

class TestUpstreamFailure : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void advice_data()
    {
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<int>("status");
        QTest::addColumn<QStringList>("says");
        const auto refused = [](int status, const QStringList &says) {
            QTest::addRow("%d", status)
                << UpstreamFailure::Refused << status << (says + QStringList{u"HTTP %1"_s.arg(status)});
        };
        refused(302, {u"redirect"_s, u"UPSTREAM_URL"_s});
        refused(400, {u"query"_s});
        refused(401, {u"key is invalid or has expired"_s});
        refused(403, {u"no access"_s, u"region"_s});
        refused(404, {u"model"_s, u"deployment"_s, u"UPSTREAM_URL"_s});
        refused(418, {u"check"_s});
        refused(402, {u"quota"_s, u"billing"_s});
        refused(408, {u"try again"_s});
        refused(429, {u"rate limit"_s, u"wait a moment"_s});
        refused(500, {u"try again"_s});
        refused(503, {u"try again"_s});
        QTest::newRow("DNS") << UpstreamFailure::Dns << 0 << QStringList{u"no address"_s, u"DNS"_s};
        QTest::newRow("refused") << UpstreamFailure::ConnectRefused << 0
                                 << QStringList{u"was refused"_s, u"firewall"_s};
        QTest::newRow("timeout") << UpstreamFailure::Timeout << 0 << QStringList{u"in time"_s, u"firewall"_s};
        QTest::newRow("TLS") << UpstreamFailure::Tls << 0 << QStringList{u"clock"_s, u"UPSTREAM_CA_FILE"_s};
        QTest::newRow("proxy") << UpstreamFailure::Proxy << 0 << QStringList{u"UPSTREAM_PROXY"_s};
        QTest::newRow("handshake") << UpstreamFailure::BadHandshake << 0
                                   << QStringList{u"not as a WebSocket"_s};
        QTest::newRow("descriptors") << UpstreamFailure::NoDescriptors << 0
                                     << QStringList{u"LimitNOFILE"_s, u"MAX_CONNECTIONS"_s};
        QTest::newRow("network") << UpstreamFailure::Network << 0 << QStringList{u"failed"_s};
    }
    void advice()
    {
        QFETCH(Kind, kind);
        QFETCH(int, status);
        QFETCH(QStringList, says);
        const QString advice = plain(adviceFor({kind, status}, u"api.example.org"_s));
        QVERIFY(advice.contains(u"api.example.org"));
        QVERIFY(advice.endsWith(u'.'));
        for (const QString &part : says)
            QVERIFY2(advice.contains(part), qPrintable(advice));
    }

    void detailIsCleaned()
    {
        const UpstreamFailure failure{UpstreamFailure::Refused, 401,
            asTheySaid(u"Incorrect API key provided: sk-SECRET.\r\n\u001b[2J"_s + QString(1000, u'-'))};
        const QString advice = plain(adviceFor(failure, u"host"_s));
        QVERIFY(advice.contains(u"(Detail: Incorrect API key provided: sk-… [2J---"));
        QVERIFY(!advice.contains(u"SECRET") && !advice.contains(u'\u001b') && !advice.contains(u'\n'));
        QVERIFY(advice.size() < 500);
    }

    void quotaIsToldAsSuch()
    {
        const UpstreamFailure failure{
            UpstreamFailure::Refused, 401, {}, R"({"error":{"code":"billing_not_active"}})"};
        const QString advice = plain(adviceFor(failure, u"host"_s));
        QVERIFY2(
            advice.contains(u"billing is not in order"_s) && !advice.contains(u"key"_s), qPrintable(advice));
    }

    void waits_data()
    {
        QTest::addColumn<QByteArray>("retryAfter");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("says");
        const auto inAnHour = QLocale::c().toString(
            QDateTime::currentDateTimeUtc().addSecs(3600), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
        QTest::newRow("seconds") << "7"_ba << 429 << u"wait for 7 s."_s;
        QTest::newRow("a date") << inAnHour.toLatin1() << 503 << u"wait for 3"_s; // 3600, or a moment less
        QTest::newRow("for ever") << "99999999999"_ba << 503 << u"wait for 86400 s."_s;
        QTest::newRow("the past") << "-5"_ba << 503 << QString();
        QTest::newRow("nonsense") << "soon"_ba << 503 << QString();
        QTest::newRow("nothing") << QByteArray() << 503 << QString();
        QTest::newRow("what does not pass") << "7"_ba << 401 << QString();
    }
    void waits()
    {
        QFETCH(QByteArray, retryAfter);
        QFETCH(int, status);
        QFETCH(QString, says);
        const QString advice
            = plain(adviceFor({UpstreamFailure::Refused, status, {}, {}, retryAfter}, u"host"_s));
        QVERIFY2(
            says.isEmpty() ? !advice.contains(u"wait for"_s) : advice.contains(says), qPrintable(advice));
    }

    void noHost()
    {
        QVERIFY(plain(adviceFor({UpstreamFailure::Timeout}, {})).startsWith(u"The upstream did not answer"));
    }
};

RELAY_TEST(TestUpstreamFailure)
#include "tst_upstreamfailure.moc"
