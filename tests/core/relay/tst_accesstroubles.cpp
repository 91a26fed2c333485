// SPDX-License-Identifier: MIT
#include "core/relay/accesstroubles.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

struct Stands
{
    QStringList subjects(TroubleCode code) const
    {
        QStringList names;
        const auto all = troubles.current(Moment::now() + std::chrono::seconds(60));
        for (const Trouble &trouble : all) {
            if (trouble.code != code)
                continue;
            for (const TroubleSubject &subject : trouble.subjects)
                names.append(subject.name);
        }
        return names;
    }
    bool has(TroubleCode code) const
    {
        const auto all = troubles.current(Moment::now() + std::chrono::seconds(60));
        return std::any_of(
            all.begin(), all.end(), [code](const Trouble &trouble) { return trouble.code == code; });
    }

    Troubles troubles;
    AccessTroubles access{troubles};
    std::shared_ptr<const AccessBook> book = [] {
        AccessTerms terms;
        terms.id = 7;
        terms.name = u"demo"_s;
        return std::make_shared<const AccessBook>(QList<AccessTerms>{terms});
    }();
};

BudgetStand stand(qint64 spent, Budget budget = Budget::TokenDay)
{
    return {budget == Budget::RelayDay ? 0 : 7, budget, Money::ofPico(spent), Money::ofPico(1'000)};
}

} // namespace

class tst_AccessTroubles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void warnsFromFourFifths()
    {
        Stands s;
        s.access.budgetsStand({stand(799)}, s.book);
        QVERIFY(!s.has(TroubleCode::BudgetNearlySpent));
        s.access.budgetsStand({stand(800)}, s.book);
        QCOMPARE(s.subjects(TroubleCode::BudgetNearlySpent), QStringList{u"demo"_s});
        QVERIFY(!s.has(TroubleCode::BudgetSpent));
        s.access.budgetsStand({stand(1'000)}, s.book);
        QCOMPARE(s.subjects(TroubleCode::BudgetSpent), QStringList{u"demo"_s});
        QVERIFY(!s.has(TroubleCode::BudgetNearlySpent));
        s.access.budgetsStand({stand(0)}, s.book); // another day
        QVERIFY(!s.has(TroubleCode::BudgetSpent));
    }

    void theWorseOfTwoCounts()
    {
        Stands s;
        s.access.budgetsStand({stand(1'000), stand(900, Budget::TokenInAll)}, s.book);
        QVERIFY(s.has(TroubleCode::BudgetSpent));
        QVERIFY(!s.has(TroubleCode::BudgetNearlySpent));
        s.access.budgetsStand({stand(900, Budget::TokenInAll), stand(1'000)}, s.book);
        QVERIFY(s.has(TroubleCode::BudgetSpent));
        QVERIFY(!s.has(TroubleCode::BudgetNearlySpent));
    }

    void ofTheWholeRelay()
    {
        Stands s;
        s.access.budgetsStand({stand(900, Budget::RelayDay), stand(100)}, s.book);
        QCOMPARE(s.subjects(TroubleCode::BudgetNearlySpent), QStringList{u"BUDGET_USD_A_DAY"_s});
        s.access.budgetsStand({}, s.book); // it was taken away
        QVERIFY(!s.has(TroubleCode::BudgetNearlySpent));
    }

    // However large: no number overflows.
    void largeBudgets()
    {
        Stands s;
        constexpr qint64 most = std::numeric_limits<qint64>::max();
        s.access.budgetsStand({{7, Budget::TokenDay, Money::ofPico(most / 2), Money::ofPico(most)}}, s.book);
        QVERIFY(!s.has(TroubleCode::BudgetNearlySpent));
        s.access.budgetsStand({{7, Budget::TokenDay, Money::ofPico(most / 10 * 9), Money::ofPico(most)}}, s.book);
        QVERIFY(s.has(TroubleCode::BudgetNearlySpent));
    }

    void theStore()
    {
        Stands s;
        s.access.storeStands(true, QT_TRANSLATE_NOOP("Core", "it refuses connections"), 0);
        QVERIFY(s.has(TroubleCode::StoreAway));
        s.access.storeStands(false, {}, 0);
        QVERIFY(!s.has(TroubleCode::StoreAway));
        QVERIFY(!s.has(TroubleCode::StoreRowsLost));
        s.access.storeStands(false, {}, 3);
        QVERIFY(s.has(TroubleCode::StoreRowsLost));
    }

    // The relay was stopped, and knows of nothing.
    void saysAllOfItAgain()
    {
        Stands s;
        s.access.budgetsStand({stand(900)}, s.book);
        s.access.storeStands(true, {}, 3);
        s.troubles.clearAll();
        s.access.again(s.book);
        QVERIFY(s.has(TroubleCode::BudgetNearlySpent));
        QVERIFY(s.has(TroubleCode::StoreAway));
        QVERIFY(!s.has(TroubleCode::StoreRowsLost)); // it was told
    }
};

RELAY_TEST(tst_AccessTroubles)
#include "tst_accesstroubles.moc"
