// SPDX-License-Identifier: MIT
#include "core/relay/incomingconnection.h"
#include "tests/core/websocket/testcertificate.h"

#include <QSslSocket>
#include <QTcpServer>
#include <QTest>

#include <memory>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif

using namespace rr;
using namespace std::chrono_literals;

namespace {

const QByteArray get = "GET /health HTTP/1.1\r\nHost: x\r\n";
const QByteArray upgrade
    = "GET /v1/realtime HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// One IncomingConnection and the client at its other end.
class Fixture final : public QTcpServer, public IncomingConnection::Handler
{
public:
    explicit Fixture(std::optional<QSslConfiguration> tls = {}, std::chrono::milliseconds timeout = 20s)
        : m_tls(std::move(tls))
        , m_timeout(timeout)
    {
        listen(QHostAddress::LocalHost);
        client.connectToHost(QHostAddress::LocalHost, serverPort());
    }

    HttpResponse answerRequest(const IncomingConnection &, const RequestHead &head) override
    {
        requests.append(head.method + ' ' + head.target);
        HttpResponse response;
        response.contentType = "text/plain";
        response.body = "answer " + QByteArray::number(requests.size());
        return response;
    }
    HttpResponse answerBadHead(const IncomingConnection &, const HeadError &error) override
    {
        bad.append(error.status);
        return errorResponse(error.status, error.code, error.detail);
    }
    std::optional<HttpResponse> startCall(IncomingConnection &asking, const RequestHead &) override
    {
        ++calls;
        if (refuse)
            return errorResponse(503, "relay_full", QStringLiteral("Full."), 5);
        socket.reset(asking.takeSocket());
        return std::nullopt;
    }

    const QByteArray &heard() { return m_heard += client.readAll(); }
    bool clientIsCut() { return heard(), client.state() == QAbstractSocket::UnconnectedState; }

    QSslSocket client;
    std::unique_ptr<IncomingConnection> connection;
    std::unique_ptr<QTcpSocket> socket;
    QList<QByteArray> requests;
    QList<int> bad;
    int calls = 0;
    int done = 0;
    bool refuse = false;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        connection = std::make_unique<IncomingConnection>(descriptor, m_tls, m_timeout, *this, nullptr);
        connect(connection.get(), &IncomingConnection::done, this, [this] {
            ++done;
            connection.release()->deleteLater(); // as a worker does
        });
    }

private:
    std::optional<QSslConfiguration> m_tls;
    std::chrono::milliseconds m_timeout;
    QByteArray m_heard;
};

} // namespace

class tst_IncomingConnection : public QObject
{
    Q_OBJECT
    TestCertificate m_certificate;

private Q_SLOTS:
    void keepAlive()
    {
        Fixture f;
        f.client.write(get + "\r\n" + "HEAD /stats HTTP/1.1\r\nHost: x\r\n\r\n"); // two in one go
        QTRY_COMPARE(f.requests.size(), 2);
        QTRY_VERIFY(f.heard().count("HTTP/1.1 200 ") == 2);
        QVERIFY(f.heard().contains("answer 1"));
        QVERIFY(!f.heard().contains("answer 2")); // HEAD
        for (const char c : get + "\r\n") {
            f.client.write(&c, 1);
            f.client.flush();
        }
        QTRY_VERIFY(f.heard().contains("answer 3"));
        QCOMPARE(f.done, 0);
        f.client.write(get + "Connection: close\r\n\r\n");
        QTRY_VERIFY(f.clientIsCut());
        QVERIFY(f.heard().endsWith("answer 4"));
        QTRY_COMPARE(f.done, 1);
    }

    void bodies_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::newRow("short") << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nGET ");
        QTest::newRow("chunked") << QByteArray(
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        QTest::newRow("huge") << QByteArray(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n");
    }
    void bodies()
    {
        QFETCH(QByteArray, request);
        Fixture f({}, 1s);
        f.client.write(request);
        QTRY_VERIFY(f.heard().contains("answer 1"));
        QTRY_VERIFY(f.clientIsCut());
        QCOMPARE(f.requests.size(), 1);
    }

    void badHeads_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::newRow("garbage") << QByteArray("\x16\x03\x01\x02\x00\x01\xfc\x03\x03 hello\r\n\r\n", 19)
                                 << 400;
        QTest::newRow("too long a line") << "GET /" + QByteArray(20'000, 'a') << 431;
        QTest::newRow("too large in all")
            << "GET / HTTP/1.1\r\n" + ("X: " + QByteArray(900, 'a') + "\r\n").repeated(30) << 431;
        QTest::newRow("upgrade of another version")
            << QByteArray(upgrade).replace("Version: 13", "Version: 12") << 426;
        QTest::newRow("frames before the answer") << upgrade + "early" << 400;
    }
    void badHeads()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        Fixture f({}, 1s);
        f.client.write(request);
        QTRY_VERIFY(f.clientIsCut());
        QCOMPARE(f.bad, QList<int>{status});
        QVERIFY(f.heard().startsWith("HTTP/1.1 " + QByteArray::number(status)));
        QVERIFY(f.heard().endsWith('}'));
        QCOMPARE(f.calls, 0);
        QTRY_COMPARE(f.done, 1);
    }

