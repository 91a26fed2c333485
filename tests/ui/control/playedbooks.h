// SPDX-License-Identifier: MIT
#pragma once

#include "tests/ui/sharing/playedrelay.h"
#include "ui/control/accesscontrol.h"
#include "ui/control/books.h"

#include <QTimer>

#include <algorithm>
#include <memory>
#include <utility>

namespace rr {

/// Books without a database: what a test puts into them. They answer soon, but never at once, or when the test says so.
class PlayedBooks final : public Books
{
public:
    using Books::Books;

    QList<AccessTerms> all;
    QList<BudgetStand> spent;
    StoreStand stands;
    QList<HistoryCall> calls; ///< the newest first
    QList<UsageSum> answeredSums;
    std::optional<RelayError> error; ///< that is answered to whatever is asked
    bool isHeld = false; ///< answers wait for answerNow()

    QList<HistoryQuery> asked; ///< of history()
    QList<std::pair<SumBy, HistoryQuery>> askedSums;
    QList<qint64> revoked;
    QString csvFile;

    static Secret madeToken() { return Secret("ek_rr_0123456789abcdefghijklmnopqrstuv"); }

    QList<AccessTerms> tokens() const override { return all; }
    StoreStand stand() const override { return stands; }
    QList<BudgetStand> budgets() const override { return spent; }

    void addToken(const AccessTerms &terms, std::function<void(StoreAnswer<Store::NewToken>)> then) override
    {
        later([this, terms, then = std::move(then)] {
            if (error)
                return then(*error);
            AccessTerms made = terms;
            made.id = 100 + all.size();
            all.append(made);
            Q_EMIT tokensChanged();
            then(Store::NewToken{made, madeToken()});
        });
    }
    void setToken(const AccessTerms &terms, std::function<void(StoreAnswer<AccessTerms>)> then) override
    {
        later([this, terms, then = std::move(then)] {
            if (error)
                return then(*error);
            for (AccessTerms &each : all) {
                if (each.id == terms.id)
                    each = terms;
            }
            Q_EMIT tokensChanged();
            then(terms);
        });
    }
    void revokeToken(qint64 id, std::function<void(std::optional<RelayError>)> then) override
    {
        later([this, id, then = std::move(then)] {
            if (error)
                return then(*error);
            revoked.append(id);
            for (AccessTerms &each : all)
                each.isRevoked = each.isRevoked || each.id == id;
            Q_EMIT tokensChanged();
            then({});
        });
    }
    void history(const HistoryQuery &query, std::function<void(StoreAnswer<HistoryPage>)> then) override
    {
        asked.append(query);
        later([this, query, then = std::move(then)] {
            if (error)
                return then(*error);
            HistoryPage page;
            for (const HistoryCall &each : std::as_const(calls)) {
                const bool isBefore = !query.beforeStart.isValid() || each.call.startedAt < query.beforeStart
                    || (each.call.startedAt == query.beforeStart && each.call.id < query.beforeId);
                const bool isMeant = (query.token < 0 || each.call.token == query.token)
                    && (!query.failedOnly || each.call.failed) && each.call.model.contains(query.text)
                    && (!query.from.isValid() || each.call.startedAt >= query.from);
                if (!isBefore || !isMeant)
                    continue;
                page.hasMore = page.calls.size() == query.most;
                if (page.hasMore)
                    break;
                page.calls.append(each);
            }
            then(page);
        });
    }
    void sums(
        SumBy by, const HistoryQuery &query, std::function<void(StoreAnswer<QList<UsageSum>>)> then) override
    {
        askedSums.append({by, query});
        later([this, then = std::move(then)] {
            if (error)
                return then(*error);
            then(answeredSums);
        });
    }
    void writeCsv(const HistoryQuery &, const QString &file,
        std::function<void(std::optional<RelayError>)> then) override
    {
        later([this, file, then = std::move(then)] {
            csvFile = file;
            then(error);
        });
    }

    /// `lastFirst`: what was asked first is answered last.
    void answerNow(bool lastFirst = false)
    {
        auto waiting = std::exchange(m_waiting, {});
        if (lastFirst)
            std::reverse(waiting.begin(), waiting.end());
        for (const auto &each : std::as_const(waiting))
            each();
    }

private:
    void later(std::function<void()> answer)
    {
        if (isHeld)
            m_waiting.append(std::move(answer));
        else
            QTimer::singleShot(0, this, answer);
    }

    QList<std::function<void()>> m_waiting;
};

/// A relay with a door, and with books that are the test's.
struct PlayedAccessRelay : PlayedRelay
{
    PlayedBooks *books = nullptr; ///< the control's

    PlayedAccessRelay() { open(); }
    void open()
    {
        auto made = std::make_unique<PlayedBooks>();
        books = made.get();
        control.access().setBooks(std::move(made));
    }
    void close()
    {
        books = nullptr;
        control.access().setBooks(nullptr);
    }
    /// Waits until it is kept.
    bool holdKey()
    {
        control.keyVault().store(Secret("sk-test-0123456789abcdefghij"));
        return QTest::qWaitFor(
            [this] { return control.access().keyPlace() != HeldKeyPlace::Nowhere; }, 30'000);
    }

    static AccessTerms terms(qint64 id, const QString &name)
    {
        AccessTerms terms;
        terms.id = id;
        terms.name = name;
        terms.expiresAt = QDateTime::currentDateTimeUtc().addDays(7);
        return terms;
    }
    static constexpr Money usd(qint64 cents) { return Money::ofPico(cents * 10'000'000'000); }
    /// So many, each a second older than the one before.
    static QList<HistoryCall> manyCalls(int count)
    {
        const QDateTime newest = QDateTime::currentDateTimeUtc().addSecs(-60);
        QList<HistoryCall> calls;
        calls.reserve(count);
        for (int i = 0; i < count; ++i) {
            HistoryCall each;
            each.call.id = QByteArray::number(1'000'000 - i);
            each.call.startedAt = newest.addSecs(-i);
            each.call.endedAt = each.call.startedAt.addSecs(65);
            each.call.model = QStringLiteral("gpt-realtime");
            each.call.client = QStringLiteral("192.0.2.7");
            calls.append(each);
        }
        return calls;
    }
};

} // namespace rr
