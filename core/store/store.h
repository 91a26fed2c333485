// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"
#include "core/admission/ledger.h"
#include "core/base/relayerror.h"
#include "core/monitor/usagetotals.h"

#include <QList>
#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace rr {

/// How the store fares.
struct StoreStand
{
    bool isAway = false; ///< the database cannot be reached; it is tried again by itself
    Sentence why; ///< what it said, without a password
    qint64 waiting = 0; ///< rows that are yet to be written
    qint64 dropped = 0; ///< since the start, for want of room in the queue
    bool operator==(const StoreStand &) const = default;
};

/// Which calls of the history, and how they are sorted: the newest first.
struct HistoryQuery
{
    QString text; ///< a part of the model, client, origin, token's name or id; empty: any
    QDateTime from, to; ///< of its start; invalid: unbounded; `to` not included
    bool failedOnly = false;
    qint64 token = -1; ///< -1: any; 0: those without one
    // Paging by key, so that the hundredth page costs what the first does: those before this one.
    QDateTime beforeStart;
    QByteArray beforeId;
    int most = 200;
};
struct HistoryCall
{
    CallEntry call;
    UsageTotals
        usage; ///< as far as it is kept: `responses` are all of its facts, and which were cancelled or unread is not
};
struct HistoryPage
{
    QList<HistoryCall> calls;
    bool hasMore = false;
};

enum class SumBy : quint8 { Token, Model, Day };
struct UsageSum
{
    QString key; ///< token's name (empty: without), model, or day as 2026-11-27
    qint64 calls = 0;
    UsageTotals totals; ///< as in HistoryCall
};

template <typename T>
using StoreAnswer = std::variant<T, RelayError>;

/// The history of calls, usage, access tokens and budgets, in SQLite for one relay or in PostgreSQL for several; see Ledger, which
/// it is. Lives in the thread that made it, where all its signals come and every `then` of the functions below is called, unless
/// the store is gone before. Owned by the Host. It has two threads of its own, each with a connection: one keeps the books, and
/// one answers the window's questions, so that a long search holds up no call.
class Store final : public QObject, public Ledger
{
    Q_OBJECT
public:
    /// At what other programs and relays have changed. That they obey within two seconds (doc/access.md) rests on it: the other one
    /// is for all that comes behind a look.
    static constexpr std::chrono::milliseconds betweenLooks{1'000};

    struct Options
    {
        QString url; ///< as Settings::storeUrl
        QString relay; ///< who this is among several; empty: a random one
        int historyDays = 90;
        Money relayUsdADay; ///< 0: none
        // How long open() waits for the database. What takes longer goes on by itself, and the store is away until it is there.
        std::chrono::milliseconds patienceWithServer{6'000};
        std::chrono::milliseconds patienceWithFile{60'000};
        // Tests' own.
        std::function<QDateTime()> clock; ///< for days and leases; any thread. None: the database's
        std::chrono::milliseconds betweenLooks = Store::betweenLooks; ///< and between tries while it is away
    };
    /// A file that cannot be opened, or was made by a newer program, is an error, if that is known in so short a time. A server
    /// that cannot be reached is none: the store is away until it can.
    static std::variant<std::unique_ptr<Store>, RelayError> open(const Options &options);
    /// Waits a while for what is yet to be written, gives slices back.
    ~Store() override;

    void setHistoryDays(int days);
    void setRelayBudget(Money usdADay);

    /// Never null; one that was not read until the database has once been reached. These four may be called in any thread.
    std::shared_ptr<const AccessBook> book() const;
    QList<AccessTerms> tokens() const; ///< by name, revoked ones last
    StoreStand stand() const;
    QList<BudgetStand> budgets() const;

    // Tokens. The answer tells the terms as they are kept.
    struct NewToken
    {
        AccessTerms terms;
        Secret token; ///< shown once: it is nowhere else
    };
    void addToken(const AccessTerms &terms, std::function<void(StoreAnswer<NewToken>)> then);
    void setToken(const AccessTerms &terms, std::function<void(StoreAnswer<AccessTerms>)> then);
    void revokeToken(qint64 id, std::function<void(std::optional<RelayError>)> then);

    // The history.
    void history(const HistoryQuery &query, std::function<void(StoreAnswer<HistoryPage>)> then);
    void sums(SumBy by, const HistoryQuery &query, std::function<void(StoreAnswer<QList<UsageSum>>)> then);
    /// Writes all that the query means, as CSV (RFC 4180), row by row.
    void writeCsv(
        const HistoryQuery &query, const QString &file, std::function<void(std::optional<RelayError>)> then);

    // Ledger
    void reserve(qint64 token, std::function<void(const Grant &)> then) override;
    void giveBack(qint64 token) override;
    void keepMinted(const QByteArray &hash, const Minted &minted, const QDateTime &expiresAt,
        std::function<void(bool)> then) override;
    void findMinted(const QByteArray &hash, std::function<void(std::optional<Minted>)> then) override;
    void add(const UsageEntry &entry) override;
    void begin(const CallEntry &entry) override;
    void end(const CallEntry &entry) override;
    StoreRows rows() const override;

Q_SIGNALS:
    void bookChanged(); ///< also by another program or relay, within two seconds
    void standChanged();
    void budgetsChanged();

private:
    struct Parts;
    explicit Store(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> m_parts;
};

} // namespace rr
