// SPDX-License-Identifier: MIT
#include "ui/control/storebooks.h"

namespace rr {

StoreBooks::StoreBooks(Store &store, QObject *parent)
    : Books(parent)
    , m_store(store)
{
    connect(&store, &Store::bookChanged, this, &Books::tokensChanged);
    connect(&store, &Store::standChanged, this, &Books::standChanged);
    connect(&store, &Store::budgetsChanged, this, &Books::budgetsChanged);
}

void StoreBooks::addToken(const AccessTerms &terms, std::function<void(StoreAnswer<Store::NewToken>)> then)
{
    m_store.addToken(terms, whileAlive(this, std::move(then)));
}

void StoreBooks::setToken(const AccessTerms &terms, std::function<void(StoreAnswer<AccessTerms>)> then)
{
    m_store.setToken(terms, whileAlive(this, std::move(then)));
}

void StoreBooks::revokeToken(qint64 id, std::function<void(std::optional<RelayError>)> then)
{
    m_store.revokeToken(id, whileAlive(this, std::move(then)));
}

void StoreBooks::history(const HistoryQuery &query, std::function<void(StoreAnswer<HistoryPage>)> then)
{
    m_store.history(query, whileAlive(this, std::move(then)));
}

void StoreBooks::sums(
    SumBy by, const HistoryQuery &query, std::function<void(StoreAnswer<QList<UsageSum>>)> then)
{
    m_store.sums(by, query, whileAlive(this, std::move(then)));
}

void StoreBooks::writeCsv(
    const HistoryQuery &query, const QString &file, std::function<void(std::optional<RelayError>)> then)
{
    m_store.writeCsv(query, file, whileAlive(this, std::move(then)));
}

} // namespace rr
