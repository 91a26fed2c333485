// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <memory>

namespace rr {

/// Turns the signals of the system into Qt's: SIGINT and SIGTERM, on Windows the console's Ctrl+C,
/// Ctrl+Break, its being closed, logging off and shutting down, into terminate(); SIGHUP into reload(), which
/// Windows has not. Each arrival is told by itself, so that a second one can mean more than the first. Make
/// one in the main thread, whose event loop it needs, and at most one at a time. It is destroyed when the program
/// ends: from then on these signals are ignored, so that one more request to stop does not spoil the end that is
/// already on its way. If the system refuses, a warning is printed and signals do what
/// they always do. SIGPIPE is ignored from the first one made, for good: who reads no more is an error of writing.
class SignalWatcher : public QObject
{
    Q_OBJECT
public:
    explicit SignalWatcher(QObject *parent = nullptr);
    ~SignalWatcher() override;

Q_SIGNALS:
    void terminate();
    void reload();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace rr
