// SPDX-License-Identifier: MIT
#include "core/sharing/testcall.h"

#include "core/monitor/journal.h"
#include "core/relay/relay.h"
#include "core/simulator/simulatorserver.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace rr;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(rr::TestCallResult)

namespace {

/// The upstream, and a relay in front of it.
class Both
{
public:
    explicit Both(const QStringList &faults = {}, const TestCertificate *certificate = nullptr)
        : simulator(fast(faults))
    {
        if (const auto error = simulator.start())
            qFatal("%s", qPrintable(*error));
        settings.host = u"127.0.0.1"_s;
        settings.port = 0;
        settings.workers = 1;
        settings.upstreamUrl = simulator.url();
        if (certificate) {
            settings.tlsCertFile = certificate->certFile();
            settings.tlsKeyFile = certificate->keyFile();
        }
        if (const auto error = relay.start(settings))
            qFatal("%s", qPrintable(plain(error->detail)));
    }

    TestCallPlan plan(const QByteArray &model = "gpt-realtime") const
    {
        TestCallPlan plan = callToListener(settings, relay.port(), model);
        plan.speech = 200ms;
        plan.patience = 20s;
        return plan;
    }

    SimulatorServer simulator;
    Settings settings;
    Journal journal;
    Relay relay{journal};

private:
    static SimulatorSettings fast(const QStringList &faults)
    {
        SimulatorSettings settings;
        settings.speed = 0;
        for (const QString &fault : faults)
            settings.faults.add(fault);
        return settings;
    }
};

TestCallResult made(const TestCallPlan &plan)
{
    TestCall call;
    TestCallResult result;
    result.failure = Sentence("no result");
    QObject::connect(&call, &TestCall::finished, &call, [&](const TestCallResult &got) { result = got; });
    QSignalSpy finished(&call, &TestCall::finished);
    call.run(plan);
    if (!finished.wait(60'000))
        qWarning("the call does not end");
    return result;
}

} // namespace

class tst_TestCall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        qRegisterMetaType<rr::TestCallResult>();
        for (const char *name :
            {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"})
            qunsetenv(name);
    }

    void wholeCall_data()
    {
        QTest::addColumn<bool>("tls");
        QTest::addColumn<int>("turns");
        QTest::newRow("plain") << false << 1;
        QTest::newRow("with the own certificate") << true << 1;
        QTest::newRow("several turns") << false << 3;
        QTest::newRow("only opened") << false << 0;
    }
    void wholeCall()
    {
        QFETCH(bool, tls);
        QFETCH(int, turns);
        std::unique_ptr<TestCertificate> certificate;
        if (tls)
            certificate = std::make_unique<TestCertificate>();
        Both both({}, certificate.get());
        TestCallPlan plan = both.plan();
        plan.turns = turns;
        const TestCallResult result = made(plan);
        QVERIFY2(!result.failure, qPrintable(result.failure ? plain(*result.failure) : QString()));
        QCOMPARE(result.turns, turns);
        QVERIFY(result.connectMs >= 0);
        QCOMPARE(result.firstAudioMs >= 0, turns > 0);
        QCOMPARE(result.closeCode, 1000);
        QTRY_COMPARE(both.relay.snapshot().activeConnections, 0);
    }

    void failures_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QString>("says");
        const QByteArray usual = "gpt-realtime";
        QTest::newRow("wrong key") << u"refuse:401"_s << usual << "invalid_api_key"_ba
                                   << u"the API key is invalid"_s;
        QTest::newRow("no such model") << QString() << "gpt-none"_ba
                                       << "model_not_found"_ba << u"gpt-none"_s;
        QTest::newRow("the upstream is lost")
            << u"vanish"_s << usual << "upstream_disconnected"_ba << u"upstream_disconnected"_s;
    }
    void failures()
    {
        QFETCH(QString, fault);
        QFETCH(QByteArray, model);
        QFETCH(QByteArray, code);
        QFETCH(QString, says);
        Both both(fault.isEmpty() ? QStringList() : QStringList{fault});
        const TestCallResult result = made(both.plan(model));
        QVERIFY(result.failure);
        const QString got = plain(*result.failure);
        QVERIFY2(got.contains(says), qPrintable(got));
        QCOMPARE(result.errorCode, code);
    }

    void cutOff()
    {
        Both both({u"vanish"_s});
        TestCallPlan plan = both.plan();
        plan.url = both.simulator.url();
        plan.url.setQuery(u"model=gpt-realtime"_s);
        const TestCallResult result = made(plan);
        QVERIFY(result.failure);
        QVERIFY2(plain(*result.failure).contains(u"cut off"_s), qPrintable(plain(*result.failure)));
        QCOMPARE(result.closeCode, 0);
    }

    /// It is open, and then nobody says anything.
    void noAnswer()
    {
        Both both({u"echo"_s});
        TestCallPlan plan = both.plan();
        plan.patience = 5s; // in which it has to be opened, too
        const TestCallResult result = made(plan);
        QVERIFY(result.failure);
        QVERIFY(plain(*result.failure).contains(u"nothing was answered"_s));
        QVERIFY(result.connectMs >= 0);
    }

    void nothingListens()
    {
        const ReservedPort gone;
        const TestCallResult result = made(callToListener(Settings(), gone.number()));
        QVERIFY(result.failure);
        QVERIFY(plain(*result.failure).contains(u"was refused"_s));
        QCOMPARE(result.connectMs, -1);
    }

    /// What listens there with another certificate gets no key.
    void anothersCertificate()
    {
        const TestCertificate own;
        const TestCertificate others;
        Both both({}, &others);
        Settings settings = both.settings;
        settings.tlsCertFile = own.certFile();
        const TestCallResult result = made(callToListener(settings, both.relay.port()));
        QVERIFY(result.failure);
        QVERIFY2(
            plain(*result.failure).contains(u"No secure connection"_s), qPrintable(plain(*result.failure)));
    }

    /// What is typed goes onto the wire as a header.
    void noKeyAtAll()
    {
        Both both;
        TestCallPlan plan = both.plan();
        plan.key = Secret("sk-line\r\nX-Other: 1");
        const TestCallResult result = made(plan);
        QVERIFY(result.failure);
        QCOMPARE(result.errorCode, "invalid_api_key");
        QCOMPARE(both.relay.snapshot().totalConnections, 0);
    }

    void originThatIsRefused()
    {
        Both both;
        TestCallPlan plan = both.plan();
        plan.origin = "https://elsewhere.example.org";
        const TestCallResult result = made(plan);
        QVERIFY(result.failure);
        QCOMPARE(result.status, 403);
        QCOMPARE(result.errorCode, "origin_not_allowed");
    }

    void hangsUp()
    {
        Both both;
        TestCallPlan plan = both.plan();
        plan.speech = 60s;
        TestCall call;
        QSignalSpy opened(&call, &TestCall::opened);
        QSignalSpy finished(&call, &TestCall::finished);
        call.run(plan);
        QTRY_COMPARE(opened.size(), 1);
        QTRY_COMPARE(both.relay.snapshot().activeConnections, 1);
        call.hangUp();
        QTRY_COMPARE(finished.size(), 1);
        const auto result = finished.first().first().value<TestCallResult>();
        QVERIFY(!result.failure);
        QCOMPARE(result.closeCode, 1000);
        QVERIFY(!call.isRunning());
    }

    void isCancelled()
    {
        Both both;
        TestCall call;
        QSignalSpy finished(&call, &TestCall::finished);
        connect(&call, &TestCall::opened, &call, &TestCall::cancel);
        call.run(both.plan());
        QTRY_VERIFY(!call.isRunning());
        QTRY_COMPARE(both.relay.snapshot().activeConnections, 0);
        QCOMPARE(finished.size(), 0);
    }
};

RELAY_TEST(tst_TestCall)
#include "tst_testcall.moc"
