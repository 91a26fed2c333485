// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/database.h"
#include "core/store/storestate.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace rr {

/// Answers what the window asks, with a connection of its own, one after the other in the thread that calls run(). While the
/// keeper finds the database away it does not try.
class Reader
{
public:
    struct Question
    {
        std::function<bool(Database &)> ask; ///< false: the database failed
        std::function<void(const RelayError &)> fail;
    };

    Reader(const StoreUrl &url, std::shared_ptr<const StoreState> state);

    // Any thread.
    void add(Question question);
    void stop(); ///< what is left is not answered
    bool isStopped() const { return m_isStopped.load(); }

    void run();

private:
    void answer(const Question &question);

    const std::shared_ptr<const StoreState> m_state;
    Database m_database;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Question> m_questions;
    std::atomic<bool> m_isStopped{false};
};

} // namespace rr
