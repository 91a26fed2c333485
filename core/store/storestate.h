// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/store.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace rr {

/// What a store has last seen in its database, and what it is told to do. Any thread.
class StoreState
{
public:
    StoreState(int historyDays, Money relayBudget);

    // The keeper's. Return whether that is a change.
    bool setStand(bool isAway, const Sentence &why);
    void setTokens(const QList<AccessTerms> &tokens);
    bool setBudgets(const QList<BudgetStand> &budgets);
    /// The first attempt has ended so; what it says later does not matter.
    void setOpened(const std::optional<RelayError> &error);

    void setHistoryDays(int days);
    void setRelayBudget(Money usdADay);
    int historyDays() const;
    Money relayBudget() const;

    std::shared_ptr<const AccessBook> book() const;
    QList<AccessTerms> tokens() const;
    QList<BudgetStand> budgets() const;
    bool isAway() const;
    Sentence why() const;

    struct Opened
    {
        bool isTried = false;
        std::optional<RelayError> error;
    };
    Opened waitUntilOpened(std::chrono::milliseconds patience) const;

private:
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_tried;
    Opened m_opened;
    bool m_isAway = true;
    Sentence m_why;
    std::shared_ptr<const AccessBook> m_book = std::make_shared<const AccessBook>();
    QList<AccessTerms> m_tokens;
    QList<BudgetStand> m_budgets;
    int m_historyDays = 0;
    Money m_relayBudget;
};

} // namespace rr
