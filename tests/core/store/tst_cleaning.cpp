// SPDX-License-Identifier: MIT
#include "core/store/cleaning.h"
#include "core/store/rowwriter.h"
#include "core/store/tokentable.h"
#include "tests/core/store/storeplaces.h"

#include <QTest>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;

class TestCleaning : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }

    void byAge()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        Slices slices(open.database, u"a"_s);
        std::vector<StoreRow> rows;
        const auto at = [](qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms).toUTC(); };
        for (int i = 1; i <= 1200; ++i) {
            CallEntry call;
            call.id = QByteArray::number(i);
            call.startedAt = at(i);
            rows.push_back(CallBegun{call});
            UsageEntry usage;
            usage.call = call.id;
            usage.fact = "a";
            usage.token = 1;
            usage.cost = Money::ofPico(1);
            usage.at = at(i + 5); // a call goes with all its usage
            rows.push_back(usage);
            usage.call += " alone"; // of one that is not in the history
            usage.at = at(i);
            rows.push_back(usage);
        }
        QVERIFY(writeRows(open.database, slices, rows));
        QVERIFY(tokentable::keepMinted(open.database, "one", {1, "x"}, at(100)));
        QVERIFY(tokentable::keepMinted(open.database, "other", {1, "x"}, at(101)));
        const qint64 spent = open.number(u"SELECT SUM(spent) FROM rr_slice"_s);
        QCOMPARE(spent, 2400);

        // For ever.
        QCOMPARE(cleanSome(open.database, 0, 50), std::optional(false));
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM rr_call"_s), 1200);
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM rr_minted"_s), 2);

        QCOMPARE(cleanSome(open.database, 1101, 100), std::optional(true)); // a little at a time
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM rr_call"_s), 700);
        QCOMPARE(cleanSome(open.database, 1101, 100), std::optional(true));
        QCOMPARE(cleanSome(open.database, 1101, 100), std::optional(false));
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM rr_call"_s), 100);
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM rr_usage"_s), 200);
        QCOMPARE(open.number(u"SELECT MIN(at) FROM rr_usage"_s), 1101);
        QCOMPARE(open.number(u"SELECT COUNT(*) FROM rr_minted"_s), 1);
        QCOMPARE(
            open.number(u"SELECT SUM(spent) FROM rr_slice"_s), spent); // budgets are not made anew by that
        open.database.close();
        QCOMPARE(cleanSome(open.database, 1101, 100), std::nullopt);
    }

private:
    StorePlaces m_places;
};

RELAY_TEST(TestCleaning)
#include "tst_cleaning.moc"
