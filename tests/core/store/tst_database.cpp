// SPDX-License-Identifier: MIT
#include "tests/core/store/storeplaces.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <thread>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;

namespace {

std::optional<RelayError> errorOf(const QString &url)
{
    Database database(std::get<StoreUrl>(parseStoreUrl(url)), Database::For::Writing);
    const auto error = database.open();
    if (!error)
        return {};
    return error;
}

} // namespace

class TestDatabase : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }
    /// Before any driver is loaded, for none is ever unloaded.
    void initTestCase()
    {
        const QStringList paths = QCoreApplication::libraryPaths();
        QCoreApplication::setLibraryPaths({});
        m_noFileDriver = errorOf(u"sqlite:"_s + m_places.folder() + u"/none.sqlite"_s);
        m_noServerDriver = errorOf(u"postgresql://relay@127.0.0.1:1/none"_s);
        QCoreApplication::setLibraryPaths(paths);
    }

    void statements()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next(), false);
        Database &database = open.database;
        QVERIFY(database.run(
            u"CREATE TABLE a (id BIGINT PRIMARY KEY, words TEXT, bits %1)"_s.arg(database.dialect().bytes)));
        const QString words = u"'\\ \" ? ü %1 \U0001F600"_s;
        const QByteArray bits("\0\xff'\\\x80", 5);
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(database.change(u"INSERT INTO a (id, words, bits) VALUES (?, ?, ?)"_s,
                         {(Q_INT64_C(1) << 62) + i, words, bits}),
                std::optional<qint64>(1));
        }
        const auto rows
            = database.select(u"SELECT id, words, bits FROM a WHERE words = ? ORDER BY id"_s, {words});
        QVERIFY(rows);
        QCOMPARE(rows->size(), 3);
        QCOMPARE(rows->first()[0].toLongLong(), Q_INT64_C(1) << 62);
        QCOMPARE(rows->first()[1].toString(), words);
        QCOMPARE(rows->first()[2].toByteArray(), bits);
        QCOMPARE(
            database.change(u"UPDATE a SET words = ?"_s, {storable(QString())}), std::optional<qint64>(3));
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM a WHERE words = ''"_s), 3);
    }
    void failures()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next(), false);
        Database &database = open.database;
        QVERIFY(database.run(u"CREATE TABLE a (id BIGINT PRIMARY KEY)"_s));
        const auto insert = [&database](qint64 id) {
            return database.change(u"INSERT INTO a (id) VALUES (?)"_s, {id}).has_value();
        };
        QVERIFY(database.transact([&] { return insert(1) && insert(2); }));
        // All or nothing.
        QVERIFY(!database.transact([&] { return insert(3) && insert(1); }));
        QVERIFY(database.failure() == SqlFailure::Data);
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM a"_s), 2);
        QVERIFY(!database.transact(
            [&] { return insert(3) && database.select(u"SELECT nothing FROM a"_s).has_value(); }));
        QVERIFY(database.failure() == SqlFailure::Away);
        QVERIFY(database.transact([&] { return insert(3); }));
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM a"_s), 3);
        database.close();
        QVERIFY(!insert(4));
        QVERIFY(database.failure() == SqlFailure::Away);
        QVERIFY(!database.open());
        QVERIFY(insert(4));
    }
    /// Of two that change the same rows in another order one is told to begin again.
    void conflicts()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        OpenDatabase open(url, false);
        QVERIFY(open.database.run(u"CREATE TABLE a (id BIGINT PRIMARY KEY, n BIGINT)"_s));
        QVERIFY(open.database.run(u"INSERT INTO a (id, n) VALUES (1, 0), (2, 0)"_s));
        constexpr int times = 100;
        const auto count = [&url](int first) {
            OpenDatabase other(url, false);
            for (int i = 0; i < times; ++i) {
                const bool isDone = other.database.transact([&] {
                    return other.database.change(u"UPDATE a SET n = n + 1 WHERE id = ?"_s, {first})
                        && other.database.change(u"UPDATE a SET n = n + 1 WHERE id = ?"_s, {3 - first});
                });
                if (!isDone)
                    qFatal("%s", qPrintable(plain(other.database.error().detail)));
            }
        };
        std::thread one([&] { count(1); });
        std::thread other([&] { count(2); });
        one.join();
        other.join();
        QCOMPARE(open.number(u"SELECT SUM(n) FROM a"_s), 4 * times);
    }
    /// Who reads a file is then not held up by who writes to it.
    void logsAhead()
    {
        if (StorePlaces::isServer())
            QSKIP("of files alone");
        OpenDatabase open(m_places.next());
        const auto rows = open.database.select(u"PRAGMA journal_mode"_s);
        QVERIFY(rows && rows->size() == 1);
        QCOMPARE(rows->first().first().toString(), u"wal"_s);
    }
    void forThisUserAlone()
    {
        if (StorePlaces::isServer())
            QSKIP("a server has its own files");
        const QString folder = m_places.folder() + u"/new/folder"_s;
        const QString file = folder + u"/a b.sqlite"_s;
        OpenDatabase open(u"sqlite:"_s + file);
        constexpr auto owner = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;
        for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s}) {
            QVERIFY2(QFileInfo::exists(file + suffix), qPrintable(suffix));
            QCOMPARE(QFile::permissions(file + suffix) & ~owner, QFile::Permissions());
        }
        QCOMPARE(QFile::permissions(folder)
                & (QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther),
            QFile::Permissions());

        // Also one that was there.
        const QString older = m_places.folder() + u"/older.sqlite"_s;
        QFile touched(older);
        QVERIFY(touched.open(QIODevice::WriteOnly));
        QVERIFY(touched.setPermissions(owner | QFile::ReadGroup | QFile::ReadOther));
        OpenDatabase second(u"sqlite:"_s + older);
        QCOMPARE(QFile::permissions(older) & ~owner, QFile::Permissions());
    }
    void badFiles()
    {
        if (StorePlaces::isServer())
            QSKIP("of files alone");
        const QString garbage = m_places.folder() + u"/garbage.sqlite"_s;
        QFile file(garbage);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(100'000, 'x'));
        file.close();
        for (const QString &path :
            {garbage, m_places.folder(), u"/proc/none/store.sqlite"_s, u"/proc/none"_s}) {
            const auto error = errorOf(u"sqlite:"_s + path);
            QVERIFY2(error, qPrintable(path));
            QCOMPARE(error->code, "store_file"_ba);
            QVERIFY2(plain(error->detail).contains(path), qPrintable(plain(error->detail)));
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray(100'000, 'x')); // as it was
    }
    void badServers()
    {
        if (!StorePlaces::isServer())
            QSKIP("of servers alone");
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const ReservedPort nobody;
        QString wrongPort = url;
        wrongPort.replace(QString::number(m_places.server().port()), QString::number(nobody.number()));
        QString wrongPassword = url;
        wrongPassword.replace("pass"_L1, "wrong"_L1);
        const QStringList urls{wrongPort, wrongPassword, url + u"none"_s, url + u"?sslmode=require"_s};
        for (const QString &each : urls) {
            const auto error = errorOf(each);
            QVERIFY2(error, qPrintable(each));
            QCOMPARE(error->code, "store_away"_ba);
            const QString words = plain(error->detail);
            QVERIFY2(words.contains("postgresql://relay@127.0.0.1"_L1), qPrintable(words));
            QVERIFY2(!words.contains("w@rd"_L1), qPrintable(words)); // of every password there
        }
        m_places.server().sql({}, u"CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"_s);
        const auto error = errorOf(url.section(u'/', 0, -2) + u"/latin"_s);
        QVERIFY(error);
        QCOMPARE(error->code, "store_file"_ba);
    }
    void noDriver()
    {
        const auto &error = StorePlaces::isServer() ? m_noServerDriver : m_noFileDriver;
        QVERIFY(error);
        QCOMPARE(error->code, "store_driver"_ba);
        QVERIFY(plain(error->detail)
                    .contains(StorePlaces::isServer() ? "libqt6sql6-psql"_L1 : "libqt6sql6-sqlite"_L1));
    }
    void storableTexts()
    {
        QCOMPARE(storable(QString(u'a') + QChar(0) + u'b'), u"ab"_s);
        QCOMPARE(storable(QString(1000, u'x')).size(), 500);
        QVERIFY(!storable(QString()).isNull());
    }

private:
    StorePlaces m_places;
    std::optional<RelayError> m_noFileDriver, m_noServerDriver;
};

RELAY_TEST(TestDatabase)
#include "tst_database.moc"
