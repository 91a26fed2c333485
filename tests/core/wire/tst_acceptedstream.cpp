// SPDX-License-Identifier: MIT
#include "core/wire/acceptedstream.h"
#include "tests/core/wire/streamowner.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"

#include <QSslSocket>
#include <QTcpServer>
#include <QTest>

using namespace rr;

namespace {

class Acceptor final : public QTcpServer
{
public:
    Acceptor(bool tls, bool throughQt, const QHostAddress &address)
        : m_throughQt(throughQt)
    {
        if (tls) {
            m_configuration = m_certificate.server();
            m_server = TlsServer::make(m_configuration);
            client.setSslConfiguration(m_certificate.client());
        }
        if (!listen(address))
            return;
        if (tls)
            client.connectToHostEncrypted(
                serverAddress().toString(), serverPort(), QStringLiteral("localhost"));
        else
            client.connectToHost(serverAddress(), serverPort());
    }

    void begin()
    {
        if (accepted.tls)
            accepted.stream = beginTls(std::move(accepted.stream), accepted.tls);
        accepted.stream->setOwner(&owner);
        accepted.stream->setReading(true);
    }

    bool begins = true; ///< by itself
    AcceptedStream accepted;
    StreamOwner owner;
    QSslSocket client;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        accepted = m_throughQt ? acceptThroughQt(descriptor, m_server ? &m_configuration : nullptr)
                               : acceptStream(descriptor, m_server);
        if (accepted.stream && begins)
            begin();
    }

private:
    const TestCertificate m_certificate;
    QSslConfiguration m_configuration;
    std::shared_ptr<const TlsServer> m_server;
    const bool m_throughQt;
};

} // namespace

class tst_AcceptedStream : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void passesBothWays_data()
    {
        QTest::addColumn<bool>("tls");
        QTest::addColumn<bool>("throughQt");
        QTest::newRow("plain") << false << false;
        QTest::newRow("TLS") << true << false;
        QTest::newRow("plain, through Qt") << false << true;
        QTest::newRow("TLS, through Qt") << true << true;
    }
    void passesBothWays()
    {
        QFETCH(bool, tls);
        QFETCH(bool, throughQt);
        Acceptor a(tls, throughQt, QHostAddress::LocalHost);
        a.client.write("bird");
        QTRY_COMPARE(a.owner.received, "bird");
        QCOMPARE(a.accepted.peer, QHostAddress(QHostAddress::LocalHost));
        QCOMPARE(a.client.isEncrypted(), tls);
        char byte;
        QCOMPARE(a.accepted.stream->read(&byte, 1), 0); // and does not wait
        a.accepted.stream->write("worm");
        QTRY_COMPARE(a.client.bytesAvailable(), 4);
        QCOMPARE(a.client.readAll(), "worm");
        a.client.abort();
        QTRY_COMPARE(a.owner.endedCalls, 1);
        QCOMPARE(a.accepted.stream->tlsFailure(), TlsFailure::None);
    }

    void peerOfIpv6()
    {
        Acceptor a(false, false, QHostAddress::LocalHostIPv6);
        if (!a.isListening())
            QSKIP("This machine has no IPv6.");
        QTRY_VERIFY(a.accepted.stream);
        QCOMPARE(a.accepted.peer, QHostAddress(QHostAddress::LocalHostIPv6));
    }

    void tlsThatFails_data()
    {
        QTest::addColumn<bool>("throughQt");
        QTest::newRow("straight") << false;
        QTest::newRow("through Qt") << true;
    }
    void tlsThatFails()
    {
        QFETCH(bool, throughQt);
        Acceptor a(true, throughQt, QHostAddress::LocalHost);
        a.client.abort();
        QTcpSocket plain;
        plain.connectToHost(a.serverAddress(), a.serverPort());
        plain.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        QTRY_VERIFY(a.accepted.stream && a.accepted.stream->tlsFailure() != TlsFailure::None);
        QTRY_VERIFY(a.accepted.stream->isOver());
        QTRY_COMPARE(plain.state(), QAbstractSocket::UnconnectedState);
    }

#ifdef Q_OS_LINUX
    // What was read to see that it is TLS.
    void tlsBeginsWithWhatWasGivenBack()
    {
        Acceptor a(true, false, QHostAddress::LocalHost);
        a.begins = false;
        QTRY_VERIFY(a.accepted.stream);
        QVERIFY(a.accepted.tls);
        QVERIFY(a.accepted.opensInClear);
        QTRY_VERIFY(a.accepted.stream->hasWaiting());
        QByteArray first(20, Qt::Uninitialized);
        QCOMPARE(a.accepted.stream->read(first.data(), first.size()), 20);
        QCOMPARE(first[0], '\x16');
        a.accepted.stream->unread(first);
        a.begin();
        a.client.write("bird");
        QTRY_COMPARE(a.owner.received, "bird");
    }
#endif

#ifdef Q_OS_UNIX
    void noConnection()
    {
        QVERIFY(!acceptThroughQt(-1, nullptr).stream);
    }
#endif
};

RELAY_TEST(tst_AcceptedStream)
#include "tst_acceptedstream.moc"
