// SPDX-License-Identifier: MIT
#include "core/base/decimal.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <limits>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_Decimal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("places");
        QTest::addColumn<qint64>("units"); // -1: none
        QTest::addColumn<qint64>("rounded");
        QTest::newRow("whole") << "32"_ba << 6 << qint64(32'000'000) << qint64(32'000'000);
        QTest::newRow("decimals") << "0.4"_ba << 6 << qint64(400'000) << qint64(400'000);
        QTest::newRow("all decimals") << "1.000001"_ba << 6 << qint64(1'000'001) << qint64(1'000'001);
        QTest::newRow("no places") << "7"_ba << 0 << qint64(7) << qint64(7);
        QTest::newRow("nought") << "0"_ba << 3 << qint64(0) << qint64(0);
        QTest::newRow("too many, up") << "0.0005"_ba << 3 << qint64(-1) << qint64(1);
        QTest::newRow("too many, down") << "0.00049999"_ba << 3 << qint64(-1) << qint64(0);
        QTest::newRow("as Python writes one") << "15.100000000000001"_ba << 3 << qint64(-1) << qint64(15'100);
        QTest::newRow("carried") << "9.9999"_ba << 3 << qint64(-1) << qint64(10'000);
        QTest::newRow("noughts too many") << "1.5000"_ba << 3 << qint64(-1) << qint64(1500);
        QTest::newRow("the largest") << "9223372036854775807"_ba << 0 << std::numeric_limits<qint64>::max()
                                     << std::numeric_limits<qint64>::max();
        QTest::newRow("one more") << "9223372036854775808"_ba << 0 << qint64(-1) << qint64(-1);
        QTest::newRow("rounded beyond it") << "9223372036854775807.5"_ba << 0 << qint64(-1) << qint64(-1);
        QTest::newRow("too large with its decimals")
            << "9223372036854775807"_ba << 1 << qint64(-1) << qint64(-1);
        for (const char *none : {"", ".", "1.", ".5", "-1", "+1", "1e3", "1.5e3", "01", "00", "1,5", " 1",
                 "1 ", "0x1", "1.2.3", "1.x", "1.0001x", "NaN", "null", "\"1\""})
            QTest::addRow("none: '%s'", none) << QByteArray(none) << 3 << qint64(-1) << qint64(-1);
    }
    void reads()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, places);
        QTEST(readDecimal(text, places).value_or(-1), "units");
        QTEST(readDecimal(text, places, MoreDecimals::Round).value_or(-1), "rounded");
    }

    void writes()
    {
        QCOMPARE(decimalText(400'000, 6), "0.400000"_ba);
        QCOMPARE(decimalText(12'345'678, 3), "12345.678"_ba);
        QCOMPARE(decimalText(0, 2), "0.00"_ba);
        QCOMPARE(decimalText(-5, 2), "-0.05"_ba);
        QCOMPARE(decimalText(17, 0), "17"_ba);
        QCOMPARE(decimalText(std::numeric_limits<qint64>::min(), 6), "-9223372036854.775808"_ba);
    }
};

RELAY_TEST(tst_Decimal)
#include "tst_decimal.moc"
