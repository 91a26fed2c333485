// SPDX-License-Identifier: MIT
#include "core/store/sqldialect.h"

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr SqlDialect sqlite{
    .driver = "QSQLITE"_L1,
    .package = "libqt6sql6-sqlite"_L1,
    .bytes = "BLOB"_L1,
    .identity = "INTEGER PRIMARY KEY AUTOINCREMENT"_L1,
    .beginWriting = "BEGIN IMMEDIATE"_L1,
    .greatest = "MAX"_L1,
    .forUpdate = ""_L1,
    .hasTable = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?"_L1,
    .lock = ""_L1, // BEGIN IMMEDIATE is one
    .now = ""_L1,
};

constexpr SqlDialect postgres{
    .driver = "QPSQL"_L1,
    .package = "libqt6sql6-psql"_L1,
    .bytes = "BYTEA"_L1,
    .identity = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"_L1,
    // Who has waited for a lock sees what was done meanwhile, whatever the server or the database has for a default.
    .beginWriting = "BEGIN ISOLATION LEVEL READ COMMITTED"_L1,
    .greatest = "GREATEST"_L1,
    .forUpdate = " FOR UPDATE"_L1,
    .hasTable
    = "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE relname = ? AND pg_catalog.pg_table_is_visible(oid)"_L1,
    .lock = "SELECT pg_advisory_xact_lock(CAST(? AS BIGINT))"_L1,
    .now = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"_L1,
    .hasServer = true,
};

/// https://www.sqlite.org/rescode.html: constraint, mismatch, range, too big.
SqlFailure sqliteFailure(const QString &code)
{
    switch (code.toInt() & 0xff) {
    case 18:
    case 19:
    case 20:
    case 25:
        return SqlFailure::Data;
    default:
        return SqlFailure::Away;
    }
}

/// SQLSTATE.
SqlFailure postgresFailure(const QString &code)
{
    if (code.isEmpty() || code.startsWith("08"_L1) || code == "57P01"_L1
        || code == "57P02"_L1) // or it was ended
        return SqlFailure::Lost;
    if (code == "40001"_L1 || code == "40P01"_L1) // serialisation, deadlock
        return SqlFailure::Conflict;
    for (const QLatin1String kind : {"21"_L1, "22"_L1, "23"_L1, "54"_L1}) { // of data, constraints, limits
        if (code.startsWith(kind))
            return SqlFailure::Data;
    }
    return SqlFailure::Away;
}

} // namespace

SqlFailure SqlDialect::failureOf(const QString &nativeCode) const
{
    return hasServer ? postgresFailure(nativeCode) : sqliteFailure(nativeCode);
}

const SqlDialect &dialectOf(StoreUrl::Engine engine)
{
    return engine == StoreUrl::Engine::Postgres ? postgres : sqlite;
}

} // namespace rr
