// SPDX-License-Identifier: MIT
#include "core/store/database.h"

#include "core/base/randomtext.h"
#include "core/store/databasefile.h"

#include <QDateTime>
#include <QSqlError>
#include <QSqlRecord>
#include <QStringList>
#include <QThread>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostConflicts = 10;
constexpr std::size_t mostPrepared = 100;

RelayError noDriver(const SqlDialect &dialect)
{
    return {"store_driver", "storeUrl",
        {QT_TRANSLATE_NOOP("Core",
             "Qt's driver for the database of STORE_URL (%1) is not here. Install it; on Debian and Ubuntu: apt-get "
             "install %2"),
            {QString(dialect.driver), QString(dialect.package)}}};
}

/// libpq takes an option's value between apostrophes (PostgreSQL 34.1.1.1).
QString quoted(QString value)
{
    return u'\'' + value.replace(u'\\', u"\\\\"_s).replace(u'\'', u"\\'"_s) + u'\'';
}

} // namespace

Database::Database(const StoreUrl &url, For what)
    : m_url(url)
    , m_dialect(dialectOf(url.engine))
    , m_for(what)
    , m_name(u"store-"_s + QString::fromLatin1(randomText()))
{
}

Database::~Database()
{
    close();
}

std::optional<RelayError> Database::open()
{
    close();
    if (!QSqlDatabase::isDriverAvailable(m_dialect.driver))
        return noDriver(m_dialect);
    m_database = QSqlDatabase::addDatabase(m_dialect.driver, m_name);
    const auto error = m_dialect.hasServer ? openServer() : openFile();
    if (error)
        close();
    else
        m_isOpen = true;
    return error;
}

void Database::close()
{
    if (!m_database.isValid())
        return;
    m_isOpen = false;
    // Before the statements, each of which would else tell the server, which may be gone, that it is not needed any more.
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
    m_prepared.clear();
}

std::optional<RelayError> Database::openFile()
{
    if (const auto problem = makeDatabaseFile(m_url.file))
        return RelayError{"store_file", "storeUrl", *problem};
    m_database.setDatabaseName(m_url.file);
    m_database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=3000"_s);
    const auto prepare = [this] {
        return run(u"PRAGMA synchronous = NORMAL"_s) && run(u"PRAGMA foreign_keys = ON"_s)
            && run(u"PRAGMA journal_mode = WAL"_s)
            && (m_for == For::Writing || run(u"PRAGMA query_only = ON"_s));
    };
    if (m_database.open() || fails(m_database.lastError())) {
        // Who changes a new file to WAL waits for nobody, whatever the timeout.
        for (int tries = 0; tries < 50; ++tries) {
            if (prepare())
                return {};
            if (!m_dialect.isBusy(m_code))
                break;
            QThread::msleep(50);
        }
    }
    if (m_dialect.isBusy(m_code))
        return error();
    return RelayError{"store_file", "storeUrl",
        {QT_TRANSLATE_NOOP("Core",
             "The store %1 cannot be opened: %2. Check that it is a database of SQLite's, that you may write to it and to "
             "its folder, and that the disk is not full; or name another file as STORE_URL."),
            {m_url.file, m_said}}};
}

std::optional<RelayError> Database::openServer()
{
    m_database.setHostName(m_url.host);
    m_database.setPort(m_url.port);
    m_database.setDatabaseName(m_url.database);
    m_database.setUserName(m_url.user);
    m_database.setPassword(m_url.password);
    // A server that is not there any more, or a way to it that leads nowhere, is noticed in seconds.
    QStringList options{u"connect_timeout=4"_s, u"tcp_user_timeout=5000"_s, u"keepalives_idle=5"_s,
        u"keepalives_interval=2"_s, u"keepalives_count=3"_s, u"application_name='realtime relay'"_s};
    if (!m_url.sslMode.isEmpty())
        options += u"sslmode="_s + m_url.sslMode;
    if (!m_url.sslRootCert.isEmpty())
        options += u"sslrootcert="_s + quoted(m_url.sslRootCert);
    m_database.setConnectOptions(options.join(u';'));
    const bool opened = m_database.open() || fails(m_database.lastError());
    if (!opened || !run(u"SET client_min_messages = warning"_s) || !run(u"SET lock_timeout = 4000"_s)
        || !run(
            m_for == For::Writing ? u"SET statement_timeout = 10000"_s : u"SET statement_timeout = 30000"_s))
        return error();
    m_isOpen = true;
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    const auto now = select(m_dialect.now);
    const auto encoding = select(u"SELECT current_setting('server_encoding')"_s);
    if (!now || now->isEmpty() || !encoding || encoding->isEmpty())
        return error();
    m_clockOffsetMs = now->first().first().toLongLong() - before;
    if (encoding->first().first().toString() != "UTF8"_L1)
        return RelayError{"store_file", "storeUrl",
            {QT_TRANSLATE_NOOP("Core",
                 "The database of %1 is kept in %2, which has no room for every letter. Make one with ENCODING 'UTF8'."),
                {m_url.shown(), encoding->first().first().toString()}}};
    return {};
}

