// SPDX-License-Identifier: MIT
#include "core/eventloop/timerqueue.h"
#include "tests/support/relaytest.h"

#include <QTest>
#include <QTimerEvent>

#include <functional>

using namespace std::chrono_literals;
using rr::TimerQueue;
using Time = TimerQueue::Time;

namespace {

class Receiver : public QObject
{
public:
    QList<int> fired;
    std::function<void(int)> onTimer;

protected:
    void timerEvent(QTimerEvent *event) override
    {
        fired << event->timerId();
        if (onTimer)
            onTimer(event->timerId());
    }
};

} // namespace

class TestTimerQueue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void firesInOrder()
    {
        TimerQueue queue;
        Receiver receiver;
        QVERIFY(queue.isEmpty());
        QVERIFY(!queue.nextDue());
        queue.add(1, 30ms, Qt::PreciseTimer, &receiver, 0ns);
        queue.add(2, 10ms, Qt::PreciseTimer, &receiver, 0ns);
        queue.add(3, 30ms, Qt::PreciseTimer, &receiver, 0ns);
        QCOMPARE(*queue.nextDue(), Time(10ms));
        QCOMPARE(queue.fire(10ms - 1ns), 0);
        QCOMPARE(queue.fire(10ms), 1);
        QCOMPARE(queue.fire(30ms), 3);
        QCOMPARE(receiver.fired, QList({2, 2, 1, 3}));
    }

    void missedShotsAreNotCaughtUp()
    {
        TimerQueue queue;
        Receiver receiver;
        queue.add(1, 10ms, Qt::PreciseTimer, &receiver, 0ns);
        QCOMPARE(queue.fire(1003ms), 1);
        QCOMPARE(*queue.nextDue(), Time(1013ms));
        QCOMPARE(queue.fire(1015ms), 1);
        QCOMPARE(*queue.nextDue(), Time(1023ms)); // a late shot does not shift the next
    }

    void intervalZeroFiresOncePerTurn()
    {
        TimerQueue queue;
        Receiver receiver;
        queue.add(1, 0ms, Qt::CoarseTimer, &receiver, 5ns);
        queue.add(2, 0ms, Qt::VeryCoarseTimer, &receiver, 5ns);
        queue.add(3, 1ms, Qt::PreciseTimer, &receiver, 5ns);
        QCOMPARE(*queue.nextDue(), Time(5ns));
        QCOMPARE(queue.fire(5ns), 0); // not counted
        QCOMPARE(queue.fire(2ms), 1);
        QCOMPARE(receiver.fired, QList({1, 2, 1, 2, 3}));
    }

    void addedWhileFiringWaitsForTheNextTurn()
    {
        TimerQueue queue;
        Receiver receiver;
        receiver.onTimer = [&](int id) { queue.add(id + 1, 0ms, Qt::PreciseTimer, &receiver, 10ms); };
        queue.add(1, 10ms, Qt::PreciseTimer, &receiver, 0ns);
        queue.fire(10ms);
        QCOMPARE(receiver.fired, QList({1}));
        queue.fire(10ms);
        QCOMPARE(receiver.fired, QList({1, 2}));
    }

    void coarseStaysWithinFivePercent_data()
    {
        QTest::addColumn<int>("interval");
        for (const int interval :
            {21, 25, 33, 40, 49, 75, 99, 100, 101, 250, 333, 500, 1000, 2345, 5000, 19'999})
            QTest::addRow("%d ms", interval) << interval;
    }

    void coarseStaysWithinFivePercent()
    {
        QFETCH(int, interval);
        const Time length = std::chrono::milliseconds(interval);
        Receiver receiver;
        for (Time start = 7s; start < 8s; start += 1'234'567ns) {
            TimerQueue queue;
            queue.add(1, std::chrono::milliseconds(interval), Qt::CoarseTimer, &receiver, start);
            Time previous = start;
            for (int shot = 0; shot < 5; ++shot) {
                const Time due = *queue.nextDue();
                QVERIFY2(due - previous >= length - length / 20, "early");
                QVERIFY2(due - previous <= length + length / 20, "late");
                QCOMPARE(due % 1ms, Time(0)); // whole milliseconds are shared
                QCOMPARE(queue.fire(due - 1ns), 0);
                QCOMPARE(queue.fire(due), 1);
                previous = due;
            }
        }
    }

    void coarseTimersShareWakeUps()
    {
        TimerQueue queue;
        Receiver receiver;
        for (int id = 1; id <= 1000; ++id)
            queue.add(id, 5000ms, Qt::CoarseTimer, &receiver, 100s + id * 100us);
        QCOMPARE(*queue.nextDue(), Time(105s));
        QCOMPARE(queue.fire(105s), 1000);
    }

    void veryCoarseCountsSeconds_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("interval");
        QTest::addColumn<qint64>("startMs");
        QTest::addColumn<qint64>("dueMs");
        QTest::newRow("whole") << int(Qt::VeryCoarseTimer) << 3000 << qint64(10'000) << qint64(13'000);
        QTest::newRow("start rounded down")
            << int(Qt::VeryCoarseTimer) << 3000 << qint64(10'400) << qint64(13'000);
        QTest::newRow("start rounded up")
            << int(Qt::VeryCoarseTimer) << 3000 << qint64(10'600) << qint64(14'000);
        QTest::newRow("length rounded")
            << int(Qt::VeryCoarseTimer) << 2600 << qint64(10'000) << qint64(13'000);
        QTest::newRow("at least a second")
            << int(Qt::VeryCoarseTimer) << 100 << qint64(10'000) << qint64(11'000);
        QTest::newRow("coarse from 20 s on")
            << int(Qt::CoarseTimer) << 20'400 << qint64(10'100) << qint64(30'000);
    }

    void veryCoarseCountsSeconds()
    {
        QFETCH(int, type);
        QFETCH(int, interval);
        QFETCH(qint64, startMs);
        QFETCH(qint64, dueMs);
        TimerQueue queue;
        Receiver receiver;
        queue.add(1, std::chrono::milliseconds(interval), Qt::TimerType(type), &receiver,
            std::chrono::milliseconds(startMs));
        const Time due = *queue.nextDue();
        QCOMPARE(due, Time(std::chrono::milliseconds(dueMs)));
        QCOMPARE(queue.fire(due + 300ms), 1);
        const Time period = std::max(1s, std::chrono::round<std::chrono::seconds>(interval * 1ms));
        QCOMPARE(*queue.nextDue(), due + period);
        QCOMPARE(queue.fire(due + 10 * period + 100ms), 1);
        QCOMPARE(*queue.nextDue(), due + 11 * period);
    }

    void removes()
    {
        TimerQueue queue;
        Receiver one;
        Receiver other;
        for (int id = 1; id <= 4; ++id)
            queue.add(id, 10ms, Qt::PreciseTimer, id % 2 ? &one : &other, 0ns);
        QVERIFY(queue.remove(1));
        QVERIFY(!queue.remove(1));
        QVERIFY(queue.removeAll(&other));
        QVERIFY(!queue.removeAll(&other));
        QVERIFY(!queue.remaining(1, 0ns));
        QCOMPARE(queue.fire(10ms), 1);
        QCOMPARE(one.fired, QList({3}));
        QVERIFY(other.fired.isEmpty());
    }

    void changesWhileFiring()
    {
        TimerQueue queue;
        Receiver receiver;
        receiver.onTimer = [&](int id) {
            if (id == 1) {
                queue.remove(2); // due, not fired yet
                queue.remove(1); // itself, and another in its place
                queue.add(1, 50ms, Qt::PreciseTimer, &receiver, 10ms);
            }
        };
        for (int id = 1; id <= 3; ++id)
            queue.add(id, 10ms, Qt::PreciseTimer, &receiver, 0ns);
        QCOMPARE(queue.fire(10ms), 2);
        QCOMPARE(receiver.fired, QList({1, 3}));
        QCOMPARE(*queue.nextDue(), Time(20ms));
        QCOMPARE(*queue.remaining(1, 20ms), Time(40ms));
        queue.fire(60ms);
        QCOMPARE(receiver.fired, QList({1, 3, 3, 1}));
    }

    void handlerIsNotEnteredTwice()
    {
        TimerQueue queue;
        Receiver receiver;
        int nested = 0;
        receiver.onTimer = [&](int id) {
            if (id != 1 || nested++)
                return;
            QCOMPARE(*queue.nextDue(), Time(30ms)); // 1 is not waited for
            QCOMPARE(queue.fire(35ms), 2); // 1 counted, but not sent
            QCOMPARE(receiver.fired, QList({1, 2}));
        };
        queue.add(1, 10ms, Qt::PreciseTimer, &receiver, 0ns);
        queue.add(2, 30ms, Qt::PreciseTimer, &receiver, 0ns);
        QCOMPARE(queue.fire(10ms), 1);
        QCOMPARE(*queue.nextDue(), Time(45ms)); // the shots that fell into the handler are left out
        QCOMPARE(queue.fire(45ms), 1);
        QCOMPARE(receiver.fired, QList({1, 2, 1}));
    }

    void nestedTurnsEnd()
    {
        TimerQueue queue;
        Receiver receiver;
        receiver.onTimer = [&](int) { queue.fire(10ms); };
        for (int id = 1; id <= 3; ++id)
            queue.add(id, 0ms, Qt::PreciseTimer, &receiver, 0ns);
        queue.fire(10ms);
        QCOMPARE(receiver.fired, QList({1, 2, 3}));
    }

    void tellsWhatIsSet()
    {
        TimerQueue queue;
        Receiver receiver;
        queue.add(1, 10ms, Qt::CoarseTimer, &receiver, 0ns);
        queue.add(2, 1s, Qt::CoarseTimer, &receiver, 0ns);
        queue.add(3, 60'400ms, Qt::CoarseTimer, &receiver, 0ns);
        const auto timers = queue.timersOf(&receiver);
        QCOMPARE(timers.size(), 3);
        QCOMPARE(timers[0].timerId, 1);
        QCOMPARE(timers[0].interval, 10);
        QCOMPARE(timers[0].timerType, Qt::PreciseTimer);
        QCOMPARE(timers[1].interval, 1000);
        QCOMPARE(timers[1].timerType, Qt::CoarseTimer);
        QCOMPARE(timers[2].interval, 60'000);
        QCOMPARE(timers[2].timerType, Qt::VeryCoarseTimer);
        QCOMPARE(*queue.remaining(2, 400ms), Time(600ms));
        QCOMPARE(*queue.remaining(2, 2s), Time(0));
        QVERIFY(queue.timersOf(this).isEmpty());
    }

    void hugeIntervalsDoNotOverflow()
    {
        TimerQueue queue;
        Receiver receiver;
        queue.add(1, std::chrono::milliseconds::max(), Qt::PreciseTimer, &receiver, 1h);
        QVERIFY(*queue.nextDue() > 24h);
        QCOMPARE(queue.fire(2h), 0);
    }
};

RELAY_TEST(TestTimerQueue)
#include "tst_timerqueue.moc"
