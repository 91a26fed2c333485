// SPDX-License-Identifier: MIT
#include "core/relay/incomingconnection.h"
#include "core/relay/turns.h"
#include "core/wire/acceptedstream.h"
#include "tests/core/relay/mostinaturn.h"
#include "tests/core/wire/streamowner.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"

#include <QSslSocket>
#include <QTcpServer>
#include <QTest>

#include <memory>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif
#ifdef Q_OS_LINUX
#include "tests/core/wire/tlspeer.h"
#endif

using namespace rr;
using namespace std::chrono_literals;

namespace {

const QByteArray get = "GET /health HTTP/1.1\r\nHost: x\r\n";
const QByteArray upgrade
    = "GET /v1/realtime HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

constexpr Endpoint endpoints[] = {
    {"/v1/realtime", "GET", Endpoint::Kind::Call, CallSurface::Realtime},
    {"/v1/live/sessions/{id}/fork", "GET", Endpoint::Kind::Call, CallSurface::LiveFork},
    {"/health", "GET, HEAD", Endpoint::Kind::Health},
    {"/mint", "POST", Endpoint::Kind::Index, {}, true},
};

QByteArray post(const QByteArray &headers, const QByteArray &body = {})
{
    return "POST /mint HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
}

enum class Speech { Plain, Tls, PlainThroughQt, TlsThroughQt };

/// One IncomingConnection and the client at its other end.
class ConnectionFixture final : public QTcpServer, public IncomingConnection::Handler
{
public:
    explicit ConnectionFixture(
        Speech speech = Speech::Plain, std::chrono::milliseconds timeout = 20s, bool peerIsProxy = false)
        : m_speech(speech)
        , m_peerIsProxy(peerIsProxy)
        , m_timeout(timeout)
    {
        if (isTls())
            m_server = TlsServer::make(certificate().server());
        listen(QHostAddress::LocalHost);
        client.connectToHost(QHostAddress::LocalHost, serverPort());
    }

    static const TestCertificate &certificate()
    {
        static const TestCertificate made;
        return made;
    }
    bool isTls() const { return m_speech == Speech::Tls || m_speech == Speech::TlsThroughQt; }

    const Endpoint *endpointOf(IncomingConnection::Request &request) override
    {
        return findEndpoint(endpoints, request.head);
    }
    void answerRequest(const IncomingConnection::Request &request, Responder responder) override
    {
        peers.append(request.peer);
        if (request.isCall) {
            ++calls;
            callPath = request.head.path;
            if (refuse)
                responder.answer(errorResponse(503, "relay_full", QStringLiteral("Full."), 5));
            else
                stream = responder.takeStream();
            return;
        }
        requests.append(request.head.method + ' ' + request.head.target);
        bodies.append(request.body);
        found.append(request.endpoint != nullptr);
        if (later)
            waiting.append(responder);
        else
            responder.answer(next());
    }
    HttpResponse next()
    {
        HttpResponse response;
        response.contentType = "text/plain";
        response.body = "answer " + QByteArray::number(++m_answers) + padding;
        return response;
    }
    void connectionFailed(const QHostAddress &, ConnectionFailure why, const QString &error) override
    {
        failures.append(why);
        errors.append(error);
    }
    HttpResponse answerBadRequest(
        const QHostAddress &, const QByteArray &origin, const HeadError &error) override
    {
        bad.append(error.status);
        badCodes.append(error.code);
        badOrigins.append(origin);
        return errorResponse(error.status, error.code, plain(error.detail));
    }

