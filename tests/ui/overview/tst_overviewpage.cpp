// SPDX-License-Identifier: MIT
#include "ui/overview/overviewpage.h"

#include "core/simulator/simulatorserver.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/traffichistory.h"
#include "ui/overview/plot.h"
#include "ui/overview/problembox.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>

using namespace rr;
using namespace Qt::StringLiterals;

class TestOverviewPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_simulator = std::make_unique<SimulatorServer>(SimulatorSettings());
        QVERIFY(!m_simulator->start());
        m_journal = std::make_unique<Journal>();
        m_relay = std::make_unique<Relay>(*m_journal);
    }
    void cleanup()
    {
        m_page.reset();
        m_troubles.reset();
        m_control.reset();
        m_relay.reset();
        m_simulator.reset();
    }

    void startsAndStops()
    {
        make(0);
        auto *toggle = m_page->findChild<QPushButton *>(u"toggle"_s);
        QVERIFY(toggle);
        const QString start = toggle->text();
        QTest::mouseClick(toggle, Qt::LeftButton);
        QCOMPARE(m_control->state(), RelayState::Running);
        QVERIFY(toggle->text() != start);
        QTest::keyClick(toggle, Qt::Key_Space);
        QTRY_COMPARE(m_control->state(), RelayState::Stopped);
        QCOMPARE(toggle->text(), start);
    }

    void copiesAddresses()
    {
        make(0);
        m_control->start();
        const QString url = u"ws://127.0.0.1:%1/realtime"_s.arg(m_relay->port());
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // the row of the port before
        auto *button = m_page->findChild<QToolButton *>();
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton, {}, QPoint(4, button->height() / 2));
        QCOMPARE(QApplication::clipboard()->text(), url);
        const auto actions = button->menu()->actions();
        QCOMPARE(actions.size(), 3);
        actions[1]->trigger();
        QCOMPARE(QApplication::clipboard()->text(), "VITE_OPENAI_RELAY_URL="_L1 + url);
        actions[2]->trigger();
        QVERIFY(QApplication::clipboard()->text().startsWith("wscat -c \""_L1 + url));
    }

    void offersAnotherPort()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        make(other.serverPort());
        m_control->start();
        QCOMPARE(m_control->state(), RelayState::Stopped);
        auto *box = m_page->findChild<ProblemBox *>();
        QVERIFY(box && box->isVisible());
#ifdef Q_OS_LINUX
        QVERIFY2(box->problem().text.contains("tst_overview"_L1), qPrintable(box->problem().text));
#endif
        QTest::mouseClick(box->findChild<QPushButton *>(), Qt::LeftButton);
        QCOMPARE(m_control->state(), RelayState::Running);
        QVERIFY(m_relay->port() != other.serverPort());
        QTRY_VERIFY(!box->isVisible());
    }

    void menuOfAnAddressByKeyboard()
    {
        make(0);
        m_control->start();
        const QString url = u"ws://127.0.0.1:%1/realtime"_s.arg(m_relay->port());
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // the row of the port before
        auto *button = m_page->findChild<QToolButton *>();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QTRY_VERIFY(button->isVisible());
        button->setFocus();
        const auto chooseSecond = [menu = button->menu()] {
            QVERIFY(menu->isVisible());
            QTest::keyClick(menu, Qt::Key_Down);
            QTest::keyClick(menu, Qt::Key_Down);
            QTest::keyClick(menu, Qt::Key_Return);
        };
        QTimer::singleShot(0, button, chooseSecond); // the menu may have an event loop of its own
        QTest::keyClick(button, Qt::Key_Down, Qt::AltModifier);
        QTRY_COMPARE(QApplication::clipboard()->text(), "VITE_OPENAI_RELAY_URL="_L1 + url);
    }

    void hintByKeyboard()
    {
        make(0);
        QLabel *hint = nullptr;
        const auto labels = m_page->findChildren<QLabel *>();
        for (QLabel *label : labels) {
            if (label->text().contains("href"_L1))
                hint = label;
        }
        QVERIFY(hint && hint->isVisible());
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QVERIFY(hint->focusPolicy() & Qt::TabFocus);
        hint->setFocus(Qt::TabFocusReason);
        QSignalSpy requested(m_page.get(), &OverviewPage::settingsRequested);
        QTest::keyClick(hint, Qt::Key_Tab); // on to the link
        QTest::keyClick(hint, Qt::Key_Return);
        QCOMPARE(requested.size(), 1);
    }

    void theOfferIsFresh()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        make(other.serverPort());
        m_control->start();
        auto *button = m_page->findChild<ProblemBox *>()->findChild<QPushButton *>();
        const QString offered = button->text();
        QTcpServer another;
        QVERIFY(another.listen(QHostAddress::LocalHost, offered.section(u' ', -1).toUShort()));
        m_control->start();
        QVERIFY2(button->text() != offered, qPrintable(offered));
    }

    void checksTheUpstream()
    {
        make(0);
        auto *button = m_page->findChild<QPushButton *>(u"checkUpstream"_s);
        auto *result = m_page->findChild<QLabel *>(u"checkResult"_s);
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(!button->isEnabled());
        QTRY_VERIFY(button->isEnabled());
        QVERIFY2(result->text().startsWith(u'\u2713'), qPrintable(result->text()));
        QVERIFY(result->focusPolicy() & Qt::TabFocus);

        Settings settings = m_control->settings();
        settings.connectTimeout += std::chrono::seconds(1);
        QVERIFY(m_control->apply(settings).isEmpty());
        QCOMPARE(result->text(), QString());
    }

    void restsWhileHidden()
    {
        make(0);
        m_control->start();
        auto *plot = m_page->findChild<Plot *>();
        m_page->hide();
        const QString before = plot->accessibleDescription();
        Snapshot snapshot = m_control->refreshed();
        snapshot.takenAt = snapshot.takenAt.addSecs(5);
        snapshot.activeConnections = 3;
        m_history.add(snapshot);
        m_control->refreshed();
        QCOMPARE(plot->accessibleDescription(), before);
        m_page->show();
        QCOMPARE(plot->accessibleDescription(), u"3"_s);
    }

    void everyControlHasAName()
    {
        make(0);
        const auto buttons = m_page->findChildren<QAbstractButton *>();
        for (const QAbstractButton *button : buttons)
            QVERIFY(!button->text().isEmpty() || !button->accessibleName().isEmpty());
    }

private:
    void make(quint16 port)
    {
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = port;
        input.file = m_folder->filePath(u"settings.json"_s);
        input.arguments = {u"--upstream-url"_s, m_simulator->url().toString()};
        m_control = std::make_unique<RelayControl>(*m_relay, *m_journal, input);
        m_troubles = std::make_unique<TroubleWatch>(*m_control);
        m_page = std::make_unique<OverviewPage>(*m_control, *m_troubles, m_history);
        connect(m_page.get(), &OverviewPage::toggleRequested, m_control.get(), [this] {
            if (m_control->state() == RelayState::Stopped)
                m_control->start();
            else
                m_control->stopNow();
        });
        m_page->resize(900, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SimulatorServer> m_simulator;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Relay> m_relay;
    std::unique_ptr<RelayControl> m_control;
    std::unique_ptr<TroubleWatch> m_troubles;
    TrafficHistory m_history;
    std::unique_ptr<OverviewPage> m_page;
};

QTEST_MAIN(TestOverviewPage)
#include "tst_overviewpage.moc"
