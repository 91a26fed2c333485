// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/control/displaytext.h"

#include <QLocale>
#include <QTest>

using namespace rr;

class TestDisplayText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void durations_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << qint64(0) << QStringLiteral("0:00");
        QTest::newRow("below a second") << qint64(999) << QStringLiteral("0:00");
        QTest::newRow("seconds") << qint64(42'000) << QStringLiteral("0:42");
        QTest::newRow("minutes") << qint64(725'000) << QStringLiteral("12:05");
        QTest::newRow("hours") << qint64(11'045'000) << QStringLiteral("3:04:05");
        QTest::newRow("days") << qint64(183'845'000) << QStringLiteral("2 d 3:04:05");
    }
    void durations()
    {
        QFETCH(qint64, milliseconds);
        QTEST(durationText(milliseconds), "text");
    }

    void sizes()
    {
        QCOMPARE(bytesText(0), QStringLiteral("0 bytes"));
        QCOMPARE(bytesText(3'400'000), QStringLiteral("3.4 MB"));
        QCOMPARE(rateText(48'000), QStringLiteral("48.0 kB/s"));
        QCOMPARE(countText(12'345), QStringLiteral("12,345"));
    }

    void money_data()
    {
        QTest::addColumn<qint64>("pico");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << qint64(0) << QStringLiteral("$0.00");
        QTest::newRow("almost nothing") << qint64(49'999'999) << QStringLiteral("< $0.0001");
        QTest::newRow("least") << qint64(50'000'000) << QStringLiteral("$0.0001");
        QTest::newRow("below a cent") << qint64(1'234'500'000) << QStringLiteral("$0.0012");
        QTest::newRow("below a dollar") << qint64(12'345'000'000) << QStringLiteral("$0.0123");
        QTest::newRow("dollars") << qint64(12'345'000'000'000) << QStringLiteral("$12.35");
        QTest::newRow("many") << qint64(1'234'567'000'000'000'000) << QStringLiteral("$1,234,567.00");
    }
    void money()
    {
        QFETCH(qint64, pico);
        QTEST(moneyText(Money::ofPico(pico)), "text");
    }

    void moneyAsTheReaderWritesIt()
    {
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
        QCOMPARE(moneyText(Money::ofPico(12'345'000'000)), QStringLiteral("0,0123\u00a0$"));
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }

    void whatIsNotKnownIsNotNothing()
    {
        UsageTotals totals;
        QCOMPARE(costText(totals), QStringLiteral("$0.00"));
        totals.unpriced = 1;
        QCOMPARE(costText(totals), QStringLiteral("unknown"));
        totals.cost = Money::ofPico(500'000'000'000);
        QCOMPARE(costText(totals), QStringLiteral("at least $0.5000"));
        totals.unpriced = 0;
        QCOMPARE(costText(totals), QStringLiteral("$0.5000"));
        totals.unread = 1;
        QCOMPARE(costText(totals), QStringLiteral("at least $0.5000"));
        totals.cost = {};
        QCOMPARE(costText(totals), QStringLiteral("unknown"));
    }

    void tokensByKind()
    {
        Usage usage;
        QVERIFY(tokensInText(usage).isEmpty());
        usage.textIn = 100;
        usage.textCached = 200;
        usage.audioIn = 1'000;
        QCOMPARE(tokensInText(usage), QStringLiteral("1,300 (text 300, audio 1,000, of these 200 cached)"));
        usage.audioOut = 50;
        QCOMPARE(tokensOutText(usage), QStringLiteral("50 (audio 50)"));
    }
};

RELAY_TEST(TestDisplayText)
#include "tst_displaytext.moc"
