// SPDX-License-Identifier: MIT
#include "core/call/dialqueue.h"
#include "core/relay/exchange.h"
#include "core/relay/tlsfiles.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QTest>
#include <QTimer>

#include <algorithm>
#include <memory>
#include <variant>

using namespace rr;
using namespace std::chrono_literals;

namespace {

const QByteArray secretRequest
    = "POST /v1/realtime/client_secrets HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
      "Content-Length: 2\r\n\r\n{}";

/// An exchange with a server of which the test decides every byte.
struct Asking
{
    explicit Asking(ScriptedServer::Answer answer)
        : upstream(std::move(answer))
    {
        plan.to.host = QStringLiteral("127.0.0.1");
        plan.to.port = upstream.serverPort();
        plan.to.secure = false;
        plan.request = secretRequest;
        plan.timeout = 1h;
    }
    explicit Asking(const QByteArray &answer)
        : Asking([answer](const QByteArray &) { return answer; })
    {
    }

    void start()
    {
        exchange = std::make_unique<Exchange>(plan, dials, nullptr);
        QObject::connect(exchange.get(), &Exchange::answered, exchange.get(), [this] { ++answers; });
        QObject::connect(exchange.get(), &Exchange::failed, exchange.get(),
            [this](const ExchangeFailure &why) { failures.append(why); });
        exchange->start();
    }
    bool isOver() const { return answers + failures.size() > 0; }
    /// To its end, which is told once.
    bool run()
    {
        start();
        if (!QTest::qWaitFor([this] { return isOver(); }, 30'000))
            return false;
        QCoreApplication::processEvents();
        return answers + failures.size() == 1;
    }
    const ResponseReader &answer() const { return exchange->answer(); }
    /// The timer that runs: its deadline.
    QTimer *deadline() const
    {
        const auto timers = exchange->findChildren<QTimer *>();
        const auto running = std::find_if(
            timers.begin(), timers.end(), [](const QTimer *timer) { return timer->isActive(); });
        return running == timers.end() ? nullptr : *running;
    }

    ScriptedServer upstream;
    DialQueue dials;
    Exchange::Plan plan;
    std::unique_ptr<Exchange> exchange;
    int answers = 0;
    QList<ExchangeFailure> failures;
};

} // namespace

class tst_Exchange : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("of known length")
            << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") << 200 << QByteArray("{}");
        QTest::newRow("in chunks") << QByteArray(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
                                   << 200 << QByteArray("{}");
        QTest::newRow("of no length") << QByteArray("HTTP/1.1 200 OK\r\n\r\n{}") << 200 << QByteArray("{}");
        QTest::newRow("without a body") << QByteArray("HTTP/1.1 204 None\r\n\r\n") << 204 << QByteArray();
        QTest::newRow("after interim ones") << QByteArray(
            "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 103 E\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                                            << 200 << QByteArray("{}");
        QTest::newRow("an error") << QByteArray("HTTP/1.1 429 Slow\r\nContent-Length: 3\r\n\r\nno!") << 429
                                  << QByteArray("no!");
        const QByteArray most(Exchange::mostBodyBytes, 'x');
        QTest::newRow("of all that is kept")
            << "HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(most.size()) + "\r\n\r\n" + most
            << 200 << most;
    }
    void answers()
    {
        QFETCH(QByteArray, answer);
        Asking asking(answer);
        asking.upstream.closeAfterAnswer = true;
        QVERIFY(asking.run());
        QCOMPARE(asking.answers, 1);
        QTEST(asking.answer().head().status, "status");
        QTEST(asking.answer().body(), "body");
        QCOMPARE(asking.upstream.heads, QList{secretRequest.left(secretRequest.indexOf("\r\n\r\n") + 4)});
        QCOMPARE(asking.upstream.received, "{}");
    }

    void failures_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("kind");
        QTest::newRow("nothing") << QByteArray() << int(ExchangeFailure::CutOff);
        QTest::newRow("half a head") << QByteArray("HTTP/1.1 200 OK\r\nA: b") << int(ExchangeFailure::CutOff);
        QTest::newRow("half a body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")
                                     << int(ExchangeFailure::CutOff);
        QTest::newRow("chunks without an end")
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")
            << int(ExchangeFailure::CutOff);
        QTest::newRow("chunks that are none")
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}\r\n")
            << int(ExchangeFailure::CutOff);
        QTest::newRow("too much") << "HTTP/1.1 200 OK\r\n\r\n" + QByteArray(Exchange::mostBodyBytes + 1, 'x')
                                  << int(ExchangeFailure::TooLarge);
        QTest::newRow("interim ones without an end")
            << QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(5'000) << int(ExchangeFailure::NoAnswer);
        QTest::newRow("a WebSocket") << switchingProtocols({}) << int(ExchangeFailure::NoAnswer);
        QTest::newRow("another protocol") << QByteArray("220 ready\r\n") << int(ExchangeFailure::NoAnswer);
    }
    void failures()
    {
        QFETCH(QByteArray, answer);
        Asking asking(answer);
        asking.upstream.closeAfterAnswer = true;
        QVERIFY(asking.run());
        QCOMPARE(asking.failures.size(), 1);
        QTEST(int(asking.failures[0].kind), "kind");
    }

