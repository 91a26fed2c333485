// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/database.h"
#include "core/store/schema.h"
#include "tests/support/postgresserver.h"
#include "tests/support/relaytest.h"

#include <QTemporaryDir>

#include <memory>

namespace rr::test {

inline constexpr qint64 dollar = 1'000'000'000'000; ///< as Money counts it

/// Where a test's stores are: it runs once for each kind of database. A test has
/// `void initTestCase_data() { StorePlaces::addRows(); }`, and calls next() at the beginning of each function.
class StorePlaces
{
public:
    static void addRows()
    {
        QTest::addColumn<bool>("isServer");
        QTest::newRow("sqlite") << false;
        QTest::newRow("postgresql") << true;
    }
    static bool isServer()
    {
        QFETCH_GLOBAL(bool, isServer);
        return isServer;
    }
    /// False: there is no PostgreSQL here, and the function is to be left out.
    static bool isThere() { return !isServer() || PostgresServer::isInstalled(); }

    /// The URL of a new one.
    QString next()
    {
        if (isServer())
            return server().newUrl();
        return QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("store%1.sqlite").arg(++m_files));
    }
    PostgresServer &server()
    {
        if (!m_server)
            m_server = std::make_unique<PostgresServer>();
        return *m_server;
    }
    QString folder() const { return m_folder.path(); }

private:
    QTemporaryDir m_folder;
    int m_files = 0;
    std::unique_ptr<PostgresServer> m_server;
};

/// A connection to a store that is there.
struct OpenDatabase
{
    explicit OpenDatabase(const QString &url, bool isMigrated = true)
        : database(std::get<StoreUrl>(parseStoreUrl(url)), Database::For::Writing)
    {
        if (const auto error = database.open())
            qFatal("%s", qPrintable(plain(error->detail)));
        if (!isMigrated)
            return;
        if (const auto error = schema::migrate(database))
            qFatal("%s", qPrintable(plain(error->detail)));
    }
    qint64 number(const QString &sql, const QVariantList &values = {})
    {
        const auto rows = database.select(sql, values);
        if (!rows)
            qFatal("%s: %s", qPrintable(sql), qPrintable(plain(database.error().detail)));
        return rows->isEmpty() ? -1 : rows->first().first().toLongLong();
    }

    Database database;
};

} // namespace rr::test

#define STORE_PLACE_OR_SKIP                                                                                  \
    if (!rr::test::StorePlaces::isThere())                                                                   \
    QSKIP(rr::test::PostgresServer::howToInstall())
