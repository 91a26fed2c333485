// SPDX-License-Identifier: MIT
#include "app/desktop/desktop.h"

#include "app/desktop/traypresence.h"
#include "app/desktop/windowlife.h"
#include "core/config/settingstext.h"
#include "core/eventloop/signalwatcher.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/traffichistory.h"
#include "ui/icons/relayicon.h"
#include "ui/sharing/sharequestions.h"
#include "ui/tray/relayswitch.h"
#include "ui/tray/singleinstance.h"
#include "ui/tray/sleepinhibitor.h"
#include "ui/tray/tray.h"
#ifdef RELAY_COLOR_SCHEME
#include "ui/window/colorscheme.h"
#endif

#include <QApplication>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTimer>

#include <cstdio>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int couldNotRun = 1;
constexpr int badSettings = 2;
constexpr auto loginEndDrain = std::chrono::seconds(3);
constexpr auto trayPatience = std::chrono::seconds(2);
constexpr auto trayPatienceAtLogin = std::chrono::seconds(10); ///< there the tray may come after the program

void print(std::FILE *file, const QString &text)
{
    std::fputs(text.toUtf8().constData(), file);
    std::fflush(file);
}

/// In the folder of the program's data or, where the settings have a file of their own, beside that: who runs a second program
/// with other settings has another store.
QString storeFor(const DesktopCommandLine &commandLine, const QString &settingsFile)
{
    const QFileInfo settings(settingsFile);
    return "sqlite:"_L1
        + (commandLine.configFile.isEmpty()
                ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/relay.sqlite"_L1
                : settings.path() + u'/' + settings.completeBaseName() + ".sqlite"_L1);
}

SettingsInput inputOf(const DesktopCommandLine &commandLine)
{
    SettingsInput input;
    input.defaults.host = u"127.0.0.1"_s;
    input.defaults.tryPage = true; // who has a window wants to see that it works
    input.file = commandLine.configFile.isEmpty()
        ? QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + "/settings.json"_L1
        : QFileInfo(commandLine.configFile).absoluteFilePath();
    input.defaults.storeUrl = storeFor(commandLine, input.file);
    input.environment = QProcessEnvironment::systemEnvironment();
    input.arguments = commandLine.settings;
    return input;
}

} // namespace

struct Desktop::Parts
{
    Parts(Host &host, bool atLogin)
        : control(host)
        , trayPresence(atLogin ? trayPatienceAtLogin : trayPatience, [this] { return !window.isVisible(); })
    {
    }

    RelayControl control;
    TrafficHistory history;
    RelaySwitch relaySwitch{control};
    SleepInhibitor inhibitor;
    SignalWatcher signalWatcher;
    Tray tray{control};
    WindowLife window{control, history};
    TrayPresence trayPresence;
    QString language = control.application().language; ///< as used last
#ifdef RELAY_COLOR_SCHEME
    ColorScheme colors;
#endif
};

Desktop::Desktop(DesktopCommandLine commandLine)
    : m_commandLine(std::move(commandLine))
    , m_host(m_journal, inputOf(m_commandLine))
{
}

Desktop::~Desktop() = default;

