// SPDX-License-Identifier: MIT
#include "core/http/requesthead.h"
#include "tests/support/relaytest.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace rr;

namespace {

constexpr int accepted = 0;
constexpr int incomplete = -1;

int outcome(QByteArrayView bytes)
{
    const auto result = parseRequestHead(bytes);
    if (const auto *error = std::get_if<HeadError>(&result))
        return error->status;
    return std::holds_alternative<HeadIncomplete>(result) ? incomplete : accepted;
}

/// A good request with `lines` (each with its CRLF) among the headers.
QByteArray with(const QByteArray &lines)
{
    return "GET /health HTTP/1.1\r\nHost: relay\r\n" + lines + "Accept: */*\r\n\r\n";
}

QByteArray requestLine(const QByteArray &line)
{
    return line + "\r\nHost: relay\r\n\r\n";
}

RequestHead parsed(const QByteArray &bytes)
{
    const auto result = parseRequestHead(bytes);
    if (const auto *head = std::get_if<RequestHead>(&result))
        return *head;
    qFatal("not a good head");
}

QByteArray manyHeaders(int count)
{
    QByteArray bytes = "GET / HTTP/1.1\r\nHost: relay\r\n"_ba;
    for (int i = 1; i < count; ++i)
        bytes += "X-" + QByteArray::number(i) + ": 1\r\n";
    return bytes + "\r\n";
}

QByteArray headOfSize(qsizetype size)
{
    QByteArray bytes = "GET / HTTP/1.1\r\nHost: relay\r\n"_ba;
    while (size - bytes.size() > 2000)
        bytes += "X: " + QByteArray(1000, 'x') + "\r\n";
    return bytes + "X: " + QByteArray(size - bytes.size() - 7, 'x') + "\r\n\r\n";
}

} // namespace

class TestRequestHead : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesApart();
    void outcomes_data();
    void outcomes();
    void everyPrefixIsIncomplete();
    void pieces_data();
    void pieces();
    void emptyOriginIsNone();
    void followingBytesAreNotRead();
    void targets_data();
    void targets();
    void lists();
    void bodies_data();
    void bodies();
    void keepAlive_data();
    void keepAlive();
    void upgrades_data();
    void upgrades();
    void errorsRepeatNothing();
};

void TestRequestHead::takesApart()
{
    const QByteArray bytes = "GET /v1/realtime?model=a%20b&x={y}|?z HTTP/1.1\r\n"
                             "HOST: relay:8080\r\nOrigin:http://localhost:3000\r\n"
                             "X-Padded: \t two words \t\r\nX-Empty:\r\nX-Latin: caf\xe9\r\n\r\n"_ba;
    const RequestHead head = parsed(bytes);
    QCOMPARE(head.method, "GET"_ba);
    QCOMPARE(head.target, "/v1/realtime?model=a%20b&x={y}|?z"_ba);
    QCOMPARE(head.path, "/v1/realtime"_ba);
    QCOMPARE(head.query, "model=a%20b&x={y}|?z"_ba);
    QCOMPARE(head.minorVersion, 1);
    QCOMPARE(head.size, bytes.size());
    QCOMPARE(head.headers.size(), 5);
    QCOMPARE(head.headers.at(0).name, "HOST"_ba);
    QCOMPARE(head.header("host"), "relay:8080"_ba);
    QCOMPARE(head.header("ORIGIN"), "http://localhost:3000"_ba);
    QCOMPARE(head.header("x-padded"), "two words"_ba);
    QCOMPARE(head.header("x-latin"), "caf\xe9"_ba);
    QVERIFY(head.header("x-empty").isEmpty() && !head.header("x-empty").isNull());
    QVERIFY(head.header("x-absent").isNull());
    QVERIFY(head.header("x-empt").isNull());
}

