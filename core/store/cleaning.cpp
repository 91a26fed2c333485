// SPDX-License-Identifier: MIT
#include "core/store/cleaning.h"

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int rowsAtATime = 500;

} // namespace

std::optional<bool> cleanSome(Database &database, qint64 beforeMs, qint64 nowMs)
{
    bool hasMore = false;
    const auto remove = [&](const QString &sql, qint64 limitMs) {
        const auto rows = database.change(sql, {limitMs, rowsAtATime});
        hasMore = hasMore || rows.value_or(0) >= rowsAtATime;
        return rows.has_value();
    };
    const bool isDone = database.transact([&] {
        hasMore = false;
        if (!database.lock(Database::Lock::Cleaning)
            || !remove(
                u"DELETE FROM rr_minted WHERE hash IN "
                "(SELECT hash FROM rr_minted WHERE expires_at <= ? ORDER BY expires_at, hash LIMIT ?)"_s,
                nowMs))
            return false;
        if (beforeMs == 0)
            return true;
        const QString oldest
            = u"(SELECT id FROM rr_call WHERE started_at < ? ORDER BY started_at, id LIMIT ?)"_s;
        // Last that of calls which are not in the history, for want of room in the queue.
        return database.change(u"DELETE FROM rr_usage WHERE call IN "_s + oldest, {beforeMs, rowsAtATime})
                   .has_value()
            && remove(u"DELETE FROM rr_call WHERE id IN "_s + oldest, beforeMs)
            && remove(u"DELETE FROM rr_usage WHERE (call, fact) IN "
                      "(SELECT call, fact FROM rr_usage WHERE at < ? ORDER BY at, call, fact LIMIT ?)"_s,
                beforeMs);
    });
    if (!isDone)
        return {};
    return hasMore;
}

} // namespace rr
