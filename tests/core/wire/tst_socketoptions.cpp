// SPDX-License-Identifier: MIT
#include "core/wire/socketoptions.h"
#include "tests/support/relaytest.h"

#include <QNetworkProxy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#ifdef Q_OS_UNIX
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

using namespace rr;

class tst_SocketOptions : public QObject
{
    Q_OBJECT

    QTcpServer m_server;

    /// Connected, as setRelayOptions() gets it.
    bool connectTo(QTcpSocket &socket)
    {
        socket.connectToHost(QHostAddress::LocalHost, m_server.serverPort());
        return socket.waitForConnected();
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.listen(QHostAddress::LocalHost)); }

    void relayOptions_data()
    {
        QTest::addColumn<int>("option");
        QTest::newRow("no Nagle delay") << int(QAbstractSocket::LowDelayOption);
        QTest::newRow("keepalive probes") << int(QAbstractSocket::KeepAliveOption);
    }
    void relayOptions()
    {
        QFETCH(int, option);
        const auto which = QAbstractSocket::SocketOption(option);
        QTcpSocket socket, other;
        QVERIFY(connectTo(socket));
        QVERIFY(connectTo(other));
        QCOMPARE(socket.socketOption(which).toInt(), 0); // the system's own choice
        setRelayOptions(socket);
        QVERIFY(socket.socketOption(which).toInt() != 0);
        QCOMPARE(other.socketOption(which).toInt(), 0);
    }

    void unsentIsLimited_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::newRow("little") << 4096;
        QTest::newRow("as towards clients") << clientNotSentLowBytes;
    }
    void unsentIsLimited()
    {
#ifdef TCP_NOTSENT_LOWAT
        QFETCH(int, bytes);
        QTcpSocket socket;
        QVERIFY(connectTo(socket));
        limitUnsent(socket.socketDescriptor(), bytes);
        int limit = -1;
        socklen_t size = sizeof limit;
        QCOMPARE(
            ::getsockopt(int(socket.socketDescriptor()), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &limit, &size), 0);
        QCOMPARE(limit, bytes);
#else
        QSKIP("This system cannot bound it.");
#endif
    }

    void proxiesAreNoticed()
    {
        QTcpSocket socket;
        const auto proxied = [&socket](QNetworkProxy::ProxyType type) {
            socket.setProxy(QNetworkProxy(type, QStringLiteral("localhost"), 1));
            return isProxied(socket);
        };
        QVERIFY(!proxied(QNetworkProxy::NoProxy));
        QVERIFY(proxied(QNetworkProxy::HttpProxy));
        QVERIFY(proxied(QNetworkProxy::Socks5Proxy));
    }
};

RELAY_TEST(tst_SocketOptions)
#include "tst_socketoptions.moc"
