// SPDX-License-Identifier: MIT
#include "app/desktop/desktop.h"

#include "core/config/settingstext.h"
#include "core/relay/descriptorlimit.h"
#include "ui/about/aboutpage.h"
#include "ui/icons/relayicon.h"
#include "ui/log/logpage.h"
#include "ui/overview/overviewpage.h"
#include "ui/sessions/sessionspage.h"
#include "ui/settings/settingspage.h"
#include "ui/settings/unappliedquestion.h"
#ifdef RELAY_COLOR_SCHEME
#include "ui/window/colorscheme.h"
#endif

#include <QApplication>
#include <QFileInfo>
#include <QMessageBox>
#include <QSettings>
#include <QStandardPaths>

#include <cstdio>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int couldNotRun = 1;
constexpr int badSettings = 2;
constexpr auto sessionEndDrain = std::chrono::seconds(3);
constexpr auto trayPatience = std::chrono::seconds(10); ///< at login the tray may come after the program
constexpr auto trayInterval = std::chrono::seconds(5); ///< between two looks for a tray that has gone away
constexpr auto hiddenWindowKept = std::chrono::minutes(1);

void print(std::FILE *file, const QString &text)
{
    std::fputs(text.toUtf8().constData(), file);
    std::fflush(file);
}

QString settingsPath(const DesktopCommandLine &commandLine)
{
    if (!commandLine.configFile.isEmpty())
        return QFileInfo(commandLine.configFile).absoluteFilePath();
    return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + "/settings.json"_L1;
}

/// Beside the settings: what is only looks.
QString statePath(const QString &settingsFile)
{
    return QFileInfo(settingsFile).path() + "/window.ini"_L1;
}

} // namespace

struct Desktop::Parts
{
    Parts(Relay &relay, Journal &journal, const SettingsInput &input, SingleInstance &first)
        : control(relay, journal, input)
        , instance(first)
    {
    }

    RelayControl control;
    SingleInstance &instance;
    TroubleWatch troubles{control};
    TrafficHistory history;
    RelaySwitch relaySwitch{control};
    SleepInhibitor inhibitor;
    SignalWatcher signalWatcher;
    std::unique_ptr<FileWatcher> files;
    std::unique_ptr<Tray> tray;
    std::unique_ptr<MainWindow> window;
    LogPage *logPage = nullptr; ///< in the window, as the next
    SettingsPage *settingsPage = nullptr;
    QTimer trayDeadline;
    QTimer trayTimer;
    bool trayIsMissed = false; ///< at the last look
    QTimer windowDeadline;
    QString language;
#ifdef RELAY_COLOR_SCHEME
    ColorScheme colors;
#endif
};

Desktop::Desktop(DesktopCommandLine commandLine)
    : m_commandLine(std::move(commandLine))
{
}

Desktop::~Desktop() = default;

SettingsInput Desktop::settingsInput() const
{
    SettingsInput input;
    input.defaults.host = u"127.0.0.1"_s;
    input.file = settingsPath(m_commandLine);
    input.environment = QProcessEnvironment::systemEnvironment();
    input.arguments = m_commandLine.settings;
    if (m_commandLine.demo)
        input.arguments += {u"--upstream-url"_s, m_demo.url().toString(), u"--upstream-proxy"_s, QString()};
    return input;
}

int Desktop::run()
{
    const SettingsInput input = settingsInput();
    if (m_commandLine.task == DesktopCommandLine::Help) {
        print(stdout, desktopUsageText() + helpText(input.defaults));
        return 0;
    }
    if (m_commandLine.task == DesktopCommandLine::Version) {
        print(stdout, u"realtime-relay %1\n"_s.arg(QCoreApplication::applicationVersion()));
        return 0;
    }

    // What is wrong in the file is shown in the window; what was typed just now is told where it was typed.
    QStringList problems;
    if (!m_commandLine.problem.isEmpty())
        problems.append(m_commandLine.problem);
    const auto found = loadSettings(input).problems;
    for (const SettingProblem &problem : found) {
        const bool ofDemo = m_commandLine.demo && problem.key == "--upstream-url";
        if (problem.source == SettingSource::CommandLine && !ofDemo)
            problems.append(problem.message);
    }
    for (const QString &problem : std::as_const(problems))
        print(stderr, u"realtime-relay: %1\n"_s.arg(problem));
    return problems.isEmpty() ? serve() : badSettings;
}