void TestRequestHead::outcomes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *name, const QByteArray &bytes, int expected) {
        QTest::newRow(name) << bytes << expected;
    };

    row("good", with({}), accepted);
    row("HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n"_ba, accepted);
    row("higher minor version", requestLine("GET / HTTP/1.2"_ba), accepted);
    row("unknown method", requestLine("BREW / HTTP/1.1"_ba), accepted);
    row("OPTIONS *", requestLine("OPTIONS * HTTP/1.1"_ba), accepted);

    row("nothing", {}, incomplete);
    row("half a line", "GET /hea"_ba, incomplete);
    row("CR of a coming CRLF", "GET / HTTP/1.1\r"_ba, incomplete);
    row("no empty line yet", "GET / HTTP/1.1\r\nHost: relay\r\n"_ba, incomplete);

    row("empty line first", "\r\n" + with({}), 400);
    row("only empty lines", "\r\n\r\n"_ba, 400);
    row("LF ends the request line", "GET / HTTP/1.1\nHost: relay\r\n\r\n"_ba, 400);
    row("LF ends a header", with("X: 1\nY: 2\r\n"_ba), 400);
    row("LF LF ends the head", "GET / HTTP/1.1\r\nHost: relay\n\n"_ba, 400);
    row("LF CR LF ends the head", "GET / HTTP/1.1\r\nHost: relay\r\nX: 1\n\r\n"_ba, 400);
    row("LF is refused before the end", "GET / HTTP/1.1\n"_ba, 400);
    row("CR in a value", with("X: 1\rY: 2\r\n"_ba), 400);
    row("CR CR LF", with("X: 1\r\r\n"_ba), 400);
    row("CR in the request line", requestLine("GET /\r HTTP/1.1"_ba), 400);
    row("NUL in the target", requestLine("GET /\0 HTTP/1.1"_ba), 400);
    row("NUL in a name", with("X\0: 1\r\n"_ba), 400);
    row("NUL in a value", with("X: a\0b\r\n"_ba), 400);
    row("escape in a value", with("X: \x1b[31m\r\n"_ba), 400);
    row("DEL in a value", with("X: \x7f\r\n"_ba), 400);
    row("vertical tab before chunked",
        with("Transfer-Encoding: \x0b"
             "chunked\r\n"_ba),
        400);
    row("TLS hello", "\x16\x03\x01\x02\x00\x01\x00"_ba, 400);

    row("HTTP/0.9", "GET /\r\n"_ba, 400);
    row("no target", requestLine("GET  HTTP/1.1"_ba), 400);
    row("two blanks before the target", requestLine("GET  / HTTP/1.1"_ba), 400);
    row("two blanks before the version", requestLine("GET /  HTTP/1.1"_ba), 400);
    row("blank in the target", requestLine("GET /a b HTTP/1.1"_ba), 400);
    row("blank after the version", requestLine("GET / HTTP/1.1 "_ba), 400);
    row("blank first", requestLine(" GET / HTTP/1.1"_ba), 400);
    row("tab between", requestLine("GET\t/ HTTP/1.1"_ba), 400);
    row("tab in the target", requestLine("GET /\t HTTP/1.1"_ba), 400);
    row("method not a token", requestLine("G(T / HTTP/1.1"_ba), 400);
    row("non-ASCII method", requestLine("G\xc3\x89T / HTTP/1.1"_ba), 400);
    row("non-ASCII target", requestLine("GET /caf\xc3\xa9 HTTP/1.1"_ba), 400);
    row("fragment", requestLine("GET /#top HTTP/1.1"_ba), 400);
    row("relative target", requestLine("GET health HTTP/1.1"_ba), 400);
    row("GET *", requestLine("GET * HTTP/1.1"_ba), 400);
    row("CONNECT", requestLine("CONNECT relay:443 HTTP/1.1"_ba), 400);
    row("absolute, another scheme", requestLine("GET ftp://relay/ HTTP/1.1"_ba), 400);
    row("absolute, no host", requestLine("GET http:///health HTTP/1.1"_ba), 400);
    row("absolute, user information", requestLine("GET http://me@relay/ HTTP/1.1"_ba), 400);
    row("absolute, bad port", requestLine("GET http://relay:8x/ HTTP/1.1"_ba), 400);
    row("no version", requestLine("GET / "_ba), 400);
    row("version in lower case", requestLine("GET / http/1.1"_ba), 400);
    row("version too long", requestLine("GET / HTTP/1.10"_ba), 400);
    row("version too short", requestLine("GET / HTTP/1"_ba), 400);
    row("version with a comma", requestLine("GET / HTTP/1,1"_ba), 400);
    row("another protocol", requestLine("GET / RTSP/1.1"_ba), 400);
    row("HTTP/2.0", requestLine("GET / HTTP/2.0"_ba), 505);
    row("HTTP/0.9 named", requestLine("GET / HTTP/0.9"_ba), 505);
    row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"_ba, 505);
    row("first line is wrong, the rest to come", "GET / HTTP/3.0\r\nHost"_ba, 505);

    row("blank before the colon", with("X : 1\r\n"_ba), 400);
    row("tab before the colon", with("Content-Length\t: 5\r\n"_ba), 400);
    row("folded line", with("X: 1\r\n 2\r\n"_ba), 400);
    row("folded with a tab", with("X: 1\r\n\t2\r\n"_ba), 400);
    row("first header after a blank", "GET / HTTP/1.1\r\n Host: relay\r\n\r\n"_ba, 400);
    row("no colon", with("X\r\n"_ba), 400);
    row("no name", with(": 1\r\n"_ba), 400);
    row("blank in a name", with("Content Length: 5\r\n"_ba), 400);
    row("bracket in a name", with("X[0]: 1\r\n"_ba), 400);
    row("non-ASCII name", with("X\xe9: 1\r\n"_ba), 400);

    row("no Host", "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n"_ba, 400);
    row("no header at all", "GET / HTTP/1.1\r\n\r\n"_ba, 400);
    row("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"_ba, 400);
    row("two Hosts", with("Host: other\r\n"_ba), 400);
    row("two equal Hosts", with("hOST: relay\r\n"_ba), 400);
    row("the first Host is empty", "GET / HTTP/1.1\r\nHost:\r\nHost: relay\r\n\r\n"_ba, 400);
    const auto host = [](const QByteArray &value) { return "GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n"; };
    row("Host with a port", host("relay.example.org:8080"_ba), accepted);
    row("Host with an underscore", host("realtime_relay:8080"_ba), accepted);
    row("IPv4 Host", host("127.0.0.1:8080"_ba), accepted);
    row("IPv6 Host", host("[::1]:8080"_ba), accepted);
    row("IPv6 Host without a port", host("[fe80::1]"_ba), accepted);
    row("Host with an empty port", host("relay:"_ba), accepted);
    row("Host with a port too high", host("relay:65536"_ba), 400);
    row("Host with only a port", host(":80"_ba), 400);
    row("Host with an encoded blank", host("a%20b"_ba), 400);
    row("Host with empty labels", host("a..b"_ba), 400);
    row("IPv6 Host that is none", host("[1:2]"_ba), 400);
    row("two Hosts in one", host("relay, other"_ba), 400);
    row("Host with a path", host("relay/x"_ba), 400);
    row("Host with user information", host("me@relay"_ba), 400);
    row("Host with a bad port", host("relay:http"_ba), 400);
    row("Host with two ports", host("relay:80:90"_ba), 400);
    row("IPv6 Host not closed", host("[::1"_ba), 400);
    row("IPv6 Host, text behind", host("[::1]x"_ba), 400);
    row("IPv6 Host, empty", host("[]"_ba), 400);
    row("IPv6 Host, twice", host("[[::1]"_ba), 400);

    row("two Origins", with("Origin: http://a\r\nOrigin: http://b\r\n"_ba), 400);
    row("two keys", with("Sec-WebSocket-Key: a\r\nSec-WebSocket-Key: b\r\n"_ba), 400);
    row("two versions", with("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 8\r\n"_ba), 400);
    row("two Authorizations", with("Authorization: Bearer a\r\nauthorization: Bearer b\r\n"_ba), 400);
    row("two API keys", with("api-key: a\r\napi-key: b\r\n"_ba), 400);
    row("two list headers",
        with("Connection: a\r\nConnection: b\r\nX-Forwarded-For: 1\r\n"
             "X-Forwarded-For: 2\r\nCookie: a\r\nCookie: b\r\n"_ba),
        accepted);

    row("length with chunked", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"_ba), 400);
    row("chunked with length", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"_ba), 400);
    row("two lengths", with("Content-Length: 5\r\nContent-Length: 6\r\n"_ba), 400);
    row("two equal lengths", with("Content-Length: 5\r\nContent-Length: 5\r\n"_ba), 400);
    row("two lengths in one", with("Content-Length: 5, 5\r\n"_ba), 400);
    row("length with a plus", with("Content-Length: +5\r\n"_ba), 400);
    row("negative length", with("Content-Length: -1\r\n"_ba), 400);
    row("hexadecimal length", with("Content-Length: 0x5\r\n"_ba), 400);
    row("length with a blank", with("Content-Length: 5 5\r\n"_ba), 400);
    row("empty length", with("Content-Length:\r\n"_ba), 400);
    row("length over 64 bits", with("Content-Length: 18446744073709551617\r\n"_ba), 400);
    row("identity", with("Transfer-Encoding: identity\r\n"_ba), 400);
    row("xchunked", with("Transfer-Encoding: xchunked\r\n"_ba), 400);
    row("chunked in quotes", with("Transfer-Encoding: \"chunked\"\r\n"_ba), 400);
    row("chunked not last", with("Transfer-Encoding: chunked, gzip\r\n"_ba), 400);
    row("chunked twice", with("Transfer-Encoding: chunked, chunked\r\n"_ba), 400);
    row("two Transfer-Encodings", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"_ba),
        400);
    row("empty Transfer-Encoding", with("Transfer-Encoding:\r\n"_ba), 400);
    row("chunked in HTTP/1.0", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"_ba, 400);
    row("another coding", with("Transfer-Encoding: gzip, chunked\r\n"_ba), 501);

    row("as many headers as may be", manyHeaders(int(maxHeaderCount)), accepted);
    row("one header too many", manyHeaders(int(maxHeaderCount) + 1), 431);
    row("as large as may be", headOfSize(maxHeadBytes), accepted);
    row("one byte too large", headOfSize(maxHeadBytes + 1), 431);
    row("too large, the end to come", headOfSize(maxHeadBytes + 4).first(maxHeadBytes), 431);
    row("not too large yet", headOfSize(maxHeadBytes + 4).first(maxHeadBytes - 1), incomplete);
    row("line as long as may be", with("X: " + QByteArray(maxLineBytes - 3, 'x') + "\r\n"), accepted);
    row("line too long", with("X: " + QByteArray(maxLineBytes - 2, 'x') + "\r\n"), 431);
    row("endless request line", "GET /" + QByteArray(maxLineBytes, 'a'), 431);
}

void TestRequestHead::outcomes()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, expected);
    QCOMPARE(outcome(bytes), expected);
}

