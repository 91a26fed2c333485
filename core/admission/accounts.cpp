// SPDX-License-Identifier: MIT
#include "core/admission/accounts.h"

#include "core/admission/account.h"

#include <QDateTime>

#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr int retryWhenAwaySeconds = 5;

} // namespace

Refusal storeAway()
{
    return {503, "store_away"_ba,
        QT_TRANSLATE_NOOP("Core",
            "The relay cannot look up just now what may be spent with this access token. Try again in a moment."),
        retryWhenAwaySeconds};
}

AccessPlace::AccessPlace(
    std::shared_ptr<Account> account, std::shared_ptr<const AccessTerms> terms, AccessUse use)
    : m_account(std::move(account))
    , m_terms(std::move(terms))
    , m_use(use)
{
}

AccessPlace::~AccessPlace()
{
    m_account->leave(m_use, m_running);
}

bool AccessPlace::isBounded() const
{
    return m_account->isBounded();
}

bool AccessPlace::isSpent() const
{
    return m_account->isSpent();
}

bool AccessPlace::isInDoubt() const
{
    return m_account->isInDoubt();
}

Sentence AccessPlace::whySpent() const
{
    return m_account->whySpent();
}

void AccessPlace::spend(Money cost)
{
    m_account->spend(cost, std::exchange(m_running, {}));
}

void AccessPlace::estimate(Money running)
{
    if (running != m_running)
        m_account->estimate(std::exchange(m_running, running), running);
}

Accounts::Time Accounts::Time::now()
{
    return {QDateTime::currentDateTimeUtc().date(), std::chrono::steady_clock::now()};
}

Accounts::Accounts(std::function<Time()> clock)
    : m_clock(std::move(clock))
    , m_book(std::make_shared<const AccessBook>())
{
}

Accounts::~Accounts() = default;

void Accounts::setLedger(Ledger *ledger)
{
    const std::lock_guard lock(m_mutex);
    m_ledger = ledger;
    m_accounts.clear(); // they ask the one before
}

Ledger *Accounts::ledger() const
{
    const std::lock_guard lock(m_mutex);
    return m_ledger;
}

std::shared_ptr<const AccessBook> Accounts::book() const
{
    const std::lock_guard lock(m_mutex);
    return m_book;
}

void Accounts::setBook(std::shared_ptr<const AccessBook> book)
{
    std::vector<std::shared_ptr<Account>> changed;
    {
        const std::lock_guard lock(m_mutex);
        const auto before
            = std::exchange(m_book, book ? std::move(book) : std::make_shared<const AccessBook>());
        for (auto each = m_accounts.begin(); each != m_accounts.end();) {
            const auto old = before->find(each->first);
            const auto now = m_book->find(each->first);
            if (!now && each->second->isIdle()) {
                each = m_accounts.erase(each);
                continue;
            }
            if (now && (!old || old->usdADay != now->usdADay || old->usdInAll != now->usdInAll))
                changed.push_back(each->second);
            ++each;
        }
    }
    for (const auto &each : changed)
        each->budgetsChanged();
}

void Accounts::relayBudgetChanged()
{
    for (const auto &each : all())
        each->budgetsChanged();
}

std::vector<std::shared_ptr<Account>> Accounts::all() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::shared_ptr<Account>> all;
    all.reserve(m_accounts.size());
    for (const auto &[token, account] : m_accounts)
        all.push_back(account);
    return all;
}

/// With the mutex held.
std::shared_ptr<Account> Accounts::accountOf(qint64 token)
{
    std::shared_ptr<Account> &account = m_accounts[token];
    if (!account)
        account = std::make_shared<Account>(token, m_ledger, m_clock);
    return account;
}

std::optional<Accounts::Entry> Accounts::enter(
    const std::shared_ptr<const AccessTerms> &terms, AccessUse use, std::function<void(Entry)> then)
{
    std::shared_ptr<Account> account;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_ledger || m_isAway)
            return storeAway();
        account = accountOf(terms->id);
    }
    const auto makePlace = [&] { return std::shared_ptr<AccessPlace>(new AccessPlace(account, terms, use)); };
    return account->enter(terms, use, makePlace, std::move(then));
}

bool Accounts::isAway() const
{
    const std::lock_guard lock(m_mutex);
    return m_isAway || !m_ledger;
}

void Accounts::setAway(bool isAway)
{
    const std::lock_guard lock(m_mutex);
    m_isAway = isAway;
}

void Accounts::look()
{
    for (const auto &each : all())
        each->look();
}

int Accounts::callsWith(qint64 token) const
{
    std::shared_ptr<Account> account;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_accounts.find(token);
        if (found == m_accounts.end())
            return 0;
        account = found->second;
    }
    return account->calls();
}

} // namespace rr
