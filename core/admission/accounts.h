// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"
#include "core/admission/admission.h"
#include "core/admission/ledger.h"
#include "core/base/money.h"

#include <QDate>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

namespace rr {

class Account;

/// For what an access token is used.
enum class AccessUse : quint8 {
    Call, ///< takes one of AccessTerms::callsAtOnce
    Request, ///< only asks whether there is anything left to spend
};

/// That an access token is in use, for a call or a request; destroying it ends that, and when it was the last use of the token
/// here, what is left of its slice is given back. Any thread may use it, one at a time, also after the Accounts are gone.
class AccessPlace
{
public:
    ~AccessPlace();
    Q_DISABLE_COPY_MOVE(AccessPlace)

    const std::shared_ptr<const AccessTerms> &terms() const { return m_terms; }
    /// As they are now, for who looks at their expiry.
    void setTerms(std::shared_ptr<const AccessTerms> terms) { m_terms = std::move(terms); }

    /// Whether there is any budget. Cheap enough for every tick.
    bool isBounded() const;
    /// Whether what may be spent here is spent, running estimates included, and no more is on its way. Likewise.
    bool isSpent() const;
    /// Whether it is spent as far as is known, and the ledger has yet to say how much more there is. Likewise.
    bool isInDoubt() const;
    /// Why: for EndDetails::detail.
    Sentence whySpent() const;

    /// A fact of usage is known, and its cost.
    void spend(Money cost);
    /// What is running on this use costs about so much until now; zero once it is spend()t. Each time all of it.
    void estimate(Money running);

private:
    friend class Accounts;
    AccessPlace(std::shared_ptr<Account> account, std::shared_ptr<const AccessTerms> terms, AccessUse use);

    const std::shared_ptr<Account> m_account;
    std::shared_ptr<const AccessTerms> m_terms;
    const AccessUse m_use;
    Money m_running;
};

/// What each access token may still spend here, as the Ledger has granted it, and how many calls there are with it. One for the
/// whole relay. Any thread may call any function; a token's account has a mutex, taken when a call begins or ends and when a
/// fact of usage is known.
///
/// A token has one slice of a day of UTC, out of which all of its calls here spend. More is asked for when half of it is spent.
/// Who is refused for want of money, or of a ledger that answers, has the ledger asked again a few seconds later at the
/// earliest. When the ledger is away, what was granted may still be spent. Where its clock is behind this machine's, its day is
/// still the one before for a while: it is asked again until it is not.
class Accounts
{
public:
    struct Time
    {
        QDate day; ///< of UTC
        std::chrono::steady_clock::time_point steady;

        static Time now();
    };
    /// Between two questions to the ledger for one token, after it has not granted anything.
    static constexpr std::chrono::seconds askAgainAfter{3};
    /// Likewise for a token without any budget: one may have been set since.
    static constexpr std::chrono::seconds lookAgainAfter{10};

    explicit Accounts(std::function<Time()> clock = &Time::now);
    ~Accounts();
    Q_DISABLE_COPY_MOVE(Accounts)

    /// Null: nobody keeps books, and nobody is let in. While no token is in use.
    void setLedger(Ledger *ledger);
    Ledger *ledger() const;
    /// The books cannot be reached: nobody else is let in, for whoever comes may be revoked by now. Who is in goes on.
    void setAway(bool isAway);
    bool isAway() const; ///< also where nobody keeps books

    /// Never null.
    std::shared_ptr<const AccessBook> book() const;
    void setBook(std::shared_ptr<const AccessBook> book); ///< null: one that was not read
    /// The relay's own budget is another one, and the ledger knows of it: it is asked anew for every token.
    void relayBudgetChanged();

    using Entry = std::variant<std::shared_ptr<AccessPlace>, Refusal>;
    /// Lets in who has that token:
    ///   429 too_many_calls_with_token   as many calls as AccessTerms::callsAtOnce
    ///   429 insufficient_quota          a budget is spent
    ///   503 store_away                  with Retry-After: there is no ledger, or it cannot tell
    /// nullopt: the ledger is asked, and `then` called once it has answered, in a thread of its own; in the meantime the use
    /// counts as one.
    std::optional<Entry> enter(
        const std::shared_ptr<const AccessTerms> &terms, AccessUse use, std::function<void(Entry)> then);

    /// To be called about once a second: a new day has begun, or the ledger may know more by now.
    void look();

    int callsWith(qint64 token) const; ///< those that are under way

private:
    std::shared_ptr<Account> accountOf(qint64 token);
    std::vector<std::shared_ptr<Account>> all() const;

    const std::function<Time()> m_clock;
    mutable std::mutex m_mutex; ///< guards all below; taken before that of an account
    Ledger *m_ledger = nullptr;
    bool m_isAway = false;
    std::shared_ptr<const AccessBook> m_book;
    std::unordered_map<qint64, std::shared_ptr<Account>> m_accounts;
};

/// 503 store_away, with Retry-After.
Refusal storeAway();

} // namespace rr