    const QByteArray &heard() { return m_heard += client.readAll(); }
    /// Connected, and encrypted if that is spoken.
    bool clientIsReady()
    {
        if (!QTest::qWaitFor([&] { return client.state() == QAbstractSocket::ConnectedState; }, 30'000))
            return false;
        if (!isTls())
            return true;
        client.setSslConfiguration(certificate().client());
        client.setPeerVerifyName(QStringLiteral("localhost"));
        client.startClientEncryption();
        return QTest::qWaitFor([&] { return client.isEncrypted(); }, 30'000);
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
    std::unique_ptr<ByteStream> stream; ///< of the call
    StreamOwner caller;
    QList<QByteArray> requests;
    QList<bool> found; ///< something at their paths
    QList<QByteArray> bodies; ///< of them
    bool later = false; ///< they are not answered at once
    QList<Responder> waiting;
    QByteArray padding; ///< of bodies
    QList<int> bad;
    QList<QByteArray> badCodes; ///< of them
    QList<QByteArray> badOrigins; ///< null: none, or not known
    QList<QHostAddress> peers; ///< of requests and calls
    QList<ConnectionFailure> failures;
    QStringList errors; ///< of them
    int calls = 0;
    QByteArray callPath; ///< of the last one
    int done = 0;
    bool refuse = false;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        const QSslConfiguration configuration = certificate().server();
        const bool throughQt = m_speech == Speech::PlainThroughQt || m_speech == Speech::TlsThroughQt;
        AcceptedStream accepted = throughQt ? acceptThroughQt(descriptor, isTls() ? &configuration : nullptr)
                                            : acceptStream(descriptor, m_server);
        connection = std::make_unique<IncomingConnection>(
            std::move(accepted), m_peerIsProxy, m_timeout, m_turns, *this, nullptr);
        connect(connection.get(), &IncomingConnection::done, this, [this] {
            ++done;
            connection.release()->deleteLater(); // as a worker does
        });
    }

private:
    const Speech m_speech;
    const bool m_peerIsProxy;
    std::shared_ptr<const TlsServer> m_server;
    int m_answers = 0;
    std::chrono::milliseconds m_timeout;
    Turns m_turns;
    QByteArray m_heard;
};

} // namespace

class tst_IncomingConnection : public QObject
{
    Q_OBJECT
    static void plainAndTls()
    {
        QTest::addColumn<Speech>("speech");
        QTest::newRow("plain") << Speech::Plain;
        QTest::newRow("TLS") << Speech::Tls;
        QTest::newRow("plain, through Qt") << Speech::PlainThroughQt;
        QTest::newRow("TLS, through Qt") << Speech::TlsThroughQt;
    }

private Q_SLOTS:
    void keepAlive()
    {
        ConnectionFixture f;
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
        QFETCH(Speech, speech);
        ConnectionFixture f(speech);
        QVERIFY(f.clientIsReady());
        f.client.write((get + "\r\n").repeated(100));
        QCOMPARE(mostInATurn(100, [&] { return f.requests.size(); }), 1);
        QTRY_VERIFY(f.heardAnswers(100));
    }

    void moreRequestsThanAreReadAhead_data() { plainAndTls(); }
    void moreRequestsThanAreReadAhead()
    {
        QFETCH(Speech, speech);
        ConnectionFixture f(speech);
        f.padding = ".";
        QVERIFY(f.clientIsReady());
        f.client.write((get + "\r\n").repeated(3000));
        QTRY_VERIFY(f.heardAnswers(3000));
        f.client.write(upgrade); // and the connection is still good for a call
        QTRY_COMPARE(f.calls, 1);
        QVERIFY(f.stream);
    }

    // The second is whole only with what came at once, but in a TLS record of its own.
    void requestInTwoRecords_data() { plainAndTls(); }
    void requestInTwoRecords()
    {
        QFETCH(Speech, speech);
        ConnectionFixture f(speech);
        QVERIFY(f.clientIsReady());
        for (const QByteArray &part : {get + "\r\n" + get, QByteArray("\r\n")}) {
            f.client.write(part);
            f.client.flush();
        }
        QTRY_VERIFY(f.heardAnswers(2));
    }

    void bodyThatComesLaterIsPassedOver_data() { plainAndTls(); }
    void bodyThatComesLaterIsPassedOver()
    {
        QFETCH(Speech, speech);
        ConnectionFixture f(speech);
        QVERIFY(f.clientIsReady());
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
        QFETCH(Speech, speech);
        // In which TLS comes about, too.
        const bool isTls = speech == Speech::Tls || speech == Speech::TlsThroughQt;
        ConnectionFixture f(speech, isTls ? 3s : 1s);
        f.padding = QByteArray(4'000'000, '.');
        QVERIFY(f.clientIsReady());
        f.client.setReadBufferSize(1);
        f.client.write((get + "\r\n").repeated(50));
        QTRY_COMPARE(f.done, 1); // cut, for it takes no answer
        QVERIFY2(f.requests.size() < 20, QByteArray::number(f.requests.size()));
    }

    void goesOnWhenTheAnswerIsRead_data() { plainAndTls(); }
    void goesOnWhenTheAnswerIsRead()
    {
        QFETCH(Speech, speech);
        ConnectionFixture f(speech);
        f.padding = QByteArray(4'000'000, '.');
        QVERIFY(f.clientIsReady());
        f.client.setReadBufferSize(1000);
        f.client.write((get + "\r\n").repeated(6));
        QTRY_VERIFY(!f.requests.isEmpty());
        f.client.setReadBufferSize(0);
        QTRY_COMPARE_WITH_TIMEOUT((f.heard(), f.requests.size()), 6, 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(f.heardAnswers(6), 30'000);
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
        ConnectionFixture f(Speech::Plain, 1s);
        f.client.write(request);
        QTRY_VERIFY(f.heard().contains("answer 1"));
        QTRY_VERIFY(f.clientIsCut());
        QCOMPARE(f.requests.size(), 1);
    }

    void badHeads_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::newRow("garbage") << QByteArray("\xfc\x03\x03 hello\r\n\r\n") << 400;
        QTest::newRow("too long a line") << "GET /" + QByteArray(20'000, 'a') << 431;
        QTest::newRow("too large in all")
            << "GET / HTTP/1.1\r\n" + ("X: " + QByteArray(900, 'a') + "\r\n").repeated(30) << 431;
        QTest::newRow("upgrade of another version")
            << QByteArray(upgrade).replace("Version: 13", "Version: 12") << 426;
        QTest::newRow("frames before the answer") << upgrade + "early" << 400;
        QTest::newRow("body too large") << post("Content-Length: 65537\r\n") << 413;
        QTest::newRow("body too large to be asked for")
            << post("Content-Length: 65537\r\nExpect: 100-continue\r\n") << 413;
        QTest::newRow("too large a chunk") << post("Transfer-Encoding: chunked\r\n", "10001\r\n") << 413;
        QTest::newRow("body that is no chunk") << post("Transfer-Encoding: chunked\r\n", "body") + "\r\n"
                                               << 400;
        QTest::newRow("body of no length") << post({}, "body") << 411;
    }
    void badHeads()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        ConnectionFixture f(Speech::Plain, 1s);
        f.client.write(request);
        QTRY_VERIFY(f.clientIsCut());
        QCOMPARE(f.bad, QList<int>{status});
        QVERIFY(f.requests.isEmpty());
        QVERIFY(f.heard().startsWith("HTTP/1.1 " + QByteArray::number(status)));
        QVERIFY(f.heard().endsWith('}'));
        QCOMPARE(f.calls, 0);
        QTRY_COMPARE(f.done, 1);
    }

    void bodyIsRead_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("body");
        const QByteArray most(RequestBody::mostBytes, 'b');
        QTest::newRow("short") << post("Content-Length: 4\r\n", "body") << QByteArray("body");
        QTest::newRow("empty") << post("Content-Length: 0\r\n") << QByteArray("");
        QTest::newRow("long") << post("Content-Length: 65536\r\n", most) << most;
        QTest::newRow("chunks") << post("Transfer-Encoding: chunked\r\n", "2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n")
                                << QByteArray("body");
    }
    void bodyIsRead()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, body);
        ConnectionFixture f;
        f.client.write(request + get + "\r\n"); // a request behind it, too
        QTRY_VERIFY(f.heardAnswers(2));
        QCOMPARE(f.bodies, (QList<QByteArray>{body, {}}));
        QCOMPARE(f.done, 0);
    }

