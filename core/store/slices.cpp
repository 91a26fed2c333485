// SPDX-License-Identifier: MIT
#include "core/store/slices.h"

#include <QList>

#include <algorithm>
#include <limits>
#include <utility>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 cent = 10'000'000'000; // 10^-12 dollars
/// So much of what is free is granted at once: the last of it goes in cents, and no relay takes all.
constexpr qint64 partOfFree = 8;
/// Of the token's row where the days are in one that are long over.
constexpr qint64 foldedDay = 0;
constexpr qint64 daysUnfolded = 2;

} // namespace

Slices::Slices(Database &database, const QString &owner)
    : m_database(database)
    , m_owner(owner)
{
}

qint64 Slices::dayOf(qint64 ms)
{
    constexpr qint64 msADay = 86'400'000;
    return (ms >= 0 ? ms : ms - msADay + 1) / msADay;
}

QDate Slices::dateOf(qint64 day)
{
    return QDate(1970, 1, 1).addDays(day);
}

void Slices::spareExpired(qint64 sinceMs, qint64 untilMs)
{
    m_spareSinceMs = sinceMs;
    m_spareUntilMs = untilMs;
}

std::optional<Ledger::Grant> Slices::grant(qint64 token, qint64 nowMs)
{
    Ledger::Grant grant;
    if (!m_database.transact([&] { return grantWithin(token, nowMs, grant); }))
        return {};
    if (grant.outcome == Ledger::Outcome::Granted && grant.isBounded)
        m_promises[token] = {dayOf(nowMs), grant.granted.pico()};
    else if (const auto promise = m_promises.find(token); promise != m_promises.end()
             && grant.outcome == Ledger::Outcome::Exhausted && promise->day == dayOf(nowMs))
        promise->granted = grant.granted.pico(); // of a budget that was lowered it is less than before
    return grant;
}

/// What the token's and the relay's budgets are; 0: there is none. Nothing may be spent on a token that is revoked.
std::optional<Slices::Limits> Slices::limitsOf(qint64 token)
{
    const auto rows = m_database.select(
        u"SELECT usd_a_day, usd_in_all FROM rr_token WHERE id = ? AND revoked_at = 0"_s, {token});
    if (!rows)
        return {};
    Limits limits;
    limits.tokenInAll = -1;
    limits.relayDay = m_relayBudget.pico();
    if (!rows->isEmpty()) {
        limits.tokenDay = rows->first()[0].toLongLong();
        limits.tokenInAll = rows->first()[1].toLongLong();
    }
    return limits;
}

/// What counts of each, in the same order.
std::optional<Slices::Limits> Slices::countedOf(qint64 token, qint64 day)
{
    const QString counted = u"CASE WHEN expires_at > 0 AND granted > spent THEN granted ELSE spent END"_s;
    const auto sum = [&counted](const char *condition) {
        return u"COALESCE(CAST(SUM(CASE WHEN "_s + QLatin1String(condition) + u" THEN "_s + counted
            + u" ELSE 0 END) AS BIGINT), 0)"_s;
    };
    const auto rows = m_database.select(u"SELECT "_s + sum("token = ? AND day = ?") + u", "_s
            + sum("token = ?") + u", "_s + sum("day = ?") + u" FROM rr_slice WHERE token = ? OR day = ?"_s,
        {token, day, token, day, token, day});
    if (!rows || rows->isEmpty())
        return {};
    const Database::Row &row = rows->first();
    return Limits{row[0].toLongLong(), row[1].toLongLong(), row[2].toLongLong()};
}

bool Slices::closeExpired(qint64 nowMs)
{
    const qint64 before = nowMs < m_spareUntilMs ? qMin(m_spareSinceMs, nowMs) : nowMs;
    return m_database
        .change(
            u"UPDATE rr_slice SET granted = spent, expires_at = 0 WHERE expires_at > 0 AND expires_at <= ? AND owner <> ?"_s,
            {before, m_owner})
        .has_value();
}

bool Slices::grantWithin(qint64 token, qint64 nowMs, Ledger::Grant &grant)
{
    const qint64 day = dayOf(nowMs);
    grant = {};
    grant.day = dateOf(day);
    const auto limits = m_database.lock(Database::Lock::Grants) ? limitsOf(token) : std::nullopt;
    if (!limits)
        return false;
    if (limits->tokenDay == 0 && limits->tokenInAll == 0 && limits->relayDay == 0) {
        grant.outcome = Ledger::Outcome::Granted;
        grant.isBounded = false;
        return true;
    }
    const auto own = closeExpired(nowMs)
        ? m_database.select(
            u"SELECT granted, spent, expires_at FROM rr_slice WHERE token = ? AND day = ? AND owner = ?"_s,
            {token, day, m_owner})
        : std::nullopt;
    const auto counted = own ? countedOf(token, day) : std::nullopt;
    if (!counted)
        return false;

    qint64 have = 0; // of today, here
    qint64 spent = 0; // of that, as far as it is known
    qint64 missing = 0; // of that, what does not count yet, for the slice was taken for a dead relay's
    if (!own->isEmpty()) {
        const Database::Row &row = own->first();
        spent = row[1].toLongLong();
        have = row[2].toLongLong() > 0 ? qMax(row[0].toLongLong(), spent) : spent;
    }
    if (const Promise promise = m_promises.value(token); promise.day == day && promise.granted > have)
        missing = promise.granted - std::exchange(have, promise.granted);

    qint64 left = std::numeric_limits<qint64>::max();
    const auto weigh = [&](qint64 limit, qint64 sum, Budget budget) {
        if (limit == 0 || qMax(limit, qint64(0)) - sum - missing >= left)
            return;
        left = qMax(limit, qint64(0)) - sum - missing;
        grant.budget = budget;
    };
    weigh(limits->tokenDay, counted->tokenDay, Budget::TokenDay);
    weigh(limits->tokenInAll, counted->tokenInAll, Budget::TokenInAll);
    weigh(limits->relayDay, counted->relayDay, Budget::RelayDay);
    if (left <= 0) {
        // More was granted than there is by now: a budget was lowered, or others have spent more than they had.
        grant.outcome = Ledger::Outcome::Exhausted;
        grant.granted = Money::ofPico(qMax(spent, have + left));
        return grant.granted.pico() == have || setGranted(token, day, grant.granted, nowMs);
    }
    grant.outcome = Ledger::Outcome::Granted;
    grant.granted = Money::ofPico(have + qMin(left, qMax(left / partOfFree, cent)));
    return setGranted(token, day, grant.granted, nowMs);
}

