// SPDX-License-Identifier: MIT
#pragma once

#include "ui/tray/notices.h"

#include <QIcon>
#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

namespace rr {

class RelayControl;
class TroubleWatch;

/// The icon in the tray with its menu, tooltip and notifications. Decides nothing: what is clicked comes out
/// as signals. Main thread.
class Tray : public QObject
{
    Q_OBJECT
public:
    Tray(RelayControl &control, TroubleWatch &troubles, QObject *parent = nullptr);

    void show() { m_icon.show(); }
    QMenu &menu() { return m_menu; }
    QString toolTip() const { return m_icon.toolTip(); }
    QIcon icon() const { return m_icon.icon(); }
    /// Anew in the language in force.
    void retranslate();

Q_SIGNALS:
    void clicked(); ///< the icon itself, or a notification
    void toggleRequested();
    void windowRequested();
    void logRequested();
    void quitRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void showState();
    void showNotices();
    void startFailed();
    void copyAddress();
    QUrl address() const;
    bool wantsNotifications() const;

    RelayControl &m_control;
    TroubleWatch &m_troubles;
    Notices m_notices;
    QSystemTrayIcon m_icon;
    QMenu m_menu;
    QAction *m_status;
    QAction *m_toggle;
    QAction *m_copy;
    QAction *m_window;
    QAction *m_log;
    QAction *m_autostart;
    QAction *m_quit;
    QString m_iconKey;
};

} // namespace rr
