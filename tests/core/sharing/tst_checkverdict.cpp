// SPDX-License-Identifier: MIT
// What nginx and Caddy do not say by themselves; the rest is in tst_proofservers.cpp.
#include "core/sharing/checkverdict.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

namespace {

ResponseHead headOf(int status, const QList<HttpHeader> &headers = {})
{
    ResponseHead head;
    head.status = status;
    head.headers = headers;
    return head;
}

const HttpHeader json{"Content-Type", "application/json"};

} // namespace

class tst_CheckVerdict : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("asBrowser");
        const auto row = [](const char *name, int status, const QByteArray &type, const QByteArray &body,
                             const QString &code, const QString &asBrowser) {
            QTest::newRow(name) << status << type << body << code << asBrowser;
        };
        row("proof", 200, "application/json", R"({"proof":"p"})", {}, {});
        row("proof, as whatever", 200, "text/html", R"({"proof":"p"})", {}, {});
        row("another proof", 200, "application/json", R"({"proof":"q"})", u"another_relay"_s,
            u"another_relay"_s);
        row("no JSON", 200, "text/plain", "hello", u"another_relay"_s, u"another_relay"_s);
        row("the relay of somebody else", 404, "application/json", R"({"error":{"code":"not_found"}})",
            u"another_relay"_s, u"another_relay"_s);
        row("page", 200, "Text/HTML; charset=utf-8", "hello", u"page"_s, u"page_first"_s);
        row("page as text", 200, "text/plain", "\n <html>", u"page"_s, u"page_first"_s);
        row("page with a byte order mark", 200, "", "\xEF\xBB\xBF<html>", u"page"_s, u"page_first"_s);
        row("localtunnel's page", 511, "text/html", "<html>", u"network_login"_s, u"page_first"_s);
        row("refuses", 403, "text/plain", "no", u"status"_s, u"page_first"_s);
        row("challenge", 403, "text/html", "<html>", u"page"_s, u"page_first"_s);
        row("login", 401, "", "", u"wants_login"_s, u"page_first"_s);
        row("login elsewhere", 302, "", "", u"redirected"_s, u"page_first"_s);
        row("not changed", 304, "", "", u"status"_s, u"status"_s);
        row("nobody behind it", 404, "text/html", "<html>", u"not_passed_on"_s, u"page_first"_s);
        row("bad gateway", 502, "text/html", "<html>", u"way_down"_s, u"way_down"_s);
        row("unavailable", 503, "", "", u"way_down"_s, u"way_down"_s);
        row("gateway timeout", 504, "", "", u"way_down"_s, u"way_down"_s);
        row("Cloudflare: refused", 521, "", "", u"way_down"_s, u"way_down"_s);
        row("Cloudflare: no tunnel", 530, "text/html", "<html>error code: 1033", u"way_down"_s,
            u"way_down"_s);
        row("out of order", 500, "text/html", "<html>", u"status"_s, u"page_first"_s);
        row("wrong host", 421, "", "", u"wrong_host"_s, u"wrong_host"_s);
    }
    void answers()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(QString, code);
        QFETCH(QString, asBrowser);
        const ResponseHead head = headOf(status, {{"Content-Type", type}});
        const CheckVerdict verdict = judgeAnswer(head, body, "p", u"relay.test"_s, false);
        QCOMPARE(verdict.code, code);
        QCOMPARE(verdict.result == CheckStep::Result::Good, code.isEmpty());
        QCOMPARE(verdict.mayPass, code == "way_down"_L1);
        const CheckVerdict browsers = judgeBrowsersAnswer(head, body, "p", u"relay.test"_s, false);
        QCOMPARE(browsers.code, asBrowser);
        QCOMPARE(browsers.result == CheckStep::Result::Warning, asBrowser == "page_first"_L1);
    }

    void whatHasArrivedWasThisRelays()
    {
        QCOMPARE(
            judgeAnswer(headOf(200, {json}), "{}", "p", u"relay.test"_s, true).code, "answer_changed"_L1);
        QCOMPARE(judgeAnswer(headOf(502), {}, "p", u"relay.test"_s, true).code, "way_down"_L1);
    }

    void aProofThatIsNoneProvesNothing()
    {
        QCOMPARE(judgeAnswer(headOf(200, {json}), R"({"proof":""})", {}, u"relay.test"_s, false).code,
            "another_relay"_L1);
    }

    void handshakes_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QList<HttpHeader>>("headers");
        QTest::addColumn<QString>("code");
        const HttpHeader upgrade{"Upgrade", "websocket"}, connection{"Connection", "Upgrade"};
        const HttpHeader accept{"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="};
        const HttpHeader chosen{"sec-websocket-protocol", "realtime"};
        const auto row = [](const char *name, int status, const QList<HttpHeader> &headers,
                             const QString &code) { QTest::newRow(name) << status << headers << code; };
        row("all is well", 101, {upgrade, connection, accept, chosen}, {});
        row("no subprotocol", 101, {upgrade, connection, accept}, u"subprotocol_lost"_s);
        row("another", 101, {upgrade, connection, accept, {"Sec-WebSocket-Protocol", "openai"}},
            u"subprotocol_lost"_s);
        row("to another handshake", 101, {upgrade, connection, {"Sec-WebSocket-Accept", "other"}, chosen},
            u"bad_handshake"_s);
        row("an extension", 101,
            {upgrade, connection, accept, chosen, {"Sec-WebSocket-Extensions", "permessage-deflate"}},
            u"bad_handshake"_s);
        row("426", 426, {json}, u"no_websocket"_s);
        row("400", 400, {}, u"no_websocket"_s);
        row("page", 200, {{"Content-Type", "text/html"}}, u"page_for_websockets"_s);
        row("511", 511, {}, u"page_for_websockets"_s);
        row("login", 401, {}, u"wants_login"_s);
        row("way down", 502, {}, u"way_down"_s);
    }
    void handshakes()
    {
        QFETCH(int, status);
        QFETCH(QList<HttpHeader>, headers);
        QFETCH(QString, code);
        // The key and its answer of RFC 6455 1.3.
        const CheckVerdict verdict
            = judgeHandshake(headOf(status, headers), {}, "dGhlIHNhbXBsZSBub25jZQ==", u"relay.test"_s);
        QCOMPARE(verdict.code, code);
        QCOMPARE(verdict.result == CheckStep::Result::Good, code.isEmpty());
    }

    void failures_data()
    {
        QTest::addColumn<UpstreamFailure::Kind>("kind");
        QTest::addColumn<QString>("code");
        QTest::newRow("refused") << UpstreamFailure::ConnectRefused << u"refused"_s;
        QTest::newRow("timeout") << UpstreamFailure::Timeout << u"timeout"_s;
        QTest::newRow("tls") << UpstreamFailure::Tls << u"tls"_s;
        QTest::newRow("proxy") << UpstreamFailure::Proxy << u"proxy"_s;
        QTest::newRow("network") << UpstreamFailure::Network << u"lost"_s;
        QTest::newRow("handshake") << UpstreamFailure::BadHandshake << u"lost"_s;
    }
    void failures()
    {
        QFETCH(UpstreamFailure::Kind, kind);
        QFETCH(QString, code);
        const CheckVerdict verdict = judgeFailure(
            {kind, 0, asTheySaid(u"they said sk-abcdefghijklmnopqrstuvwxyz012345"_s)}, u"relay.test"_s);
        QCOMPARE(verdict.code, code);
        QCOMPARE(verdict.result, CheckStep::Result::Bad);
        const QString said = plain(verdict.text);
        QVERIFY(
            said.contains("relay.test"_L1) && said.contains("they said"_L1) && !said.contains("abcdef"_L1));
    }

    void forwarded_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QString>("code");
        QTest::newRow("none") << ""_ba << u"no_address"_s;
        QTest::newRow("as it was") << "192.0.2.77"_ba << u"address_forged"_s;
        QTest::newRow("in front") << "203.0.113.9, 192.0.2.77"_ba << u"address_forged"_s;
        QTest::newRow("real") << "203.0.113.9"_ba << QString();
        QTest::newRow("behind") << "192.0.2.77, 203.0.113.9"_ba << QString();
        QTest::newRow("IPv6 with a port") << "192.0.2.77, [2001:db8::1]:4711"_ba << QString();
        QTest::newRow("no address") << "192.0.2.77, unknown"_ba << u"no_address"_s;
    }
    void forwarded()
    {
        QFETCH(QByteArray, header);
        QFETCH(QString, code);
        const CheckVerdict verdict = judgeForwarded(header, "192.0.2.77");
        QCOMPARE(verdict.code, code);
        QCOMPARE(verdict.result, code.isEmpty() ? CheckStep::Result::Good : CheckStep::Result::Warning);
    }
};

RELAY_TEST(tst_CheckVerdict)
#include "tst_checkverdict.moc"