    void bodyThatComesSlowly_data() { plainAndTls(); }
    void bodyThatComesSlowly()
    {
        QFETCH(Speech, speech);
        ConnectionFixture f(speech);
        QVERIFY(f.clientIsReady());
        f.client.write(post("Content-Length: 4\r\nExpect: 100-continue\r\n"));
        QTRY_COMPARE(f.heard(), "HTTP/1.1 100 Continue\r\n\r\n");
        for (const char c : QByteArray("body")) {
            QVERIFY(f.requests.isEmpty());
            f.client.write(&c, 1);
            f.client.flush();
            QTest::qWait(0);
        }
        QTRY_COMPARE(f.requests.size(), 1);
        QCOMPARE(f.bodies[0], "body");
        QTRY_VERIFY(f.heard().endsWith("answer 1"));
    }

    void answeredLater_data() { plainAndTls(); }
    void answeredLater()
    {
        QFETCH(Speech, speech);
        ConnectionFixture f(speech);
        f.later = true;
        QVERIFY(f.clientIsReady());
        f.client.write((get + "\r\n").repeated(2) + get + "Connection: close\r\n\r\n");
        QTRY_COMPARE(f.waiting.size(), 1);
        QTest::qWait(0);
        QCOMPARE(f.waiting.size(), 1); // one after the other
        f.waiting[0].answer(f.next());
        QTRY_COMPARE(f.waiting.size(), 2);
        f.waiting[0].answer(f.next()); // again: nobody's
        QVERIFY(!f.waiting[0].takeStream());
        f.later = false;
        f.waiting[1].answer(f.next());
        QTRY_VERIFY(f.clientIsCut());
        QVERIFY2(f.heard().contains("answer 1HTTP"), f.heard());
        QVERIFY2(f.heard().contains("answer 3HTTP"), f.heard());
        QVERIFY2(f.heard().endsWith("answer 4"), f.heard());
        QCOMPARE(f.heard().count("HTTP/1.1 200"), 3);
        QTRY_COMPARE(f.done, 1);
        f.waiting[1].answer(f.next()); // to nobody any more
        QVERIFY(!f.waiting[1].takeStream());
    }

