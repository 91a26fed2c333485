// SPDX-License-Identifier: MIT
#include "core/http/responsereader.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using State = ResponseReader::State;

class tst_ResponseReader : public QObject
{
    Q_OBJECT

    static ResponseReader read(const QByteArray &bytes, qsizetype piece)
    {
        ResponseReader answer;
        for (qsizetype at = 0; at < bytes.size() && !answer.isOver(); at += piece)
            answer.add(QByteArrayView(bytes).sliced(at, std::min(piece, bytes.size() - at)));
        return answer;
    }

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char *name, const QByteArray &bytes, State state, int status = 0,
                             const QByteArray &body = QByteArray()) {
            QTest::newRow(name) << bytes << int(state) << status << body;
        };
        row("nothing", "", State::InHead);
        row("half a status line", "HTTP/1.", State::InHead);
        row("half a head", "HTTP/1.1 401 No\r\nA: b\r\n", State::InHead);
        row("101", "HTTP/1.1 101 Switching Protocols\r\nA: b\r\n\r\n", State::Switching, 101);
        row("interim answers",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 101 S\r\n\r\n",
            State::Switching, 101);
        row("a refusal without a body", "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", State::Complete, 401);
        row("no reason", "HTTP/1.1 401\r\nContent-Length: 0\r\n\r\n", State::Complete, 401);
        row("204", "HTTP/1.1 204 None\r\n\r\n", State::Complete, 204);
        row("its body", "HTTP/1.1 401 No\r\nContent-Length: 3\r\n\r\nabcd", State::Complete, 401, "abc");
        row("half its body", "HTTP/1.1 401 No\r\nContent-Length: 3\r\n\r\nab", State::InBody, 401, "ab");
        row("a body of no length", "HTTP/1.1 401 No\r\n\r\nab", State::InBody, 401, "ab");
        row("a length that is none", "HTTP/1.1 401 No\r\nContent-Length: -1\r\n\r\nab", State::Malformed);
        row("chunks",
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0A\r\n0123456789\r\n0\r\n\r\n",
            State::Complete, 401, "a0123456789");
        row("half a chunk", "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n5\r\nab",
            State::InBody, 401, "aab");
        row("chunks that are none", "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n",
            State::Complete, 401);
        row("a chunk longer than its size",
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", State::Complete, 401,
            "a");
        row("a chunk's size that is none",
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n", State::Complete, 401);
        row("a chunk of far too much",
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n"
                + QByteArray(20'000, 'x'),
            State::Complete, 401, QByteArray(ResponseReader::mostBodyBytes, 'x'));
        row("a body of far too much", "HTTP/1.1 401 No\r\n\r\n" + QByteArray(20'000, 'x'), State::Complete,
            401, QByteArray(ResponseReader::mostBodyBytes, 'x'));
        row("a chunk's size without an end",
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n" + QByteArray(20'000, '0'),
            State::Complete, 401);
        row("a chunk's size in a line that is just not too long",
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n1;" + QByteArray(7'998, 'x') + "\r\na\r\n",
            State::InBody, 401, "a");
        row("a chunk's size in a line that is",
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n1;" + QByteArray(7'999, 'x') + "\r\na\r\n",
            State::Complete, 401);
        row("another protocol", "SSH-2.0-OpenSSH\r\n", State::Malformed);
        row("an interim answer alone", "HTTP/1.1 100 C\r\n\r\n", State::InHead);
        row("a malformed interim answer", "HTTP/1.1 100 C\r\nX : 1\r\n\r\nHTTP/1.1 101 S\r\n\r\n",
            State::Malformed);
        row("too much with its interim answer",
            "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 401 No\r\nContent-Length: 0\r\nA: " + QByteArray(65'480, 'x')
                + "\r\n\r\n",
            State::Malformed);
        row("something else behind an interim answer", "HTTP/1.1 100 C\r\n\r\n\r\n", State::Malformed);
        row("a head without an end", "HTTP/1.1 401 No\r\nA: " + QByteArray(70'000, 'x'), State::Malformed);
        row("a head that is too long", "HTTP/1.1 401 No\r\nA: " + QByteArray(70'000, 'x') + "\r\n\r\n",
            State::Malformed);
        row("interim answers without an end", QByteArray("HTTP/1.1 100 C\r\n\r\n").repeated(5'000),
            State::Malformed);
    }
    void reads()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, state);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        for (const qsizetype piece : {qsizetype(1'000'000), qsizetype(4096), qsizetype(7), qsizetype(1)}) {
            const ResponseReader answer = read(bytes, piece);
            QCOMPARE(int(answer.state()), state);
            QCOMPARE(answer.head().status, status);
            QCOMPARE(answer.body(), body);
        }
    }

    void splitsWhatFollowsThe101()
    {
        const ResponseReader answer = read("HTTP/1.1 101 S\r\nA: b\r\n\r\nframes\r\n\r\n", 1'000);
        QCOMPARE(answer.head().header("A"), "b");
        QCOMPARE(answer.behind(), "frames\r\n\r\n");
    }

    void tellsWhyNot() { QVERIFY(qstrlen(read("SSH-2.0-OpenSSH\r\n", 1'000).fault()) > 0); }

    void wholeOnes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("whole");
        const QByteArray chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        QTest::newRow("no body") << QByteArray("HTTP/1.1 204 None\r\n\r\n") << true;
        QTest::newRow("of length 0") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") << true;
        QTest::newRow("of length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab") << true;
        QTest::newRow("half") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na") << false;
        QTest::newRow("of no length") << QByteArray("HTTP/1.1 200 OK\r\n\r\nab") << true;
        QTest::newRow("chunks") << chunked + "2\r\nab\r\n0\r\n\r\n" << true;
        QTest::newRow("the last chunk is missing") << chunked + "2\r\nab\r\n" << false;
        QTest::newRow("half a chunk") << chunked + "2\r\na" << false;
        QTest::newRow("no chunks") << chunked + "ab\r\n" << false;
        QTest::newRow("as much as is kept")
            << "HTTP/1.1 200 OK\r\n\r\n" + QByteArray(ResponseReader::mostBodyBytes, 'x') << true;
        QTest::newRow("more") << "HTTP/1.1 200 OK\r\n\r\n"
                + QByteArray(ResponseReader::mostBodyBytes + 1, 'x')
                              << false;
    }
    void wholeOnes()
    {
        QFETCH(QByteArray, bytes);
        for (const qsizetype piece : {qsizetype(1'000'000), qsizetype(7), qsizetype(1)}) {
            ResponseReader answer = read(bytes, piece);
            answer.end();
            QCOMPARE(answer.state(), State::Complete);
            QTEST(answer.isWhole(), "whole");
        }
    }

    // What is taken makes room, so that no body is too long.
    void bodiesAreTakenAsTheyCome_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("behind");
        QTest::addColumn<QByteArray>("last");
        QTest::newRow("of length") << QByteArray("Content-Length: 100000\r\n") << QByteArray() << QByteArray()
                                   << QByteArray();
        QTest::newRow("of no length") << QByteArray() << QByteArray() << QByteArray() << QByteArray();
        QTest::newRow("in chunks") << QByteArray("Transfer-Encoding: chunked\r\n") << QByteArray("3e8\r\n")
                                   << QByteArray("\r\n") << QByteArray("0\r\n\r\n");
    }
    void bodiesAreTakenAsTheyCome()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, behind);
        QFETCH(QByteArray, last);
        QFETCH(QByteArray, head);
        ResponseReader answer(1'000);
        answer.add("HTTP/1.1 200 OK\r\n" + head + "\r\n");
        QByteArray taken;
        for (int i = 0; i < 100; ++i) {
            QCOMPARE(answer.state(), State::InBody);
            answer.add(before + QByteArray(1'000, char('a' + i % 26)) + behind);
            taken += answer.takeBody();
            QVERIFY(answer.body().isEmpty());
        }
        if (!last.isEmpty())
            answer.add(last);
        answer.end();
        QVERIFY(answer.isWhole());
        QCOMPARE(taken.size(), 100'000);
        QCOMPARE(taken.right(1), QByteArray(1, char('a' + 99 % 26)));
    }

    void end()
    {
        ResponseReader refused = read("HTTP/1.1 401 No\r\n\r\nab", 1'000);
        QCOMPARE(refused.end(), State::Complete);
        QCOMPARE(refused.body(), "ab");
        ResponseReader unanswered = read("HTTP/1.1 401", 1'000);
        QCOMPARE(unanswered.end(), State::InHead);
    }
};

RELAY_TEST(tst_ResponseReader)
#include "tst_responsereader.moc"
