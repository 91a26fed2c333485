// SPDX-License-Identifier: MIT
#pragma once

#include "ui/tray/notices.h"
#include "ui/tray/sharenotices.h"

#include <QIcon>
#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

namespace rr {

class RelayControl;

/// The icon in the tray with its menu, tooltip and notifications. Decides nothing: what is clicked comes out
/// as signals. Main thread.
class Tray : public QObject
{
    Q_OBJECT
public:
    explicit Tray(RelayControl &control, QObject *parent = nullptr);

    void show() { m_icon.show(); }
    QMenu &menu() { return m_menu; }
    QString toolTip() const { return m_icon.toolTip(); }
    QIcon icon() const { return m_icon.icon(); }
    /// Anew in the language in force.
    void retranslate();

Q_SIGNALS:
    void clicked(); ///< the icon itself
    void toggleRequested();
    void keepRunningRequested(); ///< what stops the relay shall be called off
    void windowRequested();
    void overviewRequested(); ///< a notification was clicked: what it tells of is there
    void logRequested();
    void shareRequested();
    void stopShareRequested();
    void quitRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void showState();
    void showNotices();
    void showShareNotices();
    void tell(const QList<Notice> &notices);
    void startFailed();
    void copyAddress();
    QUrl address() const;
    bool wantsNotifications() const;

    RelayControl &m_control;
    Notices m_notices;
    ShareNotices m_shareNotices;
    QSystemTrayIcon m_icon;
    QMenu m_menu;
    QAction *m_status;
    QAction *m_toggle;
    QAction *m_keepRunning;
    QAction *m_copy;
    QAction *m_share;
    QAction *m_window;
    QAction *m_log;
    QAction *m_autostart;
    QAction *m_quit;
    QString m_iconKey;
};

} // namespace rr
