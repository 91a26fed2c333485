// SPDX-License-Identifier: MIT
#include "ui/control/reach.h"

#include "core/simulator/simulatorserver.h"
#include "tests/support/relaytest.h"
#include "ui/control/relaycontrol.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocket>

using namespace rr;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(rr::Reach)

class TestReach : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_simulator = std::make_unique<SimulatorServer>(SimulatorSettings());
        QVERIFY(!m_simulator->start());
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        input.file = m_folder.filePath(u"settings.json"_s);
        QFile::remove(input.file);
        input.arguments = {u"--upstream-url"_s, m_simulator->url().toString()};
        m_host = std::make_unique<Host>(m_journal, input);
        m_control = std::make_unique<RelayControl>(*m_host);
    }
    void cleanup()
    {
        m_control.reset();
        m_host.reset();
        m_simulator.reset();
    }

    void reach()
    {
        QCOMPARE(reachOf(u"127.0.0.1"_s, {}), Reach::ThisMachine);
        QCOMPARE(reachOf(u"::1"_s, {}), Reach::ThisMachine);
        QCOMPARE(reachOf(u"0.0.0.0"_s, {}), Reach::Networks);
        QCOMPARE(reachOf(u"192.168.1.5"_s, {}), Reach::Networks);
        QCOMPARE(reachOf(u"127.0.0.1"_s, u"relay.example.org"_s), Reach::OwnName);
    }

    void hosts_data()
    {
        QTest::addColumn<Reach>("reach");
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("offered");
        QTest::addColumn<bool>("inFront");
        QTest::addColumn<QString>("host");
        const auto row = [](const char *name, Reach reach, const char *before, const char *offered,
                             bool inFront, const char *host) {
            QTest::newRow(name) << reach << QString::fromLatin1(before) << QString::fromLatin1(offered)
                                << inFront << QString::fromLatin1(host);
        };
        row("back to this machine", Reach::ThisMachine, "0.0.0.0", "", false, "127.0.0.1");
        row("this machine, as it was", Reach::ThisMachine, "::1", "", false, "::1");
        row("networks", Reach::Networks, "127.0.0.1", "192.168.1.5", false, "0.0.0.0");
        row("networks, by an IPv6 address", Reach::Networks, "127.0.0.1", "2001:db8::5", false, "::");
        row("networks, IPv6 was there", Reach::Networks, "::", "192.168.1.5", false, "::");
        row("one, as it was", Reach::Networks, "192.168.1.5", "192.168.1.5", false, "192.168.1.5");
        row("networks, none is offered", Reach::Networks, "localhost", "", false, "0.0.0.0");
        row("all instead of one", Reach::Networks, "192.168.1.5", "10.0.0.1", false, "0.0.0.0");
        row("a name that leads here", Reach::OwnName, "127.0.0.1", "", false, "0.0.0.0");
        row("a server in front, perhaps here", Reach::OwnName, "127.0.0.1", "", true, "127.0.0.1");
        row("a name, listening already", Reach::OwnName, "::", "", false, "::");
    }
    void hosts()
    {
        QFETCH(Reach, reach);
        QFETCH(QString, before);
        QFETCH(QString, offered);
        QFETCH(bool, inFront);
        QTEST(hostFor(reach, before, QHostAddress(offered), inFront), "host");
    }

    void isInForceAtOnceAndDropsNoCall()
    {
        m_control->start();
        QWebSocket call;
        QNetworkRequest request(QUrl(u"ws://127.0.0.1:%1/v1/realtime"_s.arg(m_control->latest().port)));
        request.setRawHeader("Authorization", "Bearer any");
        call.open(request);
        QTRY_COMPARE(call.state(), QAbstractSocket::ConnectedState);
        QCOMPARE(m_control->refreshed().activeConnections, 1);
        QVERIFY(!chooseReach(*m_control, {Reach::Networks, QHostAddress(u"192.0.2.7"_s), {}}));
        QCOMPARE(m_control->latest().listenAddress, u"0.0.0.0"_s);
        QCOMPARE(m_control->settings().host, u"0.0.0.0"_s);
        QCOMPARE(m_control->sourceOf(*findSetting(u"host")), SettingSource::File);
        QCOMPARE(m_control->application().offeredAddress, u"192.0.2.7"_s);
        QVERIFY(!chooseReach(*m_control, {Reach::OwnName, {}, u"relay.example.org"_s}));
        QCOMPARE(m_control->addresses().first().reach, RelayAddress::Public);
        QVERIFY(!chooseReach(*m_control, {Reach::ThisMachine, {}, {}}));
        QCOMPARE(m_control->latest().listenAddress, u"127.0.0.1"_s);
        QVERIFY(m_control->application().publicAddress.isEmpty());
        QCOMPARE(m_control->application().unusedPublicAddress, u"relay.example.org"_s);
        QVERIFY(!chooseReach(*m_control, {Reach::Networks, {}, {}}));
        QCOMPARE(m_control->application().unusedPublicAddress, u"relay.example.org"_s);
        QVERIFY(!chooseReach(*m_control, {Reach::OwnName, {}, u"other.example.org"_s}));
        QVERIFY(m_control->application().unusedPublicAddress.isEmpty());
        QCOMPARE(m_control->refreshed().activeConnections, 1);
        QCOMPARE(call.state(), QAbstractSocket::ConnectedState);
    }

    void whatCannotBeKeptIsToldAndNotDone()
    {
        QFile file(m_control->settingsFile());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("not JSON, so that nothing can be saved");
        file.close();
        QVERIFY(chooseReach(*m_control, {Reach::Networks, {}, {}}));
        QCOMPARE(m_control->settings().host, u"127.0.0.1"_s);
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<SimulatorServer> m_simulator;
    Journal m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<RelayControl> m_control;
};

RELAY_TEST(TestReach)
#include "tst_reach.moc"