int Desktop::run()
{
    if (m_commandLine.task == DesktopCommandLine::Help) {
        Settings defaults = m_host.input().defaults;
        defaults.storeUrl = u"sqlite:FILE"_s; // another one for everybody
        print(stdout, desktopUsageText() + helpText(defaults));
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
    for (const SettingProblem &problem : m_host.loaded().problems) {
        if (problem.source == SettingSource::CommandLine)
            problems.append(plain(problem.message));
    }
    for (const QString &problem : std::as_const(problems))
        print(stderr, u"realtime-relay: %1\n"_s.arg(problem));
    return problems.isEmpty() ? serve() : badSettings;
}

int Desktop::serve()
{
    SingleInstance instance(m_host.input().file);
    if (!instance.claim(m_commandLine.minimized))
        return 0;
    if (m_commandLine.demo) {
        if (const auto problem = m_host.startDemo()) {
            print(stderr, u"realtime-relay: %1\n"_s.arg(*problem));
            return couldNotRun;
        }
    }

    m_language.use(applicationFrom(m_host.loaded().application).language);
    QApplication::setQuitOnLastWindowClosed(false);
    QApplication::setWindowIcon(QIcon::fromTheme(u"realtime-relay"_s, relayIcon(IconState::Idle, 0)));
    m_parts = std::make_unique<Parts>(m_host, m_commandLine.minimized);
    m_parts->control.keyVault().read();
    connectParts(instance);
    connectTray();
    m_host.upstreamWatch().begin();
    if (m_parts->control.application().startRelayOnLaunch || m_host.isDemo())
        m_parts->control.start();
    if (!m_commandLine.minimized)
        m_parts->window.show();

    const int result = QApplication::exec();
    m_parts.reset();
    return result;
}

void Desktop::connectParts(SingleInstance &instance)
{
    RelayControl &control = m_parts->control;
    RelaySwitch &relaySwitch = m_parts->relaySwitch;
    WindowLife &window = m_parts->window;
    connect(&control, &RelayControl::snapshotTaken, this, &Desktop::snapshotTaken);
    connect(&control, &RelayControl::applicationChanged, this, &Desktop::followLanguage);
    connect(&relaySwitch, &RelaySwitch::finished, qApp, &QCoreApplication::quit, Qt::QueuedConnection);
    connect(&instance, &SingleInstance::raiseRequested, &window, &WindowLife::show);
    connect(&window, &WindowLife::toggleRequested, &relaySwitch,
        [&relaySwitch, &window] { relaySwitch.toggle(window.window()); });
    connect(&window, &WindowLife::keepRunningRequested, &relaySwitch, &RelaySwitch::keepRunning);
    connect(&window, &WindowLife::closed, this, &Desktop::windowClosed);
    connect(&window, &WindowLife::quitRequested, this, &Desktop::quit);
    // The login session ends, by a signal or by its manager's word: live calls get a moment to finish.
    connect(&m_parts->signalWatcher, &SignalWatcher::terminate, &relaySwitch, [&relaySwitch, &control] {
        relaySwitch.quitWithoutAsking();
        QTimer::singleShot(loginEndDrain, &control, &RelayControl::stopNow);
    });
    connect(
        qApp, &QGuiApplication::commitDataRequest, &relaySwitch,
        [&relaySwitch] { relaySwitch.stopWithin(loginEndDrain); }, Qt::DirectConnection);
    qApp->installEventFilter(this);
}

void Desktop::connectTray()
{
    Tray &tray = m_parts->tray;
    WindowLife &window = m_parts->window;
    RelaySwitch &relaySwitch = m_parts->relaySwitch;
    connect(&tray, &Tray::clicked, &window, &WindowLife::toggle);
    connect(&tray, &Tray::keepRunningRequested, &relaySwitch, &RelaySwitch::keepRunning);
    connect(&tray, &Tray::overviewRequested, &window, &WindowLife::showOverview);
    connect(&tray, &Tray::windowRequested, &window, &WindowLife::show);
    connect(&tray, &Tray::logRequested, &window, &WindowLife::showLog);
    connect(&tray, &Tray::toggleRequested, &relaySwitch,
        [&relaySwitch, &window] { relaySwitch.toggle(window.window()); });
    connect(&tray, &Tray::shareRequested, &window, &WindowLife::showShareDialog);
    connect(&tray, &Tray::stopShareRequested, this,
        [this, &window] { stopSharing(m_parts->control, window.window()); });
    connect(&tray, &Tray::quitRequested, this, &Desktop::quit);
    connect(&m_parts->trayPresence, &TrayPresence::missing, &window, &WindowLife::sayThereIsNoTray);
    tray.show();
}

void Desktop::followLanguage()
{
    const QString wanted = m_parts->control.application().language;
    if (wanted == m_parts->language)
        return;
    m_parts->language = wanted;
    m_language.use(wanted);
    m_parts->tray.retranslate();
    // Once the page that asked for it is done.
    QTimer::singleShot(0, &m_parts->window, &WindowLife::makeAnew);
}

void Desktop::snapshotTaken(const Snapshot &snapshot)
{
    m_parts->history.add(snapshot);
    m_parts->inhibitor.set(snapshot.activeConnections > 0 && m_parts->control.application().keepAwake);
}

void Desktop::windowClosed()
{
    if (QSystemTrayIcon::isSystemTrayAvailable())
        return;
    // Nothing else is left to bring it back by; the question, if there is one, wants a window to stand in.
    QTimer::singleShot(0, &m_parts->window, [this] {
        if (m_host.relay().snapshot().activeConnections > 0 || m_host.sharing().isOn())
            m_parts->window.show();
        quit();
    });
}

void Desktop::quit()
{
    m_parts->window.settleChanges([this] { m_parts->relaySwitch.quit(m_parts->window.window()); });
}

bool Desktop::eventFilter(QObject *watched, QEvent *event)
{
    // What asks from outside, such as the Dock of macOS, goes the way of the menu: live calls are asked for.
    if (event->type() != QEvent::Quit || watched != qApp || m_host.relay().state() == RelayState::Stopped)
        return QObject::eventFilter(watched, event);
    event->ignore();
    quit();
    return true;
}

} // namespace rr
