// SPDX-License-Identifier: MIT
#include "ui/tray/tray.h"

#include "ui/control/relayaddress.h"
#include "ui/control/relaycontrol.h"

#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

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
        m_relay = std::make_unique<Relay>(*m_journal);
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        input.file = m_folder->filePath(u"settings.json"_s);
        m_control = std::make_unique<RelayControl>(*m_relay, *m_journal, input);
        m_troubles = std::make_unique<TroubleWatch>(*m_control);
        m_tray = std::make_unique<Tray>(*m_control, *m_troubles);
    }
    void cleanup()
    {
        m_tray.reset();
        m_troubles.reset();
        m_control.reset();
        m_relay.reset();
    }

    void menuFollowsTheRelay()
    {
        const QString off = actions()[0]->text();
        const QString start = actions()[1]->text();
        QVERIFY(!actions()[0]->isEnabled());
        QVERIFY(!actions()[2]->isEnabled());
        m_control->start();
        QVERIFY(actions()[0]->text() != off);
        QVERIFY(actions()[1]->text() != start);
        QVERIFY(actions()[2]->isEnabled());
        actions()[2]->trigger();
        const QString url = u"ws://127.0.0.1:%1/realtime"_s.arg(m_relay->port());
        QCOMPARE(QApplication::clipboard()->text(), url);
        QVERIFY2(m_tray->toolTip().contains(url), qPrintable(m_tray->toolTip()));
    }

    void copiesTheAddressThatReachesFurthest()
    {
        Settings settings = m_control->settings();
        settings.host = u"0.0.0.0"_s;
        QVERIFY(m_control->apply(settings).isEmpty());
        m_control->start();
        const auto network = networkAddresses();
        const bool hasNetwork
            = !network.isEmpty() && network.first().protocol() == QAbstractSocket::IPv4Protocol;
        actions()[2]->trigger();
        QCOMPARE(QUrl(QApplication::clipboard()->text()).host(),
            hasNetwork ? network.first().toString() : u"127.0.0.1"_s);

        ApplicationSettings application;
        application.publicAddress = u"relay.example.org"_s;
        QVERIFY(!m_control->applyApplication(application));
        actions()[2]->trigger();
        QCOMPARE(QUrl(QApplication::clipboard()->text()).host(), application.publicAddress);
    }

    void actionsComeOutAsSignals()
    {
        QSignalSpy toggle(m_tray.get(), &Tray::toggleRequested);
        QSignalSpy window(m_tray.get(), &Tray::windowRequested);
        QSignalSpy log(m_tray.get(), &Tray::logRequested);
        QSignalSpy quit(m_tray.get(), &Tray::quitRequested);
        actions()[1]->trigger();
        actions()[3]->trigger();
        actions()[4]->trigger();
        actions()[6]->trigger();
        QCOMPARE(toggle.size() + window.size() + log.size() + quit.size(), 4);
    }

    void startsAtLogin()
    {
#ifndef Q_OS_LINUX
        QSKIP("Would change the real settings of this user.");
#endif
        QVERIFY(!actions()[5]->isChecked());
        actions()[5]->trigger();
        QVERIFY(m_control->startsAtLogin());
        actions()[5]->trigger();
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
        actions.removeIf([](const QAction *action) { return action->isSeparator(); });
        return actions;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Relay> m_relay;
    std::unique_ptr<RelayControl> m_control;
    std::unique_ptr<TroubleWatch> m_troubles;
    std::unique_ptr<Tray> m_tray;
};

QTEST_MAIN(TestTray)
#include "tst_tray.moc"
