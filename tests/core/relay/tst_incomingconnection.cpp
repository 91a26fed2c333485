// SPDX-License-Identifier: MIT
#include "core/relay/incomingconnection.h"
#include "core/relay/turns.h"
#include "tests/core/websocket/testcertificate.h"

#include <QAbstractEventDispatcher>
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
        response.body = "answer " + QByteArray::number(requests.size()) + padding;
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
    /// Connected, and encrypted if that is spoken.
    bool clientIsReady(const TestCertificate &certificate)
    {
        if (!QTest::qWaitFor([&] { return client.state() == QAbstractSocket::ConnectedState; }))
            return false;
        if (!m_tls)
            return true;
        client.setSslConfiguration(certificate.client());
        client.setPeerVerifyName(QStringLiteral("localhost"));
        client.startClientEncryption();
        return QTest::qWaitFor([&] { return client.isEncrypted(); });
    }
    /// That all of `count` answers have come, in order.
    bool heardAnswers(int count)
    {
        heard();
        qsizetype at = 0;
        for (int i = 1; i <= count; ++i) {
            at = m_heard.indexOf("answer " + QByteArray::number(i) + padding.left(1), at) + 1;
            if (at == 0)
                return false;
        }
        return m_heard.endsWith(padding) && m_heard.count("HTTP/1.1 ") == count;
    }
    bool clientIsCut() { return heard(), client.state() == QAbstractSocket::UnconnectedState; }

    QSslSocket client;
    std::unique_ptr<IncomingConnection> connection;
    std::unique_ptr<QTcpSocket> socket;
    QList<QByteArray> requests;
    QByteArray padding; ///< of bodies
    QList<int> bad;
    int calls = 0;
    int done = 0;
    bool refuse = false;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        connection
            = std::make_unique<IncomingConnection>(descriptor, m_tls, m_timeout, m_turns, *this, nullptr);
        connect(connection.get(), &IncomingConnection::done, this, [this] {
            ++done;
            connection.release()->deleteLater(); // as a worker does
        });
    }

private:
    std::optional<QSslConfiguration> m_tls;
    std::chrono::milliseconds m_timeout;
    Turns m_turns;
    QByteArray m_heard;
};

} // namespace

class tst_IncomingConnection : public QObject
{
    Q_OBJECT
    TestCertificate m_certificate;

    std::optional<QSslConfiguration> server(bool tls) const
    {
        return tls ? std::optional(m_certificate.server()) : std::nullopt;
    }
    static void plainAndTls()
    {
        QTest::addColumn<bool>("tls");
        QTest::newRow("plain") << false;
        QTest::newRow("TLS") << true;
    }

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

    void oneRequestATurn_data() { plainAndTls(); }
    void oneRequestATurn()
    {
        QFETCH(bool, tls);
        Fixture f(server(tls));
        QVERIFY(f.clientIsReady(m_certificate));
        f.client.write((get + "\r\n").repeated(100));
        qsizetype most = 0;
        QTRY_VERIFY([&] {
            const auto before = f.requests.size();
            QAbstractEventDispatcher::instance()->processEvents(QEventLoop::AllEvents);
            most = std::max(most, f.requests.size() - before);
            return f.requests.size() == 100;
        }());
        QCOMPARE(most, 1);
        QTRY_VERIFY(f.heardAnswers(100));
    }

