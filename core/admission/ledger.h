// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/callkind.h"
#include "core/base/door.h"
#include "core/base/endreason.h"
#include "core/base/money.h"
#include "core/base/storerows.h"
#include "core/base/usage.h"

#include <QByteArray>
#include <QDate>
#include <QDateTime>
#include <QString>

#include <functional>
#include <optional>

namespace rr {

/// A budget that can be spent to its end.
enum class Budget : quint8 { TokenDay, TokenInAll, RelayDay };

/// What is spent of one budget, by all relays. Reserved slices of live calls are not among it.
struct BudgetStand
{
    qint64 token = 0; ///< 0: RelayDay
    Budget budget = Budget::TokenDay;
    Money spent;
    Money limit;
    bool operator==(const BudgetStand &) const = default;
};

/// One fact of usage (see UsageTotals), kept once: under (call, fact) there is one row, and who tells it again with more, as the
/// time of a Live session grows, replaces it.
struct UsageEntry
{
    QByteArray call; ///< CallEntry::id
    QByteArray fact; ///< the response's id, or what else tells it from the call's others
    qint64 token = 0; ///< AccessTerms::id; 0: the client's own key
    QString model;
    Usage usage;
    std::optional<Money> cost; ///< nullopt: no price is known
    QDateTime at; ///< UTC; of its day it is
};

/// What is kept of a call: never content, never a key.
struct CallEntry
{
    QByteArray id; ///< unique among all relays
    QDateTime startedAt; ///< UTC
    QDateTime endedAt; ///< invalid: it is live, or its relay was killed
    QString client;
    QString origin;
    QString model;
    CallKind kind = CallKind::Realtime;
    Door door = Door::Public;
    qint64 token = 0;
    QString tokenName;
    EndReason reason = EndReason::ClientClosed; ///< once it has ended, like all that follows
    EndedBy endedBy = EndedBy::Nobody;
    int closeCode = 0;
    bool failed = false;
    qint64 connectMs = 0;
    qint64 firstAudioMs = 0;
    qint64 messagesUp = 0, messagesDown = 0;
    qint64 bytesUp = 0, bytesDown = 0;
};

/// Keeps the books of who has spent what, for one relay or for several together: core/store's Store is one. Every function may be
/// called in any thread, returns at once, and never waits for a disk or a network. A `then` is called exactly once, in a thread
/// of the ledger's own, where it must do no more than hand over to its own.
///
/// What may be spent on a token is given out in slices: a relay that has one may let calls spend so much without asking. It keeps
/// at most one of each token, which grows when it asks again. A slice whose relay is gone is free again for the others after a
/// while, but for what was told of by add().
class Ledger
{
public:
    enum class Outcome : quint8 {
        Granted,
        Exhausted, ///< a budget is spent, or what is left of it lies in the slices of others
        Away, ///< the books cannot be reached just now
    };
    struct Grant
    {
        Outcome outcome = Outcome::Away;
        QDate day; ///< of UTC, that it is for
        /// What may be spent here on that day in all: what was spent on it since the start, out of slices that were given back as
        /// well, is among it. Not Away. Where a budget was lowered, it is less than before.
        Money granted;
        bool isBounded = true; ///< false: there is no budget, and nothing to be counted
        Budget budget = Budget::TokenDay; ///< Exhausted alone: which one
    };

    /// A short-lived token that was minted for an access token.
    struct Minted
    {
        qint64 token = 0; ///< AccessTerms::id; 0: nobody's
        QByteArray sealed; ///< the upstream's own, which nobody can read but who has the minted one
        bool operator==(const Minted &) const = default;
    };

    virtual ~Ledger() = default;

    /// A slice of what may be spent today on that token and on all, or more of it.
    virtual void reserve(qint64 token, std::function<void(const Grant &)> then) = 0;
    /// No call spends on that token here any more: what is left of its slice is free, once all is kept that was add()ed before.
    virtual void giveBack(qint64 token) = 0;

    /// Keeps a minted token. `hash`: hashOfToken(). `then`: whether it is kept.
    virtual void keepMinted(const QByteArray &hash, const Minted &minted, const QDateTime &expiresAt,
        std::function<void(bool)> then)
        = 0;
    /// Whose it is. `then`: that of nobody where there is none, or it has expired; nullopt: the books cannot be reached.
    virtual void findMinted(const QByteArray &hash, std::function<void(std::optional<Minted>)> then) = 0;

    virtual void add(const UsageEntry &entry) = 0;
    virtual void begin(const CallEntry &entry) = 0;
    virtual void end(const CallEntry &entry) = 0;
    virtual StoreRows rows() const = 0; ///< of these three
};

} // namespace rr
