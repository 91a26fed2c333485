// SPDX-License-Identifier: MIT
#include "core/relay/accesstroubles.h"

#include <QStringList>

#include <utility>

namespace rr {

namespace {

using enum TroubleCode;

/// From four fifths of the limit on.
bool isNearlySpent(const BudgetStand &stand)
{
    return stand.spent.pico() / 8 >= stand.limit.pico() / 10;
}

QString nameOf(const BudgetStand &stand, const std::shared_ptr<const AccessBook> &book)
{
    if (stand.budget == Budget::RelayDay)
        return QStringLiteral("BUDGET_USD_A_DAY");
    const auto terms = book ? book->find(stand.token) : nullptr;
    return terms ? terms->name : QString::number(stand.token);
}

Sentence describe(const BudgetStand &stand, const QString &name)
{
    constexpr int cents = 2;
    const QString spent = QString::fromLatin1(decimalText(stand.spent, cents));
    const QString limit = QString::fromLatin1(decimalText(stand.limit, cents));
    switch (stand.budget) {
    case Budget::TokenDay:
        return {
            QT_TRANSLATE_NOOP("Core",
                "Of what may be spent today with the access token %1, $%2 of $%3 are spent. Give it more, or wait until "
                "midnight (UTC)."),
            {name, spent, limit}};
    case Budget::TokenInAll:
        return {
            QT_TRANSLATE_NOOP("Core",
                "Of what may be spent in all with the access token %1, $%2 of $%3 are spent. Give it more, or make a new "
                "one."),
            {name, spent, limit}};
    case Budget::RelayDay:
        break;
    }
    return {
        QT_TRANSLATE_NOOP("Core",
            "Of what may be spent today with all access tokens, $%1 of $%2 are spent. Raise BUDGET_USD_A_DAY, or wait "
            "until midnight (UTC)."),
        {spent, limit}};
}

} // namespace

void AccessTroubles::budgetsStand(
    const QList<BudgetStand> &budgets, const std::shared_ptr<const AccessBook> &book)
{
    m_budgets = budgets;
    // By name: a token may have a budget for the day and one in all, and the worse of the two counts.
    QStringList spent;
    QStringList nearly;
    for (const BudgetStand &stand : budgets) {
        if (stand.limit <= Money() || !isNearlySpent(stand))
            continue;
        const QString name = nameOf(stand, book);
        const bool isSpent = stand.spent >= stand.limit;
        (isSpent ? spent : nearly).append(name);
        if (isSpent || !spent.contains(name))
            m_troubles.report(isSpent ? BudgetSpent : BudgetNearlySpent, name, describe(stand, name));
    }
    m_troubles.clear(BudgetSpent, [&spent](const QString &name) { return !spent.contains(name); });
    m_troubles.clear(BudgetNearlySpent,
        [&](const QString &name) { return !nearly.contains(name) || spent.contains(name); });
}

void AccessTroubles::storeStands(bool isAway, const Sentence &why, qint64 dropped)
{
    m_isAway = isAway;
    m_why = why;
    if (isAway)
        m_troubles.report(StoreAway,
            joined(
                QT_TRANSLATE_NOOP("Core",
                    "Check that the database of STORE_URL runs and can be reached; it is tried again by itself."),
                why, "%1 (%2)"));
    else
        m_troubles.clear(StoreAway);
    if (dropped > std::exchange(m_dropped, dropped))
        m_troubles.report(StoreRowsLost,
            QT_TRANSLATE_NOOP("Core",
                "The store took them too slowly, or not at all, and no more of them can wait. Check its disk, or its "
                "database."));
}

void AccessTroubles::again(const std::shared_ptr<const AccessBook> &book)
{
    budgetsStand(QList<BudgetStand>(m_budgets), book);
    storeStands(m_isAway, Sentence(m_why), m_dropped);
}

} // namespace rr
