// SPDX-License-Identifier: MIT
#include "core/sharing/probe.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/core/wire/streamowner.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;
using namespace std::chrono_literals;

namespace {

Destination loopback(quint16 port)
{
    Destination to;
    to.host = u"relay.test"_s;
    to.address = QHostAddress(QHostAddress::LocalHost);
    to.port = port;
    to.secure = false;
    return to;
}

} // namespace

class tst_Probe : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("of a known length")
            << "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"_ba << 200 << "ok"_ba;
        QTest::newRow("in chunks")
            << "HTTP/1.1 502 Bad\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"_ba << 502
            << "ok"_ba;
        QTest::newRow("until the end") << "HTTP/1.0 200 OK\r\n\r\nok"_ba << 200 << "ok"_ba;
        QTest::newRow("after an early hint")
            << "HTTP/1.1 103 Hint\r\n\r\nHTTP/1.1 302 Found\r\nLocation: https://login.example/\r\nContent-Length: 0\r\n\r\n"_ba
            << 302 << ""_ba;
    }
    void answers()
    {
        QFETCH(QByteArray, answer);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        ScriptedServer server([&](const QByteArray &) { return answer; });
        server.closeAfterAnswer = true;
        Probe probe(loopback(server.serverPort()), "GET / HTTP/1.1\r\nHost: relay.test\r\n\r\n", 30s);
        QSignalSpy answered(&probe, &Probe::answered);
        probe.start();
        QVERIFY(answered.isEmpty());
        QTRY_COMPARE(answered.size(), 1);
        QCOMPARE(server.heads, QList<QByteArray>({"GET / HTTP/1.1\r\nHost: relay.test\r\n\r\n"}));
        QCOMPARE(probe.head().status, status);
        QCOMPARE(probe.body(), body);
    }

    void theStreamBehindA101()
    {
        ScriptedServer server([](const QByteArray &head) { return switchingProtocols(head) + "behind"; });
        Probe probe(loopback(server.serverPort()), "GET / HTTP/1.1\r\nSec-WebSocket-Key: x\r\n\r\n", 30s);
        QSignalSpy answered(&probe, &Probe::answered);
        probe.start();
        QTRY_COMPARE(answered.size(), 1);
        QCOMPARE(probe.head().status, 101);
        const auto stream = probe.takeStream();
        StreamOwner owner;
        stream->setOwner(&owner);
        stream->setReading(true);
        stream->write("more");
        QTRY_COMPARE(owner.received, "behind"_ba);
        QTRY_COMPARE(server.received, "more"_ba);
    }

    /// A body that does not end has said enough by then.
    void halfABody()
    {
        ScriptedServer server(
            [](const QByteArray &) { return "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<html>"_ba; });
        Probe probe(loopback(server.serverPort()), "GET / HTTP/1.1\r\n\r\n", 5s);
        QSignalSpy answered(&probe, &Probe::answered);
        probe.start();
        QTRY_COMPARE(answered.size(), 1);
        QCOMPARE(probe.body(), "<html>"_ba);
    }

    void failures_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<UpstreamFailure::Kind>("kind");
        QTest::newRow("silence") << ""_ba << false << UpstreamFailure::Timeout;
        QTest::newRow("an end") << ""_ba << true << UpstreamFailure::BadHandshake;
        QTest::newRow("half a head") << "HTTP/1.1 200 OK\r\n"_ba << true << UpstreamFailure::BadHandshake;
        QTest::newRow("no HTTP") << "SSH-2.0-OpenSSH_9.2\r\n\r\n"_ba << false
                                 << UpstreamFailure::BadHandshake;
    }
    void failures()
    {
        QFETCH(QByteArray, answer);
        QFETCH(bool, closes);
        QFETCH(UpstreamFailure::Kind, kind);
        ScriptedServer server([&](const QByteArray &) { return answer; });
        server.closeAfterAnswer = closes;
        const auto patience = kind == UpstreamFailure::Timeout ? 300ms : 30s;
        Probe probe(loopback(server.serverPort()), "GET / HTTP/1.1\r\n\r\n", patience);
        QSignalSpy failed(&probe, &Probe::failed);
        probe.start();
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed.at(0).at(0).value<UpstreamFailure>().kind, kind);
    }
};

RELAY_TEST(tst_Probe)
#include "tst_probe.moc"
