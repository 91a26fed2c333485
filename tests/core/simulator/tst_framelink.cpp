// SPDX-License-Identifier: MIT
#include "core/simulator/framelink.h"
#include "tests/core/simulator/rawclient.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

#include <memory>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

/// A FrameLink and the client at its other end, both past the handshake.
class Fixture
{
public:
    Fixture()
    {
        if (!server.listen(QHostAddress::LocalHost))
            qFatal("listen");
        client = std::make_unique<RawClient>(server.serverPort());
        if (!QTest::qWaitFor([this] { return server.hasPendingConnections(); }, 30'000))
            qFatal("no connection");
        socket = server.nextPendingConnection();
        socket->write("HTTP/1.1 101 \r\n\r\n");
        if (!QTest::qWaitFor([this] { return client->status() == 101; }, 30'000))
            qFatal("no handshake");
        link = std::make_unique<FrameLink>(socket);
        QObject::connect(link.get(), &FrameLink::messageReceived, link.get(),
            [this](const QByteArray &message) { heard.append("message " + message); });
        QObject::connect(link.get(), &FrameLink::frameReceived, link.get(),
            [this](quint8 opcode, bool final, const QByteArray &payload) {
                heard.append("frame " + QByteArray::number(opcode) + (final ? " final " : " ") + payload);
            });
        QObject::connect(link.get(), &FrameLink::closed, link.get(), [this] { ++closedCalls; });
        link->start();
    }

    /// "opcode payload" of each whole frame that has come to the client.
    QList<QByteArray> told()
    {
        QList<QByteArray> list;
        for (const RawClient::Frame &frame : client->frames())
            list.append(QByteArray::number(frame.opcode) + ' ' + frame.payload);
        return list;
    }

    QTcpServer server;
    std::unique_ptr<RawClient> client;
    QTcpSocket *socket = nullptr;
    std::unique_ptr<FrameLink> link;
    QList<QByteArray> heard; ///< what the link has told, in its order
    int closedCalls = 0;
};

const QByteArray mask = QByteArray::fromHex("00000000");

} // namespace

class TestFrameLink : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void frameHeads_data()
    {
        QTest::addColumn<int>("opcode");
        QTest::addColumn<bool>("final");
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QByteArray>("hex");
        QTest::newRow("empty") << int(FrameLink::Text) << true << qint64(0) << "8100"_ba;
        QTest::newRow("not final") << int(FrameLink::Binary) << false << qint64(1) << "0201"_ba;
        QTest::newRow("the last in 7 bits") << int(FrameLink::Ping) << true << qint64(125) << "897d"_ba;
        QTest::newRow("the first in 16")
            << int(FrameLink::Continuation) << true << qint64(126) << "807e007e"_ba;
        QTest::newRow("the last in 16") << int(FrameLink::Text) << true << qint64(65535) << "817effff"_ba;
        QTest::newRow("the first in 64")
            << int(FrameLink::Text) << true << qint64(65536) << "817f0000000000010000"_ba;
        QTest::newRow("more than 32 bits")
            << int(FrameLink::Text) << true << 0x123456789aLL << "817f000000123456789a"_ba;
    }
    void frameHeads()
    {
        QFETCH(int, opcode);
        QFETCH(bool, final);
        QFETCH(qint64, bytes);
        QFETCH(QByteArray, hex);
        QCOMPARE(FrameLink::frameHead(quint8(opcode), final, bytes).toHex(), hex);
    }

    void receives()
    {
        Fixture f;
        f.client->sendText("whole");
        f.client->send(2, "bi", false);
        f.client->send(9, "ping");
        f.client->send(0, "na", false);
        f.client->send(0, "ry");
        f.client->sendText({});
        f.client->sendText(QByteArray(70'000, 'x'));
        QTRY_COMPARE(f.heard.size(), 10);
        QCOMPARE(f.heard.mid(0, 8),
            (QList<QByteArray>{"frame 1 final whole", "message whole", "frame 2 bi", "frame 0 na",
                "frame 0 final ry", "message binary", "frame 1 final ", "message "}));
        QCOMPARE(f.heard.last(), "message " + QByteArray(70'000, 'x'));
        QTRY_COMPARE(f.told(), QList<QByteArray>{"10 ping"});
        QVERIFY(f.link->isOpen());
    }

    void receivesByteByByte()
    {
        Fixture f;
        // A mask that changes every byte, a length in two bytes.
        const QByteArray frame = QByteArray::fromHex("81fe008001020304") + QByteArray(128, 'a');
        for (const char byte : frame) {
            const QByteArray one(1, byte);
            f.client->socket().write(one);
            f.client->socket().flush();
            QTest::qWait(0);
        }
        QTRY_COMPARE(f.heard.size(), 2);
        QCOMPARE(f.heard[1], "message " + "`cbe"_ba.repeated(32));
    }

    void whatCameBeforeIsRead()
    {
        Fixture f;
        f.link.reset();
        f.client->sendText("early");
        QTRY_VERIFY(f.socket->bytesAvailable() > 0);
        FrameLink late(f.socket);
        QSignalSpy messages(&late, &FrameLink::messageReceived);
        late.start();
        QTRY_COMPARE(messages.size(), 1);
        QCOMPARE(messages[0][0].toByteArray(), "early");
    }

    void breaches_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        QTest::newRow("not masked") << QByteArray::fromHex("810161") << 1002;
        QTest::newRow("a reserved bit") << QByteArray::fromHex("c180") + mask << 1002;
        QTest::newRow("unknown data frame") << QByteArray::fromHex("8380") + mask << 1002;
        QTest::newRow("unknown control frame") << QByteArray::fromHex("8b80") + mask << 1002;
        QTest::newRow("ping in fragments") << QByteArray::fromHex("0980") + mask << 1002;
        QTest::newRow("long ping") << QByteArray::fromHex("89fe007e") + mask + QByteArray(126, 'p') << 1002;
        QTest::newRow("continues nothing") << QByteArray::fromHex("8080") + mask << 1002;
        QTest::newRow("begins amid another")
            << QByteArray::fromHex("0180") + mask + QByteArray::fromHex("8180") + mask << 1002;
        QTest::newRow("too long") << QByteArray::fromHex("81ff0000000004000001") + mask << 1009;
        QTest::newRow("far too long") << QByteArray::fromHex("81ffffffffffffffffff") + mask << 1009;
        QTest::newRow("too long in all")
            << QByteArray::fromHex("0181") + mask + 'a' + QByteArray::fromHex("80ff0000000004000000") + mask
            << 1009;
    }
    void breaches()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        QCOMPARE(FrameLink::maxMessageBytes, 0x4000000);
        Fixture f;
        f.client->socket().write(bytes);
        QTRY_COMPARE(f.client->closeCode(), code);
        QVERIFY(!f.link->isOpen());
        QTRY_VERIFY(f.client->isGone());
        QTRY_COMPARE(f.closedCalls, 1);
        for (const QByteArray &told : f.heard)
            QVERIFY2(!told.startsWith("message"), told);
    }

    void asLongAsMayBe()
    {
        Fixture f;
        QSignalSpy read(f.socket, &QIODevice::readyRead); // the link has seen the bytes before the spy
        f.client->socket().write(QByteArray::fromHex("81ff0000000004000000") + mask);
        QTRY_VERIFY(read.size() > 0);
        QVERIFY(f.link->isOpen());
    }

    void pings_data()
    {
        QTest::addColumn<bool>("answering");
        QTest::newRow("answered") << true;
        QTest::newRow("not answered") << false;
    }
    void pings()
    {
        QFETCH(bool, answering);
        Fixture f;
        f.link->setAnsweringPings(answering);
        f.client->send(9, "one");
        f.client->send(10, "not asked for");
        f.client->sendText("two");
        QTRY_COMPARE(f.heard.size(), 2);
        f.link->sendText("three");
        QTRY_VERIFY(f.told().contains("1 three"));
        QCOMPARE(
            f.told(), answering ? (QList<QByteArray>{"10 one", "1 three"}) : QList<QByteArray>{"1 three"});
    }

    void sends()
    {
        Fixture f;
        f.link->sendText("hello");
        const QByteArray halves = FrameLink::frameHead(FrameLink::Text, true, 6) + "halves";
        f.link->sendBytes(halves.left(4));
        f.link->sendBytes(halves.mid(4));
        f.link->sendText(QByteArray(70'000, 'x'));
        QTRY_COMPARE(f.told(), (QList<QByteArray>{"1 hello", "1 halves", "1 " + QByteArray(70'000, 'x')}));
    }

    void fragments_data()
    {
        QTest::addColumn<QString>("message");
        QTest::newRow("short, plain") << u"0123456789"_s;
        QTest::newRow("characters of two to four bytes") << u"{\"a\":\"äöü – 😀 ß\"}"_s;
        QTest::newRow("one character") << u"ä"_s;
        QTest::newRow("ends with one") << u"0123456ä"_s;
        QTest::newRow("long") << u"äbc "_s.repeated(5000);
    }
    void fragments()
    {
        QFETCH(QString, message);
        Fixture f;
        f.link->setFragmenting(true);
        f.link->sendText(message.toUtf8());
        f.link->sendBytes(FrameLink::frameHead(FrameLink::Ping, true, 3) + "end");
        QTRY_VERIFY(f.told().endsWith("9 end"));
        const QList<RawClient::Frame> frames = f.client->frames().mid(0, f.client->frames().size() - 1);
        QVERIFY(frames.size() > 1);
        QByteArray joined;
        bool splits = false;
        for (qsizetype i = 0; i < frames.size(); ++i) {
            QCOMPARE(int(frames[i].opcode), int(i == 0 ? FrameLink::Text : FrameLink::Continuation));
            QCOMPARE(frames[i].final, i == frames.size() - 1);
            QVERIFY(!frames[i].payload.isEmpty());
            splits
                |= quint8(frames[i].payload.back()) >= 0xc0; // a character's first byte, without its others
            joined += frames[i].payload;
        }
        QCOMPARE(joined, message.toUtf8());
        QCOMPARE(splits, message.toUtf8().size() != message.size());
    }

    void closes_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("1000") << 1000 << "bye"_ba << QByteArray::fromHex("03e8") + "bye";
        QTest::newRow("without a reason") << 4001 << QByteArray() << QByteArray::fromHex("0fa1");
        QTest::newRow("without a code") << 1005 << "unsaid"_ba << QByteArray();
    }
    void closes()
    {
        QFETCH(int, code);
        QFETCH(QByteArray, reason);
        QFETCH(QByteArray, payload);
        Fixture f;
        f.link->sendText("last");
        f.link->close(quint16(code), reason);
        QVERIFY(!f.link->isOpen());
        f.link->sendText("too late");
        f.link->close(1011, "too late"_ba);
        QTRY_COMPARE(f.told(), (QList<QByteArray>{"1 last", "8 " + payload}));
        QCOMPARE(f.closedCalls, 0); // it waits for the answer
        f.client->send(8, payload);
        QTRY_VERIFY(f.client->isGone());
        QTRY_COMPARE(f.closedCalls, 1);
        QCOMPARE(f.told().size(), 2);
    }

    // Also by a link that reads nothing just now.
    void answerIsReadWhileHeld()
    {
        Fixture f;
        f.link->setReading(false);
        f.link->close(1000, {});
        QTRY_COMPARE(f.client->closeCode(), 1000);
        f.client->sendText("on its way");
        f.client->send(8, QByteArray::fromHex("03e8"));
        QTRY_COMPARE(f.closedCalls, 1);
        QVERIFY(f.heard.contains("message on its way")); // so the end was read, and did not come by force
    }

    void clientCloses_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("1001 and a reason") << QByteArray::fromHex("03e9") + "bye";
        QTest::newRow("no code") << QByteArray();
    }
    void clientCloses()
    {
        QFETCH(QByteArray, payload);
        Fixture f;
        f.client->sendText("last");
        f.client->send(8, payload);
        f.client->sendText("too late");
        QTRY_VERIFY(f.client->isGone());
        QCOMPARE(f.told(), QList<QByteArray>{"8 " + payload});
        QTRY_COMPARE(f.closedCalls, 1);
        QVERIFY(!f.link->isOpen());
        QCOMPARE(f.heard.last(), "message last");
    }

    void leavesAClosingClientAlone()
    {
        Fixture f;
        f.link->setAnsweringCloses(false);
        f.client->send(FrameLink::Close, QByteArray::fromHex("03e8"));
        f.client->send(FrameLink::Ping, "still there"_ba);
        QTRY_COMPARE(f.told(), QList<QByteArray>{"10 still there"});
        QCOMPARE(f.closedCalls, 0);
    }

    void clientVanishes()
    {
        Fixture f;
        f.client->socket().abort();
        QTRY_COMPARE(f.closedCalls, 1);
        QVERIFY(!f.link->isOpen());
        f.link->sendText("to nobody");
        f.link->close(1000, {});
        QCOMPARE(f.closedCalls, 1);
    }

    void cuts()
    {
        Fixture f;
        f.link->sendText("last");
        f.link->cut();
        QVERIFY(!f.link->isOpen());
        QTRY_VERIFY(f.client->isGone());
        QCOMPARE(f.told(), QList<QByteArray>{"1 last"}); // and no close frame
        QCOMPARE(f.closedCalls, 1);
    }

    void readingCanBeHeld()
    {
        Fixture f;
        f.link->setReading(false);
        f.client->sendText("wait");
        QTRY_VERIFY(f.socket->bytesAvailable() > 0);
        QCOMPARE(f.heard.size(), 0);
        f.link->setReading(true);
        QTRY_COMPARE(f.heard.size(), 2); // although nothing more comes
        f.client->sendText("and on");
        QTRY_COMPARE(f.heard.size(), 4);
    }

    void backlog()
    {
        Fixture f;
        QSignalSpy taken(f.link.get(), &FrameLink::backlogTaken);
        QCOMPARE(f.link->backlogBytes(), 0);
        f.link->sendBytes(FrameLink::frameHead(FrameLink::Binary, true, 100'000) + QByteArray(100'000, 'x'));
        QCOMPARE(f.link->backlogBytes(), 100'010);
        QTRY_COMPARE(f.link->backlogBytes(), 0);
        QVERIFY(taken.size() > 0);
        QTRY_COMPARE(f.told().size(), 1);
    }
};

RELAY_TEST(TestFrameLink)
#include "tst_framelink.moc"
