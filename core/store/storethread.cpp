// SPDX-License-Identifier: MIT
#include "core/store/storethread.h"

#include <condition_variable>

#ifndef Q_OS_WIN
#include <csignal>
#include <pthread.h>
#endif

namespace rr {

struct StoreThread::End
{
    std::mutex mutex;
    std::condition_variable reached;
    bool isReached = false;
};

StoreThread::StoreThread(std::function<void()> run)
    : m_end(std::make_shared<End>())
{
    m_thread = std::thread([end = m_end, run = std::move(run)]() mutable {
#ifndef Q_OS_WIN
        // The program's signals belong to other threads, and a server that is gone shall be an error, not SIGPIPE.
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);
#endif
        run();
        run = nullptr; // with what it holds, which is of this thread
        const std::lock_guard lock(end->mutex);
        end->isReached = true;
        end->reached.notify_all();
    });
}

bool StoreThread::join(std::chrono::milliseconds patience)
{
    if (!m_thread.joinable())
        return true;
    std::unique_lock lock(m_end->mutex);
    const bool isReached = m_end->reached.wait_for(lock, patience, [this] { return m_end->isReached; });
    lock.unlock();
    if (isReached)
        m_thread.join();
    else
        m_thread.detach();
    return isReached;
}

} // namespace rr
