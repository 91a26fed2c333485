// SPDX-License-Identifier: MIT
#include "ui/overview/firststeps.h"

#include "core/simulator/simulatorserver.h"
#include "tests/support/relaytest.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/traffichistory.h"
#include "ui/overview/letinpanel.h"
#include "ui/overview/overviewpage.h"

#include <QDesktopServices>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

/// Receives what the desktop would open.
class Browser : public QObject
{
    Q_OBJECT
public:
    Browser() { QDesktopServices::setUrlHandler(u"http"_s, this, "open"); }
    ~Browser() override { QDesktopServices::unsetUrlHandler(u"http"_s); }
    QList<QUrl> opened;
public Q_SLOTS:
    void open(const QUrl &url) { opened.append(url); }
};

class TestFirstSteps : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_simulator = std::make_unique<SimulatorServer>(SimulatorSettings());
        QVERIFY(!m_simulator->start());
        make();
    }
    void cleanup()
    {
        m_page.reset();
        m_control.reset();
        m_host.reset();
        m_simulator.reset();
    }

    void leadsThroughThree()
    {
        m_control->start();
        m_control->checkUpstream();
        QVERIFY(steps()->isVisible());
        QVERIFY(!letIn()->isVisible());
        QVERIFY(!choice()->isVisible());
        QTRY_VERIFY(choice()->isVisible()); // all works
        QCOMPARE(button("nextStep")->text(), FirstSteps::tr("S&kip")); // nobody is let in yet
        press("nextStep");
        QVERIFY(!choice()->isVisible());
        QVERIFY(button("openTryPage")->isVisible());
        Browser browser;
        press("openTryPage");
        QCOMPARE(
            browser.opened, QList<QUrl>{QUrl(u"http://localhost:%1/try"_s.arg(m_control->latest().port))});
        press("nextStep");
        QVERIFY(!steps()->isVisible());
        QVERIFY(letIn()->isVisible());
    }

    void noneComesBack()
    {
        press("nextStep");
        make();
        QVERIFY(choice()->isVisible());
        press("nextStep");
        press("nextStep");
        make();
        QVERIFY(!steps()->isVisible());
    }

    void allMayBeSkipped()
    {
        press("skipSteps");
        QVERIFY(!steps()->isVisible());
        QCOMPARE(m_control->application().firstStep, ApplicationSettings::firstSteps);
        make();
        QVERIFY(!steps()->isVisible());
    }

    void isOverOnceACallFromOutsideHasWorked()
    {
        m_control->start();
        ApplicationSettings application = m_control->application();
        application.outsideCallWorked = true;
        QVERIFY(!m_control->applyApplication(application));
        QTRY_VERIFY(!steps()->isVisible());
        QCOMPARE(m_control->application().firstStep, ApplicationSettings::firstSteps);
    }

    /// The keyboard alone, from the button that goes on.
    void byKeyboard()
    {
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        button("nextStep")->setFocus();
        QTest::keyClick(button("nextStep"), Qt::Key_Space);
        QVERIFY(choice()->isVisible());
        QVERIFY(button("nextStep")->hasFocus());
        QTest::keyClick(button("nextStep"), Qt::Key_Space);
        QTest::keyClick(button("nextStep"), Qt::Key_Space);
        QVERIFY(!steps()->isVisible());
    }

private:
    void make()
    {
        m_page.reset();
        m_control.reset();
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        input.defaults.tryPage = true;
        input.file = m_folder->filePath(u"settings.json"_s);
        input.arguments = {u"--upstream-url"_s, m_simulator->url().toString()};
        m_host = std::make_unique<Host>(m_journal, input);
        m_control = std::make_unique<RelayControl>(*m_host);
        m_page = std::make_unique<OverviewPage>(*m_control, m_history);
        m_page->resize(900, 800);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
    FirstSteps *steps() const { return m_page->findChild<FirstSteps *>(); }
    LetInPanel *letIn() const { return m_page->findChild<LetInPanel *>(); }
    QRadioButton *choice() const { return steps()->findChild<QRadioButton *>(u"reachNetworks"_s); }
    QPushButton *button(const char *name) const
    {
        return steps()->findChild<QPushButton *>(QLatin1String(name));
    }
    void press(const char *name) { QTest::mouseClick(button(name), Qt::LeftButton); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SimulatorServer> m_simulator;
    Journal m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<RelayControl> m_control;
    TrafficHistory m_history;
    std::unique_ptr<OverviewPage> m_page;
};

RELAY_TEST(TestFirstSteps)
#include "tst_firststeps.moc"
