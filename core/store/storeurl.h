// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/relayerror.h"

#include <QString>

#include <variant>

namespace rr {

/// Where a store is, as STORE_URL says it. A plain value.
struct StoreUrl
{
    enum class Engine : quint8 { Sqlite, Postgres };

    Engine engine = Engine::Sqlite;
    QString file; ///< SQLite's: absolute

    // PostgreSQL's
    QString host; ///< a name, an address without brackets, or the folder of a socket
    quint16 port = 5432;
    QString database;
    QString user;
    QString password;
    QString sslMode; ///< empty: as libpq would
    QString sslRootCert;

    /// For people: without the password.
    QString shown() const;
    /// What a library has said, in one line and without the password, should it be in there.
    QString clean(const QString &said) const;
};

/// `sqlite:FILE` or `postgresql://USER:PASSWORD@HOST:PORT/NAME[?sslmode=…&sslrootcert=…]`; what is special in a part of it is
/// written as %HH. The error never shows the password.
std::variant<StoreUrl, RelayError> parseStoreUrl(const QString &url);

} // namespace rr
