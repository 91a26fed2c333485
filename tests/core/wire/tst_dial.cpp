// SPDX-License-Identifier: MIT
#include "core/wire/dial.h"
#include "core/wire/framewriter.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/core/wire/streamowner.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QHostInfo>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#ifdef Q_OS_LINUX
#include <sys/resource.h>
#include <unistd.h>
#endif

using namespace rr;
using namespace std::chrono_literals;

namespace {

/// What the connection to the upstream goes through. Every test runs with each.
enum Security {
    Plain,
    QtTls, ///< QSslSocket
    OpenSslTls, ///< TlsStream, where there is one
};

/// Waits for a dial's outcome.
struct Outcome
{
    explicit Outcome(Dial &dial)
        : m_dial(dial)
        , opened(&dial, &Dial::opened)
    {
        QObject::connect(&dial, &Dial::failed, &dial, [this](const UpstreamFailure &f) {
            ++failures;
            failure = f;
        });
    }
    void run()
    {
        m_dial.start();
        immediate = !opened.isEmpty() || failures > 0;
        wait();
    }
    void wait()
    {
        QTRY_VERIFY_WITH_TIMEOUT(!opened.isEmpty() || failures > 0, 90'000); // longer than a dial may take
        QTest::qWait(0);
    }

    Dial &m_dial;
    QSignalSpy opened;
    int failures = 0;
    bool immediate = false;
    UpstreamFailure failure;
};

} // namespace

class tst_Dial : public QObject
{
    Q_OBJECT
    std::unique_ptr<TestCertificate> m_certificate;

    static Security security()
    {
        QFETCH_GLOBAL(int, security);
        return Security(security);
    }
    std::optional<QSslConfiguration> serverTls() const
    {
        return security() == Plain ? std::nullopt : std::optional(m_certificate->server());
    }
    static UpstreamTls trusting(const QSslConfiguration &qt)
    {
        UpstreamTls tls{qt, {}};
#ifdef Q_OS_LINUX
        if (security() == OpenSslTls)
            tls.client = std::make_shared<TlsClient>(qt.caCertificates());
#endif
        return tls;
    }
    Dial::Target target(const QString &host, quint16 port) const
    {
        Dial::Target target;
        target.host = host;
        target.port = port;
        target.secure = security() != Plain;
        target.request.host = host.toLatin1() + ':' + QByteArray::number(port);
        target.request.target = "/v1/realtime?model=gpt-realtime";
        target.request.headers = {{"Authorization", "Bearer sk-test"}};
        target.tls = trusting(m_certificate->client());
        target.timeout = 60s; // also where a server of names is slow to answer
        return target;
    }

private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<int>("security");
        QTest::newRow("plain") << int(Plain);
        QTest::newRow("TLS through Qt") << int(QtTls);
#ifdef Q_OS_LINUX
        QTest::newRow("TLS through OpenSSL") << int(OpenSslTls);
#endif
    }
    void initTestCase()
    {
        m_certificate = std::make_unique<TestCertificate>();
    }

