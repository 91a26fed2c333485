// SPDX-License-Identifier: MIT
#include "ui/tray/relayswitch.h"

#include "core/simulator/simulatorserver.h"
#include "tests/support/relaytest.h"
#include "tests/ui/sharing/playedrelay.h"
#include "ui/control/relaycontrol.h"

#include <QApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QWebSocket>

using namespace rr;
using namespace Qt::StringLiterals;

class TestRelaySwitch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_simulator = std::make_unique<SimulatorServer>(SimulatorSettings());
        QVERIFY(!m_simulator->start());
        m_journal = std::make_unique<Journal>();
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        input.file = m_folder->filePath(u"settings.json"_s);
        input.arguments = {u"--upstream-url"_s, m_simulator->url().toString()};
        m_host = std::make_unique<Host>(*m_journal, input);
        m_control = std::make_unique<RelayControl>(*m_host);
        m_switch = std::make_unique<RelaySwitch>(*m_control);
    }
    void cleanup()
    {
        delete question();
        m_switch.reset();
        m_control.reset();
        m_host.reset();
        m_simulator.reset();
    }

    void withoutCallsNothingIsAsked()
    {
        QSignalSpy finished(m_switch.get(), &RelaySwitch::finished);
        m_switch->toggle(nullptr);
        QCOMPARE(m_control->state(), RelayState::Running);
        m_switch->toggle(nullptr);
        QTRY_COMPARE(m_control->state(), RelayState::Stopped);
        QVERIFY(finished.isEmpty());
        m_switch->toggle(nullptr);
        m_switch->quit(nullptr);
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!question());
    }

    void aStoppedRelayQuitsAtOnce()
    {
        QSignalSpy finished(m_switch.get(), &RelaySwitch::finished);
        m_switch->quit(nullptr);
        QCOMPARE(finished.size(), 1);
    }

    /// Whoever has the link finds nothing any more: that is no less an end than a call's.
    void aShareIsAskedFor()
    {
#ifdef Q_OS_WIN
        QSKIP("The way that is played is a shell script.");
#endif
        QSignalSpy finished(m_switch.get(), &RelaySwitch::finished);
        QVERIFY(!m_control->share(playedPlan(*m_folder)));
        m_switch->quit(nullptr);
        QVERIFY(question());
        QVERIFY2(
            question()->informativeText().contains("link"_L1), qPrintable(question()->informativeText()));
        QCOMPARE(question()->buttons().size(), 2); // no call could finish
        QVERIFY(finished.isEmpty());
        for (QAbstractButton *each : question()->buttons()) {
            if (question()->buttonRole(each) == QMessageBox::DestructiveRole) {
                QTest::mouseClick(each, Qt::LeftButton);
                break;
            }
        }
        QTRY_COMPARE(finished.size(), 1);
        QTRY_VERIFY(!m_control->sharing().isOn());
    }

    void liveCallsAreAskedFor_data()
    {
        QTest::addColumn<int>("button");
        QTest::addColumn<RelayState>("state");
        QTest::newRow("let them finish") << 0 << RelayState::Draining;
        QTest::newRow("end them") << 1 << RelayState::Stopped;
        QTest::newRow("cancel") << 2 << RelayState::Running;
    }
    void liveCallsAreAskedFor()
    {
        QFETCH(int, button);
        m_control->start();
        const auto call = open();
        const auto other = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 2);
        m_switch->toggle(nullptr);
        QVERIFY(question());
        QVERIFY2(question()->text().contains(u'2'), qPrintable(question()->text()));
        QCOMPARE(m_control->state(), RelayState::Running);
        const auto buttons = question()->buttons();
        for (QAbstractButton *each : buttons) {
            const QMessageBox::ButtonRole roles[]
                = {QMessageBox::AcceptRole, QMessageBox::DestructiveRole, QMessageBox::RejectRole};
            if (question() && question()->buttonRole(each) == roles[button]) {
                QTest::mouseClick(each, Qt::LeftButton);
                break;
            }
        }
        QFETCH(RelayState, state);
        QTRY_COMPARE(m_control->state(), state);
        QTRY_COMPARE(call->isValid(), state != RelayState::Stopped);
    }

    void aRelayThatIsStoppingAsksAgain()
    {
        m_control->start();
        const auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        m_control->drain();
        m_switch->toggle(nullptr);
        const QPointer<QMessageBox> asked = question();
        QVERIFY(asked);
        QVERIFY(asked->defaultButton() == asked->escapeButton());
        QVERIFY2(asked->informativeText().contains("cut off in "_L1), qPrintable(asked->informativeText()));
        QTest::keyClick(asked, Qt::Key_Escape);
        QTRY_VERIFY(!asked);
        QCOMPARE(m_control->state(), RelayState::Draining);
        QVERIFY(call->isValid());
        m_switch->toggle(nullptr);
        QVERIFY(question());
        const auto buttons = question()->buttons();
        for (QAbstractButton *each : buttons) {
            if (question() && question()->buttonRole(each) == QMessageBox::DestructiveRole)
                QTest::mouseClick(each, Qt::LeftButton);
        }
        QTRY_COMPARE(m_control->state(), RelayState::Stopped);
    }

    void nothingIsPromisedThatIsNotKept()
    {
        Settings settings = m_control->settings();
        settings.drainTimeout = std::chrono::seconds(30);
        QVERIFY(m_control->apply(settings).isEmpty());
        m_control->start();
        const auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        m_switch->toggle(nullptr);
        QVERIFY2(
            question()->informativeText().contains("0:30"_L1), qPrintable(question()->informativeText()));
        const QPointer<QMessageBox> asked = question();
        QTest::keyClick(asked, Qt::Key_Escape);
        QTRY_VERIFY(!asked);
        settings.drainTimeout = std::chrono::seconds(0); // at once
        QVERIFY(m_control->apply(settings).isEmpty());
        m_switch->toggle(nullptr);
        QVERIFY2(
            question()->informativeText().contains("at once"_L1), qPrintable(question()->informativeText()));
        const auto buttons = question()->buttons();
        for (QAbstractButton *each : buttons)
            QVERIFY(question()->buttonRole(each) != QMessageBox::AcceptRole); // "let calls finish"
    }

    void quitWaitsForTheCalls()
    {
        QSignalSpy finished(m_switch.get(), &RelaySwitch::finished);
        m_control->start();
        auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        m_switch->quit(nullptr);
        QTest::mouseClick(question()->defaultButton(), Qt::LeftButton);
        QCOMPARE(m_control->state(), RelayState::Draining);
        QVERIFY(finished.isEmpty());
        call->close();
        QTRY_COMPARE(finished.size(), 1);
    }

    void aQuitIsCalledOff()
    {
        QSignalSpy finished(m_switch.get(), &RelaySwitch::finished);
        m_control->start();
        auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        m_switch->quit(nullptr);
        QVERIFY2(
            question()->informativeText().contains("cut off"_L1), qPrintable(question()->informativeText()));
        QTest::mouseClick(question()->defaultButton(), Qt::LeftButton);
        QCOMPARE(m_control->state(), RelayState::Draining);
        m_switch->keepRunning();
        QCOMPARE(m_control->state(), RelayState::Running);
        QVERIFY(call->isValid());
        call->close();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 0);
        m_control->stopNow();
        QTRY_COMPARE(m_control->state(), RelayState::Stopped);
        QVERIFY(finished.isEmpty());
    }

    void cancelledQuitIsForgotten()
    {
        QSignalSpy finished(m_switch.get(), &RelaySwitch::finished);
        m_control->start();
        const auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        m_switch->quit(nullptr);
        QTest::mouseClick(question()->escapeButton(), Qt::LeftButton);
        m_control->stopNow();
        QTRY_COMPARE(m_control->state(), RelayState::Stopped);
        QVERIFY(finished.isEmpty());
    }

    void aSignalAsksNobody()
    {
        QSignalSpy finished(m_switch.get(), &RelaySwitch::finished);
        m_control->start();
        const auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        m_switch->quitWithoutAsking();
        QCOMPARE(m_control->state(), RelayState::Draining);
        m_switch->quitWithoutAsking();
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!question());
    }

    void loggingOutLetsACallFinish()
    {
        m_control->start();
        const auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        // The client hangs up while the relay waits; had it not waited, its own code would be lost.
        QTimer::singleShot(0, call.get(), [&call] { call->close(QWebSocketProtocol::CloseCodeNormal); });
        m_switch->stopWithin(std::chrono::minutes(1));
        QCOMPARE(m_control->state(), RelayState::Stopped);
        QTRY_COMPARE(call->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(call->closeCode(), QWebSocketProtocol::CloseCodeNormal);
        QVERIFY(!question());
    }

    void loggingOutDoesNotWaitForEver()
    {
        m_control->start();
        const auto call = open();
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        m_switch->stopWithin(std::chrono::milliseconds(50));
        QCOMPARE(m_control->state(), RelayState::Stopped);
        QTRY_COMPARE(call->closeCode(), QWebSocketProtocol::CloseCodeGoingAway);
        m_switch->stopWithin(std::chrono::minutes(1)); // nothing is left to wait for
    }

private:
    static QMessageBox *question()
    {
        const auto widgets = QApplication::topLevelWidgets();
        for (QWidget *widget : widgets) {
            if (auto *box = qobject_cast<QMessageBox *>(widget); box && box->isVisible())
                return box;
        }
        return nullptr;
    }

    std::unique_ptr<QWebSocket> open()
    {
        auto socket = std::make_unique<QWebSocket>();
        QNetworkRequest request(
            QUrl(u"ws://127.0.0.1:%1/realtime?model=gpt-realtime"_s.arg(m_host->relay().port())));
        request.setRawHeader("Authorization", "Bearer sk-test-0123456789");
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
    std::unique_ptr<RelaySwitch> m_switch;
};

RELAY_TEST(TestRelaySwitch)
#include "tst_relayswitch.moc"
