// SPDX-License-Identifier: MIT
#include "ui/overview/letinpanel.h"

#include "core/simulator/simulatorserver.h"
#include "tests/core/simulator/rawclient.h"
#include "tests/support/relaytest.h"
#include "tests/ui/sharing/playedrelay.h"
#include "ui/control/reach.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/traffichistory.h"
#include "ui/overview/firewallhint.h"
#include "ui/overview/originpanel.h"
#include "ui/overview/overviewpage.h"
#include "ui/overview/tickline.h"
#include "ui/overview/tlshint.h"

#include <QAccessible>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace rr;
using namespace Qt::StringLiterals;

/// The panel as it stands on the overview.
class TestLetInPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_simulator = std::make_unique<SimulatorServer>(SimulatorSettings());
        QVERIFY(!m_simulator->start());
    }
    void cleanup()
    {
        m_page.reset();
        m_control.reset();
        m_host.reset();
        m_simulator.reset();
    }

    void whoCanReachItIsChosenByAClick()
    {
        make();
        m_control->start();
        QVERIFY(choice("reachThisMachine")->isChecked());
        QTest::mouseClick(choice("reachNetworks"), Qt::LeftButton);
        QCOMPARE(m_control->latest().listenAddress, u"0.0.0.0"_s);
        QVERIFY(choice("reachNetworks")->isChecked());
        QTest::mouseClick(choice("reachThisMachine"), Qt::LeftButton);
        QCOMPARE(m_control->latest().listenAddress, u"127.0.0.1"_s);
        QVERIFY(choice("reachThisMachine")->isChecked());
    }

    void addressesAreThoseOfTheMachine()
    {
        make();
        m_control->start();
        QTest::mouseClick(choice("reachNetworks"), Qt::LeftButton);
        auto *addresses = m_panel->findChild<QComboBox *>(u"offeredAddress"_s);
        const QList<NetworkAddress> &network = m_control->network();
        if (network.isEmpty())
            QSKIP("This machine is on no network.");
        QCOMPARE(addresses->currentData().toString(), network.first().address.toString());
        const auto last = std::find_if(network.crbegin(), network.crend(),
            [](const NetworkAddress &each) { return each.kind != NetworkKind::Containers; });
        if (last == network.crend())
            QSKIP("This machine has addresses of containers alone.");
        const QString chosen = last->address.toString();
        addresses->setCurrentIndex(addresses->findData(chosen));
        Q_EMIT addresses->activated(addresses->currentIndex());
        QCOMPARE(m_control->application().offeredAddress, chosen);
        QCOMPARE(m_control->addresses().first().url.host(), chosen);
        QCOMPARE(addresses->currentData().toString(), chosen);
    }

    void aNameOfMyOwn()
    {
        make();
        m_control->start();
        auto *name = m_panel->findChild<QLineEdit *>(u"ownName"_s);
        auto *use = m_panel->findChild<QPushButton *>(u"useOwnName"_s);
        QTest::mouseClick(choice("reachOwnName"), Qt::LeftButton);
        QVERIFY(choice("reachOwnName")->isChecked()); // and waits for the name
        QVERIFY(m_control->application().publicAddress.isEmpty());
        QVERIFY(!use->isEnabled());
        QTest::keyClicks(name, u"no name"_s);
        QTest::keyClick(name, Qt::Key_Return);
        QVERIFY(m_panel->findChild<QLabel *>(u"reachProblem"_s)->isVisible());
        name->clear();
        QTest::keyClicks(name, u"relay.example.org"_s);
        QVERIFY(!m_panel->findChild<QLabel *>(u"reachProblem"_s)->isVisible());
        QTest::mouseClick(use, Qt::LeftButton);
        QCOMPARE(m_control->application().publicAddress, u"relay.example.org"_s);
        QCOMPARE(m_control->latest().listenAddress, u"0.0.0.0"_s);
        QTest::mouseClick(choice("reachThisMachine"), Qt::LeftButton);
        QVERIFY(m_control->application().publicAddress.isEmpty());
        QTest::mouseClick(choice("reachOwnName"), Qt::LeftButton); // what was typed is still there
        QCOMPARE(m_control->application().publicAddress, u"relay.example.org"_s);
        QTest::mouseClick(choice("reachThisMachine"), Qt::LeftButton);
        m_page.reset();
        m_control.reset();
        make(); // the next time, too
        QCOMPARE(m_panel->findChild<QLineEdit *>(u"ownName"_s)->text(), u"relay.example.org"_s);
        QVERIFY(choice("reachThisMachine")->isChecked());
    }

    void oneShareAtATime()
    {
#ifdef Q_OS_WIN
        QSKIP("The way that is played is a shell script.");
#endif
        make();
        const auto tunnel
            = [this](const char *name) { return m_panel->findChild<QPushButton *>(QLatin1String(name)); };
        QVERIFY(tunnel("shareByTunnel")->isEnabled());
        QVERIFY(tunnel("tlsByTunnel")->isEnabled());
        QVERIFY(!m_control->share(playedPlan(*m_folder)));
        m_control->refreshed();
        QVERIFY(!tunnel("shareByTunnel")->isEnabled());
        QVERIFY(!tunnel("tlsByTunnel")->isEnabled());
        QCOMPARE(m_panel->findChild<OriginPanel *>()->findChild<TickLine *>()->text(),
            OriginPanel::tr("Pages of %1 may come in by the link.").arg(u"https://app.example.org"_s));
        m_control->sharing().stop();
        QTRY_VERIFY(!m_control->sharing().isOn());
        m_control->refreshed();
        QVERIFY(tunnel("shareByTunnel")->isEnabled());
    }

    /// Green is what somebody has seen.
    void whatNobodyHasCheckedIsOpen()
    {
        make();
        m_control->start();
        TickLine *line = m_panel->findChildren<TickLine *>()[1];
        auto *firewall = m_panel->findChild<FirewallHint *>();
        if (!m_control->network().isEmpty()) {
            QTest::mouseClick(choice("reachNetworks"), Qt::LeftButton);
            firewall->show(Firewall::Ufw, m_control->latest().port);
            m_control->refreshed();
            QCOMPARE(line->tick(), Tick::Open);
            QVERIFY2(line->text().contains("once the firewall lets them"_L1), qPrintable(line->text()));
        }
        if (m_control->network().isEmpty())
            QSKIP("This machine is on no network.");
        QVERIFY(!chooseReach(*m_control, {Reach::OwnName, {}, u"relay.example.org"_s}));
        m_control->refreshed();
        QCOMPARE(line->tick(), Tick::Open);
        firewall->show(Firewall::Ufw, m_control->latest().port);
        QVERIFY(firewall->isVisible());
        ApplicationSettings application = m_control->application();
        application.outsideCallWorked = true;
        QVERIFY(!m_control->applyApplication(application));
        m_control->refreshed();
        QCOMPARE(line->tick(), Tick::Done);
        QVERIFY(!firewall->isVisible());
    }

    void looksForAFirewallWheneverItIsSeen()
    {
        make();
        m_control->start();
        QTest::mouseClick(choice("reachNetworks"), Qt::LeftButton);
        auto *firewall = m_panel->findChild<FirewallHint *>();
        const Firewall other = firewallHere() == Firewall::Ufw ? Firewall::Firewalld : Firewall::Ufw;
        firewall->show(other, m_control->latest().port);
        m_page->hide();
        m_page->show();
        QCOMPARE(firewall->findChild<QLabel *>(u"firewallCommand"_s)->text(),
            firewallCommand(m_control->latest().port));
    }

    void anyAddressOfAPageIsTaken()
    {
        make();
        auto *page = m_panel->findChild<QLineEdit *>(u"pageAddress"_s);
        auto *add = m_panel->findChild<QPushButton *>(u"addOrigin"_s);
        auto *told = m_panel->findChild<QLabel *>(u"toldOfOrigin"_s);
        QVERIFY(!add->isEnabled());
        page->setText(u"https://app.example.org/login?x"_s);
        QTest::mouseClick(add, Qt::LeftButton);
        QCOMPARE(m_control->settings().allowedOrigins.last(), u"https://app.example.org"_s);
        QVERIFY(page->text().isEmpty());
        QVERIFY2(told->text().contains("https://app.example.org"_L1), qPrintable(told->text()));
        const auto before = m_control->settings().allowedOrigins;
        page->setText(u"https://app.example.org/other"_s); // is in already
        QTest::keyClick(page, Qt::Key_Return);
        page->setText(u"nonsense at all"_s);
        QTest::keyClick(page, Qt::Key_Return);
        QVERIFY(told->isVisible());
        page->setText(u"*"_s);
        QTest::keyClick(page, Qt::Key_Return);
        QCOMPARE(m_control->settings().allowedOrigins, before);
    }

    void wssIsExplainedWhereItMatters()
    {
        make();
        m_control->start();
        auto *tls = m_panel->findChild<TlsHint *>();
        QVERIFY(!tls->isVisible());
        QVERIFY(m_control->allowOrigin(u"https://app.example.org"_s).isEmpty());
        QVERIFY(!tls->isVisible()); // its page may be open on this machine
        if (m_control->network().isEmpty())
            QSKIP("This machine is on no network.");
        QTest::mouseClick(choice("reachNetworks"), Qt::LeftButton);
        QVERIFY(tls->isVisible());
        QSignalSpy requested(m_page.get(), &OverviewPage::settingsRequested);
        QTest::mouseClick(tls->findChildren<QPushButton *>().last(), Qt::LeftButton);
        QCOMPARE(requested.value(0).value(0).toByteArray(), "tlsCertFile");
    }

    void ticksFollowTheTruth()
    {
        make();
        const auto lines = m_panel->findChildren<TickLine *>();
        QCOMPARE(lines.size(), 4);
        QCOMPARE(lines[0]->tick(), Tick::Open); // it is off
        m_control->start();
        m_control->checkUpstream();
        QTRY_COMPARE(lines[0]->tick(), Tick::Done);
        QCOMPARE(lines[1]->tick(), Tick::Open);
        QTest::mouseClick(choice("reachNetworks"), Qt::LeftButton);
        QCOMPARE(lines[1]->tick(),
            m_control->network().isEmpty()            ? Tick::Attention
                : firewallHere() != Firewall::Unknown ? Tick::Open
                                                      : Tick::Done);
        QCOMPARE(lines[2]->tick(), Tick::Open);
        QVERIFY(m_control->allowOrigin(u"https://app.example.org"_s).isEmpty());
        QCOMPARE(lines[2]->tick(), Tick::Done);
        const auto words = lines[2]->findChildren<QLabel *>();
        QCOMPARE(
            QAccessible::queryAccessibleInterface(words[0])->text(QAccessible::Name), TickLine::tr("Done"));
        QCOMPARE(QAccessible::queryAccessibleInterface(words[1])->text(QAccessible::Name), lines[2]->text());
    }

    void goesAwayOnceACallFromOutsideHasWorked()
    {
        make();
        Settings settings = m_control->settings();
        settings.trustedProxies = {u"127.0.0.1"_s};
        QVERIFY(m_control->apply(settings).isEmpty());
        m_control->start();
        QVERIFY(m_panel->isVisible());
        RawClient client(m_host->relay().port());
        client.ask("/v1/realtime?model=gpt-realtime",
            "Authorization: Bearer any\r\nX-Forwarded-For: 203.0.113.7\r\n");
        QTRY_VERIFY(!m_panel->isVisible());
        QVERIFY(m_control->application().outsideCallWorked);
        const auto labels = m_page->findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.cbegin(), labels.cend(), [](const QLabel *label) {
            return label->isVisible() && label->text().contains("203.0.113.7"_L1);
        }));
    }

    void canBeHidden()
    {
        make();
        QTest::mouseClick(m_panel->findChild<QPushButton *>(u"hideLetIn"_s), Qt::LeftButton);
        QVERIFY(!m_panel->isVisible());
        QVERIFY(!m_control->application().outsideCallWorked);
    }

    void whatIsFixedFromOutsideCannotBeChosen()
    {
        make({u"--host"_s, u"127.0.0.1"_s, u"--allowed-origins"_s, u"https://app.example.org"_s});
        QVERIFY(!choice("reachNetworks")->isEnabled());
        QVERIFY(!m_panel->findChild<QLineEdit *>(u"pageAddress"_s)->isEnabled());
    }

    /// Along the eye: down, and from left to right.
    void tabGoesDown()
    {
        make();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        choice("reachThisMachine")->setFocus();
        QPoint before(-1, -1);
        int stops = 0;
        for (QWidget *focus = QApplication::focusWidget(); focus && m_panel->isAncestorOf(focus);
             focus = QApplication::focusWidget()) {
            const QPoint at = focus->mapTo(m_panel, QPoint());
            const bool isBelow = at.y() > before.y() + 8;
            const bool isBeside = std::abs(at.y() - before.y()) <= 8 && at.x() > before.x();
            QVERIFY2(isBelow || isBeside, qPrintable(focus->objectName()));
            before = at;
            QVERIFY(++stops < 20);
            QTest::keyClick(focus, Qt::Key_Tab);
        }
        QVERIFY(stops >= 4);
    }

private:
    void make(const QStringList &arguments = {})
    {
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        input.file = m_folder->filePath(u"settings.json"_s);
        input.arguments = QStringList{u"--upstream-url"_s, m_simulator->url().toString()} + arguments;
        m_host = std::make_unique<Host>(m_journal, input);
        m_control = std::make_unique<RelayControl>(*m_host);
        ApplicationSettings application = m_control->application();
        application.firstStep = ApplicationSettings::firstSteps;
        QVERIFY(!m_control->applyApplication(application));
        m_page = std::make_unique<OverviewPage>(*m_control, m_history);
        m_page->resize(900, 900);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        m_panel = m_page->findChild<LetInPanel *>();
        QVERIFY(m_panel->isVisible());
    }
    QRadioButton *choice(const char *name) const
    {
        return m_panel->findChild<QRadioButton *>(QLatin1String(name));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SimulatorServer> m_simulator;
    Journal m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<RelayControl> m_control;
    TrafficHistory m_history;
    std::unique_ptr<OverviewPage> m_page;
    LetInPanel *m_panel = nullptr;
};

RELAY_TEST(TestLetInPanel)
#include "tst_letinpanel.moc"
