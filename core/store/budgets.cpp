// SPDX-License-Identifier: MIT
#include "core/store/budgets.h"

#include "core/store/slices.h"

namespace rr {

using namespace Qt::StringLiterals;

std::optional<QList<BudgetStand>> readBudgets(Database &database, Money relayUsdADay, qint64 nowMs)
{
    const qint64 today = Slices::dayOf(nowMs);
    QList<BudgetStand> stands;
    if (relayUsdADay > Money()) {
        const auto rows = database.select(
            u"SELECT COALESCE(CAST(SUM(spent) AS BIGINT), 0) FROM rr_slice WHERE day = ?"_s, {today});
        if (!rows || rows->isEmpty())
            return {};
        stands.append({0, Budget::RelayDay, Money::ofPico(rows->first().first().toLongLong()), relayUsdADay});
    }
    const auto rows
        = database.select(u"SELECT t.id, t.usd_a_day, t.usd_in_all, "
                          "COALESCE(CAST(SUM(CASE WHEN s.day = ? THEN s.spent ELSE 0 END) AS BIGINT), 0), "
                          "COALESCE(CAST(SUM(s.spent) AS BIGINT), 0) "
                          "FROM rr_token t LEFT JOIN rr_slice s ON s.token = t.id "
                          "WHERE t.revoked_at = 0 AND (t.usd_a_day > 0 OR t.usd_in_all > 0) "
                          "GROUP BY t.id, t.usd_a_day, t.usd_in_all ORDER BY t.id"_s,
            {today});
    if (!rows)
        return {};
    for (const Database::Row &row : *rows) {
        const qint64 token = row[0].toLongLong();
        if (const auto limit = Money::ofPico(row[1].toLongLong()); limit > Money())
            stands.append({token, Budget::TokenDay, Money::ofPico(row[3].toLongLong()), limit});
        if (const auto limit = Money::ofPico(row[2].toLongLong()); limit > Money())
            stands.append({token, Budget::TokenInAll, Money::ofPico(row[4].toLongLong()), limit});
    }
    return stands;
}

} // namespace rr
