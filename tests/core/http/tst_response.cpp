// SPDX-License-Identifier: MIT
#include "core/http/response.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace rr;

class TestResponse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheWhole();
    void connection_data();
    void connection();
    void headOnlyKeepsTheLength();
    void noContentHasNoLength();
    void valuesCannotStartLines();
    void headsOfWhatFollows();
    void chunks();
    void errors_data();
    void errors();
};

void TestResponse::writesTheWhole()
{
    const QByteArray bytes
        = serialise({200, "text/plain"_ba, "hello"_ba, {{"X-One"_ba, "1"_ba}}}, true, false);
    const QRegularExpression whole(
        u"^HTTP/1\\.1 200 OK\r\n"
        "Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n"
        "Connection: keep-alive\r\n"
        "Content-Type: text/plain\r\n"
        "Content-Length: 5\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Cache-Control: no-store\r\n"
        "X-One: 1\r\n"
        "\r\n"
        "hello$"_s);
    QVERIFY2(whole.match(QString::fromLatin1(bytes)).hasMatch(), bytes.constData());
}

void TestResponse::connection_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("keepAlive");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("keep") << 404 << true << "\r\nConnection: keep-alive\r\n"_ba;
    QTest::newRow("close") << 404 << false << "\r\nConnection: close\r\n"_ba;
    QTest::newRow("upgrade, keep") << 426 << true << "\r\nConnection: Upgrade, keep-alive\r\n"_ba;
    QTest::newRow("upgrade, close") << 426 << false << "\r\nConnection: Upgrade, close\r\n"_ba;
}

void TestResponse::connection()
{
    QFETCH(int, status);
    QFETCH(bool, keepAlive);
    QFETCH(QByteArray, expected);
    const QByteArray bytes = serialise(errorResponse(status, "x"_ba, {}), keepAlive, false);
    QVERIFY2(bytes.contains(expected), bytes.constData());
    QCOMPARE(bytes.count("Connection:"), 1);
}

void TestResponse::headOnlyKeepsTheLength()
{
    const QByteArray bytes = serialise({200, "text/plain"_ba, "hello"_ba, {}}, true, true);
    QVERIFY(bytes.contains("\r\nContent-Length: 5\r\n"));
    QVERIFY(bytes.endsWith("\r\n\r\n"));
}

void TestResponse::noContentHasNoLength()
{
    const QByteArray bytes = serialise({204, "text/plain"_ba, "hello"_ba, {}}, true, false);
    QVERIFY(bytes.startsWith("HTTP/1.1 204 No Content\r\n"));
    QVERIFY(!bytes.contains("Content-Length"));
    QVERIFY(bytes.endsWith("\r\n\r\n"));
}

void TestResponse::valuesCannotStartLines()
{
    const QByteArray bytes
        = serialise({200, "text/plain\r\nA: b"_ba, {},
                        {{"Access-Control-Allow-Origin"_ba, "x\r\nSet-Cookie: y\n\rz\0\x7f!"_ba}}},
            false, false);
    QVERIFY(bytes.contains("\r\nContent-Type: text/plain  A: b\r\n"));
    QVERIFY(bytes.contains("\r\nAccess-Control-Allow-Origin: x  Set-Cookie: y  z  !\r\n"));
    QCOMPARE(bytes.count('\n'), bytes.count("\r\n"));
    QCOMPARE(bytes.count("\r\n\r\n"), 1);
}

void TestResponse::headsOfWhatFollows()
{
    const HttpResponse response{200, "text/plain"_ba, "not this"_ba, {{"X-One"_ba, "1"_ba}}};
    const auto has = [](const QByteArray &head, const char *line) {
        return head.contains(QByteArray("\r\n") + line + "\r\n");
    };
    const QByteArray known = serialiseHead(response, 7, true);
    QVERIFY(known.startsWith("HTTP/1.1 200 OK\r\n") && known.endsWith("\r\n\r\n"));
    QVERIFY(has(known, "Content-Length: 7") && has(known, "Connection: close") && has(known, "X-One: 1"));
    QVERIFY(!known.contains("Transfer-Encoding") && !known.contains("not this"));
    const QByteArray chunked = serialiseHead(response, -1, true);
    QVERIFY(has(chunked, "Transfer-Encoding: chunked") && !chunked.contains("Content-Length"));
    const QByteArray neither = serialiseHead(response, -1, false);
    QVERIFY(!neither.contains("Transfer-Encoding") && !neither.contains("Content-Length"));
}

void TestResponse::chunks()
{
    QCOMPARE(chunkOf("0123456789abcdef0"), "11\r\n0123456789abcdef0\r\n");
    QCOMPARE(chunkOf({}), "0\r\n\r\n");
}

void TestResponse::errors_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<QString>("type");
    const QString invalid = u"invalid_request_error"_s;
    QTest::newRow("400") << 400 << "Bad Request"_ba << invalid;
    QTest::newRow("403") << 403 << "Forbidden"_ba << invalid;
    QTest::newRow("404") << 404 << "Not Found"_ba << invalid;
    QTest::newRow("405") << 405 << "Method Not Allowed"_ba << invalid;
    QTest::newRow("426") << 426 << "Upgrade Required"_ba << invalid;
    QTest::newRow("429") << 429 << "Too Many Requests"_ba << u"rate_limit_error"_s;
    QTest::newRow("431") << 431 << "Request Header Fields Too Large"_ba << invalid;
    QTest::newRow("501") << 501 << "Not Implemented"_ba << u"server_error"_s;
    QTest::newRow("503") << 503 << "Service Unavailable"_ba << u"server_error"_s;
    QTest::newRow("505") << 505 << "HTTP Version Not Supported"_ba << u"server_error"_s;
}

void TestResponse::errors()
{
    QFETCH(int, status);
    QFETCH(QByteArray, reason);
    QFETCH(QString, type);
    const HttpResponse response = errorResponse(status, "some_code"_ba, u"What \"happened\".\n"_s, 7);
    QCOMPARE(response.status, status);
    QCOMPARE(response.contentType, "application/json"_ba);
    const QJsonObject expected{
        {u"type"_s, type}, {u"code"_s, u"some_code"_s}, {u"message"_s, u"What \"happened\".\n"_s}};
    QCOMPARE(QJsonDocument::fromJson(response.body).object(), (QJsonObject{{u"error"_s, expected}}));

    const QByteArray bytes = serialise(response, false, false);
    QVERIFY(bytes.startsWith("HTTP/1.1 " + QByteArray::number(status) + ' ' + reason + "\r\n"));
    QVERIFY(bytes.contains("\r\nRetry-After: 7\r\n"));
    QCOMPARE(bytes.contains("\r\nUpgrade: websocket\r\n"), status == 426);
    QCOMPARE(bytes.contains("\r\nSec-WebSocket-Version: 13\r\n"), status == 426);
    QVERIFY(!serialise(errorResponse(status, {}, {}), false, false).contains("Retry-After"));
}

RELAY_TEST(TestResponse)
#include "tst_response.moc"
