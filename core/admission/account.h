// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accounts.h"

#include <atomic>
#include <vector>

namespace rr {

/// What one token may spend here. Outlives the Accounts while it is in use. Its own mutex guards all of it but the three flags; the
/// ledger's functions are called with it held, so that they come in the order in which things happen.
class Account : public std::enable_shared_from_this<Account>
{
public:
    using Entry = Accounts::Entry;
    using Time = Accounts::Time;

    Account(qint64 token, Ledger *ledger, std::function<Time()> clock)
        : m_token(token)
        , m_ledger(ledger)
        , m_clock(std::move(clock))
    {
    }

    /// One more use of the token: a place for it, or why not. nullopt: the ledger is asked first, and `then` is called with either,
    /// in any thread.
    std::optional<Entry> enter(const std::shared_ptr<const AccessTerms> &terms, AccessUse use,
        const std::function<std::shared_ptr<AccessPlace>()> &makePlace, std::function<void(Entry)> then);
    /// A use is over, and with it its estimate. With the last one the slice is given back.
    void leave(AccessUse use, Money running);
    /// Something has cost that, of which so much was estimated.
    void spend(Money cost, Money runningBefore);
    void estimate(Money before, Money now);
    Sentence whySpent() const;
    bool isBounded() const { return m_isBounded.load(std::memory_order_relaxed); }
    bool isSpent() const { return m_isSpent.load(std::memory_order_relaxed); }
    bool isInDoubt() const { return m_isInDoubt.load(std::memory_order_relaxed); }

    void look(); ///< now and then: has the ledger asked again where its answer is old
    void budgetsChanged(); ///< whatever it has answered is old
    int calls() const;
    bool isIdle() const;

private:
    enum class Stand : quint8 { Unknown, Granted, Exhausted, Away };
    struct Waiting
    {
        std::shared_ptr<AccessPlace> place;
        std::function<void(Entry)> then;
    };

    bool mayAsk(const Time &now) const;
    void ask(const Time &now);
    void answered(quint64 slice, const Ledger::Grant &grant);
    void take(const Ledger::Grant &grant);
    Money used() const { return m_spent + m_spentSince + m_running; }
    bool hasMoney() const { return m_hasGrant && (!m_hasBudget || used() < m_granted); }
    void weigh(const Time &now);

    const qint64 m_token;
    Ledger *const m_ledger;
    const std::function<Time()> m_clock;

    mutable std::mutex m_mutex;
    int m_calls = 0;
    int m_uses = 0; ///< calls among them
    Stand m_stand = Stand::Unknown; ///< as the ledger has answered last
    Budget m_budget = Budget::TokenDay; ///< that is exhausted
    quint64 m_slice = 0; ///< number of it: an answer about one that was given back is none
    bool m_hasGrant = false; ///< of m_day
    bool m_hasBudget = false;
    QDate m_day; ///< as the ledger has it
    QDate m_seenOn; ///< what day it was here when it said so
    Money m_granted; ///< for m_day, what is spent of it among it
    Money m_step; ///< of that, what came last
    Money m_spent; ///< on that day, here
    Money m_spentSince; ///< after the end of m_day as it is here, for which there is no slice yet
    Money m_running; ///< estimates
    bool m_isAsking = false;
    bool m_isOutdated = false; ///< a budget is another one since it was asked
    std::chrono::steady_clock::time_point m_askedAt{};
    std::vector<Waiting> m_waiting;

    std::atomic<bool> m_isBounded{false};
    std::atomic<bool> m_isSpent{false};
    std::atomic<bool> m_isInDoubt{false};
};

} // namespace rr