    void noDeadlineWhileTheAnswerIsMade()
    {
        ConnectionFixture f(Speech::Plain, 2s);
        f.later = true;
        f.client.write(get + "\r\n");
        QTRY_COMPARE(f.waiting.size(), 1);
        const ConnectionFixture silent(Speech::Plain, 2s);
        QTRY_COMPARE(silent.done, 1); // which came later
        QCOMPARE(f.done, 0);
        f.waiting[0].answer(f.next());
        QTRY_VERIFY(f.heard().endsWith("answer 1"));
        QTRY_COMPARE(f.done, 1); // of the next one, it has
    }

    void goneBeforeTheAnswer()
    {
        ConnectionFixture f;
        f.later = true;
        f.client.write(get + "\r\n");
        QTRY_COMPARE(f.waiting.size(), 1);
        f.connection.reset(); // as a worker does when the relay ends
        f.waiting[0].answer(f.next());
        QVERIFY(!f.waiting[0].takeStream());
        QTRY_VERIFY(f.clientIsCut());
        QCOMPARE(f.heard(), "");
    }

    void clientThatLeavesBeforeTheAnswer()
    {
        ConnectionFixture f;
        f.later = true;
        f.client.write(get + "\r\n");
        QTRY_COMPARE(f.waiting.size(), 1);
        f.client.abort();
        f.waiting[0].answer(f.next());
        QTRY_COMPARE(f.done, 1);
        f.waiting[0].answer(f.next());
    }

    void nothingAtThePath()
    {
        ConnectionFixture f;
        f.client.write("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" + get + "\r\n");
        QTRY_VERIFY(f.heardAnswers(2));
        QCOMPARE(f.found, (QList<bool>{false, true}));
    }

    void answerIsNotTakenBack() // by a reset, for the client is still sending when it is answered
    {
        ConnectionFixture f;
        f.client.write("GET / HTTP/1.1\r\nX: " + QByteArray(5'000'000, 'a'));
        QTRY_VERIFY(f.heard().endsWith('}'));
        QVERIFY(f.heard().startsWith("HTTP/1.1 431 "));
    }

    void callIsHandedOver_data() { plainAndTls(); }
    void callIsHandedOver()
    {
        QFETCH(Speech, speech);
        ConnectionFixture f(speech);
        QVERIFY(f.clientIsReady());
        f.client.write(upgrade);
        QTRY_COMPARE(f.calls, 1);
        QVERIFY(f.stream);
        QTRY_COMPARE(f.done, 1);
        QTest::qWait(0);
        QCOMPARE(f.client.state(), QAbstractSocket::ConnectedState);
        f.stream->write("mine");
        QTRY_COMPARE(f.heard(), "mine");
        f.client.write("theirs");
        f.stream->setOwner(&f.caller);
        f.stream->setReading(true);
        QTRY_COMPARE(f.caller.received, "theirs"); // and nothing of the head
    }

    void callIsRefused()
    {
        ConnectionFixture f;
        f.refuse = true;
        f.client.write(upgrade);
        QTRY_VERIFY(f.clientIsCut());
        QVERIFY(f.heard().startsWith("HTTP/1.1 503 "));
        QVERIFY(f.heard().contains("Retry-After: 5\r\n"));
        QTRY_COMPARE(f.done, 1);
    }

    void upgradeElsewhereIsNoCall_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("something there") << QByteArray("/health");
        QTest::newRow("nothing there") << QByteArray("/ws");
    }
    void upgradeElsewhereIsNoCall()
    {
        QFETCH(QByteArray, path);
        ConnectionFixture f;
        f.client.write(QByteArray(upgrade).replace("/v1/realtime", path) + get + "\r\n");
        QTRY_VERIFY(f.clientIsCut());
        QCOMPARE(f.requests.size(), 1); // what follows an upgrade is no request
        QCOMPARE(f.calls, 0);
        QVERIFY(f.heard().contains("Connection: close\r\n"));
    }

