// SPDX-License-Identifier: MIT
#include "ui/control/relaycontrol.h"

#include "core/simulator/simulatorserver.h"
#include "tests/app/compose/sharededge.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QFile>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocket>

using namespace rr;
using namespace Qt::StringLiterals;

class TestRelayControl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_simulator = std::make_unique<SimulatorServer>(SimulatorSettings());
        QVERIFY(!m_simulator->start());
        m_journal = std::make_unique<Journal>();
    }
    void cleanup()
    {
        m_control.reset();
        m_host.reset();
        m_simulator.reset();
    }

    void startsServesAndStops()
    {
        make();
        QSignalSpy states(m_control.get(), &RelayControl::stateChanged);
        m_control->start();
        QCOMPARE(m_control->state(), RelayState::Running);
        QCOMPARE(states.size(), 1);
        QVERIFY(m_control->latest().port > 0);
        const auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        m_control->stopNow();
        QTRY_COMPARE(m_control->state(), RelayState::Stopped);
        QTRY_COMPARE(call->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(int(call->closeCode()), 1001);
    }

    void takesAnotherPortWhereTheFirstIsTaken()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        make(other.serverPort());
        QSignalSpy failed(m_control.get(), &RelayControl::startFailed);
        m_control->start();
        QCOMPARE(failed.size(), 1);
        QCOMPARE(m_control->lastError()->code, QByteArray("port_in_use"));
        QCOMPARE(m_control->state(), RelayState::Stopped);
        const ReservedPort reserved;
        const quint16 port = reserved.number();
        QVERIFY(m_control->useOtherPort(port).isEmpty());
        QCOMPARE(m_control->state(), RelayState::Running);
        QCOMPARE(m_control->latest().port, port);
        QVERIFY(!m_control->lastError());
        make(other.serverPort());
        QCOMPARE(m_control->settings().port, port); // for ever
    }

    void doesNotStartOnAPortThatWasRefused()
    {
        make();
        QFile file(m_control->settingsFile());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("not JSON, so that nothing can be saved");
        file.close();
        QCOMPARE(m_control->useOtherPort(1234).size(), 1);
        QCOMPARE(m_control->state(), RelayState::Stopped);
    }

    void tellsWhatChanged()
    {
        make();
        QSignalSpy settingsChanged(m_control.get(), &RelayControl::settingsChanged);
        Settings settings = m_control->settings();
        settings.maxConnections = 5;
        QVERIFY(m_control->apply(settings).isEmpty());
        QCOMPARE(settingsChanged.size(), 1);
        QCOMPARE(m_control->settings().maxConnections, 5);
        QCOMPARE(m_control->sourceOf(*findSetting(u"maxConnections")), SettingSource::File);
        m_host->reload();
        QCOMPARE(settingsChanged.size(), 2);
    }

    void keepsWhatTheProgramWants()
    {
        make();
        ApplicationSettings wanted;
        wanted.language = u"de"_s;
        wanted.publicAddress = u"relay.example.org"_s;
        wanted.unusedPublicAddress = u"old.example.org"_s;
        wanted.startRelayOnLaunch = false;
        wanted.notifications = false;
        wanted.keepAwake = false;
        wanted.monochromeIcon = true;
        wanted.offeredAddress = u"192.0.2.7"_s;
        wanted.firstStep = 2;
        wanted.outsideCallWorked = true;
        wanted.letOthersIn = false;
        QSignalSpy changed(m_control.get(), &RelayControl::applicationChanged);
        QVERIFY(!m_control->applyApplication(wanted));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(m_control->application(), wanted);
        QVERIFY(!m_control->applyApplication(wanted));
        QCOMPARE(changed.size(), 1); // nothing is new
        make();
        QCOMPARE(m_control->application(), wanted);
    }

    void snapshotsOnlyAsOftenAsNeeded()
    {
        make();
        m_control->start();
        const auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        QVERIFY(m_control->latest().calls.isEmpty());
        QObject watcher;
        m_control->watch(&watcher, Relay::Detail::Calls);
        QCOMPARE(m_control->latest().calls.size(), 1);
        m_control->unwatch(&watcher);
        QVERIFY(m_control->refreshed().calls.isEmpty());
        {
            QObject brief;
            m_control->watch(&brief, Relay::Detail::Calls);
        }
        QVERIFY(m_control->refreshed().calls.isEmpty());
    }

    void countsFromTheStart()
    {
        make();
        m_control->start();
        {
            const auto call = open();
            QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
            QCOMPARE(m_control->totals().calls, 1);
        }
        QTRY_COMPARE(m_control->refreshed().activeConnections, 0);
        QVERIFY(m_control->totals().messages > 0);
        QVERIFY(m_control->totals().bytes > 0);
        m_control->stopNow();
        QTRY_COMPARE(m_control->state(), RelayState::Stopped);
        QCOMPARE(m_control->totals().calls, 1); // of the run that is over
        m_control->start();
        QCOMPARE(m_control->totals().calls, 0);
        QCOMPARE(m_control->totals().messages, 0);
        QCOMPARE(m_control->totals().bytes, 0);
        QCOMPARE(m_control->latest().totalConnections, 1); // which machines read goes on
        const auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        QCOMPARE(m_control->totals().calls, 1);
        m_control->drain();
        m_control->keepRunning(); // is no start
        QCOMPARE(m_control->totals().calls, 1);
    }

    void aCallFromAnotherMachineIsRemembered()
    {
        make();
        QVERIFY(m_control->application().letOthersIn);
        Settings settings = m_control->settings();
        settings.trustedProxies = {u"127.0.0.1"_s};
        QVERIFY(m_control->apply(settings).isEmpty());
        m_control->start();
        const auto own = open();
        m_control->refreshed();
        QVERIFY(!m_control->outsideCaller());
        QVERIFY(!m_control->application().outsideCallWorked);
        const auto call = open("203.0.113.7");
        m_control->refreshed();
        QCOMPARE(m_control->outsideCaller(), std::optional(u"203.0.113.7"_s));
        QVERIFY(m_control->application().outsideCallWorked);
        QVERIFY(!m_control->application().letOthersIn);
        make();
        QVERIFY(m_control->application().outsideCallWorked);
        // Brought back, it stays.
        ApplicationSettings application = m_control->application();
        application.letOthersIn = true;
        QVERIFY(!m_control->applyApplication(application));
        QVERIFY(m_control->apply(settings).isEmpty());
        m_control->start();
        const auto again = open("203.0.113.7");
        m_control->refreshed();
        QVERIFY(m_control->application().letOthersIn);
    }

    void whereTheTryPageIs()
    {
        make();
        QVERIFY(m_control->tryPage().isEmpty()); // nothing is served
        m_control->start();
        Settings settings = m_control->settings();
        settings.tryPage = true;
        QVERIFY(m_control->apply(settings).isEmpty());
        const quint16 port = m_control->refreshed().port;
        QCOMPARE(m_control->tryPage(), QUrl(u"http://localhost:%1/try"_s.arg(port)));
        settings.tryPage = false;
        QVERIFY(m_control->apply(settings).isEmpty());
        QVERIFY(m_control->tryPage().isEmpty());
    }

    void allowsAnOrigin()
    {
        make();
        const QStringList before = m_control->settings().allowedOrigins;
        QVERIFY(m_control->allowOrigin(u"https://app.example.org"_s).isEmpty());
        QVERIFY(m_control->allowOrigin(u"https://app.example.org"_s).isEmpty()); // once
        QCOMPARE(m_control->settings().allowedOrigins, before + QStringList{u"https://app.example.org"_s});
        QCOMPARE(m_control->allowOrigin(u"nonsense"_s).size(), 1);
        QCOMPARE(m_control->settings().allowedOrigins.size(), before.size() + 1);
        make();
        QCOMPARE(m_control->settings().allowedOrigins.last(), u"https://app.example.org"_s); // it is saved
    }

    /// What is shared it is to look at, and what was proven of it; never what was proven before it broke.
    void theDoctorIsGivenWhatIsShared()
    {
#ifdef Q_OS_WIN
        QSKIP("The way that is played is a shell script.");
#endif
        const TestCertificate certificate;
        SharedEdge edge(certificate.server(), [this] { return m_host->relay().sharePort(); });
        QFile script(m_folder->filePath(u"tunnel.sh"_s));
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("echo 'your url is: " + edge.address().toLatin1() + "'\nexec sleep 600\n");
        script.close();
        ShareSeams seams;
        seams.names.servers.clear();
        seams.authorities = QSslCertificate::fromPath(certificate.certFile());
        seams.proof.name = seams.proof.way = std::chrono::milliseconds(0);
        make(0, seams);
        QVERIFY(m_control->doctorPlan({}).shown.isEmpty());

        SharePlan plan;
        plan.way = u"command"_s;
        plan.fields = {{u"command"_s, u"sh %1"_s.arg(script.fileName())}, {u"shows"_s, u"your url is:"_s}};
        plan.origins = {u"https://app.example.org"_s};
        QVERIFY(!m_control->share(plan));
        const Sharing::Status &status = m_control->sharing().status();
        QTRY_COMPARE(status.state, Sharing::State::Shared);
        QCOMPARE(m_control->doctorPlan({}).shown, QUrl(edge.address()));
        QVERIFY(m_control->doctorPlan({}).proof);
        QVERIFY(m_control->doctorPlan({}).proof->works);

        edge.setDown(true);
        m_control->sharing().testAgain();
        QTRY_COMPARE(status.state, Sharing::State::Broken);
        QCOMPARE(m_control->doctorPlan({}).shown, QUrl(edge.address()));
        QVERIFY(status.proof);
        QVERIFY(!m_control->doctorPlan({}).proof); // it is to look for itself
        m_control->sharing().stop();
        QTRY_COMPARE(status.state, Sharing::State::Off);
        QVERIFY(m_control->doctorPlan({}).shown.isEmpty());
    }

    void endsOneCall()
    {
        make();
        m_control->start();
        const auto call = open();
        const auto other = open();
        QTRY_COMPARE(call->state(), QAbstractSocket::ConnectedState);
        QTRY_COMPARE(other->state(), QAbstractSocket::ConnectedState);
        QObject watcher;
        m_control->watch(&watcher, Relay::Detail::Calls);
        QTRY_COMPARE(m_control->refreshed().activeConnections, 2);
        m_control->endCalls({m_control->latest().calls.first().number});
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        QTRY_COMPARE(call->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(int(call->closeCode()), 4410);
        QCOMPARE(other->state(), QAbstractSocket::ConnectedState);
    }

private:
    void make(quint16 defaultPort = 0, const ShareSeams &seams = {})
    {
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = defaultPort;
        input.file = m_folder->filePath(u"settings.json"_s);
        input.arguments = {u"--upstream-url"_s, m_simulator->url().toString()};
        m_control.reset();
        m_host.reset();
        m_host = std::make_unique<Host>(*m_journal, input, nullptr, seams);
        m_control = std::make_unique<RelayControl>(*m_host);
    }

    std::unique_ptr<QWebSocket> open(const QByteArray &forwardedFor = {})
    {
        auto socket = std::make_unique<QWebSocket>();
        QNetworkRequest request(
            QUrl(u"ws://127.0.0.1:%1/realtime?model=gpt-realtime"_s.arg(m_host->relay().port())));
        request.setRawHeader("Authorization", "Bearer sk-test-0123456789");
        if (!forwardedFor.isEmpty())
            request.setRawHeader("X-Forwarded-For", forwardedFor);
        QSignalSpy received(socket.get(), &QWebSocket::textMessageReceived);
        socket->open(request);
        received.wait(30'000);
        return socket;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SimulatorServer> m_simulator;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<RelayControl> m_control;
};

RELAY_TEST(TestRelayControl)
#include "tst_relaycontrol.moc"
