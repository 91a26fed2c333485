// SPDX-License-Identifier: MIT
#pragma once

#include "app/compose/host.h"
#include "app/compose/qtmessages.h"
#include "app/desktop/commandline.h"
#include "app/desktop/language.h"
#include "core/monitor/journal.h"

#include <QObject>

#include <memory>

namespace rr {

class SingleInstance;

/// The tray program put together: a host, its tray icon and its window. Lives in the main thread, made when there is a
/// QApplication.
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
    /// What shows the host; made when this is the first instance.
    struct Parts;

    int serve();
    void connectParts(SingleInstance &instance);
    void connectTray();
    void followLanguage();
    void snapshotTaken(const Snapshot &snapshot);
    void windowClosed();
    void quit(); ///< asks where something would be lost

    const DesktopCommandLine m_commandLine;
    Journal m_journal;
    QtMessages m_qtMessages{m_journal};
    Language m_language;
    Host m_host;
    std::unique_ptr<Parts> m_parts;
};

} // namespace rr