    void callsAreFoundByTheirPath_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("called");
        for (const char *path :
            {"/", "/v1//realtime/", "/realtime/realtime", "http://x/openai/v1/realtime", "http://x"})
            QTest::newRow(path) << QByteArray(path) << QByteArray("/v1/realtime");
        QTest::newRow("id") << QByteArray("/live/sessions//a%20b/fork")
                            << QByteArray("/v1/live/sessions/a%20b/fork");
    }
    void callsAreFoundByTheirPath()
    {
        QFETCH(QByteArray, path);
        ConnectionFixture f;
        f.client.write(QByteArray(upgrade).replace("/v1/realtime", path + "?model=a%2Fb"));
        QTRY_COMPARE(f.calls, 1);
        QTEST(f.callPath, "called");
    }

    void upgradeThatExpectsToGoOn()
    {
        ConnectionFixture f;
        f.client.write(QByteArray(upgrade).replace("Host: x\r\n", "Host: x\r\nExpect: 100-continue\r\n"));
        QTRY_COMPARE(f.calls, 1);
        f.stream->write("HTTP/1.1 101 Switching Protocols\r\n");
        QTRY_COMPARE(f.heard(), "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n");
    }

    void deadline_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<Speech>("speech");
        QTest::addColumn<bool>("isFailure"); ///< who says nothing has none
        QTest::newRow("silence") << QByteArray() << Speech::Plain << false;
        QTest::newRow("half a word") << QByteArray("P") << Speech::Plain << true;
        QTest::newRow("half a head") << get << Speech::Plain << true;
        QTest::newRow("half a body") << post("Content-Length: 4\r\n", "bod") << Speech::Plain << true;
        QTest::newRow("silence after a request") << get + "\r\n" << Speech::Plain << false;
        QTest::newRow("half a request after one") << get + "\r\n" + get << Speech::Plain << true;
        QTest::newRow("silence, TLS") << QByteArray() << Speech::Tls << false;
#ifdef Q_OS_LINUX
        QTest::newRow("half a hello, TLS") << QByteArray("\x16\x03\x01") << Speech::Tls << true;
