// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

namespace rr {

class LogPage;
class MainWindow;
class OverviewPage;
class RelayControl;
class SettingsPage;
class TrafficHistory;

/// The window with its pages from its making to its end: made when it is to be shown, dropped a minute after it was hidden,
/// so that a program in the tray takes no memory for it. What is only looks is kept in window.ini beside the settings.
/// Main thread.
class WindowLife : public QObject
{
    Q_OBJECT
public:
    WindowLife(RelayControl &control, const TrafficHistory &history);
    ~WindowLife() override;

    void show();
    void showOverview();
    void showLog();
    void showShareDialog();
    void toggle(); ///< shows it, or hides it when it is in front
    void makeAnew(); ///< in the language of now, and shown if it was
    bool isVisible() const;
    QWidget *window() const; ///< for questions to stand in; nullptr while there is none
    /// Shows the changes of settings that are not applied, and asks what becomes of them; then, or without any, goes on.
    void settleChanges(const std::function<void()> &goOn);
    void sayThereIsNoTray(); ///< shows the window, and says so the first time

Q_SIGNALS:
    void toggleRequested(); ///< of the relay
    void keepRunningRequested();
    void closed();
    void quitRequested();

private:
    void make();
    void drop();
    QString stateFile() const;

    RelayControl &m_control;
    const TrafficHistory &m_history;
    std::unique_ptr<MainWindow> m_window;
    OverviewPage *m_overview = nullptr; ///< in the window, as the next
    LogPage *m_logPage = nullptr;
    SettingsPage *m_settingsPage = nullptr;
    QTimer m_dropTimer;
};

} // namespace rr
