// SPDX-License-Identifier: MIT
#include "core/store/storestate.h"

#include <utility>

namespace rr {

StoreState::StoreState(int historyDays, Money relayBudget)
    : m_why(QT_TRANSLATE_NOOP("Core", "The store is being opened. Try again in a moment."))
    , m_historyDays(historyDays)
    , m_relayBudget(relayBudget)
{
}

bool StoreState::setStand(bool isAway, const Sentence &why)
{
    const std::lock_guard lock(m_mutex);
    const bool isChanged = m_isAway != isAway || !(m_why == why);
    m_isAway = isAway;
    m_why = why;
    return isChanged;
}

void StoreState::setTokens(const QList<AccessTerms> &tokens)
{
    auto book = std::make_shared<const AccessBook>(tokens);
    const std::lock_guard lock(m_mutex);
    m_book = std::move(book);
    m_tokens = tokens;
}

bool StoreState::setBudgets(const QList<BudgetStand> &budgets)
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_budgets, budgets) != budgets;
}

void StoreState::setOpened(const std::optional<RelayError> &error)
{
    const std::lock_guard lock(m_mutex);
    if (!m_opened.isTried)
        m_opened = {true, error};
    m_tried.notify_all();
}

void StoreState::setHistoryDays(int days)
{
    const std::lock_guard lock(m_mutex);
    m_historyDays = days;
}

void StoreState::setRelayBudget(Money usdADay)
{
    const std::lock_guard lock(m_mutex);
    m_relayBudget = usdADay;
}

int StoreState::historyDays() const
{
    const std::lock_guard lock(m_mutex);
    return m_historyDays;
}

Money StoreState::relayBudget() const
{
    const std::lock_guard lock(m_mutex);
    return m_relayBudget;
}

std::shared_ptr<const AccessBook> StoreState::book() const
{
    const std::lock_guard lock(m_mutex);
    return m_book;
}

QList<AccessTerms> StoreState::tokens() const
{
    const std::lock_guard lock(m_mutex);
    return m_tokens;
}

QList<BudgetStand> StoreState::budgets() const
{
    const std::lock_guard lock(m_mutex);
    return m_budgets;
}

bool StoreState::isAway() const
{
    const std::lock_guard lock(m_mutex);
    return m_isAway;
}

Sentence StoreState::why() const
{
    const std::lock_guard lock(m_mutex);
    return m_why;
}

StoreState::Opened StoreState::waitUntilOpened(std::chrono::milliseconds patience) const
{
    std::unique_lock lock(m_mutex);
    m_tried.wait_for(lock, patience, [this] { return m_opened.isTried; });
    return m_opened;
}

} // namespace rr