#endif
        QTest::newRow("silence, TLS through Qt") << QByteArray() << Speech::TlsThroughQt << false;
    }
    void deadline()
    {
        QFETCH(QByteArray, said);
        QFETCH(Speech, speech);
        QFETCH(bool, isFailure);
        ConnectionFixture f(speech, 500ms);
        f.client.write(said);
        QTRY_COMPARE(f.done, 1);
        QTRY_VERIFY(f.clientIsCut());
        QCOMPARE(
            f.failures, isFailure ? QList{ConnectionFailure::RequestTimeout} : QList<ConnectionFailure>());
    }

    // Who asks for something goes last when connections are too many.
    void idleOrNot_data()
    {
        QTest::addColumn<Speech>("speech");
        QTest::newRow("plain") << Speech::Plain;
        QTest::newRow("TLS") << Speech::Tls;
    }
    void idleOrNot()
    {
        QFETCH(Speech, speech);
        ConnectionFixture f(speech);
        QTRY_VERIFY(f.connection);
        QVERIFY(f.connection->isIdle());
#ifdef Q_OS_LINUX
        if (speech == Speech::Tls) {
            f.client.setSslConfiguration(ConnectionFixture::certificate().client());
            f.client.setPeerVerifyName(QStringLiteral("localhost"));
            QTRY_COMPARE(f.client.state(), QAbstractSocket::ConnectedState);
            f.client.startClientEncryption();
            QTRY_VERIFY(f.client.isEncrypted());
            QTRY_VERIFY(f.connection->isIdle());
            ConnectionFixture half(speech);
            QTRY_COMPARE(half.client.state(), QAbstractSocket::ConnectedState);
            half.client.write(QByteArray::fromHex("160301020001")); // of a ClientHello
            QTRY_VERIFY(half.connection && !half.connection->isIdle());
        }
#else
        QVERIFY(f.clientIsReady());
#endif
        f.later = true;
        f.client.write(get);
        QTRY_VERIFY(!f.connection->isIdle());
        f.client.write("\r\n");
        QTRY_COMPARE(f.waiting.size(), 1);
        QVERIFY(!f.connection->isIdle());
        f.waiting[0].answer(f.next());
        QTRY_VERIFY(f.connection->isIdle()); // until it asks again
    }

    void answerIsNotMade()
    {
        ConnectionFixture f(Speech::Plain, 500ms);
        f.later = true;
        f.client.write(get + "\r\n");
        QTRY_COMPARE(f.waiting.size(), 1);
        QTRY_VERIFY(f.clientIsCut());
        QVERIFY2(f.heard().startsWith("HTTP/1.1 503 "), f.heard());
        QVERIFY2(f.heard().contains("no_answer"), f.heard());
        QCOMPARE(f.badCodes, QList<QByteArray>{"no_answer"}); // who counts and logs them has heard of it
        QTRY_COMPARE(f.done, 1);
        f.waiting[0].answer(f.next()); // to nobody any more
    }

    void clientLeavesBeforeItsAnswer_data()
    {
        plainAndTls();
    }
    void clientLeavesBeforeItsAnswer()
    {
        QFETCH(Speech, speech);
        ConnectionFixture f(speech);
        f.later = true;
        QVERIFY(f.clientIsReady());
        f.client.write(get + "\r\n");
        QTRY_COMPARE(f.waiting.size(), 1);
        QVERIFY(f.waiting[0].isAwaited());
        f.client.abort();
#ifdef Q_OS_LINUX // elsewhere the system does not tell
        QTRY_VERIFY(!f.waiting[0].isAwaited());
#endif
        f.waiting[0].clientLeft();
        QTRY_COMPARE(f.done, 1);
        QCOMPARE(f.failures, QList{ConnectionFailure::LeftEarly});
        QVERIFY(!f.waiting[0].isAwaited());
    }

    void answeredOnesAreNotAwaited()
    {
        ConnectionFixture f;
        f.later = true;
        f.client.write((get + "\r\n").repeated(2));
        QTRY_COMPARE(f.waiting.size(), 1);
        f.waiting[0].answer(f.next());
        QTRY_COMPARE(f.waiting.size(), 2);
        QVERIFY(!f.waiting[0].isAwaited());
        f.waiting[0].clientLeft(); // of another request
        QVERIFY(f.waiting[1].isAwaited());
        f.waiting[1].answer(f.next());
        QTRY_VERIFY(f.heardAnswers(2));
    }

    // So that the page can read why.
    void refusedBodiesTellTheirOrigin()
    {
        ConnectionFixture f;
        f.client.write(post("Origin: https://a.example\r\nContent-Length: 70000\r\n"));
        QTRY_COMPARE(f.badOrigins, QList<QByteArray>{"https://a.example"});
        ConnectionFixture none;
        none.client.write("GET / HTTP/1.1\r\nOrigin: https://a.example\r\n\r\n");
        QTRY_COMPARE(none.badOrigins.size(), 1);
        QVERIFY(none.badOrigins[0].isNull());
    }

    void anotherProtocolThanShouldBe_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<Speech>("speech");
        QTest::addColumn<bool>("peerIsProxy");
        QTest::addColumn<QByteArray>("code");
        const QByteArray hello("\x16\x03\x01\x02\x00\x01\xfc\x03\x03 hello", 15);
        const QByteArray header = "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n";
        QTest::newRow("TLS to plain") << hello << Speech::Plain << false << QByteArray("tls_on_plain_port");
        QTest::newRow("TLS to plain, by a proxy")
            << header + hello << Speech::Plain << true << QByteArray("tls_on_plain_port");
        QTest::newRow("PROXY by a stranger")
            << header + get << Speech::Plain << false << QByteArray("proxy_not_trusted");
        QTest::newRow("PROXY malformed") << QByteArray("PROXY TCP4 nobody\r\n") << Speech::Plain << true
                                         << QByteArray("proxy_header_malformed");
        QTest::newRow("PROXY by the client, too")
            << header + header + get << Speech::Plain << true << QByteArray("bad_request");
#ifdef Q_OS_LINUX // elsewhere Qt makes TLS, and tells less
        QTest::newRow("HTTP to TLS") << get << Speech::Tls << false << QByteArray("http_on_tls_port");
        QTest::newRow("PROXY by a stranger, to TLS")
            << header << Speech::Tls << false << QByteArray("proxy_not_trusted");
