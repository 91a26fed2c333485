// SPDX-License-Identifier: MIT
#include "core/config/usd.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

class tst_Usd : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void amounts()
    {
        QCOMPARE(readUsd(QString())->pico(), 0);
        QCOMPARE(readUsd(u"5"_s)->pico(), 5'000'000'000'000);
        QCOMPARE(readUsd(u"0.25"_s)->pico(), 250'000'000'000);
        QCOMPARE(readUsd(u"0.000000000001"_s)->pico(), 1);
        const QString wrong[] = {u"five"_s, u"-1"_s, u"1,5"_s, u"1e3"_s, u"$1"_s, u"99999999999"_s};
        for (const QString &text : wrong)
            QVERIFY2(!readUsd(text), qPrintable(text));
    }
};

RELAY_TEST(tst_Usd)
#include "tst_usd.moc"
