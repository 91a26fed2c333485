// SPDX-License-Identifier: MIT
#pragma once

#include "app/compose/demoupstream.h"
#include "app/compose/qtmessages.h"
#include "app/desktop/commandline.h"
#include "app/desktop/language.h"
#include "core/config/filewatcher.h"
#include "core/eventloop/signalwatcher.h"
#include "core/monitor/journal.h"
#include "core/relay/relay.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/traffichistory.h"
#include "ui/control/troublewatch.h"
#include "ui/tray/relayswitch.h"
#include "ui/tray/singleinstance.h"
#include "ui/tray/sleepinhibitor.h"
#include "ui/tray/tray.h"
#include "ui/window/mainwindow.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace rr {

class LogPage;

/// The tray program put together. Lives in the main thread, made when there is a QApplication.
class Desktop : public QObject
{
    Q_OBJECT
public:
    explicit Desktop(DesktopCommandLine commandLine);
    ~Desktop() override;

    /// Runs until the person quits; returns the exit code.
    int run();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    /// The parts that need the settings' file; made when this is the first instance.
    struct Parts;

    SettingsInput settingsInput() const;
    int serve();
    void connectParts();
    void follow();
    void watchFiles();
    void followLanguage();
    void snapshotTaken(const Snapshot &snapshot);
    void makeTray();
    void lookForTray();
    void sayThereIsNoTray();
    void makeWindow();
    void dropWindow();
    void showWindow();
    void toggleWindow();
    void showLog();
    void windowClosed();
    void quit(); ///< asks where something would be lost

    const DesktopCommandLine m_commandLine;
    Journal m_journal;
    QtMessages m_qtMessages{m_journal};
    Language m_language;
    DemoUpstream m_demo;
    Relay m_relay{m_journal};
    std::unique_ptr<Parts> m_parts;
};

} // namespace rr
