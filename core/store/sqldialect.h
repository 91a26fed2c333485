// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/storeurl.h"

#include <QLatin1String>
#include <QString>

namespace rr {

/// Why a statement was not done, and with that what becomes of what was to be kept.
enum class SqlFailure : quint8 {
    None,
    Conflict, ///< with another transaction: the same again, at once
    Lost, ///< the connection is: the same again on another one
    Away, ///< the database cannot be reached or cannot write: the same again, later
    Data, ///< it takes no such row: the same again would fail again
};

/// Everything in which SQLite and PostgreSQL differ here, but for how they are opened. All other SQL is one for both.
struct SqlDialect
{
    QLatin1String driver; ///< Qt's name of it
    QLatin1String package; ///< Debian's, that has it
    QLatin1String bytes; ///< types of columns
    QLatin1String identity;
    QLatin1String beginWriting; ///< SQLite has one writer: it waits here, and not in the middle
    QLatin1String greatest; ///< the function of two values
    QLatin1String forUpdate; ///< behind a SELECT
    QLatin1String hasTable; ///< a SELECT with one value to be filled in: how many tables are called so
    QLatin1String
        lock; ///< a SELECT with a number: waits until nobody else has that lock, and has it as long as the transaction
    QLatin1String now; ///< a SELECT: the server's time, in milliseconds since 1970
    bool hasServer = false;

    SqlFailure failureOf(const QString &nativeCode) const;
    /// SQLite's: another has it just now.
    bool isBusy(const QString &nativeCode) const { return !hasServer && (nativeCode.toInt() & 0xff) == 5; }
};

const SqlDialect &dialectOf(StoreUrl::Engine engine);

} // namespace rr
