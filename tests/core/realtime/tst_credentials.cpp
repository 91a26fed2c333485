// SPDX-License-Identifier: MIT
#include "core/realtime/credentials.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

RequestHead headWith(const QByteArray &lines, const QByteArray &query = {})
{
    RequestHead head;
    head.query = query;
    for (const QByteArray &line : lines.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0)
            head.headers.append({line.first(colon), line.sliced(colon + 1).trimmed()});
    }
    return head;
}

QByteArray shown(const QList<HttpHeader> &headers)
{
    QByteArray lines;
    for (const HttpHeader &header : headers)
        lines += header.name + ": " + header.value + '\n';
    return lines;
}

} // namespace

class TestCredentials : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void upstream_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("upstream");
        QTest::addColumn<bool>("realtime");
        QTest::newRow("browser, official SDK")
            << "Origin: https://a.example\nCookie: c=1\nSec-WebSocket-Protocol: realtime, "
               "openai-insecure-api-key.sk-1, "
               "openai-organization.org-1, openai-project.proj-1"_ba
            << "model=m"_ba
            << "Authorization: Bearer sk-1\nOpenAI-Organization: org-1\nOpenAI-Project: proj-1\n"_ba << true;
        QTest::newRow("browser, agents SDK")
            << "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.ek_1, openai-agents-sdk.0.1"_ba
            << ""_ba
            << "Authorization: Bearer ek_1\n"_ba << true;
        QTest::newRow("browser, beta")
            << "Sec-WebSocket-Protocol: realtime\nSec-WebSocket-Protocol: openai-insecure-api-key.sk-1\n"
               "Sec-WebSocket-Protocol: openai-beta.realtime-v1\nOpenAI-Beta: realtime=v1"_ba
            << ""_ba
            << "Authorization: Bearer sk-1\n"_ba << true;
        QTest::newRow("Node and Python SDKs")
            << "authorization: Bearer sk-1\nuser-agent: OpenAI/JS 6\nopenai-organization: o\nopenai-project: "
               "p\nopenai-safety-identifier: s"_ba
            << ""_ba
            << "Authorization: Bearer sk-1\nOpenAI-Organization: o\nOpenAI-Project: "
               "p\nOpenAI-Safety-Identifier: "
               "s\nUser-Agent: OpenAI/JS 6\n"_ba
            << false;
        QTest::newRow("scheme in lower case") << "Authorization: bearer  sk-1"_ba
                                              << ""_ba
                                              << "Authorization: Bearer sk-1\n"_ba << false;
        QTest::newRow("Azure header") << "api-key: abc"_ba
                                      << ""_ba
                                      << "api-key: abc\n"_ba << false;
        QTest::newRow("Azure query") << "User-Agent: x"_ba
                                     << "model=m&api-key=abc"_ba
                                     << "User-Agent: x\n"_ba << false;
        QTest::newRow("null token, real header")
            << "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.null\nAuthorization: Bearer sk-1"_ba
            << ""_ba
            << "Authorization: Bearer sk-1\n"_ba << true;
        QTest::newRow("subprotocol before header")
            << "Authorization: Bearer sk-2\napi-key: k\nSec-WebSocket-Protocol: openai-insecure-api-key.sk-1"_ba
            << ""_ba
            << "Authorization: Bearer sk-1\n"_ba << false;
        QTest::newRow("header before subprotocol for the project")
            << "Authorization: Bearer k\nOpenAI-Project: a\nSec-WebSocket-Protocol: openai-project.b"_ba
            << ""_ba
            << "Authorization: Bearer k\nOpenAI-Project: a\n"_ba << false;
        QTest::newRow("nothing else passes")
            << "Authorization: Bearer k\nCookie: c\nOrigin: o\nX-Forwarded-For: 1.2.3.4\nForwarded: "
               "for=x\nVia: v\n"
               "Connection: upgrade\nHost: h\nTE: t\nProxy-Authorization: Basic x\nOpenAI-Beta: realtime=v1\nX-Any: y"_ba
            << ""_ba
            << "Authorization: Bearer k\n"_ba << false;
    }
    void upstream()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, upstream);
        QFETCH(bool, realtime);
        const Credentials credentials = readCredentials(headWith(request, query));
        QCOMPARE(shown(upstreamHeaders(credentials)), upstream);
        QCOMPARE(credentials.offeredRealtime, realtime);
        QVERIFY(!credentials.missing());
        QVERIFY(!credentials.keyWasRefused);
    }

    void missing_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("query");
        QTest::newRow("nothing") << ""_ba
                                 << ""_ba;
        QTest::newRow("empty token") << "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key."_ba
                                     << ""_ba;
        QTest::newRow("null token") << "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.null"_ba
                                    << ""_ba;
        QTest::newRow("undefined token") << "Sec-WebSocket-Protocol: openai-insecure-api-key.undefined"_ba
                                         << ""_ba;
        QTest::newRow("empty bearer") << "Authorization: Bearer"_ba
                                      << ""_ba;
        QTest::newRow("bearer null") << "Authorization: Bearer null"_ba
                                     << ""_ba;
        QTest::newRow("another scheme") << "Authorization: Basic abc"_ba
                                        << ""_ba;
        QTest::newRow("empty Azure header") << "api-key:"_ba
                                            << ""_ba;
        QTest::newRow("undefined in the query") << ""_ba
                                                << "api-key=undefined"_ba;
        QTest::newRow("another name in the query") << ""_ba
                                                   << "my-api-key=abc&model=api-key"_ba;
    }
    void missing()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, query);
        const Credentials credentials = readCredentials(headWith(request, query));
        QVERIFY(credentials.missing());
        QCOMPARE(int(credentials.source), int(KeySource::None));
        QVERIFY(upstreamHeaders(credentials).isEmpty());
    }

    void source_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<int>("source");
        QTest::newRow("subprotocol") << "Sec-WebSocket-Protocol: openai-insecure-api-key.k"_ba
                                     << ""_ba << int(KeySource::Subprotocol);
        QTest::newRow("authorization") << "Authorization: Bearer k"_ba
                                       << ""_ba << int(KeySource::Authorization);
        QTest::newRow("header") << "API-Key: k"_ba
                                << ""_ba << int(KeySource::ApiKeyHeader);
        QTest::newRow("query") << ""_ba
                               << "a=b&api%2Dkey=k&c"_ba << int(KeySource::ApiKeyQuery);
    }
    void source()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, query);
        QFETCH(int, source);
        const Credentials credentials = readCredentials(headWith(request, query));
        QCOMPARE(int(credentials.source), source);
        QCOMPARE(credentials.key.reveal(), "k"_ba);
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("isKey");
        const auto add = [](const char *what, const QByteArray &name, const QByteArray &value, bool isKey) {
            QTest::newRow(what) << name << value << isKey;
        };
        add("CR LF in the key", "Authorization"_ba, "Bearer k\r\nX: y"_ba, true);
        add("blank in the key", "api-key"_ba, "a b"_ba, true);
        add("Latin-1 in the key", "Authorization"_ba, "Bearer k\xE9"_ba, true);
        add("control in a token", "Sec-WebSocket-Protocol"_ba, "openai-insecure-api-key.a\x01z"_ba, true);
        add("LF in the organization", "OpenAI-Organization"_ba, "o\nX: y"_ba, false);
        add("zero in the project", "OpenAI-Project"_ba, "o\0p"_ba, false);
        add("DEL", "OpenAI-Safety-Identifier"_ba, "a\x7F"_ba, false);
        add("C1 in the agent", "User-Agent"_ba, "a\x9B"_ba, false);
    }
    void refused()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(bool, isKey);
        RequestHead head;
        head.headers.append({name, value});
        const Credentials credentials = readCredentials(head);
        QCOMPARE(credentials.keyWasRefused, isKey);
        QVERIFY(upstreamHeaders(credentials).isEmpty());
        QVERIFY(credentials.missing());
    }

    void beta_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<bool>("beta");
        const auto row
            = [](const char *name, const QByteArray &lines, bool is) { QTest::newRow(name) << lines << is; };
        row("neither", "Authorization: Bearer k\nSec-WebSocket-Protocol: realtime"_ba, false);
        row("header", "OpenAI-Beta: realtime=v1"_ba, true);
        row("any case", "openai-beta: Realtime=V1"_ba, true);
        row("one of several", "OpenAI-Beta: assistants=v2, realtime=v1"_ba, true);
        row("on another line", "OpenAI-Beta: assistants=v2\nOpenAI-Beta: realtime=v1"_ba, true);
        row("another", "OpenAI-Beta: assistants=v2"_ba, false);
        row("another version", "OpenAI-Beta: realtime=v10"_ba, false);
        row("subprotocol",
            "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.k, openai-beta.realtime-v1"_ba, true);
        row("another subprotocol", "Sec-WebSocket-Protocol: openai-beta.realtime-v2"_ba, false);
    }
    void beta()
    {
        QFETCH(QByteArray, request);
        const Credentials credentials = readCredentials(headWith(request));
        QTEST(credentials.beta, "beta");
        for (const HttpHeader &header : upstreamHeaders(credentials))
            QVERIFY(!isSameName(header.name, "OpenAI-Beta"));
    }

    void forwarded()
    {
        const RequestHead head
            = headWith("Connection: Upgrade, X-Hop\r\nX-Hop: a\r\nX-Portkey-Config: {\"a\": 1}\r\n"
                       "x-portkey-trace-id: 1\r\nX-Portkey-Trace-ID: 2\r\nX-Other: b\r\nCookie: c=d\r\n"
                       "X-Forwarded-For: 192.0.2.1\r\nUser-Agent: e\r\nOpenAI-Project: f\r\n"
                       "OpenAI-Beta: realtime=v1\r\nOrigin: http://localhost\r\nAuthorization: Bearer k"_ba);
        QVERIFY(forwardedHeaders(head, {}).isEmpty());
        const auto names = [&head](const QStringList &entries) {
            QByteArrayList result;
            for (const HttpHeader &header : forwardedHeaders(head, entries))
                result.append(header.name + '=' + header.value);
            return result.join('|');
        };
        QCOMPARE(names({u"x-portkey-*"_s}),
            "X-Portkey-Config={\"a\": 1}|x-portkey-trace-id=1|X-Portkey-Trace-ID=2"_ba);
        QCOMPARE(names({u"X-*"_s}),
            "X-Portkey-Config={\"a\": 1}|x-portkey-trace-id=1|X-Portkey-Trace-ID=2|X-Other=b"_ba);
        QCOMPARE(names({u"Cookie"_s, u"X-Forwarded-For"_s}), "Cookie=c=d|X-Forwarded-For=192.0.2.1"_ba);
        // What goes there anyway goes once, and the mark of the beta never.
        QCOMPARE(names({u"OpenAI-*"_s, u"User-Agent"_s}), ""_ba);
        QCOMPARE(names({u"Connection"_s, u"Origin"_s, u"Authorization"_s, u"X-Hop"_s}), ""_ba);
    }

    void keysAreNotShown()
    {
        Credentials credentials;
        credentials.key = Secret("k");
        const auto keys = keysOf(credentials, {{"X-A"_ba, "pk-12345"_ba}, {"X-B"_ba, "on"_ba}});
        QCOMPARE(keys.size(), 2);
        QCOMPARE(keys[0].reveal(), "k"_ba);
        QCOMPARE(keys[1].reveal(), "pk-12345"_ba);
    }

    void forwardedValuesCannotBreakOut()
    {
        RequestHead head;
        head.headers = {{"X-A"_ba, "b\r\nX-C: d"_ba}, {"X-B"_ba, "e\x01"_ba}, {"X-C"_ba, "f"_ba}};
        const auto headers = forwardedHeaders(head, {u"X-*"_s});
        QCOMPARE(headers.size(), 1);
        QCOMPARE(headers[0].name, "X-C"_ba);
    }

    void latin1Agent()
    {
        const Credentials credentials = readCredentials(headWith("User-Agent: caf\xE9 1.0"_ba));
        QCOMPARE(credentials.userAgent, "caf\xE9 1.0"_ba);
    }

    // What the token of an access is exchanged for.
    void anotherKeyInItsPlace()
    {
        Credentials own
            = readCredentials(headWith("api-key: ek_rr_one\r\nOpenAI-Organization: o\r\nOpenAI-Project: p\r\n"
                                       "OpenAI-Safety-Identifier: s\r\nUser-Agent: a ek_rr_one"_ba));
        QCOMPARE(own.source, KeySource::ApiKeyHeader);
        const Credentials other = withKey(own, Secret("sk-held"));
        QByteArray lines;
        for (const HttpHeader &header : upstreamHeaders(other))
            lines += header.name + ": " + header.value + '\n';
        QCOMPARE(lines, "Authorization: Bearer sk-held\nOpenAI-Safety-Identifier: s\n"_ba);
    }

    void nothingHoldsTheKey_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("left");
        QTest::newRow("none") << QByteArray() << QByteArray();
        QTest::newRow("others") << "model=a%20b&x&y=1&"_ba
                                << "model=a%20b&x&y=1&"_ba;
        QTest::newRow("api-key") << "model=a&api-key=ek_rr_one"_ba
                                 << "model=a"_ba;
        QTest::newRow("any case, any key") << "API-KEY=other&model=a"_ba
                                           << "model=a"_ba;
        QTest::newRow("encoded name") << "api%2dkey=other"_ba << QByteArray();
        QTest::newRow("without a value") << "api-key&model=a"_ba
                                         << "model=a"_ba;
        QTest::newRow("elsewhere") << "a=xek_rr_oney&model=a"_ba
                                   << "model=a"_ba;
        QTest::newRow("encoded elsewhere") << "a=%65k_rr_one&model=a"_ba
                                           << "model=a"_ba;
    }
    void nothingHoldsTheKey()
    {
        QFETCH(QByteArray, query);
        RequestHead head = headWith("Authorization: Bearer ek_rr_one\r\nX-A: zek_rr_one\r\nX-B: b"_ba);
        head.path = "/v1/realtime";
        head.query = query;
        const RequestHead left = withoutKey(head, Secret("ek_rr_one"));
        QTEST(left.query, "left");
        QCOMPARE(left.target, left.query.isEmpty() ? left.path : left.path + '?' + left.query);
        QVERIFY(left.header("Authorization").isNull());
        QVERIFY(left.header("X-A").isNull());
        QCOMPARE(left.header("X-B"), "b"_ba);
    }

    void nothingHoldsAKeyThatBeginsSo()
    {
        RequestHead head = headWith("X-A: ek_rr_one\r\nX-B: b"_ba);
        head.path = head.target = "/v1/realtime";
        QCOMPARE(withoutKeysThatBegin(head, "ek_rr_").target, head.path);
        head.query = "model=%61&api-key=sk-x&api-key=ek_rr_y&Api-Key=%65k_rr_z&b=xek_rr_";
        const RequestHead left = withoutKeysThatBegin(head, "ek_rr_");
        QCOMPARE(left.query, "model=%61&api-key=sk-x"_ba);
        QCOMPARE(left.target, "/v1/realtime?model=%61&api-key=sk-x"_ba);
        QVERIFY(left.header("X-A").isNull());
        QCOMPARE(left.header("X-B"), "b"_ba);
        head.query = "api-key=ek_rr_y";
        QCOMPARE(withoutKeysThatBegin(head, "ek_rr_").target, head.path);
    }
};

RELAY_TEST(TestCredentials)
#include "tst_credentials.moc"
