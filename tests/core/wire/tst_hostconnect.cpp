// SPDX-License-Identifier: MIT
// What tst_dial does not see through a handshake: the bare connection.
#include "core/wire/hostconnect.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/core/wire/streamowner.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QTest>

using namespace rr;

class tst_HostConnect : public QObject
{
    Q_OBJECT
    std::unique_ptr<TestCertificate> m_certificate;

    Destination to(quint16 port, bool secure, bool openSsl = false) const
    {
        Destination to;
        to.host = QStringLiteral("localhost");
        to.port = port;
        to.secure = secure;
        to.tls.qt = m_certificate->client();
#ifdef Q_OS_LINUX
        if (openSsl)
            to.tls.client = std::make_shared<TlsClient>(to.tls.qt.caCertificates());
#endif
        return to;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_certificate = std::make_unique<TestCertificate>();
    }

    void connects_data()
    {
        QTest::addColumn<bool>("secure");
        QTest::addColumn<bool>("openSsl");
        QTest::newRow("plain") << false << false;
        QTest::newRow("TLS through Qt") << true << false;
#ifdef Q_OS_LINUX
        QTest::newRow("TLS through OpenSSL") << true << true;
#endif
    }
    /// What is written and read is nobody's business here.
    void connects()
    {
        QFETCH(bool, secure);
        QFETCH(bool, openSsl);
        ScriptedServer server([](const QByteArray &head) { return "heard " + head; },
            secure ? std::optional(m_certificate->server()) : std::nullopt);
        auto connecting = std::make_unique<HostConnect>(to(server.serverPort(), secure, openSsl));
        QSignalSpy connected(connecting.get(), &HostConnect::connected);
        QSignalSpy failed(connecting.get(), &HostConnect::failed);
        connecting->start();
        QVERIFY(connected.isEmpty());
        QTRY_COMPARE(connected.size(), 1);
        QVERIFY(failed.isEmpty());
        const auto stream = connecting->takeStream();
        connecting.reset(); // the stream does not need it
        StreamOwner owner;
        stream->setOwner(&owner);
        stream->setReading(true);
        stream->write("POST / HTTP/1.1\r\n\r\n");
        QTRY_COMPARE(owner.received, "heard POST / HTTP/1.1\r\n\r\n");
        stream->write("more");
        QTRY_COMPARE(server.received, "more");
    }

    /// Where the name leads is known already, or the system would find another one.
    void toTheAddressThatIsGiven()
    {
        ScriptedServer server([](const QByteArray &head) { return head; });
        Destination known = to(server.serverPort(), false);
        known.host = QStringLiteral("no-such-name.invalid");
        known.address = QHostAddress(QHostAddress::LocalHost);
        HostConnect connecting(known);
        QSignalSpy connected(&connecting, &HostConnect::connected);
        connecting.start();
        QTRY_COMPARE(connected.size(), 1);
    }

    /// The peer is not to see a byte of the caller's before it has shown who it is.
    void closedInTheTlsHandshake_data()
    {
        connects_data();
    }
    void closedInTheTlsHandshake()
    {
        QFETCH(bool, secure);
        QFETCH(bool, openSsl);
        if (!secure)
            QSKIP("has no TLS");
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, &server, [&] {
            QTcpSocket *socket = server.nextPendingConnection();
            connect(socket, &QIODevice::readyRead, socket, &QTcpSocket::disconnectFromHost);
        });
        HostConnect connecting(to(server.serverPort(), secure, openSsl));
        QSignalSpy failed(&connecting, &HostConnect::failed);
        QSignalSpy connected(&connecting, &HostConnect::connected);
        connecting.start();
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(connected.isEmpty());
        const auto failure = failed[0][0].value<UpstreamFailure>();
        QCOMPARE(failure.kind, UpstreamFailure::BadHandshake);
        QVERIFY(!failure.detail.isEmpty());
    }

    void tookTooLong()
    {
        QTcpServer silent; // whose system takes the connection, and nobody answers
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        HostConnect connecting(to(silent.serverPort(), true));
        QCOMPARE(connecting.tookTooLong().kind, UpstreamFailure::Timeout);
        QVERIFY(connecting.tookTooLong().detail.isEmpty());
        connecting.start();
        QTRY_VERIFY(!connecting.tookTooLong().detail.isEmpty());
        QCOMPARE(connecting.tookTooLong().kind, UpstreamFailure::Timeout);

        Destination behind = to(silent.serverPort(), true);
        behind.proxy
            = QNetworkProxy(QNetworkProxy::HttpProxy, QStringLiteral("127.0.0.1"), silent.serverPort());
        HostConnect proxied(behind);
        proxied.start();
        QCOMPARE(proxied.tookTooLong().kind, UpstreamFailure::Proxy);
    }

    void isGivenUp()
    {
        ScriptedServer server([](const QByteArray &) { return QByteArray(); });
        auto connecting = std::make_unique<HostConnect>(to(server.serverPort(), false));
        QSignalSpy connected(connecting.get(), &HostConnect::connected);
        connecting->start();
        QTRY_COMPARE(connected.size(), 1);
        connecting.reset(); // the stream was not taken
        QTRY_COMPARE(server.sockets.value(0) ? server.sockets[0]->state() : QAbstractSocket::ConnectingState,
            QAbstractSocket::UnconnectedState);
    }
};

RELAY_TEST(tst_HostConnect)
#include "tst_hostconnect.moc"
