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
    static QLabel *label(const CostPanel &panel, const QString &name)
    {
        return panel.findChild<QLabel *>(name);
    }
};

RELAY_TEST(TestCostPanel)
#include "tst_costpanel.moc"
