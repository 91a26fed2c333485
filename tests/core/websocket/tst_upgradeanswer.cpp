// SPDX-License-Identifier: MIT
#include "core/websocket/upgradeanswer.h"

#include <QTest>

using namespace rr;
using State = UpgradeAnswer::State;

class tst_UpgradeAnswer : public QObject
{
    Q_OBJECT

    static UpgradeAnswer read(const QByteArray &bytes, qsizetype piece)
    {
        UpgradeAnswer answer;
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
        row("a refusal without a body", "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", State::Refused, 401);
        row("no reason", "HTTP/1.1 401\r\nContent-Length: 0\r\n\r\n", State::Refused, 401);
        row("204", "HTTP/1.1 204 None\r\n\r\n", State::Refused, 204);
        row("its body", "HTTP/1.1 401 No\r\nContent-Length: 3\r\n\r\nabcd", State::Refused, 401, "abc");
        row("half its body", "HTTP/1.1 401 No\r\nContent-Length: 3\r\n\r\nab", State::InBody, 401, "ab");
        row("a body of no length", "HTTP/1.1 401 No\r\n\r\nab", State::InBody, 401, "ab");
        row("a length that is none", "HTTP/1.1 401 No\r\nContent-Length: -1\r\n\r\nab", State::InBody, 401,
            "ab");
        row("chunks",
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0A\r\n0123456789\r\n0\r\n\r\n",
            State::Refused, 401, "a0123456789");
        row("half a chunk", "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n5\r\nab",
            State::InBody, 401, "a");
        row("chunks that are none", "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n",
            State::Refused, 401);
        row("a chunk of far too much",
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n"
                + QByteArray(20'000, 'x'),
            State::Refused, 401, QByteArray(UpgradeAnswer::mostBodyBytes, 'x'));
        row("a body of far too much", "HTTP/1.1 401 No\r\n\r\n" + QByteArray(20'000, 'x'), State::Refused,
            401, QByteArray(UpgradeAnswer::mostBodyBytes, 'x'));
        row("a chunk's size without an end",
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n" + QByteArray(20'000, '0'), State::Refused,
            401);
        for (const char *other : {"SSH-2.0-OpenSSH\r\n", "\r\n", "http/1.1 200 OK\r\n\r\n",
                 "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
                 "HTTP/1.1 042 OK\r\n\r\n", "\x15\x03\x03"})
            row(QByteArray(other).simplified().toPercentEncoding(" /."), other, State::NotHttp);
        row("a head without an end", "HTTP/1.1 401 No\r\nA: " + QByteArray(70'000, 'x'), State::NotHttp);
        row("a head that is too long", "HTTP/1.1 401 No\r\nA: " + QByteArray(70'000, 'x') + "\r\n\r\n",
            State::NotHttp);
        row("interim answers without an end", QByteArray("HTTP/1.1 100 C\r\n\r\n").repeated(5'000),
            State::NotHttp);
    }
    void reads()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, state);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        for (const qsizetype piece : {qsizetype(1'000'000), qsizetype(4096), qsizetype(7), qsizetype(1)}) {
            const UpgradeAnswer answer = read(bytes, piece);
            QCOMPARE(int(answer.state()), state);
            QCOMPARE(answer.status(), status);
            QCOMPARE(answer.body(), body);
        }
    }

    void splitsWhatFollowsThe101()
    {
        const QByteArray head = "HTTP/1.1 101 S\r\nA: b\r\n\r\n";
        const UpgradeAnswer answer = read(head + "frames\r\n\r\n", 1'000);
        QCOMPARE(answer.head(), head);
        QCOMPARE(answer.behind(), "frames\r\n\r\n");
    }

    void headers()
    {
        const UpgradeAnswer answer = read(
            "HTTP/1.1 429 No\r\nretry-AFTER: \t7 \r\nX:\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n",
            1'000);
        QCOMPARE(answer.header("Retry-After"), "7");
        QCOMPARE(answer.header("X"), "");
        QVERIFY(answer.header("Retry").isNull());
        QVERIFY(answer.header("HTTP/1.1 429 No").isNull());
    }

    void end()
    {
        UpgradeAnswer refused = read("HTTP/1.1 401 No\r\n\r\nab", 1'000);
        QCOMPARE(refused.end(), State::Refused);
        QCOMPARE(refused.body(), "ab");
        UpgradeAnswer unanswered = read("HTTP/1.1 401", 1'000);
        QCOMPARE(unanswered.end(), State::InHead);
    }
};

QTEST_GUILESS_MAIN(tst_UpgradeAnswer)
#include "tst_upgradeanswer.moc"
