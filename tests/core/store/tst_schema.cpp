// SPDX-License-Identifier: MIT
#include "tests/core/store/storeplaces.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;

class TestSchema : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }

    void newStore()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        const auto state = schema::state(open.database);
        QVERIFY(state);
        QCOMPARE(state->version, qint64(schema::versions().size()));
        QVERIFY(!schema::migrate(open.database)); // there is nothing more to do
        QCOMPARE(schema::state(open.database)->book, state->book);
    }
    void olderStore()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next(), false);
        const QList<QStringList> first{{u"CREATE TABLE a (id <identity>, bits <bytes>)"_s}};
        QVERIFY(!schema::migrate(open.database, first));
        QVERIFY(open.database.change(u"INSERT INTO a (bits) VALUES (?)"_s, {"x"_ba}));
        const QList<QStringList> third = first
            + QList<QStringList>{{u"ALTER TABLE a ADD COLUMN n BIGINT NOT NULL DEFAULT 7"_s},
                {u"CREATE TABLE b (id BIGINT)"_s, u"INSERT INTO b (id) SELECT n FROM a"_s}};
        QVERIFY(!schema::migrate(open.database, third));
        QCOMPARE(schema::state(open.database)->version, 3);
        QCOMPARE(open.number(u"SELECT id FROM b"_s), 7);
    }
    void newerStore()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        QVERIFY(open.database.change(u"UPDATE rr_meta SET version = version + 1"_s));
        const auto error = schema::migrate(open.database);
        QVERIFY(error);
        QCOMPARE(error->code, "store_newer"_ba);
        QVERIFY(plain(error->detail).contains(open.database.url().shown()));
    }
    /// What fails in the middle leaves the version before as it was.
    void brokenStep()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next(), false);
        const QList<QStringList> first{{u"CREATE TABLE a (id BIGINT)"_s}};
        const QList<QStringList> broken
            = first + QList<QStringList>{{u"CREATE TABLE b (id BIGINT)"_s, u"CREATE TABLE a (id BIGINT)"_s}};
        QVERIFY(schema::migrate(open.database, broken));
        QCOMPARE(schema::state(open.database)->version, 1);
        QCOMPARE(open.number(open.database.dialect().hasTable, {u"b"_s}), 0);
        const QList<QStringList> mended = first + QList<QStringList>{{u"CREATE TABLE b (id BIGINT)"_s}};
        QVERIFY(!schema::migrate(open.database, mended));
        QCOMPARE(open.number(open.database.dialect().hasTable, {u"b"_s}), 1);
    }
    void severalAtOnce()
    {
        STORE_PLACE_OR_SKIP;
        for (int round = 0; round < 5; ++round) {
            const QString url = m_places.next();
            std::vector<std::thread> threads;
            for (int i = 0; i < 6; ++i)
                threads.emplace_back([&url] { OpenDatabase open(url); });
            for (std::thread &thread : threads)
                thread.join();
            OpenDatabase open(url);
            QCOMPARE(schema::state(open.database)->version, qint64(schema::versions().size()));
        }
    }

private:
    StorePlaces m_places;
};

RELAY_TEST(TestSchema)
#include "tst_schema.moc"
