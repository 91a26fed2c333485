// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/control/traffichistory.h"

#include <QTest>

using namespace rr;

namespace {

Snapshot snapshotAt(qint64 milliseconds, qint64 calls, qint64 up, qint64 down)
{
    Snapshot snapshot;
    snapshot.takenAt = QDateTime::fromMSecsSinceEpoch(1'000'000'000'000 + milliseconds).toUTC();
    snapshot.activeConnections = calls;
    snapshot.up.bytes = up;
    snapshot.down.bytes = down;
    return snapshot;
}

} // namespace

class TestTrafficHistory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneSampleASecond()
    {
        TrafficHistory history;
        for (int i = 0; i < 40; ++i)
            history.add(snapshotAt(250 * i, i / 4, 0, 0));
        QCOMPARE(history.samples().size(), 10);
        QCOMPARE(history.samples().last().calls, 9);
    }

    void ratesAreOfTheTimeThatPassed()
    {
        TrafficHistory history;
        history.add(snapshotAt(0, 1, 5'000, 9'000));
        history.add(snapshotAt(2'000, 1, 6'000, 13'000));
        QCOMPARE(history.samples().first().upBytesPerSecond, 0.0);
        QCOMPARE(history.samples().last().upBytesPerSecond, 500.0);
        QCOMPARE(history.samples().last().downBytesPerSecond, 2'000.0);
    }

    void aNewStartIsNoNegativeRate()
    {
        TrafficHistory history;
        history.add(snapshotAt(0, 1, 5'000, 9'000));
        history.add(snapshotAt(1'000, 1, 0, 0));
        QCOMPARE(history.samples().last().upBytesPerSecond, 0.0);
    }

    void keepsFifteenMinutes()
    {
        TrafficHistory history;
        for (int second = 0; second < 2'000; ++second)
            history.add(snapshotAt(1'000 * qint64(second), 0, 0, 0));
        QCOMPARE(history.samples().size(), TrafficHistory::spanSeconds + 1);
    }

    void aClockSetBackStartsAnew()
    {
        TrafficHistory history;
        history.add(snapshotAt(100'000, 1, 0, 0));
        history.add(snapshotAt(0, 2, 0, 0));
        QCOMPARE(history.samples().size(), 1);
        QCOMPARE(history.samples().last().calls, 2);
    }
};

RELAY_TEST(TestTrafficHistory)
#include "tst_traffichistory.moc"
