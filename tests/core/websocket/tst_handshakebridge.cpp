// SPDX-License-Identifier: MIT
#include "core/websocket/handshakebridge.h"
#include "tests/core/websocket/tlspeer.h"

#include <QTcpSocket>
#include <QTest>

using namespace rr;

class tst_HandshakeBridge : public QObject
{
    Q_OBJECT
    std::unique_ptr<TestCertificate> m_certificate;
    std::unique_ptr<TlsServer> m_server;

    /// A bridge between a socket and a server.
    struct Way
    {
        Way(const TlsServer &server, const TestCertificate &certificate)
            : connection(server, QSslCertificate::fromPath(certificate.certFile()).constFirst(),
                QStringLiteral("localhost"))
            , bridge(std::move(connection.stream))
        {
            connected = bridge.connectSocket(socket);
        }

        TlsConnection connection;
        HandshakeBridge bridge;
        QTcpSocket socket;
        bool connected;
    };

private Q_SLOTS:
    void initTestCase()
    {
        m_certificate = std::make_unique<TestCertificate>();
        m_server = std::make_unique<TlsServer>(*m_certificate, TLS1_3_VERSION);
    }

    void passesTheHeadOnly_data()
    {
        QTest::addColumn<int>("piece");
        QTest::newRow("at once") << 1000;
        QTest::newRow("in small pieces") << 1;
        QTest::newRow("cut in the midst of the end") << 10;
    }
    void passesTheHeadOnly()
    {
        QFETCH(int, piece);
        Way way(*m_server, *m_certificate);
        QVERIFY(way.connected);
        QCOMPARE(way.socket.state(), QAbstractSocket::ConnectedState);
        way.socket.write("GET / HTTP/1.1\r\n\r\n");
        QTRY_COMPARE((way.connection.exchange(), way.connection.heard), "GET / HTTP/1.1\r\n\r\n");
        const QByteArray answer = "101 yes\r\n\r\nand more\r\n\r\n";
        for (qsizetype at = 0; at < answer.size(); at += piece) {
            way.connection.say(answer.mid(at, piece));
            way.connection.exchange();
        }
        QByteArray head;
        QTRY_COMPARE((head += way.socket.readAll(), head), "101 yes\r\n\r\n");
        const auto stream = way.bridge.takeStream();
        QVERIFY(stream);
        StreamOwner owner;
        stream->setOwner(&owner);
        stream->setReading(true);
        QTRY_COMPARE((way.connection.exchange(), owner.received), "and more\r\n\r\n");
        QCOMPARE(head + way.socket.readAll(), "101 yes\r\n\r\n");
    }

    void endWithoutAHead_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("half a head") << QByteArray("HTTP/1.1 101");
    }
    void endWithoutAHead()
    {
        QFETCH(QByteArray, answer);
        Way way(*m_server, *m_certificate);
        way.connection.exchange();
        if (!answer.isEmpty())
            way.connection.say(answer);
        way.connection.exchange();
        way.connection.inner->tellEnded();
        QTRY_COMPARE(way.socket.state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(way.socket.readAll(), answer);
        QVERIFY(way.bridge.tlsFailure().isEmpty());
        QVERIFY(!way.bridge.takeStream());
    }

    void headWithoutAnEnd()
    {
        Way way(*m_server, *m_certificate);
        way.connection.exchange();
        way.connection.say(QByteArray(1'000'000, 'x'));
        QTRY_COMPARE((way.connection.exchange(), way.socket.state()), QAbstractSocket::UnconnectedState);
        QVERIFY(way.socket.readAll().size() < 100'000);
        QVERIFY(!way.connection.inner->reading);
    }

    void tellsOfATlsFailure()
    {
        Way way(*m_server, *m_certificate);
        way.socket.write("sk-secret");
        way.connection.inner->incoming = "HTTP/1.1 400 Bad Request\r\n\r\n";
        way.connection.inner->tellReadable();
        QTRY_COMPARE(way.socket.state(), QAbstractSocket::UnconnectedState);
        QVERIFY(!way.bridge.tlsFailure().isEmpty());
        QCOMPARE(way.socket.readAll(), QByteArray());
        QVERIFY(!way.connection.inner->written.contains("sk-secret"));
    }
};

QTEST_GUILESS_MAIN(tst_HandshakeBridge)
#include "tst_handshakebridge.moc"
