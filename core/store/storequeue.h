// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/rowwriter.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

namespace rr {

class Keeper;

/// What the books are asked. One of the two is called once, or both, of which the first alone answers; see Once.
struct StoreQuestion
{
    std::function<bool(Keeper &)>
        ask; ///< in the keeper's thread; false: the database failed, and refuse() is to answer
    std::function<void()> refuse; ///< any thread
};

/// Between those who tell and ask, in any thread, and the keeper of the books, in the one that has the connection. Bounded: what
/// there is no room for is dropped and counted. Nobody waits here but the keeper.
class StoreQueue
{
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t limit = 20'000;
    /// The rest is for what access tokens have spent: any stranger has calls, and so rows of the history.
    static constexpr std::size_t limitOfOthers = limit / 2;
    static constexpr std::size_t rowsAtATime = 500;

    // Any thread.
    void add(StoreRow row);
    /// False: it is refused at once, by who calls takeRefused() next.
    bool ask(StoreQuestion question);
    std::vector<StoreQuestion> takeRefused();
    qint64 waiting() const;
    qint64 dropped() const;
    void stop(std::chrono::milliseconds patience);
    bool isStopping() const;
    /// What is to be refused, for the keeper has been busy for longer than that, with a database that does not answer. The same
    /// of what is asked from now on, until it goes on.
    std::vector<StoreQuestion> refuseIfStuck(std::chrono::milliseconds patience);
    bool isStuck() const;

    // The keeper's.
    struct Work
    {
        std::vector<StoreRow> rows; ///< of what stands before any question
        std::optional<StoreQuestion> question; ///< if there are no rows
        bool wasStuck = false; ///< see refuseIfStuck()
        bool isOver = false; ///< it was told to stop, and nothing is left or the patience is at its end
    };
    Work take(Clock::time_point until); ///< waits until then
    void wrote(std::size_t rows, std::size_t dropped = 0); ///< of what was taken
    void rest(Clock::time_point until); ///< or until it is told to stop
    bool isOver() const; ///< as in Work
    /// True: all questions are refused, these and those to come.
    std::vector<StoreQuestion> setAway(bool isAway);

private:
    bool isOverLocked() const;
    std::vector<StoreQuestion> takeQuestions();

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::variant<StoreRow, StoreQuestion>> m_entries;
    std::size_t m_rows = 0; ///< among them
    std::size_t m_rowsInHand = 0; ///< that were taken and not written yet
    std::optional<StoreQuestion> m_inHand;
    std::vector<StoreQuestion> m_refused;
    qint64 m_dropped = 0;
    std::optional<Clock::time_point> m_busySince;
    std::optional<Clock::time_point> m_deadline; ///< it was told to stop
    bool m_isAway = true;
    bool m_isStuck = false;
};

/// A function that is called once, whoever is first. Any thread.
template <typename Answer>
class Once
{
public:
    explicit Once(std::function<void(const Answer &)> then)
        : m_then(std::move(then))
    {
    }
    /// Whether this was the first.
    bool operator()(const Answer &answer)
    {
        if (m_isAnswered.exchange(true))
            return false;
        m_then(answer);
        return true;
    }

private:
    const std::function<void(const Answer &)> m_then;
    std::atomic<bool> m_isAnswered{false};
};

} // namespace rr
