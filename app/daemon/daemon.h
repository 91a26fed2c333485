// SPDX-License-Identifier: MIT
#pragma once

#include "app/compose/demoupstream.h"
#include "app/compose/qtmessages.h"
#include "app/daemon/commandline.h"
#include "app/daemon/servicenotifier.h"
#include "core/config/filewatcher.h"
#include "core/config/settingsloader.h"
#include "core/eventloop/signalwatcher.h"
#include "core/monitor/journal.h"
#include "core/relay/relay.h"

#include <QObject>

#include <memory>

namespace rr {

/// The headless program put together: settings, journal, relay, signals. Lives in the main thread.
class Daemon : public QObject
{
    Q_OBJECT
public:
    explicit Daemon(CommandLine commandLine);

    /// Does what the command line asks for and returns the exit code.
    int run();

private:
    LoadedSettings load() const;
    int serve(const LoadedSettings &loaded);
    Settings withDemo(Settings settings) const;
    void watchFiles();
    void reload();
    void terminate();
    void follow(const Settings &settings);
    void tellAddress() const;
    void note(LogLevel level, const QByteArray &event, const QString &message,
        QList<std::pair<QByteArray, QVariant>> fields = {});

    const CommandLine m_commandLine;
    Journal m_journal;
    QtMessages m_qtMessages{m_journal};
    DemoUpstream m_demo;
    Relay m_relay{m_journal};
    std::unique_ptr<FileWatcher> m_files;
    SignalWatcher m_signals;
    ServiceNotifier m_service;
};

} // namespace rr