    void answerIsNotTakenBack() // by a reset, for the client is still sending when it is answered
    {
        Fixture f;
        f.client.write("GET / HTTP/1.1\r\nX: " + QByteArray(5'000'000, 'a'));
        QTRY_VERIFY(f.heard().endsWith('}'));
        QVERIFY(f.heard().startsWith("HTTP/1.1 431 "));
    }

    void callIsHandedOver_data()
    {
        QTest::addColumn<bool>("tls");
        QTest::newRow("plain") << false;
        QTest::newRow("TLS") << true;
    }
    void callIsHandedOver()
    {
        QFETCH(bool, tls);
        Fixture f(tls ? std::optional(m_certificate.server()) : std::nullopt);
        if (tls) {
            f.client.setSslConfiguration(m_certificate.client());
            f.client.setPeerVerifyName(QStringLiteral("localhost"));
            QTRY_COMPARE(f.client.state(), QAbstractSocket::ConnectedState);
            f.client.startClientEncryption();
        }
        f.client.write(upgrade);
        QTRY_COMPARE(f.calls, 1);
        QVERIFY(f.socket);
        QCOMPARE(f.socket->peek(10'000), upgrade); // unread
        QTRY_COMPARE(f.done, 1);
        QTest::qWait(0);
        QCOMPARE(f.client.state(), QAbstractSocket::ConnectedState);
        f.socket->write("mine");
        QTRY_COMPARE(f.heard(), "mine");
    }

    void callIsRefused()
    {
        Fixture f;
        f.refuse = true;
        f.client.write(upgrade);
        QTRY_VERIFY(f.clientIsCut());
        QVERIFY(f.heard().startsWith("HTTP/1.1 503 "));
        QVERIFY(f.heard().contains("Retry-After: 5\r\n"));
        QTRY_COMPARE(f.done, 1);
    }

    void upgradeElsewhereIsNoCall()
    {
        Fixture f;
        f.client.write(QByteArray(upgrade).replace("/v1/realtime", "/health"));
        QTRY_COMPARE(f.requests.size(), 1);
        QCOMPARE(f.calls, 0);
    }

    void deadline_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<bool>("tls");
        QTest::newRow("silence") << QByteArray() << false;
        QTest::newRow("half a head") << get << false;
        QTest::newRow("silence, TLS") << QByteArray() << true;
    }
    void deadline()
    {
        QFETCH(QByteArray, said);
        QFETCH(bool, tls);
        Fixture f(tls ? std::optional(m_certificate.server()) : std::nullopt, 100ms);
        f.client.write(said);
        QTRY_COMPARE(f.done, 1);
        QTRY_VERIFY(f.clientIsCut());
    }

    void plainHttpOnTlsPort()
    {
        Fixture f(m_certificate.server());
        f.client.write(get + "\r\n");
        QTRY_VERIFY(f.clientIsCut());
        QTRY_COMPARE(f.done, 1);
        QCOMPARE(f.requests.size(), 0);
    }

    void clientVanishes()
    {
        Fixture f;
        f.client.write(get);
        QTRY_VERIFY(f.connection);
        f.client.abort();
        QTRY_COMPARE(f.done, 1);
    }

#ifdef Q_OS_UNIX
    // As netcat does it: the request is all it has to say.
    void halfClosedClientIsAnswered()
    {
        Fixture f;
        QTRY_COMPARE(f.client.state(), QAbstractSocket::ConnectedState);
        f.client.write(get + "\r\n");
        f.client.flush();
        ::shutdown(int(f.client.socketDescriptor()), SHUT_WR);
        QTRY_VERIFY(f.clientIsCut());
        QVERIFY2(f.heard().endsWith("answer 1"), f.heard());
        QTRY_COMPARE(f.done, 1);
    }
#endif
};

QTEST_GUILESS_MAIN(tst_IncomingConnection)
#include "tst_incomingconnection.moc"
