// SPDX-License-Identifier: MIT
#include "core/realtime/endreason.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestEndReason : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// What the relay itself tells a client: an error event, and a close whose reason names it.
    void told_data()
    {
        QTest::addColumn<int>("reason");
        QTest::addColumn<int>("by");
        QTest::addColumn<int>("clientCode");
        QTest::addColumn<int>("upstreamCode");
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<bool>("failed");
        const auto row = [](const char *name, EndReason reason, EndedBy by, int clientCode, int upstreamCode,
                             const QByteArray &wire, bool failed) {
            QTest::newRow(name) << int(reason) << int(by) << clientCode << upstreamCode << wire << failed;
        };
        using R = EndReason;
        using B = EndedBy;
        row("upstream vanished", R::UpstreamVanished, B::Upstream, 1011, 0,
            "server_error.upstream_disconnected", true);
        row("upstream silent", R::UpstreamSilent, B::Upstream, 1011, 0, "server_error.upstream_disconnected",
            true);
        row("unreachable", R::UpstreamUnreachable, B::Upstream, 1013, 0, "server_error.upstream_unreachable",
            true);
        row("missing key", R::MissingKey, B::Relay, 3000, 0, "invalid_request_error.invalid_api_key", true);
        row("inactivity", R::InactivityTimeout, B::Relay, 4408, 1000,
            "invalid_request_error.inactivity_timeout", false);
        row("limit", R::SessionLimit, B::Relay, 4409, 1000, "invalid_request_error.session_limit", false);
        row("client too large", R::ClientMessageTooLarge, B::Relay, 1009, 1000,
            "invalid_request_error.message_too_large", true);
        row("upstream too large", R::UpstreamMessageTooLarge, B::Relay, 1009, 1009,
            "invalid_request_error.message_too_large", true);
        row("client too slow", R::ClientTooSlow, B::Relay, 1013, 1000, "server_error.peer_too_slow", true);
        row("upstream too slow", R::UpstreamTooSlow, B::Relay, 1013, 1000, "server_error.peer_too_slow",
            true);
        row("client's breach", R::ClientBreach, B::Relay, 1002, 1000, "invalid_request_error.protocol_error",
            true);
        row("upstream's breach", R::UpstreamBreach, B::Relay, 1002, 1002, "server_error.protocol_error",
            true);
        row("shutdown", R::RelayShutdown, B::Relay, 1001, 1001, "server_error.relay_shutdown", false);
        row("operator", R::ClosedByOperator, B::Operator, 4410, 1000,
            "invalid_request_error.closed_by_operator", false);
        row("spend limit", R::SpendLimit, B::Relay, 4411, 1000, "invalid_request_error.insufficient_quota",
            false);
        row("access ended", R::AccessEnded, B::Relay, 4412, 1000, "invalid_request_error.invalid_api_key",
            false);
        row("access refused", R::AccessRefused, B::Relay, 3000, 0, "invalid_request_error.invalid_api_key",
            true);
    }
    void told()
    {
        QFETCH(int, reason);
        QFETCH(int, by);
        QFETCH(int, clientCode);
        QFETCH(int, upstreamCode);
        QFETCH(QByteArray, wire);
        QFETCH(bool, failed);
        const EndDescription end = describe(EndReason(reason));
        QCOMPARE(int(end.endedBy), by);
        QCOMPARE(int(end.clientCode), clientCode);
        QCOMPARE(int(end.upstreamCode), upstreamCode);
        QVERIFY(upstreamCode == 0 || isCloseCodeOnWire(end.upstreamCode));
        QCOMPARE(end.clientReason, wire);
        QVERIFY(end.clientReason.size() <= maxCloseReasonBytes);
        QVERIFY(end.hasErrorEvent());
        QCOMPARE(end.errorType + '.' + end.errorCode, wire);
        QCOMPARE(end.failed, failed);
        QVERIFY2(plain(end.message).endsWith(u'.') && !plain(end.message).contains(u"%1"),
            qPrintable(plain(end.message)));
    }

    void keyIsNotTold()
    {
        EndDetails details;
        details.keys = {Secret("Zebra-Key-1")};
        details.closeCode = 3000;
        details.closeReason = u"Incorrect API key provided: Zebra-Key-1."_s;
        const EndDescription closed = describe(EndReason::UpstreamClosed, details);
        QVERIFY2(!plain(closed.message).contains(u"Zebra-Key-1"), qPrintable(plain(closed.message)));
        QVERIFY(plain(closed.message).contains(u"Incorrect API key provided"));
        QCOMPARE(closed.clientReason, "Incorrect API key provided: Zebra-Key-1."); // exactly as received
        details.failure = {UpstreamFailure::Network, 0, asTheySaid(u"no Zebra-Key-1 here"_s)};
        details.upstreamHost = u"api.example.org"_s;
        const EndDescription failed = describe(EndReason::UpstreamUnreachable, details);
        QVERIFY2(!plain(failed.message).contains(u"Zebra-Key-1"), qPrintable(plain(failed.message)));
    }

    void refused_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("wire");
        const auto row = [](int status, const QByteArray &body, int code, const QByteArray &wire) {
            QTest::addRow("%d %s", status, body.constData()) << status << body << code << wire;
        };
        // Nothing but a status
        row(200, "", 4000, "server_error.upstream_refused");
        row(302, "", 4000, "server_error.upstream_refused");
        row(400, "", 4000, "invalid_request_error.upstream_refused");
        row(401, "", 3000, "invalid_request_error.invalid_api_key");
        row(402, "", 4000, "invalid_request_error.insufficient_quota");
        row(403, "", 3003, "invalid_request_error.access_denied");
        row(404, "", 4004, "invalid_request_error.model_not_found");
        row(408, "", 1013, "invalid_request_error.upstream_refused");
        row(422, "", 4000, "invalid_request_error.upstream_refused");
        row(425, "", 1013, "invalid_request_error.upstream_refused");
        row(429, "", 1013, "rate_limit_error.upstream_refused");
        row(500, "", 1013, "server_error.upstream_refused");
        row(503, "", 1013, "server_error.upstream_refused");
        // Its own words
        const QByteArray region
            = R"({"error":{"type":"request_forbidden","code":"unsupported_country_region_territory"}})";
        row(403, region, 3003, "request_forbidden.unsupported_country_region_territory");
        row(401, R"({"error":{"type":"invalid_request_error","code":"account_deactivated"}})", 3000,
            "invalid_request_error.account_deactivated");
        row(429, R"({"error":{"type":"requests","code":"rate_limit_exceeded"}})", 1013,
            "requests.rate_limit_exceeded");
        row(429, R"({"error":{"type":"insufficient_quota","code":"insufficient_quota"}})", 4000,
            "insufficient_quota.insufficient_quota");
        row(429, R"({"error":{"type":"insufficient_quota","code":null}})", 4000,
            "insufficient_quota.insufficient_quota");
        row(429, R"({"error":{"code":"billing_hard_limit_reached"}})", 4000,
            "rate_limit_error.billing_hard_limit_reached");
        // Not to be told on
        row(401, R"({"error":{"code":"401"}})", 3000, "invalid_request_error.invalid_api_key");
        row(401, R"({"error":{"code":401,"type":["x"]}})", 3000, "invalid_request_error.invalid_api_key");
        row(404, R"({"error":{"code":"a b\u0000"}})", 4004, "invalid_request_error.model_not_found");
        row(404, R"({"error":{"code":")" + QByteArray(200, 'c') + R"("}})", 4004,
            "invalid_request_error.model_not_found");
        row(400, R"({"error":{"code":"sk-SECRET"}})", 4000, "invalid_request_error.upstream_refused");
        row(401, R"({"error":"no"})", 3000, "invalid_request_error.invalid_api_key");
        row(401, "<html>no</html>", 3000, "invalid_request_error.invalid_api_key");
        row(401, "{", 3000, "invalid_request_error.invalid_api_key");
    }
    void refused()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        EndDetails details;
        details.failure = {UpstreamFailure::Refused, status, {}, body};
        details.upstreamHost = u"api.example.org"_s;
        const EndDescription end = describe(EndReason::UpstreamRefused, details);
        QTEST(int(end.clientCode), "code");
        QCOMPARE(int(end.upstreamCode), 0);
        QTEST(end.clientReason, "wire");
        QVERIFY(end.clientReason.size() <= maxCloseReasonBytes);
        QCOMPARE(end.errorType + '.' + end.errorCode, end.clientReason);
        QCOMPARE(end.endedBy, EndedBy::Upstream);
        QVERIFY(end.failed);
        QVERIFY(plain(end.message).contains(u"api.example.org"_s));
        QVERIFY(plain(end.message).contains(u"HTTP %1"_s.arg(status)));
        QVERIFY(!plain(end.message).contains(u"SECRET"));
    }

    void refusedInItsOwnWords()
    {
        EndDetails details;
        details.keys = {Secret("Zebra-Key-1")};
        details.upstreamHost = u"api.example.org"_s;
        details.failure = {UpstreamFailure::Refused, 401, {},
            R"({"error":{"message":"Incorrect key: sk-SECRET, Zebra\u002dKey-1, Zebra-Key-1.\r\nSee there."}})"};
        const EndDescription end = describe(EndReason::UpstreamRefused, details);
        QVERIFY2(plain(end.message).contains(u"(Detail: Incorrect key: sk-…, …, …. See there.)"_s),
            qPrintable(plain(end.message)));
        QVERIFY(!plain(end.message).contains(u"SECRET") && !plain(end.message).contains(u"Zebra"));
    }

    void keyIsNoCode_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("as it is") << QByteArray("Zebra-Key-1");
        QTest::newRow("inside a word") << QByteArray("no_Zebra-Key-1");
        QTest::newRow("escaped") << QByteArray(R"(Z\u0065bra\u002dKey-1)");
    }
    void keyIsNoCode()
    {
        QFETCH(QByteArray, said);
        EndDetails details;
        details.keys = {Secret("Zebra-Key-1")};
        details.failure = {UpstreamFailure::Refused, 401, {},
            QByteArray(R"({"error":{"type":"X","code":"X"}})").replace("X", said)};
        const EndDescription end = describe(EndReason::UpstreamRefused, details);
        QCOMPARE(end.errorType, "invalid_request_error");
        QCOMPARE(end.errorCode, "invalid_api_key");
        QCOMPARE(end.clientReason, "invalid_request_error.invalid_api_key");
    }

    void closedBySide_data()
    {
        QTest::addColumn<bool>("byClient");
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("clientCode");
        QTest::addColumn<int>("upstreamCode");
        QTest::addColumn<bool>("failed");
        QTest::newRow("client 1000") << true << 1000 << 1000 << 1000 << false;
        QTest::newRow("client 1001") << true << 1001 << 1001 << 1001 << false;
        QTest::newRow("client without a code") << true << 1005 << 1005 << 1005 << false;
        QTest::newRow("client 1011") << true << 1011 << 1011 << 1011 << true;
        QTest::newRow("client 4000") << true << 4000 << 4000 << 4000 << false;
        QTest::newRow("upstream 1000") << false << 1000 << 1000 << 1000 << false;
        QTest::newRow("upstream 1001") << false << 1001 << 1001 << 1001 << false;
        QTest::newRow("upstream without a code") << false << 1005 << 1005 << 1005 << false;
        QTest::newRow("upstream 1013") << false << 1013 << 1013 << 1013 << true;
        QTest::newRow("upstream 3000") << false << 3000 << 3000 << 3000 << true;
        QTest::newRow("upstream 4004") << false << 4004 << 4004 << 4004 << true;
        QTest::newRow("a code that may not be sent") << false << 1006 << 1005 << 1005 << true;
    }
    void closedBySide()
    {
        QFETCH(bool, byClient);
        QFETCH(int, code);
        QFETCH(int, clientCode);
        QFETCH(int, upstreamCode);
        QFETCH(bool, failed);
        EndDetails details;
        details.closeCode = quint16(code);
        details.closeReason = u"Your session hit the maximum duration of 60 minutes."_s;
        const EndDescription end
            = describe(byClient ? EndReason::ClientClosed : EndReason::UpstreamClosed, details);
        QCOMPARE(end.endedBy, byClient ? EndedBy::Client : EndedBy::Upstream);
        QCOMPARE(int(end.clientCode), clientCode);
        QCOMPARE(int(end.upstreamCode), upstreamCode);
        QCOMPARE(QString::fromUtf8(end.clientReason), details.closeReason);
        QCOMPARE(QString::fromUtf8(end.upstreamReason), details.closeReason);
        QCOMPARE(end.failed, failed);
        QVERIFY(!end.hasErrorEvent());
        QCOMPARE(plain(end.message),
            (byClient ? u"Closed by the client: "_s : u"Closed by the upstream: "_s) + details.closeReason);
        details.closeReason.clear();
        QCOMPARE(plain(describe(EndReason::ClientClosed, details).message), u"Closed by the client."_s);
    }

    void reasonFromOutside()
    {
        EndDetails details;
        details.closeCode = 4000;
        details.closeReason = u"bad key sk-SECRET\u001b[2J\nx"_s;
        const EndDescription end = describe(EndReason::UpstreamClosed, details);
        QCOMPARE(end.clientReason, details.closeReason.toUtf8()); // exactly, on the wire
        QCOMPARE(plain(end.message), u"Closed by the upstream: bad key sk-… [2J x"_s);
    }

    void lostClient()
    {
        for (const EndReason reason : {EndReason::ClientVanished, EndReason::ClientSilent}) {
            const EndDescription end = describe(reason);
            QCOMPARE(end.endedBy, EndedBy::Client);
            QCOMPARE(int(end.clientCode), 0);
            QCOMPARE(int(end.upstreamCode), 0);
            QVERIFY(!end.hasErrorEvent());
            QVERIFY(end.failed);
        }
    }

    void details_data()
    {
        QTest::addColumn<int>("reason");
        QTest::addColumn<qint64>("n");
        QTest::addColumn<QString>("says");
        QTest::newRow("minutes") << int(EndReason::InactivityTimeout) << qint64(300'000)
                                 << u"for 5 minutes,"_s;
        QTest::newRow("one minute") << int(EndReason::InactivityTimeout) << qint64(60'000)
                                    << u"for 1 minute,"_s;
        QTest::newRow("seconds") << int(EndReason::SessionLimit) << qint64(90'000)
                                 << u"limit of 90 seconds;"_s;
        QTest::newRow("milliseconds")
            << int(EndReason::SessionLimit) << qint64(1500) << u"limit of 1500 milliseconds;"_s;
        QTest::newRow("MiB") << int(EndReason::ClientMessageTooLarge) << qint64(24 << 20)
                             << u"limit of 24 MiB;"_s;
        QTest::newRow("bytes") << int(EndReason::UpstreamMessageTooLarge) << qint64(1000)
                               << u"limit of 1000 bytes;"_s;
        QTest::newRow("breach") << int(EndReason::ClientBreach) << qint64(0) << u"protocol (reserved bit);"_s;
        QTest::newRow("key") << int(EndReason::MissingKey) << qint64(0) << u"was sent (reserved bit);"_s;
    }
    void details()
    {
        QFETCH(int, reason);
        QFETCH(qint64, n);
        QFETCH(QString, says);
        EndDetails details;
        details.limit = std::chrono::milliseconds(n);
        details.limitBytes = n;
        details.detail = "reserved bit";
        const QString message = plain(describe(EndReason(reason), details).message);
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    void whatEndsForAnAccessTokenSaysWhy()
    {
        EndDetails details;
        details.detail = "for today";
        QVERIFY(plain(describe(EndReason::SpendLimit, details).message).contains(u"spent (for today), so"_s));
        QVERIFY(plain(describe(EndReason::AccessEnded, details).message).contains(u"good (for today), so"_s));
        details.limit = std::chrono::minutes(5);
        details.isOfToken = true;
        const EndDescription end = describe(EndReason::SessionLimit, details);
        QCOMPARE(end.clientCode, quint16(4409));
        QVERIFY(plain(end.message).contains(u"5 minutes of its access token"_s));
    }

    // Who comes back at once where that cannot help must not; who may, may.
    void aRefusalIsFinalOrNot()
    {
        const auto told = [](int status, const QByteArray &code) {
            EndDetails details;
            details.refusal = {status, code, "Why.", 0};
            return describe(EndReason::AccessRefused, details);
        };
        QCOMPARE(told(401, "invalid_api_key").clientCode, quint16(3000));
        QCOMPARE(told(403, "model_not_allowed").clientCode, quint16(3003));
        QCOMPARE(told(429, "insufficient_quota").clientCode, quint16(4411));
        QCOMPARE(told(429, "too_many_calls_with_token").clientCode, quint16(1013));
        const EndDescription away = told(503, "store_away");
        QCOMPARE(away.clientCode, quint16(1013));
        QCOMPARE(away.clientReason, "server_error.store_away"_ba);
        QCOMPARE(plain(away.message), u"Why."_s);
    }
};

RELAY_TEST(TestEndReason)
#include "tst_endreason.moc"