#endif
    }
    void anotherProtocolThanShouldBe()
    {
        QFETCH(QByteArray, said);
        QFETCH(Speech, speech);
        QFETCH(bool, peerIsProxy);
        QFETCH(QByteArray, code);
        ConnectionFixture f(speech, 1s, peerIsProxy);
        f.client.write(said);
        QTRY_VERIFY(f.clientIsCut());
        QTRY_COMPARE(f.done, 1);
        QCOMPARE(f.badCodes, QList{code});
        QVERIFY2(f.heard().startsWith("HTTP/1.1 400 "), f.heard());
        QVERIFY(f.heard().contains(code));
        QVERIFY(f.failures.isEmpty()); // it was told
        QVERIFY(f.requests.isEmpty());
    }

    void plainHttpThroughQtOnTlsPort()
    {
        ConnectionFixture f(Speech::TlsThroughQt);
        f.client.write(get + "\r\n");
        QTRY_VERIFY(f.clientIsCut());
        QTRY_COMPARE(f.done, 1);
        QCOMPARE(f.requests.size(), 0);
        QCOMPARE(f.failures, QList{ConnectionFailure::TlsFailed});
    }

    void proxyNamesItsClient_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QString>("client");
        const QByteArray signature("\r\n\r\n\0\r\nQUIT\n", 12);
        QTest::newRow("none") << QByteArray() << QStringLiteral("127.0.0.1");
        QTest::newRow("version 1") << QByteArray("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")
                                   << QStringLiteral("192.0.2.1");
        QTest::newRow("version 1, unknown") << QByteArray("PROXY UNKNOWN\r\n") << QStringLiteral("127.0.0.1");
        QTest::newRow("version 2") << signature
                + QByteArray("\x21\x11\x00\x0c\xc0\x00\x02\x07\xc0\x00\x02\x02\x00\x01\x00\x02", 16)
                                   << QStringLiteral("192.0.2.7");
        QTest::newRow("version 2, IPv4 in IPv6") << signature + QByteArray("\x21\x21\x00\x24", 4)
                + QByteArray(10, '\0') + QByteArray("\xff\xff\xc0\x00\x02\x07", 6)
                + QByteArray(20, '\0') << QStringLiteral("192.0.2.7");
        QTest::newRow("version 2, local")
            << signature + QByteArray("\x20\x00\x00\x00", 4) << QStringLiteral("127.0.0.1");
    }
    void proxyNamesItsClient()
    {
        QFETCH(QByteArray, header);
        QFETCH(QString, client);
        for (const Speech speech : {Speech::Plain, Speech::Tls}) {
#ifndef Q_OS_LINUX
            if (speech == Speech::Tls)
                continue;
#endif
            ConnectionFixture f(speech, 20s, true);
            QTRY_COMPARE(f.client.state(), QAbstractSocket::ConnectedState);
            for (const char c : header) { // in pieces, at worst
                f.client.write(&c, 1);
                f.client.flush();
                QTest::qWait(0);
            }
            QVERIFY(f.clientIsReady());
            f.client.write(get + "\r\n");
            QTRY_VERIFY(f.heardAnswers(1));
            QCOMPARE(f.peers, QList{QHostAddress(client)});
            f.client.write(upgrade); // it holds for all that comes
            QTRY_COMPARE(f.calls, 1);
            QCOMPARE(f.peers.last(), QHostAddress(client));
        }
    }

    // As HAProxy's own health checks do.
    void proxyThatSaysNothingMore()
    {
        ConnectionFixture f(Speech::Plain, 20s, true);
        f.client.write("PROXY UNKNOWN\r\n");
        f.client.disconnectFromHost();
        QTRY_COMPARE(f.done, 1);
        QVERIFY(f.failures.isEmpty());
        QVERIFY(f.bad.isEmpty());
    }

    void clientVanishes_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<bool>("isFailure");
        QTest::newRow("in its request") << get << true;
        QTest::newRow("without a word") << QByteArray() << false;
#ifdef Q_OS_LINUX
        QTest::newRow("in its TLS record") << QByteArray("\x16\x03\x01") << true;
#endif
        QTest::newRow("after its request") << get + "\r\n" << false;
    }
    void clientVanishes()
    {
        QFETCH(QByteArray, said);
        QFETCH(bool, isFailure);
        ConnectionFixture f(said.startsWith('\x16') ? Speech::Tls : Speech::Plain);
        f.client.write(said);
        QTRY_VERIFY(f.connection);
        QTRY_COMPARE(f.client.bytesToWrite(), 0);
        if (said.endsWith("\r\n\r\n"))
            QTRY_VERIFY(f.heardAnswers(1));
        f.client.disconnectFromHost();
        QTRY_COMPARE(f.done, 1);
        QCOMPARE(f.failures, isFailure ? QList{ConnectionFailure::LeftEarly} : QList<ConnectionFailure>());
    }

