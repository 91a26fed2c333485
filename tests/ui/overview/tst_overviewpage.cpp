// SPDX-License-Identifier: MIT
#include "ui/overview/overviewpage.h"

#include "core/simulator/simulatorserver.h"
#include "tests/core/simulator/rawclient.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/contrast.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"
#include "tests/support/windowslook.h"
#include "tests/ui/sharing/playedrelay.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/traffichistory.h"
#include "ui/overview/addresspanel.h"
#include "ui/overview/letinpanel.h"
#include "ui/overview/plot.h"
#include "ui/overview/problembox.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

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
    }
    void cleanup()
    {
        m_page.reset();
        m_control.reset();
        m_host.reset();
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

    void startCanBeReadInAnyStyle()
    {
        const QString name = QApplication::style()->name();
        QApplication::setStyle(new WindowsLook);
        make(0);
        auto *toggle = m_page->findChild<QPushButton *>(u"toggle"_s);
        const QRect inside = toggle->rect().adjusted(8, 8, -8, -8);
        const double seen = contrastIn(*toggle, inside);
        QApplication::setStyle(name);
        QVERIFY2(seen >= 3, qPrintable(QString::number(seen)));
    }

    void copiesAddresses()
    {
        make(0);
        m_control->start();
        const QString url = u"ws://127.0.0.1:%1/realtime"_s.arg(m_host->relay().port());
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // the row of the port before
        auto *button = copyButton();
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton, {}, QPoint(4, button->height() / 2));
        QCOMPARE(QApplication::clipboard()->text(), url);
        const auto actions = button->menu()->actions();
        QCOMPARE(actions.size(), 6);
        actions[1]->trigger();
        QCOMPARE(QApplication::clipboard()->text(), "VITE_OPENAI_RELAY_URL="_L1 + url);
        actions[4]->trigger();
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
        QVERIFY2(box->problem().text.contains(QCoreApplication::applicationName().left(15)),
            qPrintable(box->problem().text));
#endif
        QTest::mouseClick(box->findChild<QPushButton *>(), Qt::LeftButton);
        QCOMPARE(m_control->state(), RelayState::Running);
        QVERIFY(m_host->relay().port() != other.serverPort());
        QTRY_VERIFY(!box->isVisible());
    }

    /// What is seen is not read from the log: it is there whatever is logged.
    void showsTroubleWhateverIsLogged()
    {
        const ReservedPort port;
        m_journal->setLevel(LogLevel::Error);
        make(0, u"ws://127.0.0.1:%1/v1/realtime"_s.arg(port.number()));
        m_control->start();
        RawClient client(m_host->relay().port());
        client.ask("/v1/realtime");
        QTRY_VERIFY(m_page->findChild<ProblemBox *>() && m_page->findChild<ProblemBox *>()->isVisible());
        const Problem problem = m_page->findChild<ProblemBox *>()->problem();
        QCOMPARE(problem.fix, Problem::CheckUpstream);
        QVERIFY2(problem.nextStep.contains(u"127.0.0.1"_s), qPrintable(problem.nextStep));
        QVERIFY(presentStatus(statusNow(*m_control)).icon == IconState::Failing);
    }

    void aPageThatWasTurnedAwayIsLetIn()
    {
        make(0);
        m_control->start();
        const auto ask = [this](const char *origin) {
            RawClient client(m_host->relay().port());
            client.ask(
                "/v1/realtime", "Origin: " + QByteArray(origin) + "\r\nAuthorization: Bearer sk-any\r\n");
            return QTest::qWaitFor([&client] { return client.status() != 0; }, 30'000) ? client.status() : 0;
        };
        QCOMPARE(ask("https://app.example.org"), 403);
        QCOMPARE(ask("https://other.example.org"), 403);
        QTRY_COMPARE(shownBoxes().size(), 2);
        QVERIFY(shownBoxes()[0]->problem().text.contains("https://app.example.org"_L1));
        QVERIFY(shownBoxes()[1]->problem().text.contains("https://other.example.org"_L1));
        QTest::mouseClick(shownBoxes()[0]->findChild<QPushButton *>(), Qt::LeftButton);
        QTRY_COMPARE(shownBoxes().size(), 1);
        QVERIFY(shownBoxes()[0]->problem().text.contains("https://other.example.org"_L1));
        QCOMPARE(m_control->settings().allowedOrigins.last(), u"https://app.example.org"_s);
        QVERIFY(m_control->settings().allowedOrigins.size() > 1); // those before stay
        QCOMPARE(m_control->sourceOf(*findSetting(u"allowedOrigins")), SettingSource::File);
        QCOMPARE(ask("https://app.example.org"), 101);
    }

    void aPageThatCameWithTheLinkIsLetIn()
    {
#ifdef Q_OS_WIN
        QSKIP("The way that is played is a shell script.");
#endif
        make(0);
        QVERIFY(!m_control->share(playedPlan(*m_folder)));
        const auto ask = [this] {
            RawClient client(m_host->relay().sharePort());
            client.ask("/s/" + m_control->sharing().status().secret + "/v1/realtime",
                "Origin: https://late.example.org\r\nAuthorization: Bearer sk-any\r\n");
            return QTest::qWaitFor([&client] { return client.status() != 0; }, 30'000) ? client.status() : 0;
        };
        QCOMPARE(ask(), 403);
        QTRY_COMPARE(shownBoxes().size(), 1);
        QCOMPARE(shownBoxes()[0]->problem().fix, Problem::AllowSharedOrigin);
        QTest::mouseClick(shownBoxes()[0]->findChild<QPushButton *>(), Qt::LeftButton);
        QCOMPARE(m_control->sharing().origins().last(), u"https://late.example.org"_s);
        QVERIFY(!m_control->settings().allowedOrigins.contains("https://late.example.org"_L1));
        QVERIFY(shownBoxes().isEmpty());
        QCOMPARE(ask(), 101);
    }

    void whyAPageCannotBeLetInIsTold()
    {
        make(0);
        m_control->start();
        RawClient client(m_host->relay().port());
        client.ask("/v1/realtime", "Origin: https://app.example.org\r\n");
        QTRY_COMPARE(shownBoxes().size(), 1);
        QFile file(m_control->settingsFile());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("not JSON, so that nothing can be saved");
        file.close();
        QTest::mouseClick(shownBoxes()[0]->findChild<QPushButton *>(), Qt::LeftButton);
        QCOMPARE(shownBoxes()[0]->problem().fix, Problem::OpenSettings);
        QVERIFY(!m_control->settings().allowedOrigins.contains("https://app.example.org"_L1));
    }

    /// Who does not see hears it: the words themselves, and what they are.
    void wordsAreReadAloud()
    {
        make(0);
        const auto nameOf = [](QWidget *widget) {
            return QAccessible::queryAccessibleInterface(widget)->text(QAccessible::Name);
        };
        auto *sentence = m_page->findChild<QLabel *>(u"stateSentence"_s);
        QCOMPARE(nameOf(sentence), sentence->text());
        QVERIFY(!sentence->text().isEmpty());
        QVERIFY(!QAccessible::queryAccessibleInterface(sentence)->text(QAccessible::Description).isEmpty());

        m_control->start();
        QCOMPARE(nameOf(sentence), sentence->text());

        auto *result = m_page->findChild<QLabel *>(u"checkResult"_s);
        m_page->checkUpstream();
        QTRY_VERIFY(result->text().startsWith(u'\u2713'));
        QCOMPARE(nameOf(result), result->text());
        for (QLabel *label : m_page->findChildren<QLabel *>()) {
            if (!label->isVisible() || !label->text().contains("href"_L1))
                continue;
            QVERIFY2(
                nameOf(label).startsWith("Only this machine can connect."_L1), qPrintable(nameOf(label)));
        }
    }

    void nobodyIsSentToARelayThatIsOff()
    {
        make(0);
        QVERIFY(!copyButton());
        m_control->start();
        QVERIFY(copyButton());
        RawClient client(m_host->relay().port());
        client.ask("/v1/realtime");
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        m_control->drain();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(!copyButton());
        auto *keepRunning = m_page->findChild<QPushButton *>(u"keepRunning"_s);
        QVERIFY(keepRunning->isVisible());
        QTest::mouseClick(keepRunning, Qt::LeftButton);
        QCOMPARE(m_control->state(), RelayState::Running);
        QVERIFY(!keepRunning->isVisible());
        QVERIFY(copyButton());
    }

    void whatWasTurnedAwayIsCounted()
    {
        make(0);
        m_control->start();
        auto *refused = m_page->findChild<QLabel *>(u"refused"_s);
        QCOMPARE(refused->text(), u"0"_s);
        RawClient client(m_host->relay().port());
        client.ask("/v1/realtime", "Origin: https://app.example.org\r\n");
        QTRY_COMPARE(refused->text(), u"1"_s);
        QVERIFY2(refused->toolTip().contains("origin_not_allowed: 1"_L1), qPrintable(refused->toolTip()));
        m_control->stopNow();
        QTRY_COMPARE(m_control->state(), RelayState::Stopped);
        QCOMPARE(refused->text(), u"1"_s);
        m_control->start(); // counts from here
        QCOMPARE(refused->text(), u"0"_s);
    }

    void containersAreFoldedAway()
    {
        const auto address = [](const char *host, RelayAddress::Reach reach) {
            return RelayAddress{
                reach, QUrl(u"ws://%1:8080/realtime"_s.arg(QLatin1String(host))), u"docker0"_s};
        };
        AddressPanel panel;
        panel.show(
            {address("192.168.1.5", RelayAddress::Network), address("172.17.0.1", RelayAddress::Containers)},
            {});
        panel.QWidget::show();
        const auto isSeen = [&panel](const char *host) {
            const auto labels = panel.findChildren<QLabel *>();
            return std::any_of(labels.cbegin(), labels.cend(), [host](const QLabel *label) {
                return label->isVisible() && label->text().contains(QLatin1String(host));
            });
        };
        QVERIFY(isSeen("192.168.1.5") && !isSeen("172.17.0.1"));
        QTest::keyClick(panel.findChild<QToolButton *>(u"fold"_s), Qt::Key_Space);
        QVERIFY(isSeen("172.17.0.1"));
        panel.show({address("172.18.0.1", RelayAddress::Containers)}, {}); // stays open
        QVERIFY(isSeen("172.18.0.1"));
    }

    void aCertificateThatWillNotDoIsTold()
    {
        AddressPanel panel;
        const QList<RelayAddress> addresses{
            {RelayAddress::Network, QUrl(u"wss://192.168.1.5:8080/realtime"_s), u"Wi-Fi"_s},
            {RelayAddress::ThisMachine, QUrl(u"wss://127.0.0.1:8080/realtime"_s), {}}};
        const QString problem = u"It is for <b>another</b> name."_s;
        panel.show(addresses, {}, {{u"192.168.1.5"_s, problem}, {u"127.0.0.1"_s, u"Nor for this."_s}});
        panel.QWidget::show();
        auto *words = panel.findChild<QLabel *>(u"certificateProblem"_s);
        QVERIFY(words->isVisible());
        QCOMPARE(words->text(), problem); // of the first, which is offered
        const auto labels = panel.findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.cbegin(), labels.cend(), [](const QLabel *label) {
            return label->isVisible() && label->accessibleName() == "Nor for this."_L1;
        }));
        QSignalSpy requested(&panel, &AddressPanel::linkActivated);
        QTest::mouseClick(words->parentWidget()->findChild<QPushButton *>(), Qt::LeftButton);
        QCOMPARE(requested.value(0).value(0).toString(), u"tlsCertFile"_s);
        panel.show(addresses, {}, {{u"127.0.0.1"_s, u"Nor for this."_s}});
        QVERIFY(!words->isVisible());
    }

    void certificatesAreHeldAgainstTheAddressThatIsShown()
    {
        make(0);
        const TestCertificate certificate; // for localhost and 127.0.0.1, signed by itself
        Settings settings = m_control->settings();
        settings.tlsCertFile = certificate.certFile();
        settings.tlsKeyFile = certificate.keyFile();
        QVERIFY(m_control->apply(settings).isEmpty());
        m_control->start();
        auto *words = m_page->findChild<QLabel *>(u"certificateProblem"_s);
        QVERIFY2(words->text().contains("by itself"_L1), qPrintable(words->text()));
        ApplicationSettings application = m_control->application();
        application.publicAddress = u"relay.example.org"_s;
        QVERIFY(!m_control->applyApplication(application));
        QVERIFY2(words->text().contains("not for relay.example.org"_L1), qPrintable(words->text()));
        QVERIFY(words->isVisible());
        m_control->stopNow();
        QTRY_COMPARE(m_control->state(), RelayState::Stopped);
        QVERIFY(!words->isVisible()); // no address is shown
    }

    void menuOfAnAddressByKeyboard()
    {
        make(0);
        m_control->start();
        const QString url = u"ws://127.0.0.1:%1/realtime"_s.arg(m_host->relay().port());
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // the row of the port before
        auto *button = copyButton();
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
        auto *letIn = m_page->findChild<LetInPanel *>();
        QVERIFY(!letIn->isVisible());
        QTest::keyClick(hint, Qt::Key_Tab); // on to the link
        QTest::keyClick(hint, Qt::Key_Return);
        QVERIFY(letIn->isVisible());
        QVERIFY(!hint->text().contains("href"_L1)); // it is there now
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
        ApplicationSettings application = m_control->application();
        application.letOthersIn = true;
        QVERIFY(!m_control->applyApplication(application));
        m_control->start();
        const auto buttons = m_page->findChildren<QAbstractButton *>();
        for (const QAbstractButton *button : buttons) {
            if (!button->isVisible() || qobject_cast<QLineEdit *>(button->parent())) // which has its own
                continue;
            QVERIFY2(!button->text().isEmpty() || !button->accessibleName().isEmpty(),
                qPrintable(button->parent()->objectName()));
        }
    }

