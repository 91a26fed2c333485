// SPDX-License-Identifier: MIT
#include "core/relay/proofecho.h"
#include "core/wire/framewriter.h"
#include "tests/core/wire/memorystream.h"
#include "tests/support/relaytest.h"

#include <QTest>
#include <QtEndian>

#include <limits>
#include <memory>

using namespace rr;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QByteArray fromServer(Opcode opcode, const QByteArray &payload)
{
    return makeFrame(FrameScanner::Sender::Server, opcode, payload);
}

QByteArray closing(quint16 code)
{
    QByteArray payload(2, 0);
    qToBigEndian(code, payload.data());
    return payload;
}

/// An echo whose other end is the test's.
struct Echoing
{
    explicit Echoing(
        bool stays = false, std::chrono::milliseconds heartbeat = 1h, std::chrono::milliseconds time = 1h)
    {
        auto made = std::make_unique<MemoryStream>();
        stream = made.get();
        echo = std::make_unique<ProofEcho>(
            ProofEcho::Plan{std::move(made), "101\r\n\r\n", "proof", stays, heartbeat}, time, nullptr);
        QObject::connect(echo.get(), &ProofEcho::finished, echo.get(), [this] { ++finished; });
    }
    /// What it says to these bytes.
    QByteArray answerTo(const QByteArray &bytes)
    {
        stream->written.clear();
        stream->incoming += bytes;
        while (!stream->incoming.isEmpty())
            stream->tellReadable();
        return stream->written;
    }
    QByteArray answerTo(Opcode opcode, const QByteArray &payload)
    {
        return answerTo(makeFrame(FrameScanner::Sender::Client, opcode, payload));
    }

    MemoryStream *stream;
    std::unique_ptr<ProofEcho> echo;
    int finished = 0;
};

} // namespace

class tst_ProofEcho : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysItsProofFirst()
    {
        Echoing e;
        QCOMPARE(e.stream->written, "101\r\n\r\n" + fromServer(Opcode::Text, "proof"));
        QVERIFY(e.stream->reading);
        QVERIFY(!e.stream->patient);
    }

    void saysEveryMessageAgain()
    {
        Echoing e;
        for (const Opcode opcode : {Opcode::Text, Opcode::Binary}) {
            for (const qsizetype size : {0, 1, 125, 126, 65'536, 256 * 1024, 512 * 1024}) {
                QByteArray message(size, 0);
                for (qsizetype i = 0; i < size; ++i)
                    message[i] = char(i * 31);
                QCOMPARE(e.answerTo(opcode, message), fromServer(opcode, message));
            }
        }
        QCOMPARE(e.finished, 0);
    }

    // Also byte by byte, in fragments, and with a ping between them.
    void whateverItComesIn()
    {
        Echoing e;
        QByteArray first = makeFrame(FrameScanner::Sender::Client, Opcode::Binary, "one ");
        first[0] = char(first[0] & 0x7F);
        const QByteArray bytes = first + makeFrame(FrameScanner::Sender::Client, Opcode::Ping, "ping")
            + makeFrame(FrameScanner::Sender::Client, Opcode::Continuation, "two");
        QByteArray said;
        for (const char byte : bytes)
            said += e.answerTo(QByteArray(1, byte));
        QCOMPARE(said, fromServer(Opcode::Pong, "ping") + fromServer(Opcode::Binary, "one two"));
        QCOMPARE(e.answerTo(Opcode::Pong, "unasked"), QByteArray());
    }

    void whatBreaksTheRulesEndsIt_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        QTest::newRow("too long") << makeFrame(
            FrameScanner::Sender::Client, Opcode::Binary, QByteArray(512 * 1024 + 1, 'x'))
                                  << 1009;
        QTest::newRow("not masked") << fromServer(Opcode::Text, "x") << 1002;
        QTest::newRow("a close") << makeFrame(FrameScanner::Sender::Client, Opcode::Close, closing(3000))
                                 << 3000;
        QTest::newRow("a close without a code")
            << makeFrame(FrameScanner::Sender::Client, Opcode::Close, {}) << 1000;
    }
    void whatBreaksTheRulesEndsIt()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        Echoing e;
        QCOMPARE(e.answerTo(bytes), fromServer(Opcode::Close, closing(quint16(code))));
        QVERIFY(e.stream->closing);
        QCOMPARE(e.answerTo(Opcode::Text, "more"), QByteArray());
        e.stream->tellEnded();
        QCOMPARE(e.finished, 1);
    }

    void readsNoMoreThanIsTaken()
    {
        Echoing e;
        e.stream->takes = 0;
        const QByteArray large
            = makeFrame(FrameScanner::Sender::Client, Opcode::Binary, QByteArray(512 * 1024, 'x'));
        e.stream->incoming = large + large + large + large;
        while (e.stream->reading && !e.stream->incoming.isEmpty())
            e.stream->tellReadable();
        QVERIFY(!e.stream->reading);
        QVERIFY(e.stream->written.size() < 3 * 512 * 1024);
        e.stream->takes = std::numeric_limits<qint64>::max();
        e.stream->tellWritten();
        QVERIFY(e.stream->reading);
    }

    void endsAfterItsTime()
    {
        Echoing e(false, 1h, 20ms);
        e.stream->written.clear();
        QTRY_COMPARE(e.stream->written, fromServer(Opcode::Close, closing(1000)));
        e.stream->tellEnded();
        QCOMPARE(e.finished, 1);
    }

    // Who takes the close, and never ends the connection, does not keep it.
    void endsWithoutTheOther()
    {
        Echoing e;
        e.echo->end(1001);
        e.echo->end(1002); // the first one counts
        QVERIFY(e.stream->written.endsWith(fromServer(Opcode::Close, closing(1001))));
        QTRY_COMPARE(e.finished, 1);
    }

    void theOneThatStaysIsWatched()
    {
        Echoing e(true, 20ms, 1ms);
        int pings = 0;
        bool answers = true;
        e.stream->whenWritten = [&] {
            ++pings;
            if (answers)
                QMetaObject::invokeMethod(
                    e.echo.get(), [&e] { e.answerTo(Opcode::Pong, "still there?"); }, Qt::QueuedConnection);
        };
        QTRY_VERIFY(pings >= 5);
        QVERIFY(!e.stream->closing);
        answers = false;
        QTRY_VERIFY(e.stream->closing);
        QVERIFY(e.stream->written.endsWith(fromServer(Opcode::Close, closing(1011))));
    }

    void staysWithoutAHeartbeat()
    {
        Echoing e(true, 0ms, 1ms);
        Echoing later(false, 1h, 1ms);
        QTRY_VERIFY(later.stream->closing);
        QCOMPARE(e.answerTo(Opcode::Text, "still here"), fromServer(Opcode::Text, "still here"));
    }
};

RELAY_TEST(tst_ProofEcho)
#include "tst_proofecho.moc"
