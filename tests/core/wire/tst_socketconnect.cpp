// SPDX-License-Identifier: MIT
#include "core/wire/destination.h"
#include "core/wire/socketconnect.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/core/wire/streamowner.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QHostAddress>
#include <QSignalSpy>
#include <QSslSocket>
#include <QTcpServer>
#include <QTest>

using namespace rr;

class tst_SocketConnect : public QObject
{
    Q_OBJECT

    static Destination plain(quint16 port)
    {
        Destination to;
        to.host = QStringLiteral("localhost");
        to.port = port;
        to.secure = false;
        to.sessions = std::make_shared<TlsSessionCache>();
        return to;
    }

private Q_SLOTS:
    void connects()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        SocketConnect attempt(plain(server.serverPort()), server.serverAddress());
        QSignalSpy reached(&attempt, &SocketConnect::reached);
        QSignalSpy connected(&attempt, &SocketConnect::connected);
        QVERIFY(reached.isEmpty());
        QTRY_COMPARE(connected.size(), 1);
        QCOMPARE(reached.size(), 1);
        const auto stream = attempt.takeStream();
        stream->write("x");
        QTRY_VERIFY(server.hasPendingConnections());
        QTcpSocket *const peer = server.nextPendingConnection();
        QByteArray heard;
        QTRY_COMPARE((heard += peer->readAll(), heard), "x");
    }

    /// It is reached, but not connected before the peer has shown its certificate.
    void waitsForTls()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        Destination to = plain(silent.serverPort());
        to.secure = true;
        SocketConnect attempt(to, silent.serverAddress());
        QSignalSpy reached(&attempt, &SocketConnect::reached);
        QSignalSpy connected(&attempt, &SocketConnect::connected);
        QSignalSpy failed(&attempt, &SocketConnect::failed);
        QTRY_COMPARE(reached.size(), 1);
        QTRY_VERIFY(silent.hasPendingConnections());
        silent.nextPendingConnection()->write("no TLS");
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].value<UpstreamFailure>().kind, UpstreamFailure::Tls);
        QVERIFY(connected.isEmpty());
    }

    void refused()
    {
        const ReservedPort port;
        SocketConnect attempt(plain(port.number()), QHostAddress::LocalHost);
        QSignalSpy failed(&attempt, &SocketConnect::failed);
        QVERIFY(failed.isEmpty());
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].value<UpstreamFailure>().kind, UpstreamFailure::ConnectRefused);
    }

    void proxyRefuses()
    {
        QTcpServer proxy;
        QVERIFY(proxy.listen(QHostAddress::LocalHost));
        connect(&proxy, &QTcpServer::newConnection, &proxy, [&] {
            QTcpSocket *socket = proxy.nextPendingConnection();
            connect(socket, &QIODevice::readyRead, socket,
                [socket] { socket->write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"); });
        });
        Destination to = plain(443);
        to.proxy = QNetworkProxy(QNetworkProxy::HttpProxy, QStringLiteral("127.0.0.1"), proxy.serverPort());
        SocketConnect attempt(to, QHostAddress());
        QSignalSpy failed(&attempt, &SocketConnect::failed);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].value<UpstreamFailure>().kind, UpstreamFailure::Proxy);
    }

    /// The socket tells of its end before connected() was heard, for that is queued.
    void endsAsItIsSecured()
    {
        const TestCertificate certificate;
        QSslConfiguration configuration = certificate.server();
        configuration.setProtocol(QSsl::TlsV1_2); // in which the server has the last word of the handshake
        ScriptedServer server([](const QByteArray &) { return QByteArray(); }, configuration);
        connect(&server, &QTcpServer::newConnection, &server, [&server] { // before it can be secured
            connect(server.sockets[0], &QSslSocket::encrypted, server.sockets[0],
                &QSslSocket::disconnectFromHost);
        });
        Destination to = plain(server.serverPort());
        to.secure = true;
        to.tls.qt = certificate.client();
        SocketConnect attempt(to, server.serverAddress());
        QSignalSpy failed(&attempt, &SocketConnect::failed);
        StreamOwner owner;
        std::unique_ptr<ByteStream> stream;
        connect(&attempt, &SocketConnect::connected, &attempt, [&] {
            stream = attempt.takeStream();
            stream->setOwner(&owner);
            stream->setReading(true);
        });
        QTRY_COMPARE(owner.endedCalls, 1);
        QVERIFY(failed.isEmpty());
    }

    /// Who answers CONNECT with a head that has no end.
    void proxyWithoutEnd()
    {
        QTcpServer proxy;
        QVERIFY(proxy.listen(QHostAddress::LocalHost));
        int written = 0;
        connect(&proxy, &QTcpServer::newConnection, &proxy, [&] {
            QTcpSocket *socket = proxy.nextPendingConnection();
            const auto more = [socket, &written] {
                written += int(socket->write("X: " + QByteArray(16'000, 'x') + "\r\n"));
            };
            connect(socket, &QIODevice::readyRead, socket, [socket, more] {
                if (socket->readAll().startsWith("CONNECT ")) {
                    socket->write("HTTP/1.1 200 OK\r\n");
                    connect(socket, &QIODevice::bytesWritten, socket, more);
                }
            });
        });
        Destination to = plain(443);
        to.proxy = QNetworkProxy(QNetworkProxy::HttpProxy, QStringLiteral("127.0.0.1"), proxy.serverPort());
        SocketConnect attempt(to, QHostAddress());
        QSignalSpy failed(&attempt, &SocketConnect::failed);
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 60'000);
        const auto failure = failed[0][0].value<UpstreamFailure>();
        QCOMPARE(failure.kind, UpstreamFailure::Proxy);
        QVERIFY2(rr::plain(failure.detail).contains(u"does not end"), qPrintable(rr::plain(failure.detail)));
        QVERIFY(written > 0);
    }
};

RELAY_TEST(tst_SocketConnect)
#include "tst_socketconnect.moc"
