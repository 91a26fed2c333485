// SPDX-License-Identifier: MIT
#include "core/http/responsehead.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;
using Body = ResponseHead::Body;

namespace {

constexpr int answerIncomplete = -1;
constexpr int fault = -2;

/// The status, or one of the above.
int answerOutcome(QByteArrayView bytes)
{
    const auto result = parseResponseHead(bytes);
    if (const auto *head = std::get_if<ResponseHead>(&result))
        return head->status;
    return std::holds_alternative<HeadIncomplete>(result) ? answerIncomplete : fault;
}

/// A good response with `lines` (each with its CRLF) among the headers.
QByteArray answerWith(const QByteArray &lines)
{
    return "HTTP/1.1 401 Unauthorized\r\nDate: today\r\n" + lines + "Server: s\r\n\r\n";
}

QByteArray answerOfSize(qsizetype size)
{
    QByteArray bytes = "HTTP/1.1 200 OK\r\n"_ba;
    while (size - bytes.size() > 2000)
        bytes += "X: " + QByteArray(1000, 'x') + "\r\n";
    return bytes + "X: " + QByteArray(size - bytes.size() - 7, 'x') + "\r\n\r\n";
}

ResponseHead parsedAnswer(const QByteArray &bytes)
{
    const auto result = parseResponseHead(bytes);
    if (const auto *head = std::get_if<ResponseHead>(&result))
        return *head;
    qFatal("not a good head");
}

// RFC 6455 1.3
const QByteArray key = "dGhlIHNhbXBsZSBub25jZQ=="_ba;
const QByteArray acceptLine = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"_ba;

} // namespace

