// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/ledger.h"

#include <QDateTime>
#include <QList>
#include <QMetaObject>
#include <QObject>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace rr {

/// Books that are kept in the test's memory. Never answers from within a question: in a later turn of the event loop, or when the
/// test says so. One thread.
class FakeLedger final : public Ledger
{
public:
    struct KeptMinted
    {
        QByteArray hash;
        Minted minted;
        QDateTime expiresAt;
    };

    void reserve(qint64 token, std::function<void(const Grant &)> then) override
    {
        reserved.append(token);
        later([this, token, then = std::move(then)] { then(grantFor(token)); });
    }
    void giveBack(qint64 token) override
    {
        givenBack.append(token);
        const Money spentOnIt = spent[token];
        granted[token] = spentOnIt;
    }
    void keepMinted(const QByteArray &hash, const Minted &what, const QDateTime &expiresAt,
        std::function<void(bool)> then) override
    {
        later([this, hash, what, expiresAt, then = std::move(then)] {
            if (!isAway)
                minted.append({hash, what, expiresAt});
            then(!isAway);
        });
    }
    void findMinted(const QByteArray &hash, std::function<void(std::optional<Minted>)> then) override
    {
        sought.append(hash);
        later([this, hash, then = std::move(then)] {
            const auto found = std::find_if(
                minted.begin(), minted.end(), [&hash](const KeptMinted &each) { return each.hash == hash; });
            if (isAway)
                then(std::nullopt);
            else
                then(found == minted.end() ? Minted() : found->minted);
        });
    }
    void add(const UsageEntry &entry) override
    {
        const auto same = std::find_if(added.begin(), added.end(), [&entry](const UsageEntry &each) {
            return each.call == entry.call && each.fact == entry.fact;
        });
        if (same == added.end())
            added.append(entry);
        else
            *same = entry;
        ++adds;
        spent[entry.token] += entry.cost.value_or(Money());
    }
    void begin(const CallEntry &entry) override { begun.append(entry); }
    void end(const CallEntry &entry) override { ended.append(entry); }
    StoreRows rows() const override { return told; }

    /// The first question that waits gets its answer.
    void answerOne()
    {
        const auto answer = std::move(m_waiting.front());
        m_waiting.pop_front();
        answer();
    }
    void answerAll()
    {
        while (!m_waiting.empty())
            answerOne();
    }
    qsizetype waiting() const { return qsizetype(m_waiting.size()); }

    bool answersByItself = true;
    bool isAway = false;
    bool hasBudget = true;
    Budget exhausted = Budget::TokenDay;
    QDate day = QDateTime::currentDateTimeUtc().date();
    Money slice = Money::ofPico(1'000); ///< that is given each time
    Money budget = Money::ofPico(10'000); ///< of each token, a day
    std::map<qint64, Money> granted; ///< of it
    std::map<qint64, Money> spent;
    QList<qint64> reserved;
    QList<qint64> givenBack;
    QList<QByteArray> sought;
    QList<KeptMinted> minted;
    QList<UsageEntry> added;
    int adds = 0;
    QList<CallEntry> begun;
    QList<CallEntry> ended;
    StoreRows told;

private:
    Grant grantFor(qint64 token)
    {
        if (isAway)
            return {Outcome::Away, day, {}, true, {}};
        if (!hasBudget)
            return {Outcome::Granted, day, {}, false, {}};
        Money &all = granted[token];
        const Money more = std::min(slice, Money::ofPico(budget.pico() - all.pico()));
        if (more <= Money()) {
            all = std::min(all, std::max(spent[token], budget)); // which was lowered
            return {Outcome::Exhausted, day, all, true, exhausted};
        }
        all += more;
        return {Outcome::Granted, day, all, true, {}};
    }
    void later(std::function<void()> answer)
    {
        if (!answersByItself)
            m_waiting.push_back(std::move(answer));
        else
            QMetaObject::invokeMethod(
                &m_receiver, std::move(answer), Qt::QueuedConnection);
    }

    std::deque<std::function<void()>> m_waiting;
    QObject m_receiver; ///< of its own answers, which are gone with it
};

} // namespace rr
