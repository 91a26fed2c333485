// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/store.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <optional>
#include <utility>

namespace rr {

/// What the window wants to know of a Store, and to have done by it: access tokens, what is spent of budgets, and the history of
/// calls. Nothing here waits: what it has is told at once, what must be asked for is told by `then`, in the main thread, unless
/// this is gone before. Main thread; StoreBooks is that of a store, tests have others.
class Books : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    virtual QList<AccessTerms> tokens() const = 0; ///< revoked ones too
    virtual StoreStand stand() const = 0;
    virtual QList<BudgetStand> budgets() const = 0;

    // As Store's.
    virtual void addToken(const AccessTerms &terms, std::function<void(StoreAnswer<Store::NewToken>)> then)
        = 0;
    virtual void setToken(const AccessTerms &terms, std::function<void(StoreAnswer<AccessTerms>)> then) = 0;
    virtual void revokeToken(qint64 id, std::function<void(std::optional<RelayError>)> then) = 0;
    virtual void history(const HistoryQuery &query, std::function<void(StoreAnswer<HistoryPage>)> then) = 0;
    virtual void sums(
        SumBy by, const HistoryQuery &query, std::function<void(StoreAnswer<QList<UsageSum>>)> then)
        = 0;
    virtual void writeCsv(
        const HistoryQuery &query, const QString &file, std::function<void(std::optional<RelayError>)> then)
        = 0;

Q_SIGNALS:
    void tokensChanged();
    void standChanged();
    void budgetsChanged();
};

/// `then` for somebody who may be gone when the answer comes, and is not to be asked any more.
template <typename Then>
auto whileAlive(QObject *who, Then then)
{
    return [guard = QPointer<QObject>(who), then = std::move(then)](auto &&...answer) {
        if (guard)
            then(std::forward<decltype(answer)>(answer)...);
    };
}

} // namespace rr
