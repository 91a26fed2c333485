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
};

RELAY_TEST(TestDisplayText)
#include "tst_displaytext.moc"
