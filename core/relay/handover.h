// SPDX-License-Identifier: MIT
#pragma once

#include "core/eventloop/callreceiver.h"

#include <functional>
#include <memory>
#include <mutex>

namespace rr {

/// A way to a CallReceiver for who may outlive it, such as an answer that is on its way: once it is closed, what is handed over is
/// lost. Copies are the same way. Any thread may call any function.
class Handover
{
public:
    explicit Handover(CallReceiver &to)
        : m_state(std::make_shared<State>())
    {
        m_state->to = &to;
    }

    /// As CallReceiver::call().
    void call(std::function<void()> function) const
    {
        const std::lock_guard lock(m_state->mutex);
        if (m_state->to)
            m_state->to->call(std::move(function));
    }
    /// By the receiver's destructor, before anything else.
    void close() const
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->to = nullptr;
    }

private:
    struct State
    {
        std::mutex mutex; ///< guards the pointer
        CallReceiver *to = nullptr;
    };

    std::shared_ptr<State> m_state;
};

} // namespace rr
