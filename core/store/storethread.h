// SPDX-License-Identifier: MIT
#pragma once

#include "core/eventloop/callreceiver.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace rr {

/// A thread that takes no signals, and is left behind when it does not end in time, as where a server stands still: what it uses
/// must be its own, or shared with it.
class StoreThread
{
public:
    explicit StoreThread(std::function<void()> run);
    ~StoreThread() { join({}); }
    Q_DISABLE_COPY_MOVE(StoreThread)

    /// False: it is left behind.
    bool join(std::chrono::milliseconds patience);

private:
    struct End;
    std::shared_ptr<End> m_end;
    std::thread m_thread;
};

/// The way from those threads to the store's own, for as long as there is a store. Any thread.
class StoreOutlet
{
public:
    explicit StoreOutlet(CallReceiver *receiver)
        : m_receiver(receiver)
    {
    }
    void post(std::function<void()> function)
    {
        const std::lock_guard lock(m_mutex);
        if (m_receiver)
            m_receiver->call(std::move(function));
    }
    /// In the receiver's thread, before it is gone.
    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_receiver = nullptr;
    }

private:
    std::mutex m_mutex;
    CallReceiver *m_receiver = nullptr;
};

} // namespace rr
