// SPDX-License-Identifier: MIT
#include "core/sharing/checksocket.h"
#include "core/wire/framewriter.h"
#include "tests/core/wire/memorystream.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

class tst_CheckSocket : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void messagesInPieces()
    {
        auto memory = std::make_unique<MemoryStream>();
        MemoryStream *const stream = memory.get();
        CheckSocket socket(std::move(memory));
        QSignalSpy received(&socket, &CheckSocket::received);
        QSignalSpy pong(&socket, &CheckSocket::pong);
        QVERIFY(stream->reading);
        const QByteArray bytes = QByteArray::fromHex("0103") + "one" + QByteArray::fromHex("8a01") + "p"
            + QByteArray::fromHex("8003") + "two" + QByteArray::fromHex("8100");
        for (const char byte : bytes) {
            stream->incoming = QByteArray(1, byte);
            stream->tellReadable();
        }
        QCOMPARE(received.size(), 2);
        QCOMPARE(received.at(0).at(0).toByteArray(), "onetwo"_ba);
        QCOMPARE(received.at(1).at(0).toByteArray(), ""_ba);
        QCOMPARE(pong.size(), 1);
        QCOMPARE(pong.at(0).at(0).toByteArray(), "p"_ba);
    }

    void endsOnce_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("close") << makeFrame(FrameScanner::Sender::Server, Opcode::Close, "");
        QTest::newRow("masked") << makeFrame(FrameScanner::Sender::Client, Opcode::Text, "x");
        QTest::newRow("too long") << QByteArray::fromHex("827f0000000000100000");
        QTest::newRow("no frame") << "HTTP/1.1 400"_ba;
    }
    void endsOnce()
    {
        QFETCH(QByteArray, bytes);
        auto memory = std::make_unique<MemoryStream>();
        MemoryStream *const stream = memory.get();
        CheckSocket socket(std::move(memory));
        QSignalSpy ended(&socket, &CheckSocket::ended);
        QSignalSpy received(&socket, &CheckSocket::received);
        stream->incoming = bytes + makeFrame(FrameScanner::Sender::Server, Opcode::Text, "late");
        stream->tellReadable();
        QCOMPARE(ended.size(), 1);
        QVERIFY(!stream->reading);
        stream->tellEnded();
        QCOMPARE(ended.size(), 1);
        QVERIFY(received.isEmpty());
        socket.send(Opcode::Text, "nobody");
        QVERIFY(stream->written.isEmpty());
    }
};

RELAY_TEST(tst_CheckSocket)
#include "tst_checksocket.moc"