int Desktop::serve()
{
    SingleInstance instance(settingsPath(m_commandLine));
    if (!instance.claim(m_commandLine.minimized))
        return 0;
    if (m_commandLine.demo) {
        if (const auto problem = m_demo.start()) {
            print(stderr, u"realtime-relay: %1\n"_s.arg(*problem));
            return couldNotRun;
        }
    }
    raiseDescriptorLimit();

    m_parts = std::make_unique<Parts>(m_relay, m_journal, settingsInput(), instance);
    m_parts->control.setDemo(m_commandLine.demo);
    m_parts->language = m_parts->control.application().language;
    m_language.use(m_parts->language);
    QApplication::setQuitOnLastWindowClosed(false);
    QApplication::setWindowIcon(QIcon::fromTheme(u"realtime-relay"_s, relayIcon(IconState::Idle, 0)));
    follow();
    connectParts();
    makeTray();
    if (m_parts->control.application().startRelayOnLaunch || m_commandLine.demo)
        m_parts->control.start();
    if (!m_commandLine.minimized)
        showWindow();

    const int result = QApplication::exec();
    m_parts.reset();
    return result;
}

void Desktop::connectParts()
{
    RelayControl &control = m_parts->control;
    RelaySwitch &relaySwitch = m_parts->relaySwitch;
    connect(&control, &RelayControl::snapshotTaken, this, &Desktop::snapshotTaken);
    connect(&control, &RelayControl::settingsChanged, this, &Desktop::follow);
    connect(&control, &RelayControl::applicationChanged, this, &Desktop::followLanguage);
    connect(&relaySwitch, &RelaySwitch::finished, qApp, &QCoreApplication::quit, Qt::QueuedConnection);
    connect(&m_parts->instance, &SingleInstance::raiseRequested, this, &Desktop::showWindow);
    // The login session ends, by a signal or by its manager's word: live calls get a moment to finish.
    connect(&m_parts->signalWatcher, &SignalWatcher::terminate, &relaySwitch, [&relaySwitch, &control] {
        relaySwitch.quitWithoutAsking();
        QTimer::singleShot(sessionEndDrain, &control, &RelayControl::stopNow);
    });
    connect(
        qApp, &QGuiApplication::commitDataRequest, &relaySwitch,
        [&relaySwitch] { relaySwitch.stopWithin(sessionEndDrain); }, Qt::DirectConnection);
    qApp->installEventFilter(this);

    m_parts->windowDeadline.setSingleShot(true);
    m_parts->windowDeadline.setInterval(hiddenWindowKept);
    connect(&m_parts->windowDeadline, &QTimer::timeout, this, [this] {
        if (m_parts->settingsPage->hasChanges())
            m_parts->windowDeadline.start();
        else
            dropWindow();
    });
}

void Desktop::follow()
{
    const Settings &settings = m_parts->control.settings();
    m_journal.setLevel(settings.debug ? LogLevel::Debug : settings.logLevel);
    watchFiles();
}

void Desktop::watchFiles()
{
    const Settings &settings = m_parts->control.settings();
    QStringList files{settings.tlsCertFile, settings.tlsKeyFile, settings.upstreamCaFile};
    files.removeAll(QString());
    m_parts->files.reset();
    if (files.isEmpty())
        return;
    m_parts->files = std::make_unique<FileWatcher>(files);
    connect(m_parts->files.get(), &FileWatcher::changed, &m_parts->control, &RelayControl::reloadFiles);
}

void Desktop::followLanguage()
{
    const QString wanted = m_parts->control.application().language;
    if (wanted == m_parts->language)
        return;
    m_parts->language = wanted;
    m_language.use(wanted);
    if (m_parts->tray)
        m_parts->tray->retranslate();
    if (!m_parts->window)
        return;
    // The window is made anew, once the page that asked for it is done.
    QTimer::singleShot(0, this, [this] {
        const bool seen = m_parts->window && m_parts->window->isVisible();
        dropWindow();
        if (seen)
            showWindow();
    });
}

void Desktop::snapshotTaken(const Snapshot &snapshot)
{
    m_parts->history.add(snapshot);
    m_parts->inhibitor.set(snapshot.activeConnections > 0 && m_parts->control.application().keepAwake);
}

void Desktop::makeTray()
{
    m_parts->tray = std::make_unique<Tray>(m_parts->control, m_parts->troubles);
    Tray *tray = m_parts->tray.get();
    connect(tray, &Tray::clicked, this, &Desktop::toggleWindow);
    connect(tray, &Tray::windowRequested, this, &Desktop::showWindow);
    connect(tray, &Tray::logRequested, this, &Desktop::showLog);
    connect(
        tray, &Tray::toggleRequested, this, [this] { m_parts->relaySwitch.toggle(m_parts->window.get()); });
    connect(tray, &Tray::quitRequested, this, &Desktop::quit);
    tray->show();
    connect(&m_parts->trayTimer, &QTimer::timeout, this, &Desktop::lookForTray);
    m_parts->trayTimer.start(trayInterval);

    if (QSystemTrayIcon::isSystemTrayAvailable())
        return;
    m_parts->trayDeadline.setSingleShot(true);
    connect(&m_parts->trayDeadline, &QTimer::timeout, this, [this] {
        if (!QSystemTrayIcon::isSystemTrayAvailable())
            sayThereIsNoTray();
    });
    m_parts->trayDeadline.start(m_commandLine.minimized ? trayPatience : std::chrono::seconds(2));
}