bool Slices::setGranted(qint64 token, qint64 day, Money granted, qint64 nowMs)
{
    return m_database
        .change(
            u"INSERT INTO rr_slice (token, day, owner, granted, spent, expires_at) VALUES (?, ?, ?, ?, 0, ?) "
            "ON CONFLICT (token, day, owner) DO UPDATE SET granted = excluded.granted, expires_at = excluded.expires_at"_s,
            {token, day, m_owner, granted.pico(), nowMs + leaseMs})
        .has_value();
}

bool Slices::spend(const Spendings &spendings)
{
    return std::all_of(spendings.begin(), spendings.end(), [this](const Spendings::value_type &each) {
        const auto &[key, cost] = each;
        return m_database
            .change(
                u"INSERT INTO rr_slice (token, day, owner, granted, spent, expires_at) VALUES (?, ?, ?, 0, ?, 0) "
                "ON CONFLICT (token, day, owner) DO UPDATE SET spent = rr_slice.spent + excluded.spent"_s,
                {key.first, key.second, m_owner, cost})
            .has_value();
    });
}

bool Slices::close(const QSet<qint64> &tokens)
{
    return std::all_of(tokens.begin(), tokens.end(), [this](qint64 token) {
        return m_database
            .change(
                u"UPDATE rr_slice SET granted = spent, expires_at = 0 WHERE token = ? AND owner = ? AND expires_at > 0"_s,
                {token, m_owner})
            .has_value();
    });
}

void Slices::forget(const QSet<qint64> &tokens)
{
    for (const qint64 token : tokens)
        m_promises.remove(token);
}

bool Slices::renewOne(qint64 token, const Promise &promise, qint64 nowMs)
{
    // Should it have been closed while this relay was away, what was promised here counts again.
    return m_database
        .change(
            u"INSERT INTO rr_slice (token, day, owner, granted, spent, expires_at) VALUES (?, ?, ?, ?, 0, ?) "
            "ON CONFLICT (token, day, owner) DO UPDATE SET expires_at = excluded.expires_at, granted = "_s
                + m_database.dialect().greatest + u"(rr_slice.granted, excluded.granted)"_s,
            {token, promise.day, m_owner, promise.granted, nowMs + leaseMs})
        .has_value();
}

bool Slices::renew(qint64 nowMs)
{
    // What nobody has asked for today expires, and is free for all days together.
    const qint64 today = dayOf(nowMs);
    m_promises.removeIf([today](const auto &promise) { return promise.value().day < today; });
    return m_promises.isEmpty() || m_database.transact([&] {
        for (auto promise = m_promises.cbegin(); promise != m_promises.cend(); ++promise) {
            if (!renewOne(promise.key(), promise.value(), nowMs))
                return false;
        }
        return true;
    });
}

bool Slices::closeAll()
{
    const bool isClosed = m_database.transact([this] {
        return m_database
            .change(
                u"UPDATE rr_slice SET granted = spent, expires_at = 0 WHERE owner = ? AND expires_at > 0"_s,
                {m_owner})
            .has_value();
    });
    if (isClosed)
        m_promises.clear();
    return isClosed;
}

bool Slices::fold(qint64 nowMs)
{
    const qint64 before = dayOf(nowMs) - daysUnfolded;
    return m_database.transact([&] {
        // Of a day that is so long over every slice has expired.
        const auto rows = m_database.lock(Database::Lock::Grants)
            ? m_database.select(
                u"DELETE FROM rr_slice WHERE day < ? AND day <> ? AND expires_at <= ? RETURNING token, spent"_s,
                {before, foldedDay, nowMs})
            : std::nullopt;
        if (!rows)
            return false;
        std::map<qint64, Money> spent;
        for (const Database::Row &row : *rows)
            spent[row[0].toLongLong()] += Money::ofPico(row[1].toLongLong());
        return std::all_of(spent.begin(), spent.end(), [this](const auto &each) {
            return m_database
                .change(
                    u"INSERT INTO rr_slice (token, day, owner, granted, spent, expires_at) VALUES (?, ?, '', 0, ?, 0) "
                    "ON CONFLICT (token, day, owner) DO UPDATE SET spent = rr_slice.spent + excluded.spent"_s,
                    {each.first, foldedDay, each.second.pico()})
                .has_value();
        });
    });
}

} // namespace rr