#ifdef Q_OS_LINUX
    void tlsClientsThatFail_data()
    {
        QTest::addColumn<int>("version");
        QTest::addColumn<bool>("trusts");
        QTest::addColumn<bool>("leaves"); ///< in the middle of its handshake
        QTest::addColumn<ConnectionFailure>("failure");
        using enum ConnectionFailure;
        QTest::newRow("TLS 1.1") << int(TLS1_1_VERSION) << true << false << TlsVersionTooOld;
        QTest::newRow("a stranger's certificate")
            << int(TLS1_3_VERSION) << false << false << CertificateNotTrusted;
        QTest::newRow("leaves after the handshake") << int(TLS1_3_VERSION) << true << false << LeftAfterTls;
        QTest::newRow("leaves in the handshake") << int(TLS1_3_VERSION) << true << true << LeftAtCertificate;
    }
    void tlsClientsThatFail()
    {
        QFETCH(int, version);
        QFETCH(bool, trusts);
        QFETCH(bool, leaves);
        QFETCH(ConnectionFailure, failure);
        ConnectionFixture f;
        Turns turns;
        const ClientContext context(trusts ? &ConnectionFixture::certificate() : nullptr, version);
        TlsConnection c(context); // to be begun by its connection
        IncomingConnection connection({std::move(c.memory), QHostAddress::LocalHost,
                                          TlsServer::make(ConnectionFixture::certificate().server())},
            false, 20s, turns, f, nullptr);
        connect(&connection, &IncomingConnection::done, this, [&f] { ++f.done; });
        SSL_do_handshake(c.peer); // its hello
        c.deliver();
        QTRY_VERIFY((c.inner->tellReadable(), !c.inner->written.isEmpty())); // seen, begun, answered
        if (!leaves) {
            QTRY_VERIFY((c.exchange(), f.done == 1 || SSL_is_init_finished(c.peer)));
        }
        if (f.done == 0)
            c.inner->tellEnded();
        QTRY_COMPARE(f.done, 1);
        QCOMPARE(f.failures, QList{failure});
        QCOMPARE(f.errors[0].isEmpty(), failure == ConnectionFailure::LeftAfterTls || leaves);
    }
#endif

#ifdef Q_OS_LINUX
    void tlsClientThatClosesItsHalfIsAnsweredToTheLast()
    {
        constexpr int count = 500; // more than one record
        ConnectionFixture f;
        Turns turns;
        const ClientContext context(&ConnectionFixture::certificate(), TLS1_3_VERSION);
        TlsConnection c(context, TlsServer::make(ConnectionFixture::certificate().server()));
        IncomingConnection connection(
            {std::move(c.stream), QHostAddress::LocalHost, nullptr, false}, false, 20s, turns, f, nullptr);
        connect(&connection, &IncomingConnection::done, this, [&f] { ++f.done; });
        c.exchange();
        c.say((get + "\r\n").repeated(count));
        SSL_shutdown(c.peer);
        c.deliver();
        QTRY_VERIFY((c.exchange(), f.done == 1));
        QCOMPARE(f.requests.size(), count);
        QCOMPARE(c.heard.count("HTTP/1.1 200 "), count);
        QVERIFY(c.heard.endsWith("answer 500"));
    }
#endif

#ifdef Q_OS_UNIX
    // As netcat does it: the request is all it has to say.
    void halfClosedClientIsAnswered()
    {
        ConnectionFixture f;
        QTRY_COMPARE(f.client.state(), QAbstractSocket::ConnectedState);
        f.client.write(get + "\r\n");
        f.client.flush();
        QTRY_COMPARE(f.client.bytesToWrite(), 0); // if the system did not take it at once
        ::shutdown(int(f.client.socketDescriptor()), SHUT_WR);
        QTRY_VERIFY(f.clientIsCut());
        QVERIFY2(f.heard().endsWith("answer 1"), f.heard());
        QTRY_COMPARE(f.done, 1);
    }

    void halfClosedClientIsAnsweredAtLast()
    {
        ConnectionFixture f;
        f.later = true;
        QTRY_COMPARE(f.client.state(), QAbstractSocket::ConnectedState);
        f.client.write((get + "\r\n").repeated(2));
        f.client.flush();
        QTRY_COMPARE(f.client.bytesToWrite(), 0); // if the system did not take it at once
        ::shutdown(int(f.client.socketDescriptor()), SHUT_WR);
        for (int i = 0; i < 2; ++i) {
            QTRY_COMPARE(f.waiting.size(), i + 1);
            f.waiting[i].answer(f.next());
        }
        QTRY_VERIFY(f.clientIsCut());
        QVERIFY(f.heardAnswers(2));
    }

    void halfClosedClientIsAnsweredToTheLast()
    {
        ConnectionFixture f;
        f.padding = ".";
        QTRY_COMPARE(f.client.state(), QAbstractSocket::ConnectedState);
        f.client.write((get + "\r\n").repeated(1000));
        f.client.flush();
        QTRY_COMPARE(f.client.bytesToWrite(), 0); // if the system did not take it at once
        ::shutdown(int(f.client.socketDescriptor()), SHUT_WR);
        QTRY_VERIFY(f.clientIsCut());
        QVERIFY(f.heardAnswers(1000));
        QTRY_COMPARE(f.done, 1);
    }
#endif
};

RELAY_TEST(tst_IncomingConnection)
#include "tst_incomingconnection.moc"
