// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/books.h"

namespace rr {

/// Those of a store, which outlives this.
class StoreBooks final : public Books
{
    Q_OBJECT
public:
    explicit StoreBooks(Store &store, QObject *parent = nullptr);

    QList<AccessTerms> tokens() const override { return m_store.tokens(); }
    StoreStand stand() const override { return m_store.stand(); }
    QList<BudgetStand> budgets() const override { return m_store.budgets(); }

    void addToken(const AccessTerms &terms, std::function<void(StoreAnswer<Store::NewToken>)> then) override;
    void setToken(const AccessTerms &terms, std::function<void(StoreAnswer<AccessTerms>)> then) override;
    void revokeToken(qint64 id, std::function<void(std::optional<RelayError>)> then) override;
    void history(const HistoryQuery &query, std::function<void(StoreAnswer<HistoryPage>)> then) override;
    void sums(
        SumBy by, const HistoryQuery &query, std::function<void(StoreAnswer<QList<UsageSum>>)> then) override;
    void writeCsv(const HistoryQuery &query, const QString &file,
        std::function<void(std::optional<RelayError>)> then) override;

private:
    Store &m_store;
};

} // namespace rr
