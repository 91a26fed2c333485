// SPDX-License-Identifier: MIT
#include "ui/control/relaycontrol.h"

#include "core/config/settingsfile.h"
#include "core/simulator/simulatorserver.h"
#include "tests/core/websocket/testcertificate.h"

#include <QFile>
#include <QSignalSpy>
#include <QTcpServer>
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
        m_environment.clear();
        m_simulator = std::make_unique<SimulatorServer>(SimulatorSettings());
        QVERIFY(!m_simulator->start());
        m_journal = std::make_unique<Journal>();
        m_relay = std::make_unique<Relay>(*m_journal);
    }
    void cleanup()
    {
        m_control.reset();
        m_relay.reset();
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

    void saysWhyItDidNotStart()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        make({u"--port"_s, QString::number(other.serverPort())});
        QSignalSpy failed(m_control.get(), &RelayControl::startFailed);
        m_control->start();
        QCOMPARE(failed.size(), 1);
        QCOMPARE(m_control->lastError()->code, QByteArray("port_in_use"));
        QCOMPARE(m_control->state(), RelayState::Stopped);
        other.close();
        m_control->start();
        QCOMPARE(m_control->state(), RelayState::Running);
        QVERIFY(!m_control->lastError());
    }

    void aWrongFileKeepsItFromStarting()
    {
        write("{\"maxConnections\": 0}");
        make();
        m_control->start();
        QCOMPARE(m_control->lastError()->code, QByteArray("settings"));
        QCOMPARE(m_control->state(), RelayState::Stopped);
        Settings settings = m_control->settings();
        settings.maxConnections = 7;
        QVERIFY(m_control->apply(settings).isEmpty());
        m_control->start();
        QCOMPARE(m_control->state(), RelayState::Running);
    }

    void aMendedFileIsReadAgain()
    {
        write(R"({"maxConnections": 0})");
        make();
        m_control->start();
        QCOMPARE(m_control->state(), RelayState::Stopped);
        write(R"({"maxConnections": 7})");
        m_control->start();
        QCOMPARE(m_control->state(), RelayState::Running);
        QCOMPARE(m_control->settings().maxConnections, 7);
        QVERIFY(!m_control->lastError());
    }

    void setsAWrongFileAside_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("maxConnections");
        QTest::newRow("no JSON") << QByteArray("not JSON") << Settings().maxConnections;
        QTest::newRow("empty") << QByteArray() << Settings().maxConnections;
        QTest::newRow("no setting") << QByteArray(
            R"({"maxConnections": 7, "none": 1, "application": {"keepAwake": false}})")
                                    << 7;
    }
    void setsAWrongFileAside()
    {
        QFETCH(QByteArray, content);
        write(content);
        make();
        QVERIFY(!m_control->problems().isEmpty());
        const bool keepAwake = m_control->application().keepAwake;
        QVERIFY(!m_control->setFileAside());
        QVERIFY(m_control->problems().isEmpty());
        QVERIFY(!m_control->lastError());
        QFile aside(path() + u".bad"_s);
        QVERIFY(aside.open(QIODevice::ReadOnly));
        QCOMPARE(aside.readAll(), content);
        m_control->start();
        QCOMPARE(m_control->state(), RelayState::Running);
        QTEST(m_control->settings().maxConnections, "maxConnections");
        QCOMPARE(m_control->application().keepAwake, keepAwake);

        // A second one does not replace the first; that it has turned wrong is told when saving.
        write("wrong again");
        Settings settings = m_control->settings();
        settings.maxConnectionsPerIp = 3;
        QCOMPARE(m_control->apply(settings).size(), 1);
        QCOMPARE(m_control->problems().size(), 1);
        QVERIFY(!m_control->setFileAside());
        QVERIFY(QFile::exists(path() + u".bad2"_s));
        QTEST(m_control->settings().maxConnections, "maxConnections");
        QVERIFY(m_control->apply(settings).isEmpty());
        make();
        QVERIFY(m_control->problems().isEmpty());
        QTEST(m_control->settings().maxConnections, "maxConnections");
        QCOMPARE(m_control->settings().maxConnectionsPerIp, 3);
    }

    void whatTheEnvironmentSaysWrongIsFixed()
    {
        m_environment.insert(u"DEBUG"_s, u"express:*"_s);
        make();
        const SettingSpec &debug = *findSetting(u"debug");
        QCOMPARE(m_control->sourceOf(debug), SettingSource::Environment);
        m_control->start();
        QCOMPARE(m_control->lastError()->setting, QByteArray("DEBUG"));
        Settings settings = m_control->settings();
        settings.debug = true;
        settings.maxConnections = 5;
        QVERIFY(m_control->apply(settings).isEmpty());
        QVERIFY(!m_control->settings().debug);
        QCOMPARE(readSettingsFile(path()).content.keys(), QStringList{u"maxConnections"_s});
        QCOMPARE(m_control->problems().size(), 1);
        QVERIFY(m_control->lastError());
    }

    void certificatesAreReadBeforeTheRelayRuns()
    {
        const TestCertificate certificate;
        const TestCertificate other;
        make();
        Settings settings = m_control->settings();
        settings.tlsCertFile = certificate.certFile();
        settings.tlsKeyFile = other.keyFile();
        const auto problems = m_control->apply(settings);
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems.first().key, QByteArray("tlsKeyFile"));
        QVERIFY(m_control->settings().tlsCertFile.isEmpty());
        QVERIFY(!QFile::exists(path()));
        settings.tlsKeyFile = certificate.keyFile();
        QVERIFY(m_control->apply(settings).isEmpty());
        m_control->start();
        QCOMPARE(m_control->state(), RelayState::Running);
    }

    void appliesAndSavesWithoutDroppingACall()
    {
        make();
        m_control->start();
        const auto call = open();
        Settings settings = m_control->settings();
        settings.allowedOrigins = {u"https://app.example.org"_s};
        settings.maxConnections = 5;
        QSignalSpy changed(m_control.get(), &RelayControl::settingsChanged);
        QVERIFY(m_control->apply(settings).isEmpty());
        QCOMPARE(changed.size(), 1);
        QCOMPARE(m_control->settings().maxConnections, 5);
        QCOMPARE(call->state(), QAbstractSocket::ConnectedState);
        const QJsonObject saved = readSettingsFile(path()).content;
        QCOMPARE(saved.value("maxConnections"_L1).toInt(), 5);
        // What the command line says stays out of the file.
        QVERIFY(!saved.contains("upstreamUrl"_L1));
        QCOMPARE(QFile::permissions(path()) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }

    void aRejectedChangeChangesNothing()
    {
        make();
        m_control->start();
        Settings settings = m_control->settings();
        settings.maxConnections = 0;
        settings.allowedOrigins = {u"not an origin"_s};
        const auto problems = m_control->apply(settings);
        QCOMPARE(problems.size(), 2);
        QCOMPARE(problems[0].key, QByteArray("allowedOrigins"));
        QCOMPARE(problems[1].key, QByteArray("maxConnections"));
        QCOMPARE(m_control->settings().maxConnections, Settings().maxConnections);
        QVERIFY(!QFile::exists(path()));
    }

    void whatCannotBeSavedIsNotInForce()
    {
        make();
        m_control->start();
        write("not JSON");
        Settings settings = m_control->settings();
        settings.maxConnections = 5;
        QCOMPARE(m_control->apply(settings).size(), 1);
        QCOMPARE(m_relay->settings().maxConnections, Settings().maxConnections);
        QCOMPARE(m_control->settings().maxConnections, Settings().maxConnections);
    }

    void whatIsFixedFromOutsideStays()
    {
        make({u"--max-connections"_s, u"9"_s});
        const SettingSpec &spec = *findSetting(u"maxConnections");
        QVERIFY(m_control->isFixed(spec));
        QCOMPARE(m_control->sourceOf(spec), SettingSource::CommandLine);
        Settings settings = m_control->settings();
        settings.maxConnections = 5;
        settings.maxConnectionsPerIp = 3;
        QVERIFY(m_control->apply(settings).isEmpty());
        QCOMPARE(m_control->settings().maxConnections, 9);
        QCOMPARE(m_control->settings().maxConnectionsPerIp, 3);
        QVERIFY(!readSettingsFile(path()).content.contains("maxConnections"_L1));
    }

    void keepsWhatTheProgramWants()
    {
        make();
        ApplicationSettings wanted = m_control->application();
        wanted.language = u"de"_s;
        wanted.keepAwake = false;
        QSignalSpy changed(m_control.get(), &RelayControl::applicationChanged);
        QVERIFY(!m_control->applyApplication(wanted));
        QCOMPARE(changed.size(), 1);
        make();
        QCOMPARE(m_control->application(), wanted);
    }

    void snapshotsOnlyAsOftenAsNeeded()
    {
        make();
        m_control->start();
        const auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        QVERIFY(m_control->latest().sessions.isEmpty());
        QObject watcher;
        m_control->watch(&watcher, Relay::Detail::Sessions);
        QCOMPARE(m_control->latest().sessions.size(), 1);
        m_control->unwatch(&watcher);
        QVERIFY(m_control->refreshed().sessions.isEmpty());
        {
            QObject brief;
            m_control->watch(&brief, Relay::Detail::Sessions);
        }
        QVERIFY(m_control->refreshed().sessions.isEmpty());
    }

    void endsOneCall()
    {
        make();
        m_control->start();
        const auto call = open();
        const auto other = open();
        QObject watcher;
        m_control->watch(&watcher, Relay::Detail::Sessions);
        QTRY_COMPARE(m_control->refreshed().activeConnections, 2);
        m_control->endSessions({m_control->latest().sessions.first().number});
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        QTRY_COMPARE(call->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(int(call->closeCode()), 4410);
        QCOMPARE(other->state(), QAbstractSocket::ConnectedState);
    }

private:
    QString path() const { return m_folder->filePath(u"settings.json"_s); }

    void write(const QByteArray &content) const
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    void make(const QStringList &arguments = {u"--port"_s, u"0"_s})
    {
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.file = path();
        input.environment = m_environment;
        input.arguments = arguments + QStringList{u"--upstream-url"_s, m_simulator->url().toString()};
        if (!arguments.contains(u"--port"_s))
            input.arguments += {u"--port"_s, u"0"_s};
        m_control.reset();
        m_control = std::make_unique<RelayControl>(*m_relay, *m_journal, input);
    }

    std::unique_ptr<QWebSocket> open()
    {
        auto socket = std::make_unique<QWebSocket>();
        QNetworkRequest request(
            QUrl(u"ws://127.0.0.1:%1/realtime?model=gpt-realtime"_s.arg(m_relay->port())));
        request.setRawHeader("Authorization", "Bearer sk-test-0123456789");
        QSignalSpy received(socket.get(), &QWebSocket::textMessageReceived);
        socket->open(request);
        received.wait();
        return socket;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QProcessEnvironment m_environment;
    std::unique_ptr<SimulatorServer> m_simulator;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Relay> m_relay;
    std::unique_ptr<RelayControl> m_control;
};

QTEST_GUILESS_MAIN(TestRelayControl)
#include "tst_relaycontrol.moc"
