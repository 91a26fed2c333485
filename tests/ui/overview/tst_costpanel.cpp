// SPDX-License-Identifier: MIT
#include "ui/overview/costpanel.h"

#include "tests/support/relaytest.h"
#include "tests/ui/control/playedbooks.h"
#include "ui/overview/barplot.h"

#include <QComboBox>
#include <QLabel>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestCostPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void withoutAStoreSinceTheStart()
    {
        PlayedAccessRelay played;
        played.close();
        CostPanel panel(played.control);
        show(panel);
        QVERIFY(!label(panel, u"costToday"_s)->isVisible());
        QCOMPARE(label(panel, u"costSinceStart"_s)->text(), u"$0.00"_s);
        QVERIFY(!panel.findChild<QComboBox *>()->isVisible());
        QVERIFY(label(panel, u"costNote"_s)->text().contains(u"With a store"_s));
    }

    void withAStoreByDays()
    {
        PlayedAccessRelay played;
        UsageSum today;
        today.key = QDateTime::currentDateTimeUtc().date().toString(Qt::ISODate);
        today.totals.cost = PlayedAccessRelay::usd(250);
        today.totals.unpriced = 1;
        played.books->answeredSums = {today};
        CostPanel panel(played.control);
        show(panel);
        QCOMPARE(label(panel, u"costToday"_s)->text(), u"\u2013"_s); // not known yet is not nothing
        QTRY_COMPARE(label(panel, u"costToday"_s)->text(), u"at least $2.50"_s);
        QCOMPARE(label(panel, u"costOfMonth"_s)->text(), u"at least $2.50"_s);
        panel.findChild<QComboBox *>()->setCurrentIndex(1);
        QVERIFY2(panel.findChild<BarPlot *>()->accessibleDescription().contains(u"at least $2.50"_s),
            qPrintable(panel.findChild<BarPlot *>()->accessibleDescription()));
    }

    void saysHowFarTheHistoryGoesBack()
    {
        PlayedAccessRelay played;
        for (int ago = 0; ago < 40; ++ago) {
            UsageSum sum;
            sum.key = QDateTime::currentDateTimeUtc().date().addDays(-ago).toString(Qt::ISODate);
            sum.totals.cost = PlayedAccessRelay::usd(250);
            played.books->answeredSums.append(sum);
        }
        CostPanel panel(played.control);
        show(panel);
        QTRY_VERIFY(played.control.access().costs().isKnown);
        const auto month = [&panel] {
            QStringList names;
            const auto labels = panel.findChildren<QLabel *>();
            for (const QLabel *each : labels) {
                if (each->text().startsWith("This month"_L1))
                    names.append(each->text());
            }
            return names.join(u'|');
        };
        const auto *plot = panel.findChild<BarPlot *>();
        const auto *span = panel.findChild<QComboBox *>();
        QCOMPARE(month(), u"This month"_s);
        QCOMPARE(span->currentText(), u"Last 30 day(s)"_s);
        const auto forget = [&played, &panel](int days) {
            Settings settings = played.control.settings();
            settings.historyDays = days;
            QVERIFY(played.control.apply(settings).isEmpty());
            panel.refresh();
        };
        forget(1);
        QCOMPARE(span->currentText(), u"Last 1 day(s)"_s);
        QCOMPARE(bars(*plot), 1);
        // On its first day the month is no older than that.
        const auto isFirst = [] { return QDateTime::currentDateTimeUtc().date().day() == 1; };
        QTRY_COMPARE(
            (panel.refresh(), month()), isFirst() ? u"This month"_s : u"This month, last 1 day(s)"_s);
        QCOMPARE(label(panel, u"costNote"_s)->text().contains("history goes back 1 day(s)"_L1), !isFirst());
        forget(7);
        QCOMPARE(bars(*plot), 7);
        for (const int days : {31, 0}) {
            forget(days);
            QCOMPARE(month(), u"This month"_s);
            QCOMPARE(bars(*plot), 30);
            QVERIFY(!label(panel, u"costNote"_s)->text().contains("history goes back"_L1));
        }
    }

    void tellsOfRowsThatWereDropped()
    {
        PlayedAccessRelay played;
        CostPanel panel(played.control);
        show(panel);
        played.books->stands.dropped = 12;
        panel.refresh();
        QVERIFY(label(panel, u"costNote"_s)->text().contains(u"12"_s));
    }

private:
    static void show(CostPanel &panel)
    {
        panel.resize(700, 300);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        panel.refresh();
    }
    /// How many there are with something in them.
    static qsizetype bars(const BarPlot &plot) { return plot.accessibleDescription().count(u"$"_s); }
    static QLabel *label(const CostPanel &panel, const QString &name)
    {
        return panel.findChild<QLabel *>(name);
    }
};

RELAY_TEST(TestCostPanel)
#include "tst_costpanel.moc"
