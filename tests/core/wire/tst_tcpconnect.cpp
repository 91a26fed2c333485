// SPDX-License-Identifier: MIT
#include "core/wire/tcpconnect.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QHostAddress>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <array>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace rr;

class tst_TcpConnect : public QObject
{
    Q_OBJECT

    static int option(int descriptor, int level, int name)
    {
        int value = 0;
        socklen_t size = sizeof value;
        return ::getsockopt(descriptor, level, name, &value, &size) == 0 ? value : -1;
    }

private Q_SLOTS:
    void connects_data()
    {
        QTest::addColumn<QHostAddress>("address");
        QTest::newRow("IPv4") << QHostAddress(QHostAddress::LocalHost);
        QTest::newRow("IPv6") << QHostAddress(QHostAddress::LocalHostIPv6);
    }
    void connects()
    {
        QFETCH(QHostAddress, address);
        QTcpServer server;
        if (!server.listen(address))
            QSKIP("this machine does not have the address");
        TcpConnect attempt(address, server.serverPort());
        QSignalSpy connected(&attempt, &TcpConnect::connected);
        QVERIFY(connected.isEmpty());
        QTRY_COMPARE(connected.size(), 1);
        const int descriptor = attempt.takeDescriptor();
        QVERIFY(::fcntl(descriptor, F_GETFL) & O_NONBLOCK);
        QVERIFY(::fcntl(descriptor, F_GETFD) & FD_CLOEXEC);
        QCOMPARE(option(descriptor, IPPROTO_TCP, TCP_NODELAY), 1);
        QCOMPARE(option(descriptor, SOL_SOCKET, SO_KEEPALIVE), 1);
        QCOMPARE(::send(descriptor, "x", 1, 0), 1);
        QTRY_VERIFY(server.hasPendingConnections());
        QTcpSocket *const peer = server.nextPendingConnection();
        QByteArray heard;
        QTRY_COMPARE((heard += peer->readAll(), heard), "x");
        ::close(descriptor);
        QTRY_COMPARE(peer->state(), QAbstractSocket::UnconnectedState);
    }

    void givesAStream()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        TcpConnect attempt(QHostAddress::LocalHost, server.serverPort());
        QSignalSpy reached(&attempt, &TcpConnect::reached);
        QSignalSpy connected(&attempt, &TcpConnect::connected);
        QTRY_COMPARE(connected.size(), 1);
        QCOMPARE(reached.size(), 1);
        const auto stream = attempt.takeStream();
        stream->write("x");
        QTRY_VERIFY(server.hasPendingConnections());
        QTcpSocket *const peer = server.nextPendingConnection();
        QByteArray heard;
        QTRY_COMPARE((heard += peer->readAll(), heard), "x");
    }

    void refused()
    {
        const ReservedPort port;
        TcpConnect attempt(QHostAddress::LocalHost, port.number());
        QSignalSpy failed(&attempt, &TcpConnect::failed);
        QVERIFY(failed.isEmpty());
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].value<UpstreamFailure>().kind, UpstreamFailure::ConnectRefused);
    }

    void noDescriptors()
    {
        rlimit limit{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
        const rlimit before = limit;
        limit.rlim_cur = 0;
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &limit), 0);
        TcpConnect attempt(QHostAddress::LocalHost, 80);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
        QSignalSpy failed(&attempt, &TcpConnect::failed);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].value<UpstreamFailure>().kind, UpstreamFailure::NoDescriptors);
    }

    void isGivenUp()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        auto attempt = std::make_unique<TcpConnect>(QHostAddress::LocalHost, server.serverPort());
        QSignalSpy connected(attempt.get(), &TcpConnect::connected);
        QTRY_COMPARE(connected.size(), 1);
        attempt.reset(); // the descriptor was not taken
        QTRY_VERIFY(server.hasPendingConnections());
        QTcpSocket *const peer = server.nextPendingConnection();
        QTRY_COMPARE(peer->state(), QAbstractSocket::UnconnectedState);
    }
};

RELAY_TEST(tst_TcpConnect)
#include "tst_tcpconnect.moc"