void Desktop::lookForTray()
{
    // Hidden and without a tray the program cannot be reached. A panel that starts anew is missed only once.
    const bool hidden = !m_parts->window || !m_parts->window->isVisible();
    const bool missed = hidden && !QSystemTrayIcon::isSystemTrayAvailable();
    if (missed && m_parts->trayIsMissed)
        sayThereIsNoTray();
    m_parts->trayIsMissed = missed;
}

void Desktop::sayThereIsNoTray()
{
    showWindow();
    QSettings state(statePath(m_parts->control.settingsFile()), QSettings::IniFormat);
    if (state.value("saidThereIsNoTray"_L1).toBool())
        return;
    state.setValue("saidThereIsNoTray"_L1, true);
    auto *box = new QMessageBox(QMessageBox::Information, u"Realtime Relay"_s,
        tr("This desktop has no system tray."), QMessageBox::Ok, m_parts->window.get());
    box->setInformativeText(tr("The program lives in its window instead; closing the window quits it."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void Desktop::makeWindow()
{
    Parts &parts = *m_parts;
    parts.window = std::make_unique<MainWindow>(statePath(parts.control.settingsFile()));
    MainWindow *window = parts.window.get();
    auto *overview = new OverviewPage(parts.control, parts.troubles, parts.history, window);
    auto *sessions = new SessionsPage(parts.control, window);
    auto *log = new LogPage(parts.control, window);
    auto *settings = new SettingsPage(parts.control, window);
    auto *about = new AboutPage(parts.control, window);
    parts.logPage = log;
    parts.settingsPage = settings;
    window->addPage(overview, tr("Overview"), Glyph::Overview);
    window->addPage(sessions, tr("Sessions"), Glyph::Sessions);
    window->addPage(log, tr("Log"), Glyph::Log);
    window->addPage(settings, tr("Settings"), Glyph::Settings);
    window->addPage(about, tr("About"), Glyph::About);
    window->keepState(
        u"sessions"_s, [sessions] { return sessions->saveState(); },
        [sessions](const QByteArray &state) { return sessions->restoreState(state); });
    window->keepState(
        u"log"_s, [log] { return log->saveState(); },
        [log](const QByteArray &state) { return log->restoreState(state); });
    window->keepState(
        u"settings"_s, [settings] { return settings->saveState(); },
        [settings](const QByteArray &state) { return settings->restoreState(state); });
    window->restore();

    connect(overview, &OverviewPage::toggleRequested, this,
        [this] { m_parts->relaySwitch.toggle(m_parts->window.get()); });
    connect(
        overview, &OverviewPage::settingsRequested, window, [window, settings](const QByteArray &setting) {
            window->showPage(settings);
            settings->showSetting(setting);
        });
    connect(sessions, &SessionsPage::logRequested, log, [window, log](const QString &session) {
        log->showSession(session);
        window->showPage(log);
    });
    connect(window, &MainWindow::closed, this, &Desktop::windowClosed);
    connect(window, &MainWindow::quitRequested, this, &Desktop::quit);
}

void Desktop::dropWindow()
{
    m_parts->windowDeadline.stop();
    m_parts->logPage = nullptr;
    m_parts->settingsPage = nullptr;
    m_parts->window.reset();
#ifdef __GLIBC__
    malloc_trim(0); // what was freed goes back to the system only so
#endif
}

void Desktop::showWindow()
{
    m_parts->windowDeadline.stop();
    if (!m_parts->window)
        makeWindow();
    m_parts->window->present();
}

void Desktop::toggleWindow()
{
    if (m_parts->window && m_parts->window->isInFront())
        m_parts->window->close();
    else
        showWindow();
}

void Desktop::showLog()
{
    showWindow();
    m_parts->window->showPage(m_parts->logPage);
}

void Desktop::windowClosed()
{
    if (QSystemTrayIcon::isSystemTrayAvailable()) {
        m_parts->windowDeadline.start();
        return;
    }
    // Nothing else is left to bring it back by; the question, if there is one, wants a window to stand in.
    QTimer::singleShot(0, this, [this] {
        if (m_relay.snapshot().activeConnections > 0)
            showWindow();
        quit();
    });
}

void Desktop::quit()
{
    const auto goOn = [this] { m_parts->relaySwitch.quit(m_parts->window.get()); };
    SettingsPage *settings = m_parts->settingsPage;
    if (!settings || !settings->hasChanges())
        return goOn();
    showWindow();
    m_parts->window->showPage(settings);
    settleChanges(*settings, goOn);
}

bool Desktop::eventFilter(QObject *watched, QEvent *event)
{
    // What asks from outside, such as the Dock of macOS, goes the way of the menu: live calls are asked for.
    if (event->type() != QEvent::Quit || watched != qApp || m_relay.state() == RelayState::Stopped)
        return QObject::eventFilter(watched, event);
    event->ignore();
    quit();
    return true;
}

} // namespace rr
