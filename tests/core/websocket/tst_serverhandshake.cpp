// SPDX-License-Identifier: MIT
#include "core/websocket/framewriter.h"
#include "core/websocket/serverhandshake.h"
#include "tests/core/websocket/streamowner.h"
#include "tests/core/websocket/testcertificate.h"

#include <QPointer>
#include <QSslSocket>
#include <QTcpServer>
#include <QTest>

using namespace rr;
using namespace std::chrono_literals;

namespace {

const QByteArray upgrade = "GET /v1/realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                           "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

class Acceptor : public QTcpServer
{
public:
    Acceptor() { listen(QHostAddress::LocalHost); }
    std::optional<QSslConfiguration> tls;
    QPointer<QTcpSocket> last;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *socket = tls ? new QSslSocket : new QTcpSocket;
        socket->setSocketDescriptor(descriptor);
        if (tls) {
            static_cast<QSslSocket *>(socket)->setSslConfiguration(*tls);
            static_cast<QSslSocket *>(socket)->startServerEncryption();
        }
        last = socket;
    }
};

} // namespace

class tst_ServerHandshake : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void subprotocols_data()
    {
        QTest::addColumn<QByteArray>("offered");
        QTest::addColumn<bool>("echoed");
        QTest::newRow("none") << QByteArray() << false;
        QTest::newRow("realtime and a key")
            << QByteArray("realtime, openai-insecure-api-key.sk-secret") << true;
        QTest::newRow("a key first") << QByteArray("openai-insecure-api-key.sk-secret, realtime") << true;
        QTest::newRow("a key alone") << QByteArray("openai-insecure-api-key.sk-secret") << false;
    }
    void subprotocols()
    {
        QFETCH(QByteArray, offered);
        QFETCH(bool, echoed);
        ServerHandshake handshake;
        Acceptor acceptor;
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, acceptor.serverPort());
        client.write(
            upgrade + (offered.isNull() ? "" : "Sec-WebSocket-Protocol: " + offered + "\r\n") + "\r\n");
        QTRY_VERIFY(acceptor.last && acceptor.last->bytesAvailable() > 0);

        StreamOwner owner;
        std::unique_ptr<ByteStream> stream;
        handshake.accept(
            acceptor.last, 1min, [&stream](std::unique_ptr<ByteStream> s) { stream = std::move(s); });
        QVERIFY(!stream); // later, not from inside
        QTRY_VERIFY(stream);
        stream->setOwner(&owner);
        stream->setReading(true);
        QByteArray answer;
        QTRY_VERIFY((answer += client.readAll()).endsWith("\r\n\r\n"));
        QVERIFY(answer.startsWith("HTTP/1.1 101 "));
        QVERIFY(answer.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
        QCOMPARE(answer.contains("Sec-WebSocket-Protocol: realtime\r\n"), echoed);
        QVERIFY(!answer.contains("sk-secret"));

        const QByteArray ping = makeFrame(FrameScanner::Sender::Client, Opcode::Ping, "raw");
        client.write(ping);
        QTRY_COMPARE(owner.received, ping); // and Qt has not answered it
        QCOMPARE(client.bytesAvailable(), 0);
        stream->write("back");
        QByteArray heard;
        QTRY_COMPARE((heard += client.readAll()), "back");
        stream.reset();
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(client.readAll(), ""); // no close frame of Qt's own
        QTRY_VERIFY(acceptor.last.isNull());
    }

    // The end that a client behind TLS announces comes in one go with its request.
    void clientThatLeavesAtOnce_data()
    {
        QTest::addColumn<bool>("tls");
        QTest::newRow("plain, during the handshake") << false;
        QTest::newRow("TLS, during the handshake") << true;
    }
    void clientThatLeavesAtOnce()
    {
        QFETCH(bool, tls);
        static const TestCertificate certificate;
        ServerHandshake handshake;
        Acceptor acceptor;
        if (tls)
            acceptor.tls = certificate.server();
        QSslSocket client;
        client.setSslConfiguration(certificate.client());
        if (tls)
            client.connectToHostEncrypted(QStringLiteral("127.0.0.1"), acceptor.serverPort());
        else
            client.connectToHost(QHostAddress::LocalHost, acceptor.serverPort());
        client.write(upgrade + "\r\n");
        QTRY_VERIFY(acceptor.last && acceptor.last->bytesAvailable() > 0);
        int calls = 0;
        bool null = false;
        handshake.accept(acceptor.last, 1min, [&](std::unique_ptr<ByteStream> stream) {
            ++calls;
            null = !stream;
        });
        acceptor.last
            ->disconnectFromHost(); // as when its end was read in the same turn; the head stays readable
        QTRY_COMPARE(calls, 1);
        QVERIFY(null);
        QTRY_VERIFY(acceptor.last.isNull());
        QCOMPARE(calls, 1);
    }

    void lastWordsOfAClientThatLeaves()
    {
        const TestCertificate certificate;
        ServerHandshake handshake;
        Acceptor acceptor;
        acceptor.tls = certificate.server();
        QSslSocket client;
        client.setSslConfiguration(certificate.client());
        client.connectToHostEncrypted(QStringLiteral("127.0.0.1"), acceptor.serverPort());
        client.write(upgrade + "\r\n");
        QTRY_VERIFY(acceptor.last && acceptor.last->bytesAvailable() > 0);
        StreamOwner owner;
        std::unique_ptr<ByteStream> stream;
        handshake.accept(
            acceptor.last, 1min, [&stream](std::unique_ptr<ByteStream> s) { stream = std::move(s); });
        QTRY_VERIFY(stream);
        stream->setOwner(&owner);
        client.write("the last words");
        client.disconnectFromHost();
        QTRY_COMPARE(acceptor.last->state(), QAbstractSocket::UnconnectedState);
        QCoreApplication::sendPostedEvents(
            nullptr, QEvent::DeferredDelete); // Qt's server would delete its socket
        stream->setReading(true);
        QTRY_COMPARE(owner.endedCalls, 1);
        QCOMPARE(owner.received, "the last words");
    }

    void requestThatQtRefuses()
    {
        ServerHandshake handshake;
        Acceptor acceptor;
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, acceptor.serverPort());
        client.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_VERIFY(acceptor.last && acceptor.last->bytesAvailable() > 0);
        int calls = 0;
        handshake.accept(
            acceptor.last, 1min, [&](std::unique_ptr<ByteStream> stream) { calls += stream ? 100 : 1; });
        QTRY_COMPARE(calls, 1);
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
    }

    void requestThatQtWaitsForMoreOf()
    {
        ServerHandshake handshake;
        Acceptor acceptor;
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, acceptor.serverPort());
        client.write(upgrade); // without its empty line
        QTRY_VERIFY(acceptor.last && acceptor.last->bytesAvailable() > 0);
        int calls = 0;
        handshake.accept(
            acceptor.last, 50ms, [&](std::unique_ptr<ByteStream> stream) { calls += stream ? 100 : 1; });
        QTRY_COMPARE(calls, 1);
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
    }

    void destroyedMeanwhile()
    {
        auto handshake = std::make_unique<ServerHandshake>();
        Acceptor acceptor;
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, acceptor.serverPort());
        client.write(upgrade + "\r\n");
        QTRY_VERIFY(acceptor.last && acceptor.last->bytesAvailable() > 0);
        handshake->accept(acceptor.last, 1min, [](std::unique_ptr<ByteStream>) { QFAIL("called"); });
        handshake.reset();
        QVERIFY(acceptor.last.isNull());
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
    }
};

QTEST_GUILESS_MAIN(tst_ServerHandshake)
#include "tst_serverhandshake.moc"
