// SPDX-License-Identifier: MIT
// What it finds where something is wrong: tests/integration/doctor.test.mjs, with the programs as they are.
#include "core/monitor/journal.h"
#include "core/sharing/doctor.h"

#include "core/relay/relay.h"
#include "core/simulator/simulatorserver.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

#include <memory>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

SimulatorSettings atOnce()
{
    SimulatorSettings settings;
    settings.speed = 0;
    return settings;
}

} // namespace

class tst_Doctor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        qRegisterMetaType<rr::CheckStep>();
        for (const char *name :
            {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"})
            qunsetenv(name);
    }

    void tellsEachStepAsItGoes()
    {
        SimulatorServer simulator(atOnce());
        QVERIFY(!simulator.start());
        DoctorPlan plan;
        plan.loaded.settings.host = u"127.0.0.1"_s;
        plan.loaded.settings.port = 0;
        plan.loaded.settings.upstreamUrl = simulator.url();
        plan.isDemo = true;
        Journal journal;
        Relay relay(journal);
        QVERIFY(!relay.start(plan.loaded.settings));
        plan.port = relay.port();

        Doctor doctor;
        QList<CheckStep> told;
        QList<CheckStep> found;
        connect(&doctor, &Doctor::stepChanged, &doctor, [&](const CheckStep &step) { told.append(step); });
        connect(&doctor, &Doctor::finished, &doctor, [&](const QList<CheckStep> &steps) { found = steps; });
        doctor.run(plan);
        doctor.run(plan); // one at a time
        QTRY_VERIFY_WITH_TIMEOUT(!found.isEmpty(), 60'000);
        QVERIFY(!doctor.isRunning());
        QCOMPARE(told.size(), 2 * found.size());
        for (qsizetype i = 0; i < found.size(); ++i) {
            QCOMPARE(told[2 * i].result, CheckStep::Result::Running);
            QCOMPARE(told[2 * i].id, found[i].id);
            QCOMPARE(told[2 * i + 1].id, found[i].id);
            QVERIFY(!Doctor::titleOf(found[i].id).isEmpty());
            QVERIFY2(found[i].result != CheckStep::Result::Bad, qPrintable(plain(found[i].text)));
            QVERIFY(found[i].ms >= 0);
        }
        QVERIFY(Doctor::titleOf("nothing"_L1).isEmpty());
        QCOMPARE(relay.snapshot().totalConnections, 1); // the whole call went through it
        QTRY_COMPARE(relay.snapshot().activeConnections, 0);
    }

    /// The upstream takes connections, and says nothing.
    void isCancelledAndBeginsAnew()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        DoctorPlan plan;
        plan.loaded.settings.host = u"127.0.0.1"_s;
        plan.loaded.settings.port = 0;
        plan.loaded.settings.upstreamUrl = QUrl(u"wss://127.0.0.1:%1/v1/realtime"_s.arg(silent.serverPort()));
        Doctor doctor;
        QSignalSpy finished(&doctor, &Doctor::finished);
        QLatin1String at;
        connect(&doctor, &Doctor::stepChanged, &doctor, [&](const CheckStep &step) { at = step.id; });
        for (int i = 0; i < 2; ++i) {
            at = {};
            doctor.run(plan);
            QTRY_COMPARE(at, "tls"_L1);
            doctor.cancel();
            QVERIFY(!doctor.isRunning());
        }
        QCOMPARE(finished.size(), 0);
    }

    /// Of what is shared the test of sharing knows more.
    void tellsTheProofOfAShare_data()
    {
        QTest::addColumn<bool>("works");
        QTest::newRow("it works") << true;
        QTest::newRow("it does not") << false;
    }
    void tellsTheProofOfAShare()
    {
        QFETCH(bool, works);
        SimulatorServer simulator(atOnce());
        QVERIFY(!simulator.start());
        DoctorPlan plan;
        plan.loaded.settings.host = u"127.0.0.1"_s;
        plan.loaded.settings.port = 0;
        plan.loaded.settings.upstreamUrl = simulator.url();
        plan.shown = QUrl(u"https://relay.example.invalid"_s);
        CheckStep step;
        step.id = "http"_L1;
        step.result = works ? CheckStep::Result::Good : CheckStep::Result::Bad;
        step.code = works ? QLatin1String() : "login"_L1;
        step.text = "A page of a hotel.";
        step.next = "Sign in.";
        plan.proof = ProofResult();
        plan.proof->steps = {step};
        plan.proof->at = QDateTime::currentDateTimeUtc();
        Doctor doctor;
        CheckStep last;
        connect(
            &doctor, &Doctor::finished, &doctor, [&](const QList<CheckStep> &steps) { last = steps.last(); });
        doctor.run(plan);
        QTRY_COMPARE(last.id, "public"_L1);
        QCOMPARE(last.result, step.result);
        QCOMPARE(last.code, step.code);
        QVERIFY(plain(last.text).contains(works ? u"proven at"_s : u"of a hotel"_s));
    }

    /// Whoever hears of a step may have enough of it.
    void isCancelledFromWithin()
    {
        DoctorPlan plan;
        plan.loaded.problems = {{"port", SettingSource::File, "The port is none."}};
        auto doctor = std::make_unique<Doctor>();
        QSignalSpy finished(doctor.get(), &Doctor::finished);
        int steps = 0;
        connect(doctor.get(), &Doctor::stepChanged, this, [&](const CheckStep &step) {
            steps += step.result == CheckStep::Result::Running ? 0 : 1;
            if (steps == 2)
                doctor->cancel();
        });
        doctor->run(plan);
        QTRY_VERIFY(!doctor->isRunning());
        QTest::qWait(0);
        QCOMPARE(steps, 2);
        QCOMPARE(finished.size(), 0);
    }
};

RELAY_TEST(tst_Doctor)
#include "tst_doctor.moc"
