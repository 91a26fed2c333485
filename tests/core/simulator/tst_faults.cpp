// SPDX-License-Identifier: MIT
#include "core/simulator/faults.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refusesNonsense_data()
    {
        QTest::addColumn<QString>("fault");
        for (const QString &fault : {u""_s, u"nosuch"_s, u"refuse"_s, u"refuse:abc"_s, u"refuse:200"_s,
                 u"refuse:600"_s, u"error:1011"_s, u"close:"_s, u"close:70000"_s, u"vanish:0"_s,
                 u"vanish:later"_s, u"silent:1"_s, u"delay:-1"_s, u"flood:0"_s, u"oversize:"_s, u"stall:0"_s,
                 u"usage:"_s, u"no-closed:1"_s})
            QTest::newRow(qPrintable(fault)) << fault;
    }

    void refusesNonsense()
    {
        QFETCH(QString, fault);
        Faults faults;
        QVERIFY(faults.add(fault).has_value());
    }

    void takesArguments()
    {
        Faults faults;
        QVERIFY(!faults.add(u"refuse:403"_s));
        QCOMPARE(faults.refuseStatus, 403);
        QVERIFY(!faults.add(u"close:4001:one: two"_s));
        QCOMPARE(faults.closeCode, quint16(4001));
        QCOMPARE(faults.closeReason, "one: two"_ba);
        QVERIFY(!faults.add(u"flood:100"_s));
        QCOMPARE(faults.floodBytes, 100'000'000);
        QVERIFY(!faults.add(u"vanish"_s));
        QCOMPARE(faults.vanishAfterEvents, 1);
        QVERIFY(!faults.add(u"vanish:mid-response"_s));
        QVERIFY(faults.vanishMidResponse);
    }

    void takesLivesOwn()
    {
        Faults faults;
        for (const QString &fault : {u"stall:3"_s, u"content:4"_s, u"usage:5"_s, u"no-closed"_s,
                 u"early-response"_s, u"graceful-close"_s})
            QVERIFY2(!faults.add(fault), qPrintable(fault));
        QCOMPARE(faults.liveStallSeconds, 3);
        QCOMPARE(faults.liveContentSeconds, 4);
        QCOMPARE(faults.usageSeconds, 5);
        QVERIFY(faults.liveUnconfirmed && faults.liveEarlyResponse && faults.gracefulClose);
    }

    void readsTheQuery()
    {
        Faults faults;
        QVERIFY(!faults.addFromQuery("model=m&simulate=delay:50,close:4001:bad%20day,ignore-pings"_ba));
        QCOMPARE(faults.delayMs, 50);
        QCOMPARE(faults.closeReason, "bad day"_ba);
        QVERIFY(faults.ignorePings);
        QVERIFY(!faults.addFromQuery({}));
        QVERIFY(faults.addFromQuery("simulate=nosuch"_ba).has_value());
    }

    void helpNamesThemAll()
    {
        const QString help = Faults::help().join(u'\n');
        for (const QString &usage : {u"refuse:STATUS"_s, u"vanish[:EVENTS|mid-response]"_s, u"echo "_s})
            QVERIFY2(help.contains(usage), qPrintable(usage));
    }
};

RELAY_TEST(TestFaults)
#include "tst_faults.moc"