void TestRequestHead::everyPrefixIsIncomplete()
{
    const QByteArray bytes = with("Origin: http://localhost\r\nX:\r\n"_ba);
    for (qsizetype size = 0; size < bytes.size(); ++size)
        QCOMPARE(outcome(QByteArrayView(bytes).first(size)), incomplete);
    QCOMPARE(outcome(bytes), accepted);
}

void TestRequestHead::pieces_data()
{
    outcomes_data();
}

// However its bytes come, and without looking at them twice, the same is said of them.
void TestRequestHead::pieces()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, expected);
    for (const qsizetype piece : {1, 2, 3, 5, 100}) {
        HeadProgress progress;
        int outcome = incomplete;
        for (qsizetype size = 0; outcome == incomplete && size < bytes.size();) {
            size = std::min(size + piece, bytes.size());
            const auto result = parseRequestHead(QByteArrayView(bytes).first(size), progress);
            if (const auto *error = std::get_if<HeadError>(&result))
                outcome = error->status;
            else if (const auto *head = std::get_if<RequestHead>(&result))
                outcome = head->size == bytes.size() ? accepted : incomplete;
            else
                QCOMPARE(progress.seen, size);
        }
        QCOMPARE(outcome, expected);
    }
}

void TestRequestHead::emptyOriginIsNone()
{
    QVERIFY(parsed(with("Origin:\r\n"_ba)).header("Origin").isNull());
    QVERIFY(parsed(with("Origin: \t\r\n"_ba)).header("Origin").isNull());
    QCOMPARE(parsed(with("Origin:\r\nOrigin: http://a\r\n"_ba)).header("Origin"), "http://a"_ba);
}

