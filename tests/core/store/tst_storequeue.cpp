// SPDX-License-Identifier: MIT
#include "core/store/storequeue.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <thread>

using namespace rr;
using namespace std::chrono_literals;

namespace {

StoreQueue::Clock::time_point now()
{
    return StoreQueue::Clock::now();
}

UsageEntry someFact(qint64 token = 7)
{
    UsageEntry entry;
    entry.fact = "a";
    entry.token = token;
    return entry;
}

/// Counts how often it is refused.
StoreQuestion question(std::shared_ptr<int> refused)
{
    return {[](Keeper &) { return true; }, [refused] { ++*refused; }};
}

void refuse(const std::vector<StoreQuestion> &questions)
{
    for (const StoreQuestion &each : questions)
        each.refuse();
}

} // namespace

class TestStoreQueue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void order()
    {
        StoreQueue queue;
        queue.setAway(false);
        const auto refused = std::make_shared<int>(0);
        queue.add(someFact());
        queue.add(SliceGivenBack{7});
        QVERIFY(queue.ask(question(refused)));
        queue.add(someFact());
        QCOMPARE(queue.waiting(), 3);

        StoreQueue::Work work = queue.take(now() + 1h);
        QCOMPARE(work.rows.size(), 2U);
        QVERIFY(!work.question);
        QCOMPARE(queue.waiting(), 3); // not written yet
        queue.wrote(2);
        work = queue.take(now() + 1h);
        QVERIFY(work.question && work.rows.empty());
        work = queue.take(now() + 1h);
        QCOMPARE(work.rows.size(), 1U);
        queue.wrote(0, 1); // as one that the database does not take
        QCOMPARE(queue.waiting(), 0);
        QCOMPARE(queue.dropped(), 1);
        work = queue.take(now() + 1ms);
        QVERIFY(work.rows.empty() && !work.question && !work.isOver);
        QCOMPARE(*refused, 0);
    }
    void fullIsDropped()
    {
        StoreQueue queue;
        for (std::size_t i = 0; i < StoreQueue::limit + 5; ++i)
            queue.add(someFact());
        QCOMPARE(queue.waiting(), qint64(StoreQueue::limit));
        QCOMPARE(queue.dropped(), 5);
        queue.add(SliceGivenBack{1}); // else its slice would be kept from the others for ever
        QCOMPARE(queue.waiting(), qint64(StoreQueue::limit) + 1);
        QCOMPARE(queue.dropped(), 5);
        // What is in hand takes room, too.
        queue.setAway(false);
        QCOMPARE(queue.take(now()).rows.size(), StoreQueue::rowsAtATime);
        queue.add(someFact());
        QCOMPARE(queue.dropped(), 6);
        queue.wrote(StoreQueue::rowsAtATime);
        queue.add(someFact());
        QCOMPARE(queue.dropped(), 6);
    }
    /// Strangers call as often as they like.
    void whatTokensHaveSpentHasRoomOfItsOwn()
    {
        StoreQueue queue;
        CallEntry call;
        call.id = "stranger";
        for (std::size_t i = 0; i < StoreQueue::limit; ++i) {
            queue.add(CallBegun{call});
            queue.add(someFact(0));
            queue.add(CallEnded{call});
        }
        QCOMPARE(queue.waiting(), qint64(StoreQueue::limitOfOthers));
        const qint64 dropped = queue.dropped();
        QCOMPARE(dropped, qint64(3 * StoreQueue::limit - StoreQueue::limitOfOthers));
        for (std::size_t i = 0; i < StoreQueue::limit - StoreQueue::limitOfOthers; ++i)
            queue.add(someFact());
        QCOMPARE(queue.dropped(), dropped);
        QCOMPARE(queue.waiting(), qint64(StoreQueue::limit));
        queue.add(someFact());
        QCOMPARE(queue.dropped(), dropped + 1);
    }
    void away()
    {
        StoreQueue queue; // it is until it was opened
        const auto refused = std::make_shared<int>(0);
        QVERIFY(!queue.ask(question(refused)));
        refuse(queue.takeRefused());
        QCOMPARE(*refused, 1);
        queue.setAway(false);
        queue.add(someFact());
        QVERIFY(queue.ask(question(refused)));
        QVERIFY(queue.ask(question(refused)));
        refuse(queue.setAway(true));
        QCOMPARE(*refused, 3);
        QCOMPARE(queue.waiting(), 1); // what was told is kept
        refuse(queue.setAway(true)); // nothing is asked any more
        QCOMPARE(*refused, 3);
        QCOMPARE(queue.waiting(), 1);
        QVERIFY(!queue.ask(question(refused)));
    }
    void stuck()
    {
        StoreQueue queue;
        queue.setAway(false);
        const auto refused = std::make_shared<int>(0);
        QVERIFY(queue.refuseIfStuck(0ms).empty()); // it is idle
        QVERIFY(queue.ask(question(refused)));
        QVERIFY(queue.ask(question(refused)));
        QVERIFY(queue.take(now()).question);
        QVERIFY(queue.refuseIfStuck(1h).empty());
        QVERIFY(!queue.isStuck());
        refuse(queue.refuseIfStuck(0ms));
        QCOMPARE(*refused, 2); // that which it has in hand among them
        QVERIFY(queue.isStuck());
        QVERIFY(!queue.ask(question(refused)));
        QVERIFY(queue.take(now() + 1h).wasStuck); // it goes on
        QVERIFY(queue.ask(question(refused)));
    }
    void stopping()
    {
        StoreQueue queue;
        queue.setAway(false);
        queue.add(someFact());
        queue.stop(1h);
        QVERIFY(!queue.isOver());
        StoreQueue::Work work = queue.take(now() + 1h);
        QCOMPARE(work.rows.size(), 1U);
        QVERIFY(!work.isOver);
        queue.wrote(1);
        QVERIFY(queue.take(now() + 1h).isOver);
        QVERIFY(!queue.ask({}));

        StoreQueue impatient;
        impatient.setAway(false);
        impatient.add(someFact());
        impatient.stop(0ms);
        QVERIFY(impatient.take(now() + 1h).isOver);
    }
    void wakes()
    {
        StoreQueue queue;
        queue.setAway(false);
        std::thread teller([&queue] { queue.add(someFact()); });
        QCOMPARE(queue.take(now() + 1h).rows.size(), 1U);
        teller.join();
        queue.wrote(1);
        std::thread stopper([&queue] { queue.stop(1h); });
        queue.rest(now() + 1h);
        stopper.join();
        QVERIFY(queue.isOver());
    }
    void once()
    {
        int answer = 0;
        Once<int> asked([&answer](int value) { answer = value; });
        QVERIFY(asked(1));
        QVERIFY(!asked(2));
        QCOMPARE(answer, 1);
    }
};

RELAY_TEST(TestStoreQueue)
#include "tst_storequeue.moc"
