// SPDX-License-Identifier: MIT
#include "ui/tray/tray.h"

#include "ui/control/relayaddress.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/statuspresenter.h"
#include "ui/icons/relayicon.h"

#include <QClipboard>
#include <QCursor>
#include <QEvent>
#include <QGuiApplication>
#include <QPalette>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

Tray::Tray(RelayControl &control, TroubleWatch &troubles, QObject *parent)
    : QObject(parent)
    , m_control(control)
    , m_troubles(troubles)
    , m_status(m_menu.addAction(QString()))
    , m_toggle(m_menu.addAction(QString(), this, &Tray::toggleRequested))
    , m_copy(m_menu.addAction(QString(), this, &Tray::copyAddress))
    , m_window(m_menu.addAction(QString(), this, &Tray::windowRequested))
    , m_log(m_menu.addAction(QString(), this, &Tray::logRequested))
    , m_autostart(m_menu.addAction(QString()))
    , m_quit(m_menu.addAction(QString(), this, &Tray::quitRequested))
{
    m_status->setEnabled(false);
    m_menu.insertSeparator(m_copy);
    m_menu.insertSeparator(m_autostart);
    m_menu.insertSeparator(m_quit);
    m_autostart->setCheckable(true);
    connect(m_autostart, &QAction::triggered, this, [this](bool on) {
        if (const auto problem = m_control.setStartsAtLogin(on))
            m_icon.showMessage(tr("Start at login"), *problem, QSystemTrayIcon::Warning);
    });
    // Other programs can change it: asked whenever it can be seen.
    connect(
        &m_menu, &QMenu::aboutToShow, this, [this] { m_autostart->setChecked(m_control.startsAtLogin()); });

    m_menu.installEventFilter(this);
#ifdef Q_OS_WIN
    m_menu.winId(); // Windows tells windows only that the login session ends, and this one is always there
#endif
#ifndef Q_OS_MACOS // where an icon with a menu shows it at a left click too
    m_icon.setContextMenu(&m_menu);
#endif
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger)
            Q_EMIT clicked();
#ifdef Q_OS_MACOS
        else if (reason == QSystemTrayIcon::Context)
            m_menu.popup(QCursor::pos());
#endif
    });
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &Tray::windowRequested);
    connect(&control, &RelayControl::snapshotTaken, this, [this] {
        showState();
        showNotices();
    });
    connect(&control, &RelayControl::applicationChanged, this, &Tray::showState);
    connect(&control, &RelayControl::settingsChanged, this, &Tray::showState);
    connect(&control, &RelayControl::startFailed, this, &Tray::startFailed);
    connect(&troubles, &TroubleWatch::changed, this, &Tray::showState);
    retranslate();
}

void Tray::retranslate()
{
    m_copy->setText(tr("Copy address"));
    m_window->setText(tr("Open window"));
    m_log->setText(tr("Open log"));
    m_autostart->setText(tr("Start at login"));
    m_autostart->setChecked(m_control.startsAtLogin());
    m_quit->setText(tr("Quit"));
    showState();
}

bool Tray::eventFilter(QObject *watched, QEvent *event)
{
    // A change between light and dark: the icon in one colour changes with it.
    if (watched == &m_menu && event->type() == QEvent::PaletteChange)
        showState();
    return QObject::eventFilter(watched, event);
}

QUrl Tray::address() const
{
    const Snapshot &snapshot = m_control.latest();
    if (snapshot.port == 0)
        return {};
    // The address that reaches furthest is the one that is passed on.
    const auto addresses = relayAddresses(snapshot.listenAddress, snapshot.port, snapshot.tls,
        networkAddresses(), m_control.application().publicAddress);
    const auto furthest = std::max_element(addresses.cbegin(), addresses.cend(),
        [](const RelayAddress &one, const RelayAddress &other) { return one.reach < other.reach; });
    return furthest == addresses.cend() ? QUrl() : furthest->url;
}

void Tray::copyAddress()
{
    QGuiApplication::clipboard()->setText(address().toString());
}

bool Tray::wantsNotifications() const
{
    return m_control.application().notifications && m_icon.isVisible();
}

void Tray::showState()
{
    StatusInput input;
    input.snapshot = m_control.latest();
    input.error = m_control.lastError();
    input.troubles = m_troubles.troubles();
    input.address = m_control.state() == RelayState::Stopped ? QUrl() : address();
    input.port = m_control.settings().port;
    input.demo = m_control.isDemo();
    input.now = QDateTime::currentDateTimeUtc();
    const StatusView view = presentStatus(input);

    const QColor ink = QGuiApplication::palette().color(QPalette::WindowText);
    const auto look = m_control.application().monochromeIcon ? IconLook::Monochrome : IconLook::Coloured;
    const QString key = u"%1 %2 %3 %4"_s.arg(int(view.icon)).arg(view.badge).arg(int(look)).arg(ink.name());
    if (key != m_iconKey) {
        m_iconKey = key;
        m_icon.setIcon(relayIcon(view.icon, view.badge, look, ink));
    }
    if (m_icon.toolTip() != view.tooltip)
        m_icon.setToolTip(view.tooltip);
    m_status->setText(view.statusLine);
    m_toggle->setText(view.action);
    m_copy->setEnabled(!input.address.isEmpty());
}

void Tray::showNotices()
{
    const auto notices = m_notices.next(m_control.latest(), m_troubles.troubles());
    if (!wantsNotifications())
        return;
    for (const Notice &notice : notices)
        m_icon.showMessage(notice.title, notice.text,
            notice.kind == Notice::FirstCall ? QSystemTrayIcon::Information : QSystemTrayIcon::Warning);
}

void Tray::startFailed()
{
    showState();
    if (!wantsNotifications())
        return;
    StatusInput input;
    input.error = m_control.lastError();
    input.port = m_control.settings().port;
    const auto problems = presentStatus(input).problems;
    if (!problems.isEmpty() && m_notices.failedStart(problems.first().text, m_control.latest()))
        m_icon.showMessage(u"Realtime Relay"_s, problems.first().text, QSystemTrayIcon::Warning);
}

} // namespace rr
