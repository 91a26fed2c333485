// SPDX-License-Identifier: MIT
#include "tests/core/simulator/testserver.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

/// What goes wrong on purpose, and the replay of recordings, as a client sees it.
class TestServedCall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void vanishes_data()
    {
        QTest::addColumn<QByteArray>("fault");
        QTest::addColumn<QString>("lastType");
        QTest::newRow("at once") << "vanish"_ba << u"session.created"_s;
        QTest::newRow("after two") << "vanish:2"_ba << u"response.created"_s;
        QTest::newRow("mid-response") << "vanish:mid-response"_ba << u"response.output_audio.delta"_s;
    }

    void vanishes()
    {
        QFETCH(QByteArray, fault);
        QFETCH(QString, lastType);
        Server server;
        RawClient client(server.serverPort());
        client.ask("/v1/realtime?simulate=" + fault);
        client.sendText(respond);
        QTRY_VERIFY(client.isGone());
        QCOMPARE(::lastType(client), lastType);
        QCOMPARE(client.closeCode(), -1);
        QTRY_COMPARE(server.liveCalls(), 0);
    }

    void stallsOrPausesInMidFrame_data()
    {
        QTest::addColumn<QByteArray>("fault");
        QTest::addColumn<bool>("goesOn");
        QTest::newRow("stalls") << "stall-mid-frame"_ba << false;
        QTest::newRow("pauses") << "pause-mid-message:1000"_ba << true;
    }

    void stallsOrPausesInMidFrame()
    {
        QFETCH(QByteArray, fault);
        QFETCH(bool, goesOn);
        Server server;
        RawClient client(server.serverPort());
        // Whoever looks now and then may come too late for the half of a frame.
        qsizetype whole = 0; // messages, when it was there
        connect(&client.socket(), &QIODevice::readyRead, &client, [&] {
            if (whole > 0 || client.messages().isEmpty() || client.rest().isEmpty())
                return;
            whole = client.messages().size();
            client.sendText(clear);
            client.send(9, {});
        });
        client.ask("/v1/realtime?simulate=" + fault);
        QTRY_COMPARE(whole, 1);
        if (goesOn) {
            QTRY_COMPARE(lastType(client), u"input_audio_buffer.cleared"_s);
            QCOMPARE(typeOf(client.messages().at(1)), u"rate_limits.updated"_s);
        } else {
            RawClient other(server.serverPort()); // whoever asks later is served, so the first had its time
            other.ask("/v1/realtime"_ba);
            QTRY_COMPARE(other.messages().size(), 1);
            QCOMPARE(client.messages().size(), 1);
        }
    }

    /// Twenty megabytes to a client that begins to read late.
    void floods()
    {
        Server server({}, {u"flood:20"_s});
        RawClient client(server.serverPort());
        client.socket().setReadBufferSize(1024);
        client.ask("/v1/realtime"_ba);
        client.sendText(clear);
        QTRY_VERIFY(client.socket().bytesAvailable() >= 1024);
        client.socket().setReadBufferSize(0);
        QByteArray all;
        QTRY_VERIFY((all += client.socket().readAll()).contains("input_audio_buffer.cleared"));
        QVERIFY(all.size() > 20'000'000);
        qsizetype at = 0;
        for (int number = 0; number < 20'000'000 / 16384; ++number) {
            const QByteArray start = "{\"type\":\"flood\",\"sequence\":" + QByteArray::number(number) + ',';
            at = all.indexOf(start, at);
            QVERIFY(at >= 0);
            QCOMPARE(all.mid(at + 16384 - 10, 10), QByteArray(8, char('a' + number % 26)) + "\"}");
        }
        QVERIFY(all.indexOf("flood.done", at) > at);
    }

    void sendsOversizedMessages()
    {
        Server server({}, {u"oversize:3000000"_s});
        RawClient client(server.serverPort());
        client.ask("/v1/realtime"_ba);
        client.sendText(clear);
        QTRY_COMPARE(lastType(client), u"input_audio_buffer.cleared"_s);
        QCOMPARE(client.messages().at(1), QByteArray(3000000, 'x'));
    }

    void fragments()
    {
        Server server({}, {u"fragment"_s});
        RawClient client(server.serverPort());
        client.ask("/v1/realtime"_ba);
        client.sendText(respond);
        QTRY_COMPARE(lastType(client), u"rate_limits.updated"_s);
        bool splitsACharacter = false;
        for (const RawClient::Frame &frame : client.frames())
            splitsACharacter |= !frame.payload.isEmpty() && quint8(frame.payload.back()) >= 0xc0;
        QVERIFY(splitsACharacter);
        QVERIFY(client.frames().size() > 10 * client.messages().size());
        for (const QByteArray &message : client.messages())
            QVERIFY(!typeOf(message).isEmpty());
    }

    void echoesFrameByFrame()
    {
        Server server({}, {u"echo"_s});
        RawClient client(server.serverPort());
        client.ask("/v1/realtime"_ba);
        const QByteArray big(3'000'000, 'b');
        client.send(1, "one"_ba);
        client.send(2, "tw"_ba, false);
        client.send(9, "ping"_ba);
        client.send(0, "o"_ba);
        client.send(2, big);
        client.send(8, QByteArray::fromHex("0fa1")); // 4001
        QTRY_COMPARE(client.closeCode(), 4001);
        const QList<RawClient::Frame> &frames = client.frames();
        QCOMPARE(frames.size(), 6);
        QCOMPARE(frames[0].payload, "one"_ba);
        QCOMPARE(frames[1].opcode, 2);
        QVERIFY(!frames[1].final);
        QCOMPARE(frames[2].opcode, 10);
        QCOMPARE(frames[2].payload, "ping"_ba);
        QCOMPARE(frames[3].opcode, 0);
        QVERIFY(frames[3].final);
        QCOMPARE(frames[4].payload, big);
        QTRY_VERIFY(client.isGone());
    }

    void ignoresPings()
    {
        Server server({}, {u"ignore-pings"_s});
        RawClient client(server.serverPort());
        client.ask("/v1/realtime"_ba);
        client.send(9, "ping"_ba);
        client.sendText(clear);
        QTRY_COMPARE(lastType(client), u"input_audio_buffer.cleared"_s);
        QCOMPARE(client.frames().size(), 2);
    }

    void stopsReading()
    {
        Server server({}, {u"stop-reading"_s});
        RawClient client(server.serverPort());
        client.ask("/v1/realtime"_ba);
        QTRY_COMPARE(client.messages().size(), 1);
        client.socket().write(QByteArray(64'000'000, 'x'));
        // What the kernel takes is taken at once; then nothing moves.
        qint64 left = -1;
        const auto stands = [&] {
            const qint64 before = std::exchange(left, client.socket().bytesToWrite());
            return before == left;
        };
        QTRY_VERIFY(stands());
        QVERIFY(left > 32'000'000);
        QCOMPARE(server.liveCalls(), 1);
    }

    void refusesBrokenFrames_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("closeCode");
        QTest::newRow("unmasked") << QByteArray::fromHex("810178") << 1002;
        QTest::newRow("reserved bit") << QByteArray::fromHex("c18000000000") << 1002;
        QTest::newRow("reserved opcode") << QByteArray::fromHex("838000000000") << 1002;
        QTest::newRow("fragmented ping") << QByteArray::fromHex("098000000000") << 1002;
        QTest::newRow("continuation of nothing") << QByteArray::fromHex("808000000000") << 1002;
        QTest::newRow("too big") << QByteArray::fromHex("81ff000000010000000000000000") << 1009;
    }

    void refusesBrokenFrames()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, closeCode);
        Server server;
        RawClient client(server.serverPort());
        client.ask("/v1/realtime"_ba);
        client.socket().write(bytes);
        QTRY_COMPARE(client.closeCode(), closeCode);
        QTRY_VERIFY(client.isGone());
    }

    void takesEventsOfManyMegabytes()
    {
        Server server;
        RawClient client(server.serverPort());
        client.ask("/v1/realtime"_ba);
        client.sendText(
            "{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + QByteArray(20'000'000, 'A') + "\"}");
        client.sendText(clear);
        QTRY_COMPARE(lastType(client), u"input_audio_buffer.cleared"_s);
        QCOMPARE(client.messages().size(), 2);
    }

    void replaysRecordings_data()
    {
        QTest::addColumn<QString>("file");
        for (const char *name : {"speech-turn", "text-in-audio-out", "tool-call"})
            QTest::newRow(name) << QStringLiteral(RELAY_TEST_DATA "/realtime/recordings/%1.jsonl")
                                       .arg(QString::fromLatin1(name));
    }

    void replaysRecordings()
    {
        QFETCH(QString, file);
        QString error;
        const auto recording = Recording::load(file, error);
        QVERIFY2(recording, qPrintable(error));
        SimulatorSettings settings;
        settings.replayFile = file;
        Server server(settings);
        RawClient client(server.serverPort());
        client.ask("/v1/realtime"_ba);
        QList<QByteArray> expected;
        for (const Recording::Event &event : recording->events()) {
            if (event.fromServer) {
                expected.append(event.json);
                continue;
            }
            QTRY_COMPARE(client.messages(), expected); // no more than this before the client speaks
            client.sendText(R"({"type":"nosuch"})"); // is passed over
            client.sendText(event.json);
        }
        QTRY_COMPARE(client.messages(), expected);
    }
};

RELAY_TEST(TestServedCall)
#include "tst_servedcall.moc"
