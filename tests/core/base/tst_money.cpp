// SPDX-License-Identifier: MIT
#include "core/base/money.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <limits>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_Money : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void adds()
    {
        Money sum;
        QCOMPARE(sum.pico(), qint64(0));
        // A million tokens of 0.4 $ a million, one by one.
        for (int i = 0; i < 1'000'000; ++i)
            sum += Money::ofPico(400'000);
        QCOMPARE(sum, Money::ofPico(400'000'000'000));
        QCOMPARE(decimalText(sum), "0.400000"_ba);
        QCOMPARE(sum + Money::ofPico(-400'000'000'001), Money::ofPico(-1));
        QVERIFY(Money::ofPico(2) > Money::ofPico(1));
    }

    void staysAtItsEnds()
    {
        const Money most = Money::ofPico(std::numeric_limits<qint64>::max());
        const Money least = Money::ofPico(std::numeric_limits<qint64>::min());
        QCOMPARE(most + Money::ofPico(1), most);
        QCOMPARE(most + most, most);
        QCOMPARE(least + Money::ofPico(-1), least);
        QCOMPARE(most + least, Money::ofPico(-1));
        QCOMPARE(decimalText(most), "9223372.036855"_ba);
        QCOMPARE(decimalText(least), "-9223372.036855"_ba);
    }

    void text_data()
    {
        QTest::addColumn<qint64>("pico");
        QTest::addColumn<int>("places");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << qint64(0) << 6 << "0.000000"_ba;
        QTest::newRow("below the last place") << qint64(499'999) << 6 << "0.000000"_ba;
        QTest::newRow("half of it") << qint64(500'000) << 6 << "0.000001"_ba;
        QTest::newRow("cents") << qint64(12'345'000'000) << 2 << "0.01"_ba;
        QTest::newRow("half a cent") << qint64(5'000'000'000) << 2 << "0.01"_ba;
        QTest::newRow("dollars") << qint64(1'500'000'000'000) << 0 << "2"_ba;
        QTest::newRow("all places") << qint64(1'000'000'000'001) << 12 << "1.000000000001"_ba;
        QTest::newRow("less than nothing, half") << qint64(-500'000) << 6 << "0.000000"_ba;
        QTest::newRow("less than nothing") << qint64(-500'001) << 6 << "-0.000001"_ba;
    }
    void text()
    {
        QFETCH(qint64, pico);
        QFETCH(int, places);
        QTEST(decimalText(Money::ofPico(pico), places), "text");
    }
};

RELAY_TEST(tst_Money)
#include "tst_money.moc"