void TestRequestHead::followingBytesAreNotRead()
{
    const QByteArray first = with({});
    const RequestHead head = parsed(first + "\0\n\r garbage"_ba + QByteArray(maxHeadBytes, 'x'));
    QCOMPARE(head.size, first.size());
    QCOMPARE(head.headers.size(), 2);
}

void TestRequestHead::targets_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("query"); // null: none
    QTest::newRow("path") << "/health"_ba
                          << "/health"_ba << QByteArray();
    QTest::newRow("empty query") << "/health?"_ba
                                 << "/health"_ba
                                 << ""_ba;
    QTest::newRow("two question marks") << "/a?b?c"_ba
                                        << "/a"_ba
                                        << "b?c"_ba;
    QTest::newRow("not decoded") << "/%68ealth?a=%2F"_ba
                                 << "/%68ealth"_ba
                                 << "a=%2F"_ba;
    QTest::newRow("dots stay") << "/a/../health"_ba
                               << "/a/../health"_ba << QByteArray();
    QTest::newRow("two slashes") << "//relay/health"_ba
                                 << "//relay/health"_ba << QByteArray();
    QTest::newRow("absolute") << "http://relay:8080/realtime?model=m"_ba
                              << "/realtime"_ba
                              << "model=m"_ba;
    QTest::newRow("absolute, upper case") << "HTTPS://Relay/realtime"_ba
                                          << "/realtime"_ba << QByteArray();
    QTest::newRow("absolute, no path") << "http://relay"_ba
                                       << "/"_ba << QByteArray();
    QTest::newRow("absolute, query only") << "http://[::1]?a=/b"_ba
                                          << "/"_ba
                                          << "a=/b"_ba;
}