    void opens_data()
    {
        QTest::addColumn<int>("behind"); ///< bytes that come with the 101
        QTest::newRow("nothing behind the answer") << 0;
        QTest::newRow("more behind the answer") << 2000;
        QTest::newRow("very much behind the answer") << 500'000;
    }
    void opens()
    {
        QFETCH(int, behind);
        const QByteArray first = behind
            ? makeFrame(FrameScanner::Sender::Server, Opcode::Text, QByteArray(behind, 'e'))
            : QByteArray();
        ScriptedServer server(
            [&](const QByteArray &head) { return switchingProtocols(head) + first; }, serverTls());
        auto dial = std::make_unique<Dial>(target(QStringLiteral("localhost"), server.serverPort()));
        Outcome outcome(*dial);
        outcome.run();
        QCOMPARE(outcome.failures, 0);
        QVERIFY(server.heads[0].startsWith("GET /v1/realtime?model=gpt-realtime HTTP/1.1\r\n"));
        const QByteArray head = server.heads[0];
        QVERIFY(head.contains("\r\nAuthorization: Bearer sk-test\r\n"));
        QVERIFY(head.contains("\r\nHost: localhost:" + QByteArray::number(server.serverPort()) + "\r\n"));
        QVERIFY(!head.toLower().contains("sec-websocket-extensions"));

        const auto stream = dial->takeStream();
        QVERIFY(stream);
        dial.reset(); // the stream does not need it
        StreamOwner owner;
        stream->setOwner(&owner);
        stream->setReading(true);
        QTRY_COMPARE_WITH_TIMEOUT(owner.received.size(), first.size(), 20'000);
        QVERIFY(owner.received == first);
        const QByteArray ping = makeFrame(FrameScanner::Sender::Server, Opcode::Ping, "p");
        server.sockets[0]->write(ping);
        QTRY_COMPARE(owner.received.mid(first.size()), ping);
        stream->write("hello");
        QTRY_COMPARE(server.received, "hello"); // no pong of Qt's own before it
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("status");
        for (const int status : {301, 302, 400, 401, 403, 404, 426, 429, 500, 502, 503})
            QTest::addRow("%d", status) << "HTTP/1.1 " + QByteArray::number(status)
                    + " Some Words\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"error\": {}}"
                                        << int(UpstreamFailure::Refused) << status;
        QTest::newRow("another number in the words")
            << QByteArray("HTTP/1.1 403 not 500\r\nContent-Length: 0\r\n\r\n")
            << int(UpstreamFailure::Refused) << 403;
        QTest::newRow("200") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                             << int(UpstreamFailure::Refused) << 200;
        QTest::newRow("101 with a wrong key")
            << QByteArray("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n")
            << int(UpstreamFailure::BadHandshake) << 0;
    }
    void refused()
    {
        QFETCH(QByteArray, answer);
        QFETCH(int, kind);
        QFETCH(int, status);
        ScriptedServer server([&](const QByteArray &) { return answer; }, serverTls());
        Dial dial(target(QStringLiteral("127.0.0.1"), server.serverPort()));
        Outcome outcome(dial);
        outcome.run();
        QCOMPARE(outcome.opened.size(), 0);
        QCOMPARE(outcome.failures, 1);
        QCOMPARE(int(outcome.failure.kind), kind);
        QCOMPARE(outcome.failure.status, status);
        if (answer.contains("{"))
            QCOMPARE(outcome.failure.body, "{\"error\": {}}");
        QVERIFY(!dial.takeStream());
        QTRY_COMPARE(server.sockets[0]->state(), QAbstractSocket::UnconnectedState);
    }

    void unreachable_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("kind");
        QTest::newRow("nobody listens")
            << QStringLiteral("127.0.0.1") << int(UpstreamFailure::ConnectRefused);
        // RFC 6761 6.4: never has an address
        QTest::newRow("no such name") << QStringLiteral("nowhere.invalid") << int(UpstreamFailure::Dns);
    }
    void unreachable()
    {
        QFETCH(QString, host);
        QFETCH(int, kind);
        const ReservedPort port;
        Dial dial(target(host, port.number()));
        Outcome outcome(dial);
        outcome.run();
        QVERIFY(!outcome.immediate);
        QCOMPARE(outcome.failures, 1);
        QCOMPARE(int(outcome.failure.kind), kind);
    }

#ifdef Q_OS_LINUX
    // It waits until there are some again, and else tells what it was.
    void withoutDescriptors_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<std::chrono::milliseconds>("timeout");
        QTest::addColumn<bool>("returns");
        for (const auto *const host : {"127.0.0.1", "localhost"}) {
            const QString name = QString::fromLatin1(host);
            QTest::addRow("%s, they return", host) << name << 20'000ms << true;
            QTest::addRow("%s, resting at the deadline", host) << name << 320ms << false;
            QTest::addRow("%s, beginning anew at the deadline", host) << name << 100ms << false;
            QTest::addRow("%s, beginning at the deadline", host) << name << 0ms << false;
        }
    }
    void withoutDescriptors()
    {
        QFETCH(QString, host);
        QFETCH(std::chrono::milliseconds, timeout);
        QFETCH(bool, returns);
        if (security() != Plain)
            QSKIP("looks for its authorities");
        ScriptedServer server(switchingProtocols);
        QHostInfo::fromName(host); // its files are read once before
        auto to = target(host, server.serverPort());
        to.timeout = timeout;
        Dial dial(to);
        Outcome outcome(dial);
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
        rlimit none = before;
        const int lowestFree = ::dup(0);
        ::close(lowestFree);
        none.rlim_cur = rlim_t(lowestFree);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
        const auto giveBack = qScopeGuard([&before] { ::setrlimit(RLIMIT_NOFILE, &before); });
        if (returns)
            QTimer::singleShot(150, &dial, [&before] { ::setrlimit(RLIMIT_NOFILE, &before); });
        outcome.run();
        QCOMPARE(outcome.opened.size(), returns ? 1 : 0);
        QCOMPARE(outcome.failures, returns ? 0 : 1);
        if (!returns)
            QCOMPARE(int(outcome.failure.kind), int(UpstreamFailure::NoDescriptors));
    }
