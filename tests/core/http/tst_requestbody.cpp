// SPDX-License-Identifier: MIT
#include "core/http/requestbody.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

namespace {

RequestHead length(qint64 bytes)
{
    RequestHead head;
    head.headers = {{"Content-Length"_ba, QByteArray::number(bytes)}};
    head.contentLength = bytes;
    return head;
}

RequestHead chunks()
{
    RequestHead head;
    head.chunked = true;
    return head;
}

const QByteArray most(RequestBody::mostBytes, 'x');

} // namespace

class tst_RequestBody : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whole_data()
    {
        QTest::addColumn<RequestHead>("head");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("length") << length(4) << "body"_ba
                                << "body"_ba;
        QTest::newRow("nothing") << length(0) << ""_ba
                                 << ""_ba;
        QTest::newRow("as long as may be") << length(most.size()) << most << most;
        QTest::newRow("chunks") << chunks() << "3\r\nbod\r\n1\r\ny\r\n0\r\n\r\n"_ba
                                << "body"_ba;
        QTest::newRow("no chunk") << chunks() << "0\r\n\r\n"_ba
                                  << ""_ba;
        QTest::newRow("zeros, and digits of both cases")
            << chunks() << "00A\r\n0123456789\r\n0a\r\nabcdefghij\r\n000\r\n\r\n"_ba
            << "0123456789abcdefghij"_ba;
        QTest::newRow("extensions and trailers")
            << chunks() << "4 ;a=\"b\"\r\nbody\r\n0;c\r\nX-Sum: 1\r\nX: 2\r\n\r\n"_ba
            << "body"_ba;
        QTest::newRow("chunks of line ends") << chunks() << "4\r\n\r\n\r\n\r\n0\r\n\r\n"_ba
                                             << "\r\n\r\n"_ba;
        QTest::newRow("the smallest chunks")
            << chunks() << "1\r\nx\r\n"_ba.repeated(most.size()) + "0\r\n\r\n"
            << most;
    }
    void whole()
    {
        QFETCH(RequestHead, head);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, content);
        for (const qsizetype piece : {bytes.size(), qsizetype(1)}) {
            RequestBody body(head);
            QByteArray got;
            for (qsizetype at = 0; !body.isComplete() && at <= bytes.size();
                 at += std::max<qsizetype>(piece, 1)) {
                got += bytes.mid(at, piece);
                const auto error = body.add(got);
                QVERIFY2(!error, error ? qPrintable(plain(error->detail)) : "");
            }
            QVERIFY(body.isComplete());
            QCOMPARE(body.take(), content);
        }
    }

    void leavesWhatFollows()
    {
        for (const auto &[head, bytes] :
            {std::pair(length(4), "body"_ba), {chunks(), "4\r\nbody\r\n0\r\n\r\n"_ba}}) {
            QByteArray got = bytes + "GET / HTTP/1.1\r\n";
            RequestBody body(head);
            QVERIFY(!body.add(got));
            QVERIFY(body.isComplete());
            QCOMPARE(got, "GET / HTTP/1.1\r\n");
        }
    }

    void incomplete_data()
    {
        QTest::addColumn<RequestHead>("head");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("length") << length(4) << "bod"_ba;
        QTest::newRow("no size") << chunks() << "4"_ba;
        QTest::newRow("half a chunk") << chunks() << "4\r\nbo"_ba;
        QTest::newRow("half an end") << chunks() << "4\r\nbody\r"_ba;
        QTest::newRow("no last chunk") << chunks() << "4\r\nbody\r\n"_ba;
        QTest::newRow("no end of the trailers") << chunks() << "0\r\nX: 1\r\n"_ba;
    }
    void incomplete()
    {
        QFETCH(RequestHead, head);
        QFETCH(QByteArray, bytes);
        RequestBody body(head);
        QVERIFY(!body.add(bytes));
        QVERIFY(!body.isComplete());
    }

    void refused_data()
    {
        QTest::addColumn<RequestHead>("head");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        QTest::newRow("no length") << RequestHead() << "body"_ba << 411;
        QTest::newRow("too long") << length(most.size() + 1) << ""_ba << 413;
        QTest::newRow("too large a chunk") << chunks() << "10001\r\n"_ba << 413;
        QTest::newRow("one more") << chunks() << "10000\r\n" + most + "\r\n1\r\n" << 413;
        QTest::newRow("a size beyond numbers") << chunks() << "fffffffffffffffffff\r\n"_ba << 413;
        QTest::newRow("endless extensions")
            << chunks() << QByteArray("1;" + QByteArray(7000, 'x') + "\r\nx\r\n").repeated(100) << 400;
        QTest::newRow("an endless line") << chunks() << QByteArray(9000, '0') << 400;
        QTest::newRow("no size at all") << chunks() << "\r\nbody"_ba << 400;
        QTest::newRow("a sign") << chunks() << "+4\r\nbody\r\n0\r\n\r\n"_ba << 400;
        QTest::newRow("a prefix") << chunks() << "0x4\r\nbody\r\n0\r\n\r\n"_ba << 400;
        QTest::newRow("a blank before") << chunks() << " 4\r\nbody\r\n0\r\n\r\n"_ba << 400;
        QTest::newRow("bare line feeds") << chunks() << "4\nbody\n0\n\n\r\n"_ba << 400;
        QTest::newRow("longer than its size") << chunks() << "3\r\nbody\r\n0\r\n\r\n"_ba << 400;
    }
    void refused()
    {
        QFETCH(RequestHead, head);
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        RequestBody body(head);
        const auto error = body.add(bytes);
        QVERIFY(error);
        QCOMPARE(error->status, status);
        QVERIFY(!body.isComplete());
    }
};

RELAY_TEST(tst_RequestBody)
#include "tst_requestbody.moc"
