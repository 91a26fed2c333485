// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/sqldialect.h"

#include <QList>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace rr {

/// One connection to a store, for one thread: that which calls open() also closes and destroys it. No function throws; what fails
/// says so, and failure() why. Waits for the database, some seconds at the most, unless the server stands still with its
/// connection open.
class Database
{
public:
    enum class For : quint8 { Writing, Reading };
    /// Held by one transaction at a time, of all relays. SQLite's transactions hold every one.
    enum class Lock : qint64 { Schema = 0x7272'0001, Grants = 0x7272'0002, Cleaning = 0x7272'0003 };
    using Row = QVariantList;

    Database(const StoreUrl &url, For what);
    ~Database();
    Q_DISABLE_COPY_MOVE(Database)

    /// Makes SQLite's file and its folder where there is none, for this user alone. RelayError::code: "store_driver" and
    /// "store_file", which no waiting mends, or "store_away".
    std::optional<RelayError> open();
    bool isOpen() const { return m_isOpen; }
    void close();

    const StoreUrl &url() const { return m_url; }
    const SqlDialect &dialect() const { return m_dialect; }
    /// How far the server's clock is ahead of this machine's: all relays of a store go by the same. 0 without a server.
    qint64 clockOffsetMs() const { return m_clockOffsetMs; }

    /// Every row that it answers with. `sql` has a ? for each of `values`.
    std::optional<QList<Row>> select(const QString &sql, const QVariantList &values = {});
    /// How many rows it changed.
    std::optional<qint64> change(const QString &sql, const QVariantList &values = {});
    /// What cannot be prepared, as what makes tables.
    bool run(const QString &sql);
    /// All of it in one transaction, or nothing. `steps` returns whether all of it was done, and is called again after a conflict.
    bool transact(const std::function<bool()> &steps);
    /// Within a transaction: waits for it.
    bool lock(Lock what);

    /// Of the last that was not done.
    SqlFailure failure() const { return m_failure; }
    RelayError error() const; ///< "store_away"

private:
    std::optional<RelayError> openFile();
    std::optional<RelayError> openServer();
    QSqlQuery *query(const QString &sql);
    QSqlQuery *executed(const QString &sql, const QVariantList &values);
    bool fails(const QSqlError &error);

    const StoreUrl m_url;
    const SqlDialect &m_dialect;
    const For m_for;
    const QString m_name; ///< Qt's, of the connection
    QSqlDatabase m_database;
    bool m_isOpen = false;
    std::map<QString, std::unique_ptr<QSqlQuery>> m_prepared;
    qint64 m_clockOffsetMs = 0;
    SqlFailure m_failure = SqlFailure::None;
    QString m_code; ///< the database's own
    QString m_said;
};

/// What comes from outside, as both databases take it: without NUL, not longer than that, and never NULL.
QString storable(const QString &text, qsizetype most = 500);

} // namespace rr
