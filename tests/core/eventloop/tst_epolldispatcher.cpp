// SPDX-License-Identifier: MIT
#include "core/eventloop/callreceiver.h"
#include "tests/core/eventloop/bothdispatchers.h"
#include "tests/support/relaytest.h"

#include <QElapsedTimer>
#include <QTimer>

#include <csignal>
#include <pthread.h>

using namespace std::chrono_literals;

namespace {

void post(QObject *receiver, const std::function<void()> &action)
{
    QMetaObject::invokeMethod(receiver, action, Qt::QueuedConnection);
}

} // namespace

class TestEpollDispatcher : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void turnsAnnounceThemselves_data() { addDispatcherRows(); }
    void turnsAnnounceThemselves()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            auto *const dispatcher = QAbstractEventDispatcher::instance();
            QStringList trace;
            QObject context;
            connect(dispatcher, &QAbstractEventDispatcher::awake, &context,
                [&] { trace << QStringLiteral("awake"); });
            connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, &context,
                [&] { trace << QStringLiteral("block"); });
            const auto expect = [&trace](const char *expected) {
                const QString got = std::exchange(trace, {}).join(u' ');
                QCOMPARE(got, QString::fromLatin1(expected));
            };
            QVERIFY(!turn());
            expect("awake");
            post(&context, [&] { trace << QStringLiteral("posted"); });
            QVERIFY(turn(QEventLoop::WaitForMoreEvents)); // posting has woken it
            expect("awake posted block");
            dispatcher->wakeUp();
            QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            expect("awake block");
            post(&context, [&] { post(&context, [&] { trace << QStringLiteral("second"); }); });
            QVERIFY(turn(QEventLoop::WaitForMoreEvents)); // the second is left over: nothing to announce
            expect("awake");
            turn();
            expect("awake second");
            post(&context, [&] { dispatcher->interrupt(); });
            QVERIFY(!turn(QEventLoop::WaitForMoreEvents));
            expect("awake");
            QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            expect("awake block");
            QTimer timer;
            timer.start(1);
            QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            expect("awake block");
        });
    }

    void wakeUpsAreCoalesced_data() { addDispatcherRows(); }
    void wakeUpsAreCoalesced()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            auto *const dispatcher = QAbstractEventDispatcher::instance();
            TestThread other([dispatcher] {
                for (int i = 0; i < 100; ++i)
                    dispatcher->wakeUp();
            });
            other.start();
            other.wait();
            QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            QVERIFY(!turn());
        });
    }

    void excludedKindsWait_data() { addDispatcherRows(); }
    void excludedKindsWait()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pair;
            int reads = 0;
            int timeouts = 0;
            int posted = 0;
            QSocketNotifier reader(pair.near(), QSocketNotifier::Read);
            connect(&reader, &QSocketNotifier::activated, &reader, [&] { ++reads; });
            QTimer timer;
            connect(&timer, &QTimer::timeout, &timer, [&] { ++timeouts; });
            timer.start(0);
            pair.say();
            post(&timer, [&] { ++posted; });
            turn(QEventLoop::ExcludeSocketNotifiers | QEventLoop::X11ExcludeTimers);
            QCOMPARE(posted, 1);
            QCOMPARE(reads + timeouts, 0);
            QVERIFY(!turn(QEventLoop::ExcludeSocketNotifiers));
            QCOMPARE(reads, 0);
            QCOMPARE(timeouts, 1);
            QVERIFY(turn(QEventLoop::X11ExcludeTimers | QEventLoop::WaitForMoreEvents));
            QCOMPARE(reads, 1);
            QCOMPARE(timeouts, 1);
            QVERIFY(turn(QEventLoop::ExcludeUserInputEvents));
            QCOMPARE(reads, 2);
            QCOMPARE(timeouts, 2);

            // Only a wake-up ends a wait from which all else is left out.
            auto *const dispatcher = QAbstractEventDispatcher::instance();
            TestThread other([dispatcher] { dispatcher->wakeUp(); });
            other.start();
            QVERIFY(turn(QEventLoop::ExcludeSocketNotifiers | QEventLoop::X11ExcludeTimers
                | QEventLoop::WaitForMoreEvents));
            other.wait();
            QCOMPARE(reads + timeouts, 4);
        });
    }

    void timersOfEveryType_data()
    {
        QTest::addColumn<bool>("ours");
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("interval");
        for (const bool ours : {false, true}) {
            const char *const name = ours ? "EpollDispatcher" : "QEventDispatcherUNIX";
            QTest::addRow("%s, precise", name) << ours << int(Qt::PreciseTimer) << 7;
            QTest::addRow("%s, coarse", name) << ours << int(Qt::CoarseTimer) << 50;
        }
    }
    void timersOfEveryType()
    {
        QFETCH(bool, ours);
        QFETCH(int, type);
        QFETCH(int, interval);
        runUnder(ours, [=] {
            QElapsedTimer clock;
            clock.start();
            QEventLoop loop;
            QTimer timer;
            timer.setTimerType(Qt::TimerType(type));
            int count = 0;
            connect(&timer, &QTimer::timeout, &loop, [&] {
                if (++count == 2)
                    loop.quit();
            });
            const double tolerance = type == Qt::CoarseTimer ? 0.05 : 0;
            timer.start(interval);
            const int remaining = timer.remainingTime();
            QVERIFY(remaining <= interval * 3 / 2 && remaining >= 0);
            QVERIFY(remaining > 0 || double(clock.nsecsElapsed()) >= 1e6 * (interval * (1 - tolerance) - 1));
            loop.exec();
            QVERIFY(double(clock.nsecsElapsed()) >= 1e6 * interval * (2 - 2 * tolerance)); // never early
        });
    }

    void timersAreListed_data() { addDispatcherRows(); }
    void timersAreListed()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            auto *const dispatcher = QAbstractEventDispatcher::instance();
            QObject object;
            QElapsedTimer clock;
            clock.start();
            const int precise = object.startTimer(100'000, Qt::PreciseTimer);
            const int coarse = object.startTimer(1000, Qt::CoarseTimer);
            const int fine = object.startTimer(20, Qt::CoarseTimer);
            const int coarser = object.startTimer(20'000, Qt::CoarseTimer);
            const int veryCoarse = object.startTimer(61'600, Qt::VeryCoarseTimer);
            const auto list = [&] {
                QStringList timers;
                for (const auto &timer : dispatcher->registeredTimers(&object)) {
                    const int remaining = dispatcher->remainingTime(timer.timerId);
                    QVERIFY2(
                        remaining > 0 || (remaining == 0 && clock.hasExpired(timer.interval * 19 / 20 - 1)),
                        "remaining");
                    QVERIFY2(remaining <= timer.interval * 1.06 + 1000, "remaining");
                    timers << QStringLiteral("%1:%2").arg(timer.interval).arg(int(timer.timerType));
                }
                QCOMPARE(timers.join(u' '), QStringLiteral("20:0 1000:1 20000:2 62000:2 100000:0"));
            };
            list();
            object.killTimer(precise);
            QVERIFY(!dispatcher->unregisterTimer(precise));
            QCOMPARE(dispatcher->registeredTimers(&object).size(), 4);
            for (const int id : {coarse, fine, coarser, veryCoarse})
                QVERIFY(dispatcher->unregisterTimer(id));
            QVERIFY(dispatcher->registeredTimers(&object).isEmpty());
        });
    }

    void timersChangeInCallbacks_data() { addDispatcherRows(); }
    void timersChangeInCallbacks()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            QStringList trace;
            QEventLoop loop;
            QTimer first;
            QTimer second;
            auto *const third = new QTimer;
            QTimer last;
            connect(&first, &QTimer::timeout, &loop, [&] {
                trace << QStringLiteral("first");
                if (trace.size() == 2) {
                    first.stop();
                    last.start(40);
                    return;
                }
                second.stop(); // due as well
                delete third;
                first.start(3);
            });
            connect(&second, &QTimer::timeout, &loop, [&] { trace << QStringLiteral("second"); });
            connect(third, &QTimer::timeout, &loop, [&] { trace << QStringLiteral("third"); });
            connect(&last, &QTimer::timeout, &loop, &QEventLoop::quit);
            for (QTimer *timer : {&first, &second, third})
                timer->start(2);
            QThread::msleep(5); // all three are due in the first turn
            loop.exec();
            QCOMPARE(trace.join(u' '), QStringLiteral("first first"));
        });
    }

    void timerHandlersAreNotReentered_data() { addDispatcherRows(); }
    void timerHandlersAreNotReentered()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            int entered = 0;
            int others = 0;
            QTimer timer;
            QTimer other;
            connect(&other, &QTimer::timeout, &other, [&] { ++others; });
            connect(&timer, &QTimer::timeout, &timer, [&] {
                ++entered;
                while (others < 3)
                    turn(QEventLoop::WaitForMoreEvents);
                timer.stop();
            });
            timer.start(0);
            other.start(2);
            turn(QEventLoop::WaitForMoreEvents);
            QCOMPARE(entered, 1);
            QCOMPARE(others, 3);
        });
    }

    void zeroTimersLeaveRoomForSockets_data() { addDispatcherRows(); }
    void zeroTimersLeaveRoomForSockets()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pair;
            QSocketNotifier reader(pair.near(), QSocketNotifier::Read);
            QString trace;
            connect(&reader, &QSocketNotifier::activated, &reader, [&] { trace += u'r'; });
            QTimer one;
            QTimer two;
            connect(&one, &QTimer::timeout, &one, [&] { trace += u'1'; });
            connect(&two, &QTimer::timeout, &two, [&] { trace += u'2'; });
            one.start(0);
            two.start(0);
            QVERIFY(!turn(QEventLoop::WaitForMoreEvents)); // zero timers alone are no reason to go on
            pair.say();
            QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            QCOMPARE(trace, QStringLiteral("12r12r12"));
        });
    }

    void postedEventsGetTheirTurn_data() { addDispatcherRows(); }
    void postedEventsGetTheirTurn()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            QEventLoop loop;
            int posted = 0;
            std::function<void()> again = [&] {
                ++posted;
                post(&loop, again);
            };
            again();
            int timeouts = 0;
            QTimer timer;
            connect(&timer, &QTimer::timeout, &loop, [&] {
                if (++timeouts == 3)
                    loop.quit();
            });
            timer.start(1);
            loop.exec(); // the endless stream of events keeps out nothing else
            QVERIFY(posted > 3);

            auto *const object = new QObject;
            bool deleted = false;
            connect(object, &QObject::destroyed, &loop, [&] { deleted = true; });
            QTimer::singleShot(0, &loop, [&] {
                object->deleteLater();
                QTimer::singleShot(2, &loop, [&] { loop.quit(); });
            });
            loop.exec();
            QVERIFY(deleted);
        });
    }

    void nestedLoops_data() { addDispatcherRows(); }
    void nestedLoops()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            QStringList trace;
            QEventLoop outer;
            QEventLoop inner;
            QTimer::singleShot(1, &outer, [&] {
                QTimer::singleShot(1, &inner, [&] {
                    trace << QStringLiteral("exit outer first");
                    outer.exit(1);
                    QTimer::singleShot(1, &inner, [&] { inner.exit(2); });
                });
                trace << QStringLiteral("inner %1").arg(inner.exec());
            });
            trace << QStringLiteral("outer %1").arg(outer.exec());
            QCOMPARE(trace,
                QStringList({QStringLiteral("exit outer first"), QStringLiteral("inner 2"),
                    QStringLiteral("outer 1")}));
        });
    }

    void exitIsNotLostInANestedTurn() // where it is with Qt's
    {
        runUnder(true, [] {
            QEventLoop loop;
            post(&loop, [&] {
                loop.exit(3);
                turn();
            });
            QCOMPARE(loop.exec(), 3);
        });
    }

    void interruptFromAnotherThread_data() { addDispatcherRows(); }
    void interruptFromAnotherThread()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            for (int i = 0; i < 200; ++i) {
                QEventLoop loop;
                TestThread other([&] { loop.exit(7); });
                QTimer::singleShot(0, &loop, [&] { other.start(); });
                QCOMPARE(loop.exec(), 7);
                other.wait();
            }
        });
    }

    void signalsDoNotEndAWait_data() { addDispatcherRows(); }
    void signalsDoNotEndAWait()
    {
        QFETCH(bool, ours);
        struct sigaction action
        {
        };
        struct sigaction previous
        {
        };
        action.sa_handler = [](int) {};
        sigaction(SIGUSR1, &action, &previous);
        runUnder(ours, [] {
            std::atomic<bool> stop = false;
            const pthread_t self = pthread_self();
            TestThread other([&] {
                while (!stop) {
                    pthread_kill(self, SIGUSR1);
                    QThread::usleep(500);
                }
            });
            other.start();
            int timeouts = 0;
            QTimer timer;
            connect(&timer, &QTimer::timeout, &timer, [&] { ++timeouts; });
            timer.start(10);
            QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            QCOMPARE(timeouts, 1);
            stop = true;
            other.wait();
        });
        sigaction(SIGUSR1, &previous, nullptr);
    }

    void wakeUpsAreNeverLost_data() { addDispatcherRows(); }
    void wakeUpsAreNeverLost()
    {
        QFETCH(bool, ours);
        // Two loops that throw a ball: each is asleep, or just falling asleep, when it comes.
        QThread other;
        if (ours)
            other.setEventDispatcher(new rr::EpollDispatcher);
        rr::CallReceiver there;
        there.moveToThread(&other);
        other.start();
        runUnder(ours, [&there] {
            QEventLoop loop;
            rr::CallReceiver here;
            std::atomic<int> rounds = 0;
            std::function<void()> serve = [&] {
                there.call([&] {
                    here.call([&] {
                        if (++rounds == 5000)
                            loop.quit();
                        else
                            serve();
                    });
                });
            };
            serve();
            loop.exec();
            QCOMPARE(rounds, 5000);
        });
        other.quit();
        QVERIFY(other.wait());
    }

    void manyThreadsPost_data() { addDispatcherRows(); }
    void manyThreadsPost()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            constexpr int Threads = 4;
            constexpr int Events = 5000;
            QEventLoop loop;
            rr::CallReceiver receiver;
            auto *const dispatcher = QAbstractEventDispatcher::instance();
            int received = 0;
            std::vector<std::unique_ptr<TestThread>> threads;
            for (int i = 0; i < Threads; ++i) {
                threads.push_back(std::make_unique<TestThread>([&] {
                    for (int event = 0; event < Events; ++event) {
                        receiver.call([&] {
                            if (++received == Threads * Events)
                                loop.quit();
                        });
                        if (event % 16 == 0)
                            dispatcher->wakeUp();
                        if (event % 512 == 0)
                            QThread::usleep(50); // lets the loop fall asleep
                    }
                }));
                threads.back()->start();
            }
            QTimer noise;
            noise.start(1);
            loop.exec();
            for (const auto &thread : threads)
                thread->wait();
            QCOMPARE(received, Threads * Events);
        });
    }
};

RELAY_TEST(TestEpollDispatcher)
#include "tst_epolldispatcher.moc"
