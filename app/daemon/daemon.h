// SPDX-License-Identifier: MIT
#pragma once

#include "app/compose/host.h"
#include "app/compose/qtmessages.h"
#include "app/daemon/commandline.h"
#include "app/daemon/servicenotifier.h"
#include "app/daemon/sharecommand.h"
#include "core/eventloop/signalwatcher.h"
#include "core/monitor/journal.h"

#include <QObject>

#include <optional>

namespace rr {

/// The headless program: a host, told by the command line, signals and systemd. Lives in the main thread.
class Daemon : public QObject
{
    Q_OBJECT
public:
    explicit Daemon(CommandLine commandLine);

    /// Does what the command line asks for and returns the exit code.
    int run();

private:
    int serve();
    int examine();
    void terminate();
    void shareEnded();
    void quitWhenOver();
    void tellAddress() const;

    const CommandLine m_commandLine;
    Journal m_journal{1}; ///< which nobody reads here: its lines go to standard error
    QtMessages m_qtMessages{m_journal};
    Host m_host;
    std::optional<ShareCommand> m_share;
    SignalWatcher m_signals;
    ServiceNotifier m_service;
};

} // namespace rr
