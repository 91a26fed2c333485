// SPDX-License-Identifier: MIT
#include "core/call/upgraderefusal.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

HttpResponse refusal(EndReason reason, const EndDetails &details)
{
    return upgradeRefusal(reason, details, describe(reason, details));
}

EndDetails refused(int status, const QByteArray &body = {})
{
    EndDetails details;
    details.failure = {UpstreamFailure::Refused, status, {}, body, {}, {}};
    details.keys = {Secret("Zebra-Refused-Key-1")};
    return details;
}

QByteArray headersOf(const HttpResponse &response)
{
    QByteArray lines;
    for (const HttpHeader &header : response.headers)
        lines += header.name + ": " + header.value + '\n';
    return lines;
}

} // namespace

class tst_UpgradeRefusal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void statuses_data()
    {
        QTest::addColumn<int>("reason");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("upstreams"); ///< status
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("asksToWait");
        const auto row = [](const QByteArray &name, EndReason reason, UpstreamFailure::Kind kind,
                             int upstreams, int status, bool asksToWait) {
            QTest::newRow(name.constData()) << int(reason) << int(kind) << upstreams << status << asksToWait;
        };
        using F = UpstreamFailure;
        for (const int status : {400, 401, 402, 403, 404, 429, 500, 503, 599})
            row(QByteArray::number(status), EndReason::UpstreamRefused, F::Refused, status, status, false);
        for (const int status : {200, 302, 600, 999})
            row(QByteArray::number(status), EndReason::UpstreamRefused, F::Refused, status, 502, false);
        for (const auto kind : {F::Dns, F::ConnectRefused, F::Tls, F::Proxy, F::BadHandshake, F::Network})
            row(QByteArray("kind ") + QByteArray::number(kind), EndReason::UpstreamUnreachable, kind, 0, 502,
                true);
        row("time-out", EndReason::UpstreamUnreachable, F::Timeout, 0, 504, true);
        row("no descriptors", EndReason::UpstreamUnreachable, F::NoDescriptors, 0, 503, true);
        row("no key", EndReason::MissingKey, F::Network, 0, 401, false);
        row("operator", EndReason::ClosedByOperator, F::Network, 0, 403, false);
        row("shutdown", EndReason::RelayShutdown, F::Network, 0, 503, true);
        row("length", EndReason::SessionLimit, F::Network, 0, 503, true);
        row("spent", EndReason::SpendLimit, F::Network, 0, 429, false);
        row("token over", EndReason::AccessEnded, F::Network, 0, 401, false);
        row("token refused", EndReason::AccessRefused, F::Network, 0, 401, false);
    }
    void statuses()
    {
        QFETCH(int, reason);
        QFETCH(int, kind);
        QFETCH(int, upstreams);
        EndDetails details;
        details.failure.kind = UpstreamFailure::Kind(kind);
        details.failure.status = upstreams;
        const HttpResponse response = refusal(EndReason(reason), details);
        QTEST(response.status, "status");
        QTEST(headersOf(response).contains("Retry-After: "), "asksToWait");
        // With no body of the upstream's, one in the shape of OpenAI's.
        const auto error = QJsonDocument::fromJson(response.body)[u"error"_s];
        QVERIFY(!error[u"code"_s].toString().isEmpty());
        QVERIFY(!error[u"message"_s].toString().isEmpty());
        QVERIFY(!error[u"type"_s].toString().isEmpty());
        QCOMPARE(response.contentType, "application/json");
    }

    void bodies_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("told"); ///< null: the relay's own error
        QTest::newRow("json, as it came") << QByteArray("{\n \"error\": {\"b\": 1, \"a\": \"ö\"}}\n")
                                          << QByteArray("{\n \"error\": {\"b\": 1, \"a\": \"ö\"}}\n");
        QTest::newRow("html") << QByteArray("<html>Sorry.</html>") << QByteArray("<html>Sorry.</html>");
        QTest::newRow("with the key")
            << QByteArray("{\"m\": \"no Zebra-Refused-Key-1 here\"}") << QByteArray("{\"m\":\"no … here\"}");
        QTest::newRow("with the key behind an escape")
            << QByteArray("{\"m\": \"no \\u005aebra-Refused-Key-1\"}") << QByteArray("{\"m\":\"no …\"}");
        QTest::newRow("with some key")
            << QByteArray("<p>sk-other is wrong</p>") << QByteArray("<p>sk-… is wrong</p>");
        QTest::newRow("none") << QByteArray() << QByteArray();
        QTest::newRow("compressed") << QByteArray("\x1f\x8b\x08\x00\xff\xfe") << QByteArray();
    }
    void bodies()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, told);
        EndDetails details = refused(401, body);
        details.failure.headers = {{"Content-Type", "text/words"}};
        const HttpResponse response = refusal(EndReason::UpstreamRefused, details);
        QCOMPARE(response.status, 401);
        if (!told.isEmpty()) {
            QCOMPARE(response.body, told);
            QCOMPARE(response.contentType, "text/words");
        } else {
            QCOMPARE(QJsonDocument::fromJson(response.body)[u"error"_s][u"code"_s].toString(),
                u"invalid_api_key"_s);
            QCOMPARE(response.contentType, "application/json");
        }
    }

    void headers()
    {
        EndDetails details = refused(429, "{}");
        details.failure.retryAfter = "Wed, 21 Oct 2015 07:28:00 GMT";
        details.failure.headers = {{"retry-after-ms", "1500"}, {"x-should-retry", "true"},
            {"x-request-id", "req_0123456789abcdef0123456789abcdef"}};
        QCOMPARE(headersOf(refusal(EndReason::UpstreamRefused, details)),
            "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\nretry-after-ms: 1500\nx-should-retry: true\n"
            "x-request-id: req_0123456789abcdef0123456789abcdef\n");
        details.failure.headers = {{"x-request-id", "for Zebra-Refused-Key-1"}};
        QVERIFY(!headersOf(refusal(EndReason::UpstreamRefused, details)).contains("Zebra"));
    }

    void anAccessTokensRefusalIsAsItWasDecided()
    {
        EndDetails details;
        details.refusal = {503, "store_away", "Not now.", 7};
        const HttpResponse response = refusal(EndReason::AccessRefused, details);
        QCOMPARE(response.status, 503);
        QVERIFY(response.body.contains("\"store_away\"") && response.body.contains("Not now."));
        QVERIFY(headersOf(response).contains("Retry-After: 7\n"));
    }
};

RELAY_TEST(tst_UpgradeRefusal)
#include "tst_upgraderefusal.moc"
