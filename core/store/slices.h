// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/ledger.h"
#include "core/store/database.h"

#include <QHash>
#include <QSet>
#include <QString>

#include <map>
#include <optional>
#include <utility>

namespace rr {

/// What of the budgets this relay has, and what it has spent: rows of (token, day, owner) in the store, which all relays have
/// together. A slice that is open counts with what was granted, any other with what was spent of it; the sums of them never pass a
/// budget, since one relay at a time is granted some; where one was lowered, who asks again keeps no more of its slice than that
/// allows, and no less than it has spent. An open slice expires unless it is renewed, and is then closed by whoever sees it: its
/// relay is gone. For one thread, that of the connection. Where a function says that it failed, Database::failure() says why, and
/// nothing is changed.
class Slices
{
public:
    static constexpr qint64 leaseMs = 60'000;

    /// `owner`: nobody else's, and no former relay's.
    Slices(Database &database, const QString &owner);

    void setRelayBudget(Money usdADay) { m_relayBudget = usdADay; }

    /// `nowMs`: the time by the server's clock. nullopt: it failed.
    std::optional<Ledger::Grant> grant(qint64 token, qint64 nowMs);
    /// What relays had that are gone; of those that were away together with this one, which is back, none is closed that was not
    /// expired at `sinceMs`.
    void spareExpired(qint64 sinceMs, qint64 untilMs);

    /// By token and day, what it was more (or less) than what was told before. Within a transaction.
    using Spendings = std::map<std::pair<qint64, qint64>, qint64>;
    bool spend(const Spendings &spendings);
    /// Within a transaction; once it is done, forget() them.
    bool close(const QSet<qint64> &tokens);
    void forget(const QSet<qint64> &tokens);
    bool has(qint64 token) const { return m_promises.contains(token); }

    bool renew(qint64 nowMs); ///< those of today
    bool closeAll(); ///< at the end
    /// Makes one row of what a token has spent on days that are long over.
    bool fold(qint64 nowMs);

    static qint64 dayOf(qint64 ms); ///< of UTC, since 1970
    static QDate dateOf(qint64 day);

private:
    /// What calls here may spend, whatever becomes of the row: it was told them.
    struct Promise
    {
        qint64 day = 0;
        qint64 granted = 0;
    };
    struct Limits
    {
        qint64 tokenDay = 0, tokenInAll = 0, relayDay = 0;
    };
    std::optional<Limits> limitsOf(qint64 token);
    std::optional<Limits> countedOf(qint64 token, qint64 day);
    bool closeExpired(qint64 nowMs);
    bool grantWithin(qint64 token, qint64 nowMs, Ledger::Grant &grant);
    bool setGranted(qint64 token, qint64 day, Money granted, qint64 nowMs);
    bool renewOne(qint64 token, const Promise &promise, qint64 nowMs);

    Database &m_database;
    const QString m_owner;
    Money m_relayBudget;
    QHash<qint64, Promise> m_promises; ///< by token
    qint64 m_spareSinceMs = 0, m_spareUntilMs = 0;
};

} // namespace rr
