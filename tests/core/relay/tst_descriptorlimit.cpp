// SPDX-License-Identifier: MIT
#include "core/relay/descriptorlimit.h"
#include "tests/support/relaytest.h"

#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

class tst_DescriptorLimit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // All calls that are promised can dial, if only a few at once.
    void callsAndDials()
    {
        using namespace rr;
        constexpr int endless = std::numeric_limits<int>::max();
        for (const int workers : {1, 2, 4}) {
            const int most = callsWithin(1024, workers);
            QVERIFY(most > 350);
            QCOMPARE(dialsAtOnce(1024, most, workers), leastDialsAtOnce);
            for (const int calls : {1, 100, 200, most}) {
                const int dials = dialsAtOnce(1024, calls, workers);
                const int halfOpen = halfOpenAtOnce(1024, calls, workers);
                QVERIFY(dials >= leastDialsAtOnce && halfOpen >= leastHalfOpen(1024));
                QVERIFY(calls * descriptorsPerCall + workers * dials * descriptorsPerDial + halfOpen
                        + spareDescriptors
                    <= 1024);
            }
            QCOMPARE(dialsAtOnce(1024, most + 100, workers), leastDialsAtOnce);
            QCOMPARE(halfOpenAtOnce(1024, most + 100, workers), leastHalfOpen(1024));
            QCOMPARE(dialsAtOnce(endless, 10'000, workers), mostDialsAtOnce);
            QVERIFY(halfOpenAtOnce(endless, 10'000, workers) > 1'000'000);
        }
        QCOMPARE(dialsAtOnce(spareDescriptors + 2 * 200 + 2 * 4 * 3 * 20, 200, 4), 20);
        QVERIFY(callsWithin(100, 4) < 0); // never enough
    }

    void raisesToTheHardLimit()
    {
#ifdef Q_OS_UNIX
        rlimit limit = {};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
        const rlim_t hard = limit.rlim_max;
        limit.rlim_cur = 100;
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &limit), 0);
        QCOMPARE(rr::descriptorLimit(), 100);
        const int raised = rr::raiseDescriptorLimit();
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
        QCOMPARE(limit.rlim_cur, hard);
        QCOMPARE(raised, int(std::min<rlim_t>(hard, std::numeric_limits<int>::max())));
#else
        QVERIFY(rr::raiseDescriptorLimit() > 10'000);
#endif
    }
};

RELAY_TEST(tst_DescriptorLimit)
#include "tst_descriptorlimit.moc"