#endif

    void noHandshake_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("close");
        QTest::addColumn<int>("kind");
        QTest::newRow("silence") << QByteArray() << false << int(UpstreamFailure::Timeout);
        QTest::newRow("half a head") << QByteArray("HTTP/1.1 101 Sw") << false
                                     << int(UpstreamFailure::Timeout);
        QTest::newRow("closes") << QByteArray() << true << int(UpstreamFailure::BadHandshake);
        QTest::newRow("garbage, closes")
            << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") << true << int(UpstreamFailure::BadHandshake);
        QTest::newRow("another protocol")
            << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") << false << int(UpstreamFailure::BadHandshake);
        QTest::newRow("a head without end")
            << "HTTP/1.1 101 Switching Protocols\r\nX: " + QByteArray(300'000, 'x') << false
            << int(UpstreamFailure::BadHandshake);
    }
    void noHandshake()
    {
        QFETCH(QByteArray, answer);
        QFETCH(bool, close);
        QFETCH(int, kind);
        ScriptedServer server([&](const QByteArray &) { return answer; }, serverTls());
        server.closeAfterAnswer = close;
        auto to = target(QStringLiteral("127.0.0.1"), server.serverPort());
        if (kind == UpstreamFailure::Timeout)
            to.timeout = 300ms;
        Dial dial(to);
        Outcome outcome(dial);
        outcome.run();
        QCOMPARE(outcome.failures, 1);
        QCOMPARE(int(outcome.failure.kind), kind);
        QTRY_COMPARE(server.sockets.size(), 1); // which may only come now
        QTRY_COMPARE(server.sockets[0]->state(), QAbstractSocket::UnconnectedState);
    }

    /// What was said already counts more than that the rest did not come in time.
    void refusedWithoutAnEnd()
    {
        ScriptedServer server(
            [](const QByteArray &) { return "HTTP/1.1 401 No\r\nContent-Length: 99\r\n\r\nwords"; },
            serverTls());
        Dial dial(target(QStringLiteral("127.0.0.1"), server.serverPort()));
        Outcome outcome(dial);
        dial.start();
        QTRY_COMPARE(server.heads.size(), 1);
        QTRY_COMPARE(server.sockets[0]->bytesToWrite() + server.sockets[0]->encryptedBytesToWrite(), 0);
        // The words are on their way. Only now the deadline comes, and still before the one for the rest of them.
        for (QTimer *timer : dial.findChildren<QTimer *>(QString(), Qt::FindDirectChildrenOnly)) {
            if (timer->isActive())
                timer->start(300ms);
        }
        outcome.wait();
        QCOMPARE(outcome.failures, 1);
        QCOMPARE(int(outcome.failure.kind), int(UpstreamFailure::Refused));
        QCOMPARE(outcome.failure.status, 401);
        QCOMPARE(outcome.failure.body, "words");
        QTRY_COMPARE(server.sockets[0]->state(), QAbstractSocket::UnconnectedState);
    }

    void tlsFailures_data()
    {
        QTest::addColumn<bool>("trusted");
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("serverSpeaksTls");
        QTest::newRow("unknown authority") << false << QStringLiteral("localhost") << true;
        QTest::newRow("another name") << true << QStringLiteral("127.0.0.2") << true;
        QTest::newRow("no TLS there") << true << QStringLiteral("localhost") << false;
    }
    void tlsFailures()
    {
        QFETCH(bool, trusted);
        QFETCH(QString, host);
        QFETCH(bool, serverSpeaksTls);
        if (security() == Plain)
            QSKIP("has no TLS");
        ScriptedServer server(
            switchingProtocols, serverSpeaksTls ? std::optional(m_certificate->server()) : std::nullopt);
        server.close();
        QVERIFY(server.listen(QHostAddress::AnyIPv4));
        auto to = target(host, server.serverPort());
        if (!trusted)
            to.tls = trusting(QSslConfiguration::defaultConfiguration());
        if (!serverSpeaksTls)
            to.timeout = 500ms;
        Dial dial(to);
        Outcome outcome(dial);
        outcome.run();
        QCOMPARE(outcome.failures, 1);
        if (serverSpeaksTls) {
            QCOMPARE(outcome.failure.kind, UpstreamFailure::Tls);
            QVERIFY(!outcome.failure.detail.isEmpty());
        }
        QCOMPARE(server.heads.size(), 0); // the key went nowhere
    }

    /// It lets the connection through and is gone, which Qt tells late.
    void proxyGoesAfterItsAnswer()
    {
        if (security() != QtTls) // QSslSocket writes by itself
            QTest::failOnWarning(QRegularExpression(QStringLiteral("device not open")));
        QTcpServer proxy;
        QVERIFY(proxy.listen(QHostAddress::LocalHost));
        connect(&proxy, &QTcpServer::newConnection, &proxy, [&] {
            QTcpSocket *socket = proxy.nextPendingConnection();
            connect(socket, &QIODevice::readyRead, socket, [socket] {
                if (socket->readAll().size() < 5) { // RFC 1928: the greeting, then the request
                    socket->write(QByteArray("\5\0", 2));
                    return;
                }
                socket->write(QByteArray("\5\0\0\1\0\0\0\0\0\0", 10));
                socket->disconnectFromHost();
            });
        });
        for (int i = 0; i < 20; ++i) {
            auto to = target(QStringLiteral("127.0.0.1"), 443);
            to.proxy
                = QNetworkProxy(QNetworkProxy::Socks5Proxy, QStringLiteral("127.0.0.1"), proxy.serverPort());
            Dial dial(to);
            Outcome outcome(dial);
            outcome.run();
            QCOMPARE(outcome.failures, 1);
        }
    }

    void resumesTlsSessions()
    {
        if (security() != QtTls)
            QSKIP("tst_tlsstream looks at the other one");
        ScriptedServer server(switchingProtocols, m_certificate->server());
        const auto sessions = std::make_shared<TlsSessionCache>();
        QList<QByteArray> tickets;
        for (int i = 0; i < 2; ++i) {
            auto to = target(QStringLiteral("localhost"), server.serverPort());
            to.sessions = sessions;
            Dial dial(to);
            Outcome outcome(dial);
            outcome.run();
            QCOMPARE(outcome.failures, 0);
            QTRY_VERIFY(!sessions->ticket.isEmpty() && !tickets.contains(sessions->ticket));
            tickets.append(sessions->ticket);
        }
        QCOMPARE(tickets.size(), 2); // one for each dial
    }

    void destroyedWhileDialling_data()
    {
        QTest::addColumn<int>("turns");
        for (const int turns : {0, 1, 2, 3, 4, 5, 6, 8, 10, 14})
            QTest::addRow("after %d turns", turns) << turns;
    }
    void destroyedWhileDialling()
    {
        QFETCH(int, turns);
        ScriptedServer server(switchingProtocols, serverTls());
        auto dial = std::make_unique<Dial>(target(QStringLiteral("localhost"), server.serverPort()));
        dial->start();
        for (int i = 0; i < turns; ++i)
            QCoreApplication::processEvents(QEventLoop::AllEvents);
        dial.reset();
        // Whoever had come to the server is gone again.
        QTRY_VERIFY(std::all_of(server.sockets.begin(), server.sockets.end(),
            [](QSslSocket *socket) { return socket->state() == QAbstractSocket::UnconnectedState; }));
    }

    // A name with addresses of both families, of which the first answers nothing: its listener's queue is full.
    void otherFamilyIsTried()
    {
        QHostInfo info = QHostInfo::fromName(QStringLiteral("localhost"));
        const auto addresses = info.addresses();
        const bool both = std::any_of(addresses.begin(), addresses.end(),
            [&](const QHostAddress &address) { return address.protocol() != addresses.first().protocol(); });
        if (!both)
            QSKIP("localhost has addresses of one family only on this machine");
        const QHostAddress first = addresses.first();
        const QHostAddress second = first.protocol() == QAbstractSocket::IPv6Protocol
            ? QHostAddress::LocalHost
            : QHostAddress::LocalHostIPv6;
        if (!QTcpServer().listen(first) || !QTcpServer().listen(second))
            QSKIP("this machine has one family only");
        // The same port of both, which another program may have of one.
        QTcpServer hole;
        ScriptedServer server(switchingProtocols, serverTls());
        hole.setListenBacklogSize(0);
        do {
            hole.close();
            server.close();
            QVERIFY(hole.listen(first));
        } while (!server.listen(second, hole.serverPort()));
        hole.pauseAccepting();
        std::vector<std::unique_ptr<QTcpSocket>> fillers;
        for (int i = 0; i < 8; ++i) {
            fillers.push_back(std::make_unique<QTcpSocket>());
            fillers.back()->connectToHost(first, hole.serverPort());
        }
        QTRY_VERIFY(std::any_of(fillers.begin(), fillers.end(),
            [](const auto &filler) { return filler->state() == QAbstractSocket::ConnectedState; }));
        Dial dial(target(QStringLiteral("localhost"), hole.serverPort()));
        Outcome outcome(dial);
        outcome.run();
        QCOMPARE(outcome.failures, 0);
        QCOMPARE(server.heads.size(), 1);
    }
};

RELAY_TEST(tst_Dial)
#include "tst_dial.moc"
