// SPDX-License-Identifier: MIT
#include "core/store/reader.h"

#include <utility>

namespace rr {

Reader::Reader(const StoreUrl &url, std::shared_ptr<const StoreState> state)
    : m_state(std::move(state))
    , m_database(url, Database::For::Reading)
{
}

void Reader::add(Question question)
{
    const std::lock_guard lock(m_mutex);
    m_questions.push_back(std::move(question));
    m_changed.notify_all();
}

void Reader::stop()
{
    const std::lock_guard lock(m_mutex);
    m_isStopped = true;
    m_changed.notify_all();
}

void Reader::run()
{
    for (;;) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return isStopped() || !m_questions.empty(); });
        if (isStopped())
            break;
        const Question question = std::move(m_questions.front());
        m_questions.pop_front();
        lock.unlock();
        answer(question);
    }
    m_database.close();
}

void Reader::answer(const Question &question)
{
    if (m_state->isAway()) {
        m_database.close();
        question.fail({"store_away", "storeUrl", m_state->why()});
        return;
    }
    // The connection may be one to a server that has been started anew since.
    for (int tries = m_database.isOpen() ? 2 : 1; tries > 0; --tries) {
        if (!m_database.isOpen()) {
            if (const auto error = m_database.open()) {
                question.fail(*error);
                return;
            }
        }
        if (question.ask(m_database))
            return;
        if (m_database.failure() != SqlFailure::Lost)
            break;
        m_database.close();
    }
    question.fail(m_database.error());
}

} // namespace rr
