// SPDX-License-Identifier: MIT
#include "core/store/storequeue.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace rr {

namespace {

/// How many rows may wait before this one.
std::size_t roomFor(const StoreRow &row)
{
    // What gives something back is never dropped: there is one of each token, and its slice would be held for ever.
    if (std::holds_alternative<SliceGivenBack>(row))
        return std::numeric_limits<std::size_t>::max();
    const auto *usage = std::get_if<UsageEntry>(&row);
    return usage && usage->token != 0 ? StoreQueue::limit : StoreQueue::limitOfOthers;
}

} // namespace

void StoreQueue::add(StoreRow row)
{
    const std::lock_guard lock(m_mutex);
    if (m_rows + m_rowsInHand >= roomFor(row)) {
        ++m_dropped;
        return;
    }
    m_entries.emplace_back(std::move(row));
    ++m_rows;
    m_changed.notify_all();
}

bool StoreQueue::ask(StoreQuestion question)
{
    const std::lock_guard lock(m_mutex);
    if (m_isAway || m_isStuck || m_deadline || m_entries.size() >= 2 * limit) {
        m_refused.push_back(std::move(question));
        return false;
    }
    m_entries.emplace_back(std::move(question));
    m_changed.notify_all();
    return true;
}

std::vector<StoreQuestion> StoreQueue::takeRefused()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_refused, {});
}

qint64 StoreQueue::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return qint64(m_rows + m_rowsInHand);
}

qint64 StoreQueue::dropped() const
{
    const std::lock_guard lock(m_mutex);
    return m_dropped;
}

void StoreQueue::stop(std::chrono::milliseconds patience)
{
    const std::lock_guard lock(m_mutex);
    m_deadline = Clock::now() + patience;
    m_changed.notify_all();
}

bool StoreQueue::isStopping() const
{
    const std::lock_guard lock(m_mutex);
    return m_deadline.has_value();
}

/// With the mutex locked.
std::vector<StoreQuestion> StoreQueue::takeQuestions()
{
    std::vector<StoreQuestion> questions;
    if (m_inHand)
        questions.push_back(*m_inHand);
    if (m_entries.size() == m_rows) // none is among them; workers wait for the mutex meanwhile
        return questions;
    decltype(m_entries) rows;
    for (auto &entry : m_entries) {
        if (auto *question = std::get_if<StoreQuestion>(&entry))
            questions.push_back(std::move(*question));
        else
            rows.push_back(std::move(entry));
    }
    m_entries = std::move(rows);
    return questions;
}

std::vector<StoreQuestion> StoreQueue::refuseIfStuck(std::chrono::milliseconds patience)
{
    const std::lock_guard lock(m_mutex);
    if (m_isStuck || m_isAway || !m_busySince || Clock::now() - *m_busySince < patience)
        return {};
    m_isStuck = true;
    return takeQuestions();
}

bool StoreQueue::isStuck() const
{
    const std::lock_guard lock(m_mutex);
    return m_isStuck;
}

StoreQueue::Work StoreQueue::take(Clock::time_point until)
{
    std::unique_lock lock(m_mutex);
    Work work;
    m_inHand.reset();
    m_busySince.reset();
    work.wasStuck = std::exchange(m_isStuck, false);
    if (!work.wasStuck)
        m_changed.wait_until(lock, until, [this] { return !m_entries.empty() || m_deadline.has_value(); });
    m_busySince = Clock::now();
    work.isOver = isOverLocked();
    if (work.isOver || m_entries.empty())
        return work;
    if (auto *question = std::get_if<StoreQuestion>(&m_entries.front())) {
        m_inHand = *question;
        work.question = std::move(*question);
        m_entries.pop_front();
        return work;
    }
    while (!m_entries.empty() && work.rows.size() < rowsAtATime
        && std::holds_alternative<StoreRow>(m_entries.front())) {
        work.rows.push_back(std::move(std::get<StoreRow>(m_entries.front())));
        m_entries.pop_front();
    }
    m_rows -= work.rows.size();
    m_rowsInHand += work.rows.size();
    return work;
}

void StoreQueue::wrote(std::size_t rows, std::size_t dropped)
{
    const std::lock_guard lock(m_mutex);
    m_rowsInHand -= rows + dropped;
    m_dropped += qint64(dropped);
}

void StoreQueue::rest(Clock::time_point until)
{
    std::unique_lock lock(m_mutex);
    m_busySince.reset();
    m_changed.wait_until(lock, until, [this] { return m_deadline.has_value(); });
    // Told to stop with rows in hand: no hurry that would storm the database.
    if (m_deadline && !isOverLocked())
        m_changed.wait_until(
            lock, std::min(Clock::now() + std::chrono::milliseconds(200), *m_deadline), [] { return false; });
}

bool StoreQueue::isOverLocked() const
{
    return m_deadline && ((m_entries.empty() && m_rowsInHand == 0) || Clock::now() >= *m_deadline);
}

bool StoreQueue::isOver() const
{
    const std::lock_guard lock(m_mutex);
    return isOverLocked();
}

std::vector<StoreQuestion> StoreQueue::setAway(bool isAway)
{
    const std::lock_guard lock(m_mutex);
    m_isAway = isAway;
    return isAway ? takeQuestions() : std::vector<StoreQuestion>();
}

} // namespace rr
