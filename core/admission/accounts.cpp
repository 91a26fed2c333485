// SPDX-License-Identifier: MIT
#include "core/admission/accounts.h"

#include <QDateTime>

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr int retryWhenAwaySeconds = 5;

Refusal quotaSpent(Budget budget)
{
    const auto words = [budget]() -> const char * {
        switch (budget) {
        case Budget::TokenDay:
            return QT_TRANSLATE_NOOP("Core",
                "What may be spent today with this access token is spent. It is good again after midnight (UTC); or ask the "
                "relay's operator for more.");
        case Budget::TokenInAll:
            return QT_TRANSLATE_NOOP("Core",
                "What may be spent with this access token is spent. Ask the relay's operator for more.");
        case Budget::RelayDay:
            break;
        }
        return QT_TRANSLATE_NOOP("Core",
            "What may be spent today at this relay is spent. Try again after midnight (UTC), or ask its operator for "
            "more.");
    };
    return {429, "insufficient_quota"_ba, words(), 0};
}

Refusal tooManyCalls(int most)
{
    return {429, "too_many_calls_with_token"_ba,
        {QT_TRANSLATE_NOOP(
             "Core", "%1 calls are under way with this access token, as many as it allows. End one first."),
            {most}},
        0};
}

} // namespace

Refusal storeAway()
{
    return {503, "store_away"_ba,
        QT_TRANSLATE_NOOP("Core",
            "The relay cannot look up just now what may be spent with this access token. Try again in a moment."),
        retryWhenAwaySeconds};
}

/// What one token may spend here. Outlives the Accounts while it is in use. Its own mutex guards all of it but the two flags; the
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

    std::optional<Entry> enter(const std::shared_ptr<const AccessTerms> &terms, AccessUse use,
        const std::function<std::shared_ptr<AccessPlace>()> &makePlace, std::function<void(Entry)> then);
    void leave(AccessUse use, Money running);
    void spend(Money cost, Money runningBefore);
    void estimate(Money before, Money now);
    Sentence whySpent() const;
    bool isBounded() const { return m_isBounded.load(std::memory_order_relaxed); }
    bool isSpent() const { return m_isSpent.load(std::memory_order_relaxed); }
    bool isInDoubt() const { return m_isInDoubt.load(std::memory_order_relaxed); }

    void look();
    void budgetsChanged();
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

/// A question is in its place when nothing is known, when it is another day, or when the last answer was no good one and some
/// time has passed.
bool Account::mayAsk(const Time &now) const
{
    return m_stand == Stand::Unknown || (m_stand == Stand::Granted && m_seenOn != now.day)
        || now.steady - m_askedAt >= Accounts::askAgainAfter;
}

void Account::ask(const Time &now)
{
    m_isAsking = true;
    m_askedAt = now.steady;
    m_ledger->reserve(m_token, [account = shared_from_this(), slice = m_slice](const Ledger::Grant &grant) {
        account->answered(slice, grant);
    });
}

/// The ledger counts what was spent here on that day among what it grants, also out of slices that were given back.
void Account::take(const Ledger::Grant &grant)
{
    m_hasBudget = grant.isBounded;
    const bool isSameDay = grant.day == m_day;
    if (!isSameDay)
        m_spent = std::exchange(m_spentSince, {});
    const Money before = m_hasGrant && isSameDay ? m_granted : m_spent;
    if (grant.outcome == Ledger::Outcome::Granted)
        m_step = Money::ofPico(std::max<qint64>(0, grant.granted.pico() - before.pico()));
    m_hasGrant = true;
    m_day = grant.day;
    m_seenOn = m_clock().day;
    m_granted = grant.granted;
}

void Account::answered(quint64 slice, const Ledger::Grant &grant)
{
    std::vector<Waiting> waiting;
    std::optional<Refusal> refusal;
    {
        const std::lock_guard lock(m_mutex);
        if (slice != m_slice) // given back meanwhile
            return;
        m_isAsking = false;
        switch (grant.outcome) {
        case Ledger::Outcome::Granted:
            m_stand = Stand::Granted;
            take(grant);
            break;
        case Ledger::Outcome::Exhausted:
            m_stand = Stand::Exhausted;
            m_budget = grant.budget;
            if (m_hasGrant)
                take(grant); // which may be less than before, and of another day
            break;
        case Ledger::Outcome::Away:
            m_stand = Stand::Away;
            break;
        }
        const Time now = m_clock();
        if (std::exchange(m_isOutdated, false))
            ask(now);
        weigh(now);
        waiting.swap(m_waiting);
        if (!hasMoney())
            refusal = m_stand == Stand::Away ? storeAway() : quotaSpent(m_budget);
    }
    for (Waiting &each : waiting) {
        if (refusal) {
            each.place.reset();
            each.then(*refusal);
        } else {
            each.then(std::move(each.place));
        }
    }
}

