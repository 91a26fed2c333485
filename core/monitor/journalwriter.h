// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/journal.h"

#include <memory>
#include <thread>

namespace rr {

/// Writes journal lines to a descriptor in a thread of its own. add() never waits for the descriptor: lines
/// beyond `queueLimit`, and lines that a full disk or a closed pipe refuses, are dropped, and one line says
/// how many as soon as writing works again. Any thread may call any function.
class Journal::Writer
{
public:
    static constexpr size_t queueLimit = 4096;

    /// The descriptor is not closed at the end. `patience`: for what is left then.
    Writer(int descriptor, LogFormat format, std::chrono::milliseconds patience);
    ~Writer(); ///< writes what is left, waiting no longer than that
    Q_DISABLE_COPY_MOVE(Writer)

    void setFormat(LogFormat format);
    void add(const JournalEntry &entry);
    qint64 lostLines() const;

private:
    struct Queue;
    // Shared with the thread, which is left behind when it hangs in a write that never returns.
    std::shared_ptr<Queue> m_queue;
    std::thread m_thread;
    const std::chrono::milliseconds m_patience;
};

} // namespace rr