private:
    void make(quint16 port, const QString &upstream = {})
    {
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = port;
        input.file = m_folder->filePath(u"settings.json"_s);
        input.arguments
            = {u"--upstream-url"_s, upstream.isEmpty() ? m_simulator->url().toString() : upstream};
        m_host = std::make_unique<Host>(*m_journal, input);
        m_control = std::make_unique<RelayControl>(*m_host);
        ApplicationSettings application; // of one who knows it all: what leads has tests of its own
        application.firstStep = ApplicationSettings::firstSteps;
        application.letOthersIn = false;
        QVERIFY(!m_control->applyApplication(application));
        m_page = std::make_unique<OverviewPage>(*m_control, m_history);
        connect(m_page.get(), &OverviewPage::toggleRequested, m_control.get(), [this] {
            if (m_control->state() == RelayState::Stopped)
                m_control->start();
            else
                m_control->stopNow();
        });
        connect(
            m_page.get(), &OverviewPage::keepRunningRequested, m_control.get(), &RelayControl::keepRunning);
        m_page->resize(900, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }

    /// Of the first address.
    QToolButton *copyButton() const
    {
        return m_page->findChild<AddressPanel *>()->findChild<QToolButton *>();
    }

    QList<ProblemBox *> shownBoxes() const
    {
        QList<ProblemBox *> boxes = m_page->findChildren<ProblemBox *>();
        boxes.removeIf([](const ProblemBox *box) { return box->isHidden(); });
        return boxes;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SimulatorServer> m_simulator;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<RelayControl> m_control;
    TrafficHistory m_history;
    std::unique_ptr<OverviewPage> m_page;
};

RELAY_TEST(TestOverviewPage)
#include "tst_overviewpage.moc"