/// Has more asked for in time, and says how it stands.
void Account::weigh(const Time &now)
{
    const bool isBounded = m_hasGrant && m_hasBudget;
    const qint64 left = m_granted.pico() - used().pico();
    const bool isLow = isBounded && left < m_step.pico() / 2;
    // Where the ledger's clock is behind, it has answered for the day before.
    const bool isAnotherDay = m_hasGrant
        && (m_seenOn != now.day || (m_day < now.day && now.steady - m_askedAt >= Accounts::askAgainAfter));
    if (m_uses > 0 && !m_isAsking && (isLow || isAnotherDay) && (m_stand == Stand::Granted || mayAsk(now)))
        ask(now);
    m_isBounded.store(isBounded, std::memory_order_relaxed);
    m_isSpent.store(isBounded && left <= 0 && !m_isAsking, std::memory_order_relaxed);
    m_isInDoubt.store(isBounded && left <= 0 && m_isAsking, std::memory_order_relaxed);
}

std::optional<Accounts::Entry> Account::enter(const std::shared_ptr<const AccessTerms> &terms, AccessUse use,
    const std::function<std::shared_ptr<AccessPlace>()> &makePlace, std::function<void(Entry)> then)
{
    const std::lock_guard lock(m_mutex);
    if (use == AccessUse::Call && terms->callsAtOnce > 0 && m_calls >= terms->callsAtOnce)
        return tooManyCalls(terms->callsAtOnce);
    const Time now = m_clock();
    const bool isKnown = m_stand != Stand::Unknown && m_seenOn == now.day;
    const bool isGood = isKnown && hasMoney();
    if (!isGood && !m_isAsking && !mayAsk(now))
        return m_stand == Stand::Away ? storeAway() : quotaSpent(m_budget);
    ++m_uses;
    m_calls += use == AccessUse::Call ? 1 : 0;
    std::shared_ptr<AccessPlace> place = makePlace();
    if (isGood)
        return place;
    m_waiting.push_back({std::move(place), std::move(then)});
    if (!m_isAsking)
        ask(now);
    return std::nullopt;
}

void Account::leave(AccessUse use, Money running)
{
    const std::lock_guard lock(m_mutex);
    m_running += Money::ofPico(-running.pico());
    m_calls -= use == AccessUse::Call ? 1 : 0;
    if (--m_uses > 0) {
        weigh(m_clock());
        return;
    }
    if (!m_hasGrant && !m_isAsking)
        return; // there is nothing to be given back, and that is remembered
    m_ledger->giveBack(m_token);
    ++m_slice;
    m_stand = Stand::Unknown;
    m_hasGrant = m_hasBudget = m_isAsking = m_isOutdated = false;
    m_granted = m_step = m_running = {}; // what was spent stays so
    m_isBounded.store(false, std::memory_order_relaxed);
    m_isSpent.store(false, std::memory_order_relaxed);
    m_isInDoubt.store(false, std::memory_order_relaxed);
}

void Account::spend(Money cost, Money runningBefore)
{
    const std::lock_guard lock(m_mutex);
    const Time now = m_clock();
    m_running += Money::ofPico(-runningBefore.pico());
    (m_day.isValid() && m_day < now.day ? m_spentSince : m_spent) += cost;
    weigh(now);
}

void Account::estimate(Money before, Money now)
{
    const std::lock_guard lock(m_mutex);
    m_running += Money::ofPico(now.pico() - before.pico());
    weigh(m_clock());
}

Sentence Account::whySpent() const
{
    const std::lock_guard lock(m_mutex);
    if (m_stand == Stand::Away)
        return QT_TRANSLATE_NOOP("Core", "as far as the relay knows, which cannot look it up just now");
    if (m_stand == Stand::Exhausted && m_budget == Budget::RelayDay)
        return QT_TRANSLATE_NOOP("Core", "for today, with all access tokens of this relay");
    if (m_stand == Stand::Exhausted && m_budget == Budget::TokenDay)
        return QT_TRANSLATE_NOOP("Core", "for today");
    return {};
}

void Account::look()
{
    const std::lock_guard lock(m_mutex);
    if (m_uses == 0 || m_isAsking)
        return;
    const Time now = m_clock();
    const bool isOld = m_stand != Stand::Granted
        ? now.steady - m_askedAt >= Accounts::askAgainAfter
        : !m_hasBudget && now.steady - m_askedAt >= Accounts::lookAgainAfter;
    if (isOld)
        ask(now);
    weigh(now);
}

void Account::budgetsChanged()
{
    const std::lock_guard lock(m_mutex);
    if (m_uses == 0)
        m_stand = Stand::Unknown; // whoever comes next has the ledger asked
    else if (m_isAsking)
        m_isOutdated = true;
    else
        ask(m_clock());
    weigh(m_clock());
}

int Account::calls() const
{
    const std::lock_guard lock(m_mutex);
    return m_calls;
}

bool Account::isIdle() const
{
    const std::lock_guard lock(m_mutex);
    return m_uses == 0;
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