void TestRequestHead::targets()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, query);
    const RequestHead head = parsed(requestLine("GET " + target + " HTTP/1.1"));
    QCOMPARE(head.target, target);
    QCOMPARE(head.path, path);
    QCOMPARE(head.query, query);
    QCOMPARE(head.query.isNull(), query.isNull());
}

void TestRequestHead::lists()
{
    const RequestHead head = parsed(with("X: a , b\r\nY: no\r\nx: ,, c\t,\r\nX:\r\n"_ba));
    QCOMPARE(head.list("X"), (QList<QByteArray>{"a"_ba, "b"_ba, "c"_ba}));
    QCOMPARE(head.list("Z"), QList<QByteArray>());
}

void TestRequestHead::bodies_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<qint64>("length");
    QTest::addColumn<bool>("chunked");
    QTest::newRow("none") << QByteArray() << qint64(0) << false;
    QTest::newRow("zero") << "Content-Length: 0\r\n"_ba << qint64(0) << false;
    QTest::newRow("length") << "Content-Length: 0042\r\n"_ba << qint64(42) << false;
    QTest::newRow("largest") << "Content-Length: 999999999999999999\r\n"_ba << qint64(999999999999999999)
                             << false;
    QTest::newRow("chunked") << "Transfer-Encoding: Chunked\r\n"_ba << qint64(0) << true;
}

void TestRequestHead::bodies()
{
    QFETCH(QByteArray, lines);
    const RequestHead head = parsed(with(lines));
    QTEST(head.contentLength, "length");
    QTEST(head.chunked, "chunked");
}

void TestRequestHead::keepAlive_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("expected");
    QTest::newRow("1.1") << with({}) << true;
    QTest::newRow("1.1 close") << with("Connection: x, Close\r\n"_ba) << false;
    QTest::newRow("1.1 with a body") << with("Content-Length: 1\r\n"_ba) << true;
    QTest::newRow("1.0") << "GET / HTTP/1.0\r\n\r\n"_ba << false;
    QTest::newRow("1.0 keep-alive") << "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"_ba << true;
}

void TestRequestHead::keepAlive()
{
    QFETCH(QByteArray, bytes);
    QTEST(parsed(bytes).keepAlive(), "expected");
}

