// SPDX-License-Identifier: MIT
#include "app/desktop/windowlife.h"

#include "ui/about/aboutpage.h"
#include "ui/access/accesspage.h"
#include "ui/calls/callspage.h"
#include "ui/control/relaycontrol.h"
#include "ui/doctor/doctorpage.h"
#include "ui/history/callhistorypage.h"
#include "ui/log/logpage.h"
#include "ui/overview/overviewpage.h"
#include "ui/settings/settingspage.h"
#include "ui/settings/unappliedquestion.h"
#include "ui/sharing/sharedialog.h"
#include "ui/window/mainwindow.h"

#include <QFileInfo>
#include <QMessageBox>
#include <QSettings>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr auto hiddenWindowKept = std::chrono::minutes(1);

} // namespace

WindowLife::WindowLife(RelayControl &control, const TrafficHistory &history)
    : m_control(control)
    , m_history(history)
{
    m_dropTimer.setSingleShot(true);
    m_dropTimer.setInterval(hiddenWindowKept);
    connect(&m_dropTimer, &QTimer::timeout, this, [this] {
        if (m_settingsPage->hasChanges())
            m_dropTimer.start();
        else
            drop();
    });
}

WindowLife::~WindowLife() = default;

QString WindowLife::stateFile() const
{
    return QFileInfo(m_control.settingsFile()).path() + "/window.ini"_L1;
}

void WindowLife::make()
{
    m_window = std::make_unique<MainWindow>(stateFile());
    MainWindow *window = m_window.get();
    auto *overview = new OverviewPage(m_control, m_history, window);
    auto *calls = new CallsPage(m_control, window);
    auto *history = new CallHistoryPage(m_control, window);
    auto *access = new AccessPage(m_control, window);
    auto *log = new LogPage(m_control, window);
    auto *settings = new SettingsPage(m_control, window);
    auto *doctor = new DoctorPage(m_control, window);
    auto *about = new AboutPage(m_control, window);
    m_overview = overview;
    m_logPage = log;
    m_settingsPage = settings;
    window->addPage(overview, tr("Overview"), Glyph::Overview);
    window->addPage(calls, tr("Calls"), Glyph::Calls);
    window->addPage(history, tr("History"), Glyph::History);
    window->addPage(access, tr("Access"), Glyph::Access);
    window->addPage(log, tr("Log"), Glyph::Log);
    window->addPage(settings, tr("Settings"), Glyph::Settings);
    window->addPage(doctor, tr("Doctor"), Glyph::Doctor);
    window->addPage(about, tr("About"), Glyph::About);
    window->keepState(
        u"calls"_s, [calls] { return calls->saveState(); },
        [calls](const QByteArray &state) { return calls->restoreState(state); });
    window->keepState(
        u"history"_s, [history] { return history->saveState(); },
        [history](const QByteArray &state) { return history->restoreState(state); });
    window->keepState(
        u"access"_s, [access] { return access->saveState(); },
        [access](const QByteArray &state) { return access->restoreState(state); });
    window->keepState(
        u"log"_s, [log] { return log->saveState(); },
        [log](const QByteArray &state) { return log->restoreState(state); });
    window->keepState(
        u"settings"_s, [settings] { return settings->saveState(); },
        [settings](const QByteArray &state) { return settings->restoreState(state); });
    window->restore();

    connect(overview, &OverviewPage::toggleRequested, this, &WindowLife::toggleRequested);
    connect(overview, &OverviewPage::keepRunningRequested, this, &WindowLife::keepRunningRequested);
    const auto showSetting = [window, settings](const QByteArray &setting) {
        window->showPage(settings);
        settings->showSetting(setting);
    };
    connect(overview, &OverviewPage::settingsRequested, window, showSetting);
    connect(history, &CallHistoryPage::settingsRequested, window, showSetting);
    connect(access, &AccessPage::settingsRequested, window, showSetting);
    connect(overview, &OverviewPage::accessRequested, window, [window, access] { window->showPage(access); });
    connect(calls, &CallsPage::logRequested, log, [window, log](const QString &call) {
        log->showCall(call);
        window->showPage(log);
    });
    connect(window, &MainWindow::closed, this, [this] {
        m_dropTimer.start();
        Q_EMIT closed();
    });
    connect(window, &MainWindow::quitRequested, this, &WindowLife::quitRequested);
}

void WindowLife::drop()
{
    m_dropTimer.stop();
    m_overview = nullptr;
    m_logPage = nullptr;
    m_settingsPage = nullptr;
    m_window.reset();
#ifdef __GLIBC__
    malloc_trim(0); // what was freed goes back to the system only so
#endif
}

void WindowLife::show()
{
    m_dropTimer.stop();
    if (!m_window)
        make();
    m_window->present();
}

void WindowLife::showOverview()
{
    show();
    m_window->showPage(m_overview);
}

void WindowLife::showLog()
{
    show();
    m_window->showPage(m_logPage);
}

void WindowLife::showShareDialog()
{
    show();
    ShareDialog::open(m_control, m_window.get());
}

void WindowLife::toggle()
{
    if (m_window && m_window->isInFront())
        m_window->close();
    else
        show();
}

void WindowLife::makeAnew()
{
    if (!m_window)
        return;
    const bool seen = isVisible();
    drop();
    if (seen)
        show();
}

bool WindowLife::isVisible() const
{
    return m_window && m_window->isVisible();
}

QWidget *WindowLife::window() const
{
    return m_window.get();
}

void WindowLife::settleChanges(const std::function<void()> &goOn)
{
    if (!m_settingsPage || !m_settingsPage->hasChanges())
        return goOn();
    show();
    m_window->showPage(m_settingsPage);
    rr::settleChanges(*m_settingsPage, goOn);
}

void WindowLife::sayThereIsNoTray()
{
    show();
    QSettings state(stateFile(), QSettings::IniFormat);
    if (state.value("saidThereIsNoTray"_L1).toBool())
        return;
    state.setValue("saidThereIsNoTray"_L1, true);
    auto *box = new QMessageBox(QMessageBox::Information, u"Realtime Relay"_s,
        tr("This desktop has no system tray."), QMessageBox::Ok, m_window.get());
    box->setInformativeText(tr("The program lives in its window instead; closing the window quits it."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace rr
