// SPDX-License-Identifier: MIT
#include "core/store/schema.h"

namespace rr {

using namespace Qt::StringLiterals;

namespace {

QStringList firstVersion()
{
    return {
        // Never deleted: calls and usage name it by its id, which is never given twice.
        u"CREATE TABLE rr_token ("
        "id <identity>, hash <bytes> NOT NULL UNIQUE, name TEXT NOT NULL, created_at BIGINT NOT NULL, "
        "expires_at BIGINT NOT NULL, " // 0: never
        "revoked_at BIGINT NOT NULL, " // 0: it is not
        "origins TEXT NOT NULL, models TEXT NOT NULL, " // JSON
        "calls_at_once BIGINT NOT NULL, minutes_a_call BIGINT NOT NULL, "
        "usd_a_day BIGINT NOT NULL, usd_in_all BIGINT NOT NULL)"_s,
        u"CREATE UNIQUE INDEX rr_token_name ON rr_token (name) WHERE revoked_at = 0"_s,

        // Short-lived tokens, made for an access token; the upstream's under each can be read by who has it alone.
        u"CREATE TABLE rr_minted (hash <bytes> NOT NULL PRIMARY KEY, token BIGINT NOT NULL, sealed <bytes> NOT NULL, "
        "expires_at BIGINT NOT NULL)"_s,
        u"CREATE INDEX rr_minted_expiry ON rr_minted (expires_at)"_s,

        u"CREATE TABLE rr_call ("
        "id <bytes> NOT NULL PRIMARY KEY, started_at BIGINT NOT NULL, "
        "ended_at BIGINT NOT NULL, " // 0: it has not, or its relay was killed
        "client TEXT NOT NULL, origin TEXT NOT NULL, model TEXT NOT NULL, kind TEXT NOT NULL, door TEXT NOT NULL, "
        "token BIGINT NOT NULL, token_name TEXT NOT NULL, reason TEXT NOT NULL, ended_by TEXT NOT NULL, "
        "close_code BIGINT NOT NULL, failed BIGINT NOT NULL, connect_ms BIGINT NOT NULL, first_audio_ms BIGINT NOT NULL, "
        "messages_up BIGINT NOT NULL, messages_down BIGINT NOT NULL, bytes_up BIGINT NOT NULL, bytes_down BIGINT NOT NULL, "
        "search TEXT NOT NULL)"_s, // what is searched, in one case
        u"CREATE INDEX rr_call_start ON rr_call (started_at, id)"_s,
        u"CREATE INDEX rr_call_token ON rr_call (token, started_at, id)"_s,
        u"CREATE INDEX rr_call_failed ON rr_call (started_at, id) WHERE failed = 1"_s,

        u"CREATE TABLE rr_usage ("
        "call <bytes> NOT NULL, fact <bytes> NOT NULL, token BIGINT NOT NULL, model TEXT NOT NULL, at BIGINT NOT NULL, "
        "cost BIGINT, " // NULL: no price is known
        "text_in BIGINT NOT NULL, audio_in BIGINT NOT NULL, image_in BIGINT NOT NULL, text_cached BIGINT NOT NULL, "
        "audio_cached BIGINT NOT NULL, image_cached BIGINT NOT NULL, text_out BIGINT NOT NULL, audio_out BIGINT NOT NULL, "
        "ms BIGINT NOT NULL, PRIMARY KEY (call, fact))"_s,
        u"CREATE INDEX rr_usage_at ON rr_usage (at)"_s,

        // What is given out of budgets; see slices.h.
        u"CREATE TABLE rr_slice ("
        "token BIGINT NOT NULL, day BIGINT NOT NULL, owner TEXT NOT NULL, granted BIGINT NOT NULL, spent BIGINT NOT NULL, "
        "expires_at BIGINT NOT NULL, " // 0: it is closed
        "PRIMARY KEY (token, day, owner))"_s,
        u"CREATE INDEX rr_slice_day ON rr_slice (day)"_s,
    };
}

/// nullopt: the database did not tell. 0: there is nothing of a store's in it.
std::optional<qint64> versionOf(Database &database)
{
    const auto tables = database.select(database.dialect().hasTable, {u"rr_meta"_s});
    if (!tables || tables->isEmpty())
        return {};
    if (tables->first().first().toLongLong() == 0)
        return 0;
    const auto rows = database.select(u"SELECT version FROM rr_meta WHERE id = 1"_s);
    if (!rows)
        return {};
    return rows->isEmpty() ? 0 : rows->first().first().toLongLong();
}

bool oneStep(Database &database, const QList<QStringList> &versions, qint64 &reached)
{
    const auto now = database.lock(Database::Lock::Schema) ? versionOf(database) : std::nullopt;
    if (!now)
        return false;
    reached = *now;
    if (reached >= versions.size())
        return true; // another has done it
    if (reached == 0
        && (!database.run(
                u"CREATE TABLE rr_meta (id BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, book BIGINT NOT NULL)"_s)
            || !database.change(u"INSERT INTO rr_meta (id, version, book) VALUES (1, 0, 0)"_s)))
        return false;
    for (QString statement : versions[reached]) {
        statement.replace("<bytes>"_L1, database.dialect().bytes)
            .replace("<identity>"_L1, database.dialect().identity);
        if (!database.run(statement))
            return false;
    }
    ++reached;
    return database.change(u"UPDATE rr_meta SET version = ?, book = book + 1 WHERE id = 1"_s, {reached})
        .has_value();
}

} // namespace

const QList<QStringList> &schema::versions()
{
    static const QList<QStringList> all{firstVersion()};
    return all;
}

std::optional<RelayError> schema::migrate(Database &database, const QList<QStringList> &versions)
{
    // Mostly there is nothing to do, for which nobody has to wait.
    std::optional<qint64> version = versionOf(database);
    while (version && *version < versions.size()) {
        if (!database.transact([&] { return oneStep(database, versions, *version); }))
            return database.error();
    }
    if (!version)
        return database.error();
    if (*version > versions.size())
        return newerStore(database.url());
    return {};
}

std::optional<schema::State> schema::state(Database &database)
{
    const auto rows = database.select(u"SELECT version, book FROM rr_meta WHERE id = 1"_s);
    if (!rows || rows->isEmpty())
        return {};
    return State{rows->first()[0].toLongLong(), rows->first()[1].toLongLong()};
}

RelayError newerStore(const StoreUrl &url)
{
    return {"store_newer", "storeUrl",
        {QT_TRANSLATE_NOOP("Core",
             "The store %1 was made by a newer version of this program, which this one would damage. Install that version, or "
             "name another store as STORE_URL."),
            {url.shown()}}};
}

} // namespace rr