    // Whatever else goes on: it never ends by itself.
    void endlessAnswersAreTooLarge()
    {
        Asking asking(QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
        asking.start();
        QTRY_COMPARE(asking.upstream.heads.size(), 1);
        const QByteArray piece = "400\r\n" + QByteArray(1024, 'x') + "\r\n";
        for (int i = 0; i < 200 && !asking.isOver(); ++i) {
            asking.upstream.sockets[0]->write(piece);
            QTest::qWait(0);
        }
        QTRY_COMPARE(asking.failures.size(), 1);
        QCOMPARE(asking.failures[0].kind, ExchangeFailure::TooLarge);
        QTRY_COMPARE(asking.upstream.sockets[0]->state(), QAbstractSocket::UnconnectedState);
    }

    void silenceIsLate()
    {
        Asking asking(QByteArray{});
        asking.start();
        QTRY_COMPARE(asking.upstream.heads.size(), 1); // before that it would be unreachable
        QTimer *const deadline = asking.deadline();
        QVERIFY(deadline);
        QVERIFY(deadline->intervalAsDuration() == asking.plan.timeout);
        deadline->start(0);
        QTRY_COMPARE(asking.failures.size(), 1);
        QCOMPARE(asking.failures[0].kind, ExchangeFailure::Late);
        QTRY_COMPARE(asking.upstream.sockets[0]->state(), QAbstractSocket::UnconnectedState);
    }

    void nobodyThere()
    {
        const ReservedPort port;
        Asking asking(QByteArray{});
        asking.plan.to.port = port.number();
        QVERIFY(asking.run());
        QCOMPARE(asking.failures.size(), 1);
        QCOMPARE(asking.failures[0].kind, ExchangeFailure::Unreachable);
        QCOMPARE(asking.failures[0].upstream.kind, UpstreamFailure::ConnectRefused);
    }

    // Its deadline runs while it waits for its turn among the dials, and those behind it come when it is connected.
    void isADialUntilItIsConnected()
    {
        Asking asking(QByteArray{});
        asking.dials.setLimit(0);
        asking.plan.timeout = 50ms;
        QVERIFY(asking.run());
        QCOMPARE(asking.failures[0].kind, ExchangeFailure::Unreachable);
        QCOMPARE(asking.failures[0].upstream.kind, UpstreamFailure::Timeout);
        QVERIFY(asking.upstream.heads.isEmpty());

        Asking first(QByteArray{});
        first.dials.setLimit(1);
        first.start();
        Exchange second(first.plan, first.dials, nullptr);
        second.start();
        QTRY_COMPARE(first.upstream.heads.size(), 2); // though the first has no answer yet
    }

    void isCalledOff()
    {
        Asking asking(QByteArray{});
        asking.start();
        QTRY_COMPARE(asking.upstream.heads.size(), 1);
        asking.exchange.reset();
        QTRY_COMPARE(asking.upstream.sockets[0]->state(), QAbstractSocket::UnconnectedState);
        QVERIFY(!asking.isOver());
    }

    void headIsEnoughWhereItStreams()
    {
        Asking asking(QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"));
        asking.plan.streams = true;
        QVERIFY(asking.run());
        QCOMPARE(asking.answers, 1);
        QVERIFY(!asking.answer().isOver());
        QCOMPARE(asking.answer().body(), "ab");
        const auto stream = asking.exchange->takeStream();
        QVERIFY(!stream->isOver());
        asking.exchange.reset();
        QCOMPARE(asking.upstream.sockets[0]->state(), QAbstractSocket::ConnectedState);

        Asking refused(QByteArray("HTTP/1.1 404 No\r\nContent-Length: 9\r\n\r\nab"));
        refused.plan.streams = true;
        refused.start();
        QTRY_COMPARE(refused.upstream.heads.size(), 1);
        QTest::qWait(20);
        QVERIFY(!refused.isOver()); // an error is read whole
        refused.upstream.sockets[0]->write("cdefghi");
        QTRY_COMPARE(refused.answers, 1);
        QCOMPARE(refused.answer().body(), "abcdefghi");
    }

    void upstreamIsTrustedAsForCalls()
    {
        const TestCertificate certificate;
        const TestCertificate other;
        ScriptedServer secure(
            [](const QByteArray &) { return QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"); },
            certificate.server());
        for (const TestCertificate *authority : {&certificate, &other}) {
            Asking asking(QByteArray{});
            asking.plan.to.port = secure.serverPort();
            asking.plan.to.host = QStringLiteral("localhost");
            asking.plan.to.secure = true;
            Settings settings;
            settings.upstreamCaFile = authority->certFile();
            asking.plan.to.tls = std::get<UpstreamTls>(loadUpstreamTls(settings));
            QVERIFY(asking.run());
            QCOMPARE(asking.answers, authority == &certificate ? 1 : 0);
            if (!asking.failures.isEmpty())
                QCOMPARE(asking.failures[0].upstream.kind, UpstreamFailure::Tls);
        }
    }
};

RELAY_TEST(tst_Exchange)
#include "tst_exchange.moc"
