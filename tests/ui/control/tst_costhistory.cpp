// SPDX-License-Identifier: MIT
#include "ui/control/costhistory.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

namespace {

constexpr qint64 someHour = 1'790'000'400 / 3600 * 3600;

Snapshot at(qint64 second, qint64 pico)
{
    Snapshot snapshot;
    snapshot.takenAt = QDateTime::fromSecsSinceEpoch(second);
    snapshot.usage.cost = Money::ofPico(pico);
    return snapshot;
}

} // namespace

class TestCostHistory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void countsWhatIsSpentByTheHour()
    {
        CostHistory history;
        history.add(at(someHour + 10, 700)); // before anybody looked
        history.add(at(someHour + 20, 1000));
        history.add(at(someHour + 3599, 1500));
        history.add(at(someHour + 3601, 1700));
        QCOMPARE(history.hours().size(), 2);
        QCOMPARE(history.hours()[0].begin, someHour);
        QCOMPARE(history.hours()[0].cost.pico(), 800);
        QCOMPARE(history.hours()[1].cost.pico(), 200);
    }

    void keepsADay()
    {
        CostHistory history;
        for (int hour = 0; hour < 100; ++hour)
            history.add(at(someHour + hour * 3600, hour));
        QCOMPARE(history.hours().size(), CostHistory::hoursKept);
        QCOMPARE(history.hours().last().begin, someHour + 99 * 3600);
    }

    void nothingIsTakenBack()
    {
        CostHistory history;
        history.add(at(someHour, 1000));
        history.add(at(someHour + 1, 400)); // another relay
        history.add(at(someHour + 2, 500));
        QCOMPARE(history.hours()[0].cost.pico(), 100);
    }

    void aClockThatIsSetBackBeginsAnew()
    {
        CostHistory history;
        history.add(at(someHour + 7200, 0));
        history.add(at(someHour, 100));
        QCOMPARE(history.hours().size(), 1);
        QCOMPARE(history.hours()[0].begin, someHour);
    }
};

RELAY_TEST(TestCostHistory)
#include "tst_costhistory.moc"
