// SPDX-License-Identifier: MIT
#include "ui/tray/tray.h"

#include "core/sharing/linkforms.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/statuspresenter.h"
#include "ui/icons/relayicon.h"

#include <QClipboard>
#include <QCursor>
#include <QEvent>
#include <QGuiApplication>
#include <QPalette>

namespace rr {

using namespace Qt::StringLiterals;

Tray::Tray(RelayControl &control, QObject *parent)
    : QObject(parent)
    , m_control(control)
    , m_status(m_menu.addAction(QString(), this, &Tray::windowRequested))
    , m_toggle(m_menu.addAction(QString(), this, &Tray::toggleRequested))
    , m_keepRunning(m_menu.addAction(QString(), this, &Tray::keepRunningRequested))
    , m_copy(m_menu.addAction(QString(), this, &Tray::copyAddress))
    , m_share(m_menu.addAction(QString()))
    , m_window(m_menu.addAction(QString(), this, &Tray::windowRequested))
    , m_log(m_menu.addAction(QString(), this, &Tray::logRequested))
    , m_autostart(m_menu.addAction(QString()))
    , m_quit(m_menu.addAction(QString(), this, &Tray::quitRequested))
{
    m_menu.insertSeparator(m_copy);
    m_menu.insertSeparator(m_autostart);
    m_menu.insertSeparator(m_quit);
    connect(m_share, &QAction::triggered, this, [this] {
        if (m_control.sharing().isOn())
            Q_EMIT stopShareRequested();
        else
            Q_EMIT shareRequested();
    });
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
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &Tray::overviewRequested);
    connect(&control, &RelayControl::snapshotTaken, this, [this] {
        showState();
        showNotices();
    });
    connect(&control, &RelayControl::applicationChanged, this, &Tray::showState);
    connect(&control, &RelayControl::settingsChanged, this, &Tray::showState);
    connect(&control, &RelayControl::startFailed, this, &Tray::startFailed);
    connect(&control.sharing(), &Sharing::changed, this, [this] {
        showState();
        showShareNotices();
    });
    retranslate();
}

void Tray::retranslate()
{
    m_keepRunning->setText(tr("Keep running"));
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
    const auto addresses = m_control.addresses();
    return addresses.isEmpty() ? QUrl() : addresses.first().url;
}

void Tray::copyAddress()
{
    // What others need, while there is something that only they need.
    const Sharing::Status &share = m_control.sharing().status();
    QGuiApplication::clipboard()->setText(share.state == Sharing::State::Shared
            ? linkForms(share.address, share.secret).address
            : address().toString());
}

bool Tray::wantsNotifications() const
{
    return m_control.application().notifications && m_icon.isVisible();
}

void Tray::showState()
{
    StatusInput input = statusNow(m_control);
    input.address = address();
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
    m_keepRunning->setVisible(view.mayKeepRunning);
    m_copy->setEnabled(!input.address.isEmpty());
    const bool isShared = m_control.sharing().status().state == Sharing::State::Shared;
    m_copy->setText(isShared ? tr("Copy the link") : tr("Copy address"));
    m_share->setText(m_control.sharing().isOn() ? tr("Stop sharing") : tr("Share…"));
    m_share->setEnabled(m_control.sharing().status().state != Sharing::State::Stopping);
}

void Tray::showNotices()
{
    tell(m_notices.next(m_control.latest()));
}

void Tray::showShareNotices()
{
    tell(m_shareNotices.next(m_control.sharing().status(), QDateTime::currentDateTimeUtc()));
}

void Tray::tell(const QList<Notice> &notices)
{
    if (!wantsNotifications())
        return;
    for (const Notice &notice : notices)
        m_icon.showMessage(notice.title, notice.text,
            notice.isTrouble() ? QSystemTrayIcon::Warning : QSystemTrayIcon::Information);
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
