// SPDX-License-Identifier: MIT
#pragma once

#include <QProcess>

namespace rr {

/// Has a program that is started, and what that starts, end when this process does, however that happens. On Windows a
/// job object does it (JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE). On Linux and macOS a watcher does, a small process in the
/// program's group that kills the group when a pipe to this process comes to its end; the pipe lives as long as `process`,
/// and killLeftovers() ends the watcher with the rest. What puts itself into another group, as a daemon does, is out of its
/// reach. On Linux the kernel kills the program itself as well, when the *thread* that starts it ends (prctl(2),
/// PR_SET_PDEATHSIG), so that must be the main one.
///
/// On all Unixes the program gets a session of its own, without a terminal, so that nobody is asked for a passphrase there
/// and Ctrl+C does not reach it, and none of our descriptors. Once for each start.
void bindLife(QProcess &process);
/// The part of it that Windows wants once it has been started.
void bindStartedLife(const QProcess &process);

/// Asks as Ctrl+C does. False: not on this system.
bool interruptProgram(const QProcess &process);
/// Asks to end. False: not on this system, where only a program with a window listens.
bool terminateProgram(QProcess &process);
/// Kills what a program that has ended has left behind in its group, the watcher included. `pid`: as it was.
void killLeftovers(qint64 pid);

} // namespace rr