void TestRequestHead::upgrades_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("expected");
    const QByteArray start = "GET /realtime HTTP/1.1\r\nHost: relay\r\n"_ba;
    const QByteArray upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"_ba;
    const QByteArray key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"_ba;
    const QByteArray version = "Sec-WebSocket-Version: 13\r\n"_ba;
    const auto row = [](const char *name, const QByteArray &bytes, int expected) {
        QTest::newRow(name) << bytes + "\r\n" << expected;
    };

    row("good", start + upgrade + key + version, accepted);
    row("browser",
        start + "Connection: keep-alive, upgrade\r\nUpgrade: WebSocket\r\n" + key + version
            + "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk-x_Y\r\n"
              "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n",
        accepted);
    row("empty body", start + upgrade + key + version + "Content-Length: 0\r\n", accepted);
    row("two Connections, upgrade first",
        start + "Connection: Upgrade\r\nConnection: x\r\nUpgrade: websocket\r\n" + key + version, accepted);
    row("two Connections, upgrade last",
        start + "Connection: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + key + version, accepted);
    row("two Upgrades", start + upgrade + "Upgrade: h2c\r\n" + key + version, accepted);
    row("empty members in Upgrade",
        start + "Connection: ,upgrade, ,\r\nUpgrade:\r\nUpgrade: ,websocket,\r\n" + key + version, accepted);
    row("two Upgrades in one", start + "Connection: upgrade\r\nUpgrade: websocket, h2c\r\n" + key + version,
        accepted);
    row("plain", start, 426);
    row("Upgrade only", start + "Upgrade: websocket\r\n" + key + version, 426);
    row("Connection only", start + "Connection: upgrade\r\n" + key + version, 426);
    row("to HTTP/2", start + "Connection: upgrade\r\nUpgrade: h2c\r\n" + key + version, 426);
    row("Connection lookalike", start + "Connection: xupgrade\r\nUpgrade: websocket\r\n" + key + version,
        426);
    row("version 8", start + upgrade + key + "Sec-WebSocket-Version: 8\r\n", 426);
    row("version ABCDE9.9", start + upgrade + key + "Sec-WebSocket-Version: ABCDE9.9\r\n", 426);
    row("version 013", start + upgrade + key + "Sec-WebSocket-Version: 013\r\n", 426);
    row("no version", start + upgrade + key, 426);
    row("POST", "POST /realtime HTTP/1.1\r\nHost: relay\r\n" + upgrade + key + version, 400);
    row("HTTP/1.0", "GET /realtime HTTP/1.0\r\nHost: relay\r\n" + upgrade + key + version, 400);
    row("body", start + upgrade + key + version + "Content-Length: 1\r\n", 400);
    row("chunks", start + upgrade + key + version + "Transfer-Encoding: chunked\r\n", 400);
    row("no key", start + upgrade + version, 400);
    row("key of one character", start + upgrade + version + "Sec-WebSocket-Key: a\r\n", 400);
    row("key of 15 bytes", start + upgrade + version + "Sec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1\r\n", 400);
    row("key of 17 bytes", start + upgrade + version + "Sec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Njc=\r\n",
        400);
    row("key not base64", start + upgrade + version + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ!==\r\n", 400);
    row("key without padding", start + upgrade + version + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n",
        400);
    row("subprotocol not a token",
        start + upgrade + key + version + "Sec-WebSocket-Protocol: realtime, a b\r\n", 400);
    row("subprotocol in quotes", start + upgrade + key + version + "Sec-WebSocket-Protocol: \"x\"\r\n", 400);
}

void TestRequestHead::upgrades()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, expected);
    const auto error = checkUpgrade(parsed(bytes));
    QCOMPARE(error ? error->status : accepted, expected);
}

void TestRequestHead::errorsRepeatNothing()
{
    for (const QByteArray &bytes : {with("Authorization: Bearer sk-1\r\nAuthorization: Bearer sk-1\r\n"_ba),
             with("sk-1 : x\r\n"_ba), requestLine("GET /?sk-1# HTTP/1.1"_ba)}) {
        const auto result = parseRequestHead(bytes);
        const auto *error = std::get_if<HeadError>(&result);
        QVERIFY(error);
        QCOMPARE(error->code, "bad_request"_ba);
        QVERIFY(!error->detail.isEmpty());
        QVERIFY(!plain(error->detail).contains("sk-1"_L1));
    }
}

RELAY_TEST(TestRequestHead)
#include "tst_requesthead.moc"