    void moreRequestsThanAreReadAhead_data() { plainAndTls(); }
    void moreRequestsThanAreReadAhead()
    {
        QFETCH(bool, tls);
        Fixture f(server(tls));
        f.padding = ".";
        QVERIFY(f.clientIsReady(m_certificate));
        f.client.write((get + "\r\n").repeated(3000));
        QTRY_VERIFY(f.heardAnswers(3000));
        f.client.write(upgrade); // and the connection is still good for a call
        QTRY_COMPARE(f.calls, 1);
        QCOMPARE(f.socket->peek(10'000), upgrade);
    }

    // The second is whole only with what came at once, but in a TLS record of its own.
    void requestInTwoRecords_data() { plainAndTls(); }
    void requestInTwoRecords()
    {
        QFETCH(bool, tls);
        Fixture f(server(tls));
        QVERIFY(f.clientIsReady(m_certificate));
        for (const QByteArray &part : {get + "\r\n" + get, QByteArray("\r\n")}) {
            f.client.write(part);
            f.client.flush();
        }
        QTRY_VERIFY(f.heardAnswers(2));
    }

    void bodyThatComesLaterIsPassedOver_data() { plainAndTls(); }
    void bodyThatComesLaterIsPassedOver()
    {
        QFETCH(bool, tls);
        Fixture f(server(tls));
        QVERIFY(f.clientIsReady(m_certificate));
        const QByteArray body(40'000, 'G');
        f.client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40000\r\n\r\n" + body.first(20'000));
        QTRY_VERIFY(f.heardAnswers(1));
        QCOMPARE(f.client.state(), QAbstractSocket::ConnectedState);
        QCOMPARE(f.done, 0); // a socket that is closed now takes the answer back
        f.client.write(body.last(20'000));
        QTRY_COMPARE(f.done, 1);
        QTRY_VERIFY(f.clientIsCut());
        QCOMPARE(f.requests.size(), 1);
    }

    // Answers of 4 MB, so that it does not matter how many the system takes off the relay's hands.
    void unreadAnswersAreNotPiledUp_data() { plainAndTls(); }
    void unreadAnswersAreNotPiledUp()
    {
        QFETCH(bool, tls);
        Fixture f(server(tls), 1s);
        f.padding = QByteArray(4'000'000, '.');
        QVERIFY(f.clientIsReady(m_certificate));
        f.client.setReadBufferSize(1);
        f.client.write((get + "\r\n").repeated(50));
        QTRY_COMPARE(f.done, 1); // cut, for it takes no answer
        QVERIFY2(f.requests.size() < 20, QByteArray::number(f.requests.size()));
    }

    void goesOnWhenTheAnswerIsRead_data() { plainAndTls(); }
    void goesOnWhenTheAnswerIsRead()
    {
        QFETCH(bool, tls);
        Fixture f(server(tls));
        f.padding = QByteArray(4'000'000, '.');
        QVERIFY(f.clientIsReady(m_certificate));
        f.client.setReadBufferSize(1000);
        f.client.write((get + "\r\n").repeated(20));
        QTRY_VERIFY(!f.requests.isEmpty());
        f.client.setReadBufferSize(0);
        QTRY_COMPARE_WITH_TIMEOUT((f.heard(), f.requests.size()), 20, 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(f.heardAnswers(20), 30'000);
        QCOMPARE(f.done, 0);
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

    void callIsHandedOver_data() { plainAndTls(); }
    void callIsHandedOver()
    {
        QFETCH(bool, tls);
        Fixture f(server(tls));
        QVERIFY(f.clientIsReady(m_certificate));
        f.client.write(upgrade);
        QTRY_COMPARE(f.calls, 1);
        QVERIFY(f.socket);
        QCOMPARE(f.socket->peek(10'000), upgrade); // unread
        QTRY_COMPARE(f.done, 1);
        QTest::qWait(0);
        QCOMPARE(f.client.state(), QAbstractSocket::ConnectedState);
        f.socket->write("mine");
        QTRY_COMPARE(f.heard(), "mine");
        const QByteArray theirs(10'000, 'x'); // read ahead as before
        f.client.write(theirs);
        QTRY_COMPARE(f.socket->bytesAvailable(), upgrade.size() + theirs.size());
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
        Fixture f(server(tls), 100ms);
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

    void halfClosedClientIsAnsweredToTheLast()
    {
        Fixture f;
        f.padding = ".";
        QTRY_COMPARE(f.client.state(), QAbstractSocket::ConnectedState);
        f.client.write((get + "\r\n").repeated(1000));
        f.client.flush();
        ::shutdown(int(f.client.socketDescriptor()), SHUT_WR);
        QTRY_VERIFY(f.clientIsCut());
        QVERIFY(f.heardAnswers(1000));
        QTRY_COMPARE(f.done, 1);
    }
#endif
};

QTEST_GUILESS_MAIN(tst_IncomingConnection)
#include "tst_incomingconnection.moc"