std::optional<QList<Database::Row>> Database::select(const QString &sql, const QVariantList &values)
{
    QSqlQuery *const query = executed(sql, values);
    if (!query)
        return {};
    QList<Row> rows;
    const int columns = query->record().count();
    while (query->next()) {
        Row row;
        row.reserve(columns);
        for (int i = 0; i < columns; ++i)
            row.append(query->value(i));
        rows.append(row);
    }
    const QSqlError error = query->lastError();
    query->finish();
    if (error.isValid()) {
        fails(error);
        return {};
    }
    return rows;
}

std::optional<qint64> Database::change(const QString &sql, const QVariantList &values)
{
    QSqlQuery *const query = executed(sql, values);
    if (!query)
        return {};
    const qint64 rows = query->numRowsAffected();
    query->finish();
    return rows;
}

bool Database::transact(const std::function<bool()> &steps)
{
    for (int conflicts = 0;; ++conflicts) {
        m_failure = SqlFailure::None;
        if (!m_isOpen || !run(m_for == For::Writing ? m_dialect.beginWriting : "BEGIN"_L1))
            return false;
        if (steps() && run(u"COMMIT"_s))
            return true;
        const auto failure = std::exchange(m_failure, SqlFailure::None);
        const QString said = m_said;
        const bool undone = run(u"ROLLBACK"_s); // else the connection is of no use any more
        m_said = said;
        m_failure = undone ? failure : SqlFailure::Away;
        if (failure != SqlFailure::Conflict || !undone || conflicts == mostConflicts)
            return false;
    }
}

bool Database::lock(Lock what)
{
    return m_dialect.lock.isEmpty() || select(m_dialect.lock, {qint64(what)}).has_value();
}

RelayError Database::error() const
{
    return {"store_away", "storeUrl",
        m_dialect.hasServer
            ? Sentence(
                QT_TRANSLATE_NOOP("Core",
                    "The store %1 cannot be used just now: %2. Check that PostgreSQL runs there, and that user, "
                    "password and database are right."),
                {m_url.shown(), m_said})
            : Sentence(
                QT_TRANSLATE_NOOP("Core",
                    "The store %1 cannot be used just now: %2. Check that the file is there, that you may write to "
                    "it, and that the disk is not full."),
                {m_url.file, m_said})};
}

/// Prepared once.
QSqlQuery *Database::query(const QString &sql)
{
    if (const auto found = m_prepared.find(sql); found != m_prepared.end())
        return found->second.get();
    if (m_prepared.size() >= mostPrepared)
        m_prepared.clear();
    auto query = std::make_unique<QSqlQuery>(m_database);
    query->setForwardOnly(true);
    if (!query->prepare(sql)) {
        fails(query->lastError());
        return nullptr;
    }
    return (m_prepared[sql] = std::move(query)).get();
}

QSqlQuery *Database::executed(const QString &sql, const QVariantList &values)
{
    if (!m_isOpen) {
        m_failure = SqlFailure::Away;
        return nullptr;
    }
    QSqlQuery *const statement = query(sql);
    if (!statement)
        return nullptr;
    for (qsizetype i = 0; i < values.size(); ++i)
        statement->bindValue(int(i), values[i]);
    if (statement->exec())
        return statement;
    fails(statement->lastError());
    statement->finish();
    return nullptr;
}

bool Database::run(const QString &sql)
{
    if (!m_database.isOpen() || m_database.isOpenError()) { // of which Qt would warn
        m_failure = SqlFailure::Lost;
        return false;
    }
    QSqlQuery once(m_database);
    return once.exec(sql) || fails(once.lastError());
}

bool Database::fails(const QSqlError &error)
{
    m_code = error.nativeErrorCode();
    m_failure = m_dialect.failureOf(m_code);
    m_said = m_url.clean(error.databaseText().isEmpty() ? error.driverText() : error.databaseText());
    return false;
}

QString storable(const QString &text, qsizetype most)
{
    QString result = text.left(most);
    result.remove(QChar(0));
    return result.isNull() ? u""_s : result;
}

} // namespace rr
