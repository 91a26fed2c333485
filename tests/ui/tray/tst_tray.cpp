// SPDX-License-Identifier: MIT
#include "ui/tray/tray.h"

#include "tests/support/relaytest.h"
#include "tests/ui/sharing/playedrelay.h"
#include "ui/control/relayaddress.h"
#include "ui/control/relaycontrol.h"

#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace rr;
using namespace Qt::StringLiterals;

class TestTray : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_CONFIG_HOME", m_folder->path().toUtf8());
        m_journal = std::make_unique<Journal>();
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        input.file = m_folder->filePath(u"settings.json"_s);
        m_host = std::make_unique<Host>(*m_journal, input);
        m_control = std::make_unique<RelayControl>(*m_host);
        m_tray = std::make_unique<Tray>(*m_control);
    }
    void cleanup()
    {
        m_tray.reset();
        m_control.reset();
        m_host.reset();
    }

    void menuFollowsTheRelay()
    {
        const QString off = actions()[0]->text();
        const QString start = actions()[1]->text();
        QVERIFY(actions()[0]->isEnabled()); // and so is read without an effort
        QVERIFY(!actions()[2]->isEnabled());
        m_control->start();
        QVERIFY(actions()[0]->text() != off);
        QVERIFY(actions()[1]->text() != start);
        QVERIFY(actions()[2]->isEnabled());
        actions()[2]->trigger();
        const QString url = u"ws://127.0.0.1:%1/realtime"_s.arg(m_host->relay().port());
        QCOMPARE(QApplication::clipboard()->text(), url);
        QVERIFY2(m_tray->toolTip().contains(url), qPrintable(m_tray->toolTip()));
    }

    void knowsTheProblem()
    {
        m_control->start();
        m_host->relay().upstreamFailed(TroubleCode::UpstreamUnreachable, "Why.");
        QTRY_VERIFY(m_control->refreshed().troubles.size() == 1);
        QVERIFY2(actions()[0]->text().contains("Cannot reach api.openai.com"_L1),
            qPrintable(actions()[0]->text()));
        QVERIFY2(m_tray->toolTip().contains("Cannot reach api.openai.com"_L1), qPrintable(m_tray->toolTip()));
        m_host->relay().upstreamAnswered(true);
        m_control->refreshed();
        QVERIFY2(actions()[0]->text().contains("Works"_L1), qPrintable(actions()[0]->text()));
    }

    void sharesAndStopsSharing()
    {
#ifdef Q_OS_WIN
        QSKIP("The way that is played is a shell script.");
#endif
        QSignalSpy share(m_tray.get(), &Tray::shareRequested);
        QSignalSpy stop(m_tray.get(), &Tray::stopShareRequested);
        const QString offer = actions()[3]->text();
        actions()[3]->trigger();
        QCOMPARE(share.size(), 1);
        QVERIFY(!m_control->share(playedPlan(*m_folder)));
        QVERIFY(actions()[3]->text() != offer);
        actions()[3]->trigger();
        QCOMPARE(stop.size(), 1);
        QCOMPARE(share.size(), 1);
    }

    void copiesTheFirstAddress()
    {
        Settings settings = m_control->settings();
        settings.host = u"0.0.0.0"_s;
        QVERIFY(m_control->apply(settings).isEmpty());
        m_control->start();
        const auto addresses
            = relayAddresses(u"0.0.0.0"_s, m_host->relay().port(), false, m_control->network(), {});
        actions()[2]->trigger();
        QCOMPARE(QUrl(QApplication::clipboard()->text()), addresses.first().url);
        QVERIFY(addresses.first().reach != RelayAddress::Containers);

        ApplicationSettings application;
        application.publicAddress = u"relay.example.org"_s;
        QVERIFY(!m_control->applyApplication(application));
        actions()[2]->trigger();
        QCOMPARE(QUrl(QApplication::clipboard()->text()).host(), application.publicAddress);
        m_control->stopNow();
        QTRY_COMPARE(m_control->state(), RelayState::Stopped);
        QVERIFY(!actions()[2]->isEnabled());
    }

    void actionsComeOutAsSignals()
    {
        QSignalSpy toggle(m_tray.get(), &Tray::toggleRequested);
        QSignalSpy window(m_tray.get(), &Tray::windowRequested);
        QSignalSpy log(m_tray.get(), &Tray::logRequested);
        QSignalSpy quit(m_tray.get(), &Tray::quitRequested);
        QSignalSpy share(m_tray.get(), &Tray::shareRequested);
        actions()[0]->trigger();
        QCOMPARE(window.size(), 1);
        actions()[1]->trigger();
        actions()[3]->trigger();
        actions()[4]->trigger();
        actions()[5]->trigger();
        actions()[7]->trigger();
        QCOMPARE(toggle.size() + window.size() + log.size() + quit.size() + share.size(), 6);
    }

    void aStopIsCalledOff()
    {
        QTcpServer silent; // the call goes on dialling it
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        Settings settings = m_control->settings();
        settings.upstreamUrl = QUrl(u"ws://127.0.0.1:%1/v1/realtime"_s.arg(silent.serverPort()));
        QVERIFY(m_control->apply(settings).isEmpty());
        m_control->start();
        QSignalSpy requested(m_tray.get(), &Tray::keepRunningRequested);
        const auto keepRunning = [this] {
            const auto all = m_tray->menu().actions();
            const auto found = std::find_if(all.cbegin(), all.cend(),
                [](const QAction *each) { return each->text() == Tray::tr("Keep running"); });
            return *found;
        };
        QVERIFY(!keepRunning()->isVisible());
        QTcpSocket caller;
        caller.connectToHost(QHostAddress::LocalHost, m_host->relay().port());
        caller.write(
            "GET /v1/realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Origin: http://localhost\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer any\r\n\r\n");
        QTRY_COMPARE(m_control->refreshed().activeConnections, 1);
        m_control->drain();
        QVERIFY(keepRunning()->isVisible());
        keepRunning()->trigger();
        QCOMPARE(requested.size(), 1);
        m_control->keepRunning();
        QVERIFY(!keepRunning()->isVisible());
    }

    void startsAtLogin()
    {
#ifndef Q_OS_LINUX
        QSKIP("Would change the real settings of this user.");
#endif
        QVERIFY(!actions()[6]->isChecked());
        actions()[6]->trigger();
        QVERIFY(m_control->startsAtLogin());
        actions()[6]->trigger();
        QVERIFY(!m_control->startsAtLogin());
    }

    void iconInOneColourFollowsTheStyle()
    {
        ApplicationSettings application;
        application.monochromeIcon = true;
        QVERIFY(!m_control->applyApplication(application));
        const QPalette before = QApplication::palette();
        QPalette palette = before;
        for (const QColor &ink : {QColor(Qt::white), QColor(Qt::black)}) {
            palette.setColor(QPalette::WindowText, ink);
            QApplication::setPalette(palette);
            // The middle bar; the relay is off, so no snapshot comes that would draw it anew.
            QTRY_COMPARE(m_tray->icon().pixmap(32, 32).toImage().pixelColor(16, 16), ink);
        }
        QApplication::setPalette(before);
    }

private:
    QList<QAction *> actions() const
    {
        QList<QAction *> actions = m_tray->menu().actions();
        actions.removeIf([](const QAction *action) { return action->isSeparator() || !action->isVisible(); });
        return actions;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<RelayControl> m_control;
    std::unique_ptr<Tray> m_tray;
};

RELAY_TEST(TestTray)
#include "tst_tray.moc"
