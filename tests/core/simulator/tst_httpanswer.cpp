// SPDX-License-Identifier: MIT
#include "core/simulator/httpanswer.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestHttpAnswer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void errors_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("header"); ///< that belongs to this status
        QTest::newRow("401") << 401 << "HTTP/1.1 401 Unauthorized"_ba << QByteArray();
        QTest::newRow("426") << 426 << "HTTP/1.1 426 Upgrade Required"_ba
                             << "Upgrade: websocket"_ba;
        QTest::newRow("429") << 429 << "HTTP/1.1 429 Too Many Requests"_ba
                             << "Retry-After: 1"_ba;
        QTest::newRow("503") << 503 << "HTTP/1.1 503 Service Unavailable"_ba
                             << "Retry-After: 1"_ba;
    }
    void errors()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, header);
        const ApiError error{u"a_code"_s, u"Müde – “quoted”."_s};
        const QByteArray answer = HttpAnswer::error(status, error).bytes();
        QVERIFY2(answer.startsWith(line + "\r\n"), answer);
        const qsizetype end = answer.indexOf("\r\n\r\n");
        QVERIFY(end > 0);
        const QByteArray lines = answer.left(end + 2), body = answer.mid(end + 4);
        QCOMPARE(QJsonDocument::fromJson(body).object(), (QJsonObject{{u"error"_s, error.toJson()}}));
        QVERIFY2(lines.contains("\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n"), lines);
        QVERIFY2(lines.contains("\r\nContent-Type: application/json\r\n"), lines);
        QVERIFY2(lines.contains("\r\nConnection: close\r\n"), lines);
        for (const QByteArray &one : {"Upgrade: websocket"_ba, "Retry-After: 1"_ba})
            QCOMPARE(lines.contains("\r\n" + one + "\r\n"), one == header);
    }

    void body()
    {
        const QByteArray answer = HttpAnswer::json({{u"value"_s, u"ü"_s}}).bytes();
        QVERIFY2(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        QVERIFY2(answer.endsWith("\r\n\r\n{\"value\":\"ü\"}"), answer);
        QVERIFY2(answer.contains("\r\nContent-Length: 14\r\n"), answer);
        HttpAnswer recording;
        recording.body = "RIFF";
        recording.contentType = "application/binary";
        QVERIFY2(recording.bytes().contains("\r\nContent-Type: application/binary\r\n"), recording.bytes());
        QVERIFY2(recording.bytes().endsWith("\r\n\r\nRIFF"), recording.bytes());
    }

    void eachHasAnIdOfItsOwn()
    {
        static const QRegularExpression line(u"\r\nx-request-id: (req_[0-9a-f]{32})\r\n"_s);
        const QString one = QString::fromUtf8(HttpAnswer::json({}).bytes());
        const QString two = QString::fromUtf8(HttpAnswer::json({}).bytes());
        QVERIFY2(line.match(one).hasMatch(), qPrintable(one));
        QVERIFY(line.match(one).captured(1) != line.match(two).captured(1));
        QVERIFY(one.contains("\r\nSet-Cookie: "_L1)); // which no relay may pass
    }
};

RELAY_TEST(TestHttpAnswer)
#include "tst_httpanswer.moc"