class tst_ResponseHead : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesApart()
    {
        const QByteArray bytes
            = "HTTP/1.1 429 Too Many Requests\r\nretry-AFTER:7\r\nX-Padded: \t two words \t\r\n"
              "X-Empty:\r\nX-Latin: caf\xe9\r\nX-Padded: again\r\n\r\n"_ba;
        const ResponseHead head = parsedAnswer(bytes + "and more");
        QCOMPARE(head.status, 429);
        QCOMPARE(head.minorVersion, 1);
        QCOMPARE(head.size, bytes.size());
        QCOMPARE(head.headers.size(), 5);
        QCOMPARE(head.header("Retry-After"), "7"_ba);
        QCOMPARE(head.header("x-padded"), "two words"_ba);
        QCOMPARE(head.list("x-padded"), (QList<QByteArray>{"two words"_ba, "again"_ba}));
        QCOMPARE(head.header("x-latin"), "caf\xe9"_ba);
        QVERIFY(head.header("x-empty").isEmpty() && !head.header("x-empty").isNull());
        QVERIFY(head.header("x-absent").isNull());
    }

    void outcomes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("expected");
        const auto row = [](const char *name, const QByteArray &bytes, int expected) {
            QTest::newRow(name) << bytes << expected;
        };
        row("good", answerWith({}), 401);
        row("no header", "HTTP/1.1 200 OK\r\n\r\n"_ba, 200);
        row("no words", "HTTP/1.1 404 \r\n\r\n"_ba, 404);
        row("no words and no blank", "HTTP/1.1 404\r\n\r\n"_ba, 404);
        row("another number in the words", "HTTP/1.1 403 not 500\r\n\r\n"_ba, 403);
        row("words beyond ASCII", "HTTP/1.1 404 caf\xc3\xa9\r\n\r\n"_ba, 404);
        row("HTTP/1.0", "HTTP/1.0 503 No\r\n\r\n"_ba, 503);
        row("an unknown class", "HTTP/1.1 999 Odd\r\n\r\n"_ba, 999);
        row("101", "HTTP/1.1 101 S\r\n\r\n"_ba, 101);

        row("interim", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"_ba + answerWith({}), 103);

        row("nothing", {}, answerIncomplete);
        row("half a version", "HTTP/1."_ba, answerIncomplete);
        row("half a status", "HTTP/1.1 40"_ba, answerIncomplete);
        row("CR of a coming CRLF", "HTTP/1.1 404 No\r"_ba, answerIncomplete);
        row("no empty line yet", answerWith({}).chopped(2), answerIncomplete);

        row("SSH", "SSH-2.0-OpenSSH_9.2\r\n"_ba, fault);
        row("a TLS alert", "\x15\x03\x03"_ba, fault);
        row("an empty line first", "\r\n" + answerWith({}), fault);
        row("version in lower case", "http/1.1 200 OK\r\n\r\n"_ba, fault);
        row("HTTP/2", "HTTP/2 200 OK\r\n\r\n"_ba, fault);
        row("HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n"_ba, fault);
        row("version too long", "HTTP/1.10 200 OK\r\n\r\n"_ba, fault);
        row("no status", "HTTP/1.1\r\n\r\n"_ba, fault);
        row("status of a letter", "HTTP/1.1 2x0 OK\r\n\r\n"_ba, fault);
        row("status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"_ba, fault);
        row("status of two digits", "HTTP/1.1 20 OK\r\n\r\n"_ba, fault);
        row("status below 100", "HTTP/1.1 042 OK\r\n\r\n"_ba, fault);
        row("two blanks before the status", "HTTP/1.1  200 OK\r\n\r\n"_ba, fault);
        row("a tab behind the status", "HTTP/1.1 200\tOK\r\n\r\n"_ba, fault);

        row("LF ends the status line", "HTTP/1.1 200 OK\nX: 1\r\n\r\n"_ba, fault);
        row("LF ends a header", answerWith("X: 1\nY: 2\r\n"_ba), fault);
        row("LF LF ends the head", "HTTP/1.1 200 OK\r\nX: 1\n\n"_ba, fault);
        row("LF is refused before the end", "HTTP/1.1 200 OK\n"_ba, fault);
        row("CR in a value", answerWith("X: 1\rY: 2\r\n"_ba), fault);
        row("CR in the words", "HTTP/1.1 200 O\rK\r\n\r\n"_ba, fault);
        row("NUL in a value", answerWith("X: a\0b\r\n"_ba), fault);
        row("escape in the words", "HTTP/1.1 200 \x1b[31m\r\n\r\n"_ba, fault);
        row("DEL in a name", answerWith("X\x7f: 1\r\n"_ba), fault);
        row("folded line", answerWith("X: 1\r\n 2\r\n"_ba), fault);
        row("folded with a tab", answerWith("X: 1\r\n\t2\r\n"_ba), fault);
        row("blank before the colon", answerWith("X : 1\r\n"_ba), fault);
        row("no colon", answerWith("X\r\n"_ba), fault);
        row("no name", answerWith(": 1\r\n"_ba), fault);
        row("non-ASCII name", answerWith("X\xe9: 1\r\n"_ba), fault);

        row("more headers than a request may have", answerWith("X: 1\r\n"_ba.repeated(5'000)), 401);
        row("a line as long as may be", answerOfSize(maxResponseHeadBytes), 200);
        row("a line longer than a request's", answerWith("X: " + QByteArray(60'000, 'x') + "\r\n"), 401);
        row("one byte too large", answerOfSize(maxResponseHeadBytes + 1), fault);
        row("too large, the end to come", answerOfSize(maxResponseHeadBytes + 4).first(maxResponseHeadBytes),
            fault);
        row("not too large yet", answerOfSize(maxResponseHeadBytes + 4).first(maxResponseHeadBytes - 1),
            answerIncomplete);
    }
    void outcomes()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, expected);
        QCOMPARE(answerOutcome(bytes), expected);
        const auto result = parseResponseHead(bytes);
        if (const auto *why = std::get_if<ResponseFault>(&result))
            QVERIFY(qstrlen(why->why) > 0);
    }

    void everyPrefixIsIncomplete()
    {
        const QByteArray bytes = answerWith("Content-Length: 5\r\nX:\r\n"_ba);
        for (qsizetype size = 0; size < bytes.size(); ++size)
            QCOMPARE(answerOutcome(QByteArrayView(bytes).first(size)), answerIncomplete);
        QCOMPARE(answerOutcome(bytes), 401);
    }

    void followingBytesAreNotRead()
    {
        const ResponseHead head
            = parsedAnswer(answerWith({}) + "\0\n\r garbage"_ba + QByteArray(maxResponseHeadBytes, 'x'));
        QCOMPARE(head.size, answerWith({}).size());
        QCOMPARE(head.headers.size(), 2);
    }

    void bodies_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("body"); ///< -1: a fault
        QTest::addColumn<qint64>("length");
        const auto row = [](const char *name, const QByteArray &bytes, int body, qint64 length = 0) {
            QTest::newRow(name) << bytes << body << length;
        };
        const auto is = [](Body body) { return int(body); };
        row("until the end", answerWith({}), is(Body::UntilClose));
        row("zero", answerWith("Content-Length: 0\r\n"_ba), is(Body::Length));
        row("length", answerWith("content-LENGTH: 0042\r\n"_ba), is(Body::Length), 42);
        row("the same length twice", answerWith("Content-Length: 5\r\nContent-Length: 5\r\n"_ba),
            is(Body::Length), 5);
        row("the same length twice in one", answerWith("Content-Length: 5, 5\r\n"_ba), is(Body::Length), 5);
        row("two lengths", answerWith("Content-Length: 5\r\nContent-Length: 6\r\n"_ba), -1);
        row("two lengths in one", answerWith("Content-Length: 5, 6\r\n"_ba), -1);
        row("negative length", answerWith("Content-Length: -1\r\n"_ba), -1);
        row("length with a plus", answerWith("Content-Length: +1\r\n"_ba), -1);
        row("empty length", answerWith("Content-Length:\r\n"_ba), -1);
        row("length over 64 bits", answerWith("Content-Length: 18446744073709551617\r\n"_ba), -1);
        row("chunked", answerWith("Transfer-Encoding: Chunked\r\n"_ba), is(Body::Chunked));
        row("chunked last", answerWith("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"_ba),
            is(Body::Chunked));
        row("another coding", answerWith("Transfer-Encoding: gzip\r\n"_ba), is(Body::UntilClose));
        row("chunked not last", answerWith("Transfer-Encoding: chunked, gzip\r\n"_ba), -1);
        row("chunked twice", answerWith("Transfer-Encoding: chunked, chunked\r\n"_ba), -1);
        row("chunked with length", answerWith("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"_ba), -1);
        row("length with chunked", answerWith("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"_ba), -1);
        row("chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"_ba, -1);
        row("204", "HTTP/1.1 204 No Content\r\n\r\n"_ba, is(Body::None));
        row("304", "HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n"_ba, is(Body::None), 9);
        row("101", "HTTP/1.1 101 S\r\nContent-Length: 0\r\n\r\n"_ba, is(Body::None));
    }
    void bodies()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, body);
        QFETCH(qint64, length);
        if (body < 0) {
            QCOMPARE(answerOutcome(bytes), fault);
            return;
        }
        const ResponseHead head = parsedAnswer(bytes);
        QCOMPARE(int(head.body), body);
        QCOMPARE(head.contentLength, length);
    }

    void switching_data()
    {
        QTest::addColumn<QByteArray>("lines");
        QTest::addColumn<bool>("good");
        const QByteArray upgrade = "Upgrade: websocket\r\n"_ba;
        const QByteArray connection = "Connection: Upgrade\r\n"_ba;
        const auto row = [](const char *name, const QByteArray &lines, bool good) {
            QTest::newRow(name) << lines << good;
        };
        row("good", upgrade + connection + acceptLine, true);
        row("another order, other cases",
            "SEC-WEBSOCKET-ACCEPT:  s3pPLMBiTxaQ9kYGzzhZRbK+xOo= \r\nconnection: uPGRADE\r\nX: y\r\nupgrade: WebSocket\r\n",
            true);
        row("Connection as a list", upgrade + "Connection: keep-alive, Upgrade\r\n" + acceptLine, true);
        row("Connection in two lines", upgrade + "Connection: keep-alive\r\n" + connection + acceptLine,
            true);
        row("Upgrade in two lines", upgrade + upgrade + connection + acceptLine, true);
        row("a length, which means nothing", upgrade + connection + acceptLine + "Content-Length: 0\r\n",
            true);
        row("an empty list of extensions",
            upgrade + connection + acceptLine + "Sec-WebSocket-Extensions:\r\n", true);

        row("nothing", {}, false);
        row("no Upgrade", connection + acceptLine, false);
        row("Upgrade to something else", "Upgrade: h2c\r\n" + connection + acceptLine, false);
        row("Upgrade to something else, too", "Upgrade: websocket, h2c\r\n" + connection + acceptLine, false);
        row("Upgrade to something else in another line",
            upgrade + "Upgrade: h2c\r\n" + connection + acceptLine, false);
        row("Upgrade lookalike", "Upgrade: xwebsocket\r\n" + connection + acceptLine, false);
        row("no Connection", upgrade + acceptLine, false);
        row("Connection lookalike", upgrade + "Connection: Upgraded\r\n" + acceptLine, false);
        row("no Accept", upgrade + connection, false);
        row("Accept of another key",
            upgrade + connection + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n", false);
        row("Accept in other cases", upgrade + connection + acceptLine.toLower(), false);
        row("two Accepts", upgrade + connection + acceptLine + acceptLine, false);
        row("an extension",
            upgrade + connection + acceptLine + "Sec-WebSocket-Extensions: permessage-deflate\r\n", false);
        row("an extension in the second line",
            upgrade + connection + acceptLine
                + "Sec-WebSocket-Extensions:\r\nSec-WebSocket-Extensions: x\r\n",
            false);
        row("a subprotocol", upgrade + connection + acceptLine + "Sec-WebSocket-Protocol: realtime\r\n",
            false);
    }
    void switching()
    {
        QFETCH(QByteArray, lines);
        QFETCH(bool, good);
        const char *why
            = checkSwitching(parsedAnswer("HTTP/1.1 101 Switching Protocols\r\n" + lines + "\r\n"), key);
        QVERIFY2((why == nullptr) == good, why ? why : "it was taken");
    }
    void noSwitchingInOldHttp()
    {
        QVERIFY(checkSwitching(parsedAnswer("HTTP/1.0 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                   + acceptLine + "\r\n"),
            key));
    }

    void interim()
    {
        for (const int status : {100, 102, 103, 199})
            QVERIFY(parsedAnswer("HTTP/1.1 " + QByteArray::number(status) + " S\r\n\r\n").isInterim());
        for (const int status : {101, 200, 404})
            QVERIFY(!parsedAnswer("HTTP/1.1 " + QByteArray::number(status) + " S\r\n\r\n").isInterim());
    }

    void smallerBound()
    {
        const QByteArray bytes = answerWith({});
        QVERIFY(std::holds_alternative<ResponseHead>(parseResponseHead(bytes, bytes.size())));
        QVERIFY(std::holds_alternative<ResponseFault>(parseResponseHead(bytes, bytes.size() - 1)));
    }

    void faultsRepeatNothing()
    {
        for (const QByteArray &bytes :
            {answerWith("sk-secret : 1\r\n"_ba), answerWith("sk-secret\r\n"_ba), "sk-secret\r\n"_ba}) {
            const auto result = parseResponseHead(bytes);
            QVERIFY(!QByteArrayView(std::get<ResponseFault>(result).why).contains("secret"));
        }
    }
};

RELAY_TEST(tst_ResponseHead)
#include "tst_responsehead.moc"
