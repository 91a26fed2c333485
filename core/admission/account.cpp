// SPDX-License-Identifier: MIT
#include "core/admission/account.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

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

} // namespace rr
