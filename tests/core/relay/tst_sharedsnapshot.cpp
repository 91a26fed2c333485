// SPDX-License-Identifier: MIT
#include "core/relay/sharedsnapshot.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace std::chrono_literals;

class tst_SharedSnapshot : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isOneForAllThatAskWithinAMoment()
    {
        Snapshot truth;
        SharedSnapshot shared(
            [&truth] {
                ++truth.totalConnections;
                return truth;
            },
            1h);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(shared.get().totalConnections, 1);
        shared.forget();
        QCOMPARE(truth.totalConnections, 1); // not before somebody asks
        for (int i = 0; i < 3; ++i)
            QCOMPARE(shared.get().totalConnections, 2);
    }

    void isTakenAnewWhenItIsOld()
    {
        int taken = 0;
        SharedSnapshot shared(
            [&taken] {
                ++taken;
                return Snapshot();
            },
            0ms);
        shared.get();
        shared.get();
        QCOMPARE(taken, 2);
    }
};

RELAY_TEST(tst_SharedSnapshot)
#include "tst_sharedsnapshot.moc"
