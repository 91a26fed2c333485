// SPDX-License-Identifier: MIT
#include "core/store/history.h"
#include "core/store/rowwriter.h"
#include "tests/core/store/storeplaces.h"

#include <QTest>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;

namespace {

const QDateTime morning = QDateTime::fromMSecsSinceEpoch(20'000 * Q_INT64_C(86'400'000) + 1).toUTC();

UsageEntry fact(const char *id, qint64 cost, qint64 token = 3)
{
    UsageEntry entry;
    entry.call = "call";
    entry.fact = id;
    entry.token = token;
    entry.model = u"gpt-realtime"_s;
    entry.usage.audioIn = 100;
    entry.cost = Money::ofPico(cost);
    entry.at = morning;
    return entry;
}

CallEntry someCall()
{
    CallEntry call;
    call.id = "call";
    call.startedAt = morning;
    call.client = u"192.0.2.7"_s;
    call.model = u"gpt-realtime"_s;
    call.token = 3;
    call.tokenName = u"Demo"_s;
    call.kind = CallKind::Live;
    call.door = Door::Share;
    return call;
}

} // namespace

class TestRowWriter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }

    /// A fact is one, however often it is told.
    void countedOnce()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        Slices slices(open.database, u"a"_s);
        const auto spent
            = [&open] { return open.number(u"SELECT SUM(spent) FROM rr_slice WHERE token = 3"_s); };
        const std::vector<StoreRow> rows{fact("a", 1000), fact("b", 20), fact("a", 1000)};
        QVERIFY(writeRows(open.database, slices, rows));
        QCOMPARE(spent(), 1020);
        QVERIFY(writeRows(open.database, slices, rows)); // as after a connection that was lost at the end
        QCOMPARE(spent(), 1020);
        QVERIFY(writeRows(open.database, slices, {fact("a", 1500)})); // a Live session goes on
        QCOMPARE(spent(), 1520);
        QVERIFY(writeRows(open.database, slices, {fact("a", 1400)})); // or was estimated
        QCOMPARE(spent(), 1420);
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM rr_usage"_s), 2);
        QCOMPARE(open.number(u"SELECT SUM(cost) FROM rr_usage"_s), 1420);
    }
    void withoutPriceOrToken()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        Slices slices(open.database, u"a"_s);
        UsageEntry unknown = fact("a", 0);
        unknown.cost.reset();
        QVERIFY(writeRows(open.database, slices, {unknown, fact("b", 5, 0)}));
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM rr_slice"_s), 0);
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM rr_usage WHERE cost IS NULL"_s), 1);
        QVERIFY(writeRows(open.database, slices, {fact("a", 7)})); // its price has become known
        QCOMPARE(open.number(u"SELECT SUM(spent) FROM rr_slice"_s), 7);
    }
    void overMidnight()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        Slices slices(open.database, u"a"_s);
        UsageEntry live = fact("a", 100);
        QVERIFY(writeRows(open.database, slices, {live}));
        live.at = morning.addDays(1);
        live.cost = Money::ofPico(130);
        QVERIFY(writeRows(open.database, slices, {live}));
        QCOMPARE(open.number(u"SELECT spent FROM rr_slice WHERE day = 20000"_s), 100);
        QCOMPARE(open.number(u"SELECT spent FROM rr_slice WHERE day = 20001"_s), 30);
    }
    void calls()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        Slices slices(open.database, u"a"_s);
        CallEntry call = someCall();
        call.origin = QString(u'a') + QChar(0) + QString(5000, u'x'); // as somebody may send it
        QVERIFY(writeRows(open.database, slices, {CallBegun{call}}));
        auto page = history::page(open.database, {});
        QVERIFY(page);
        QCOMPARE(page->calls.size(), 1);
        QVERIFY(!page->calls.first().call.endedAt.isValid());
        QCOMPARE(page->calls.first().call.startedAt, morning);
        QCOMPARE(page->calls.first().call.origin.size(), 499);
        QVERIFY(page->calls.first().call.kind == CallKind::Live);
        QVERIFY(page->calls.first().call.door == Door::Share);

        call.endedAt = morning.addSecs(60);
        call.reason = EndReason::ClosedByOperator;
        call.endedBy = EndedBy::Operator;
        call.closeCode = 4410;
        call.failed = true;
        call.bytesDown = Q_INT64_C(1) << 40;
        QVERIFY(writeRows(open.database, slices, {CallEnded{call}, CallBegun{call}})); // told again
        page = history::page(open.database, {});
        const CallEntry kept = page->calls.first().call;
        QCOMPARE(kept.endedAt, call.endedAt);
        QVERIFY(
            kept.reason == EndReason::ClosedByOperator && kept.endedBy == EndedBy::Operator && kept.failed);
        QCOMPARE(kept.closeCode, 4410);
        QCOMPARE(kept.bytesDown, call.bytesDown);
        QCOMPARE(kept.tokenName, u"Demo"_s);
    }
    /// Also of one whose beginning there was no room for.
    void endAlone()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        Slices slices(open.database, u"a"_s);
        CallEntry call = someCall();
        call.endedAt = morning.addSecs(1);
        QVERIFY(writeRows(open.database, slices, {CallEnded{call}}));
        QCOMPARE(history::page(open.database, {})->calls.size(), 1);
    }
    void allOrNothing()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        Slices slices(open.database, u"a"_s);
        UsageEntry bad = fact("b", 1);
        if (StorePlaces::isServer()) // what a program of tomorrow may have told the database
            QVERIFY(open.database.run(u"ALTER TABLE rr_usage ADD CHECK (model <> 'bad')"_s));
        else
            QVERIFY(open.database.run(u"CREATE TRIGGER no BEFORE INSERT ON rr_usage WHEN NEW.model = 'bad' "
                                      "BEGIN SELECT RAISE(ABORT, 'no'); END"_s));
        bad.model = u"bad"_s;
        QVERIFY(!writeRows(open.database, slices, {fact("a", 1), bad}));
        QVERIFY(open.database.failure() == SqlFailure::Data);
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM rr_usage"_s), 0);
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM rr_slice"_s), 0);
    }

private:
    StorePlaces m_places;
};

RELAY_TEST(TestRowWriter)
#include "tst_rowwriter.moc"
