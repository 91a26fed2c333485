// SPDX-License-Identifier: MIT
#include "ui/history/callhistorypage.h"

#include "tests/support/relaytest.h"
#include "tests/ui/control/playedbooks.h"
#include "ui/history/historymodel.h"
#include "ui/history/historytable.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDateEdit>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

struct ShownHistory : PlayedAccessRelay
{
    CallHistoryPage page{control};

    explicit ShownHistory(int calls = 0)
    {
        books->calls = manyCalls(calls);
        page.resize(1000, 600);
        page.show();
        [this] { QVERIFY(QTest::qWaitForWindowExposed(&page)); }();
    }
    template <typename Widget>
    Widget *the(const QString &name) const
    {
        return page.findChild<Widget *>(name);
    }
    HistoryTable *table() const { return the<HistoryTable>(u"historyTable"_s); }
    int rows() const { return table()->model()->rowCount(); }
    QString count() const { return the<QLabel>(u"historyCount"_s)->text(); }
    void choose(const QString &box, const QVariant &value) const
    {
        auto *combo = the<QComboBox>(box);
        combo->setCurrentIndex(combo->findData(value));
    }
};

} // namespace

class TestCallHistoryPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void saysHowToHaveAStore()
    {
        ShownHistory shown;
        shown.close();
        QVERIFY(shown.the<QLabel>(u"noStore"_s)->isVisible());
        QVERIFY(!shown.table()->isVisible());
        const QSignalSpy asked(&shown.page, &CallHistoryPage::settingsRequested);
        shown.the<QPushButton>(u"historyChooseStore"_s)->click();
        QCOMPARE(asked.value(0).value(0).toByteArray(), QByteArray("storeUrl"));
        shown.open();
        QTRY_VERIFY(shown.table()->isVisible());
    }

    void pagesAsOneScrolls()
    {
        ShownHistory shown(1'000);
        QTRY_COMPARE(shown.rows(), 200);
        QVERIFY2(shown.count().contains(u"200"_s) && shown.count().contains(u"older"_s),
            qPrintable(shown.count()));
        for (int wanted = 400; wanted <= 1'000; wanted += 200) {
            shown.table()->verticalScrollBar()->setValue(shown.table()->verticalScrollBar()->maximum());
            QTRY_COMPARE(shown.rows(), wanted);
        }
        QTRY_VERIFY2(!shown.count().contains(u"older"_s), qPrintable(shown.count()));
    }

    void asksForWhatIsSearched()
    {
        ShownHistory shown(50);
        shown.books->calls[7].call.failed = true;
        QTRY_COMPARE(shown.rows(), 50);
        shown.the<QCheckBox>(u"historyFailed"_s)->setChecked(true);
        QTRY_COMPARE(shown.rows(), 1);
        shown.the<QCheckBox>(u"historyFailed"_s)->setChecked(false);
        QTRY_COMPARE(shown.rows(), 50);
        const qsizetype before = shown.books->asked.size();
        QTest::keyClicks(shown.the<QLineEdit>(u"historyText"_s), u"gpt-live"_s);
        QTRY_COMPARE(shown.rows(), 0);
        QCOMPARE(shown.books->asked.last().text, u"gpt-live"_s);
        QVERIFY(shown.books->asked.size() < before + 8); // not at each letter
        QTRY_COMPARE(shown.the<QLabel>(u"historyEmpty"_s)->text(), u"No such calls."_s);
    }

    void asksForDays()
    {
        ShownHistory shown(5);
        QTRY_COMPARE(shown.rows(), 5);
        QVERIFY(shown.books->asked.last().from.isValid()); // the last seven
        QVERIFY(!shown.books->asked.last().to.isValid());
        auto *when = shown.the<QComboBox>(u"historyWhen"_s);
        when->setCurrentIndex(0);
        QVERIFY(!shown.books->asked.last().from.isValid());
        QVERIFY(!shown.the<QDateEdit>(u"historyFrom"_s)->isVisible());
        when->setCurrentIndex(when->count() - 1);
        QVERIFY(shown.the<QDateEdit>(u"historyFrom"_s)->isVisible());
        shown.the<QDateEdit>(u"historyFrom"_s)->setDate(QDate(2026, 11, 20));
        shown.the<QDateEdit>(u"historyTo"_s)->setDate(QDate(2026, 11, 21));
        QTRY_COMPARE(shown.books->asked.last().from, QDate(2026, 11, 20).startOfDay().toUTC());
        QTRY_COMPARE(shown.books->asked.last().to, QDate(2026, 11, 22).startOfDay().toUTC());
        // The wrong way round is meant the right way round.
        shown.the<QDateEdit>(u"historyFrom"_s)->setDate(QDate(2026, 11, 24));
        QTRY_COMPARE(shown.books->asked.last().to, QDate(2026, 11, 25).startOfDay().toUTC());
        QCOMPARE(shown.books->asked.last().from, QDate(2026, 11, 21).startOfDay().toUTC());
    }

    void asksForAToken()
    {
        ShownHistory shown(5);
        shown.books->all = {PlayedAccessRelay::terms(7, u"Demo"_s)};
        Q_EMIT shown.books->tokensChanged();
        QTRY_COMPARE(shown.rows(), 5);
        shown.choose(u"historyToken"_s, qint64(7));
        QTRY_COMPARE(shown.rows(), 0);
        QCOMPARE(shown.books->asked.last().token, 7);
        // Others come: what was chosen stays so.
        shown.books->all.append(PlayedAccessRelay::terms(8, u"A"_s));
        Q_EMIT shown.books->tokensChanged();
        QCOMPARE(shown.the<QComboBox>(u"historyToken"_s)->currentText(), u"Demo"_s);
    }

    void sumsUp()
    {
        ShownHistory shown(5);
        shown.books->answeredSums = {{u"Demo"_s, 3, {}}, {u"Other"_s, 2, {}}};
        auto *tabs = shown.the<QTabBar>(u"historyTabs"_s);
        const auto *sums = shown.the<HistoryTable>(u"sumsTable"_s);
        tabs->setCurrentIndex(1);
        QTRY_COMPARE(sums->model()->rowCount(), 3);
        QVERIFY(sums->isVisible() && !shown.table()->isVisible());
        QCOMPARE(shown.books->askedSums.last().first, SumBy::Token);
        tabs->setCurrentIndex(3);
        QCOMPARE(shown.books->askedSums.last().first, SumBy::Day);
        // And of what is searched.
        shown.the<QCheckBox>(u"historyFailed"_s)->setChecked(true);
        QVERIFY(shown.books->askedSums.last().second.failedOnly);
    }

    void sumsOfAnotherTabAreNotTaken()
    {
        ShownHistory shown(5);
        QTRY_COMPARE(shown.rows(), 5);
        shown.books->isHeld = true;
        auto *tabs = shown.the<QTabBar>(u"historyTabs"_s);
        tabs->setCurrentIndex(2);
        tabs->setCurrentIndex(3);
        shown.books->answerNow(true);
        QCOMPARE(shown.the<HistoryTable>(u"sumsTable"_s)->model()->headerData(0, Qt::Horizontal).toString(),
            u"Day (UTC)"_s);
    }

    void keepsWhatItShowsWhenTheStoreIsAway()
    {
        ShownHistory shown(5);
        QTRY_COMPARE(shown.rows(), 5);
        shown.books->error = RelayError{"store_away", {}, "The database cannot be reached."};
        shown.books->stands.isAway = true;
        Q_EMIT shown.books->standChanged();
        shown.the<QPushButton>(u"historyRefresh"_s)->click();
        QTRY_VERIFY(shown.the<QLabel>(u"historyStand"_s)->isVisible());
        QCOMPARE(shown.rows(), 5);
        shown.books->error.reset();
        shown.books->stands = {};
        Q_EMIT shown.books->standChanged(); // and it asks anew by itself
        QTRY_VERIFY(!shown.the<QLabel>(u"historyStand"_s)->isVisible());
    }

    void savesAsCsv()
    {
        ShownHistory shown(5);
        QTRY_VERIFY(shown.the<QPushButton>(u"historySave"_s)->isEnabled());
        const QTemporaryDir folder;
        const QString file = folder.filePath(u"history.csv"_s);
        shown.the<QPushButton>(u"historySave"_s)->click();
        auto *dialog = shown.page.findChild<QFileDialog *>();
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(file);
        QVERIFY(!shown.the<QPushButton>(u"historySave"_s)->isEnabled());
        QTRY_COMPARE(shown.books->csvFile, file);
        QTRY_VERIFY2(shown.count().startsWith(u"Saved as"_s), qPrintable(shown.count()));
        QVERIFY(shown.the<QPushButton>(u"historySave"_s)->isEnabled());
    }

    void saysWhyItCouldNotBeSaved()
    {
        ShownHistory shown(5);
        QTRY_VERIFY(shown.the<QPushButton>(u"historySave"_s)->isEnabled());
        shown.the<QPushButton>(u"historySave"_s)->click();
        shown.books->error = RelayError{"csv", {}, "The disk is full."};
        Q_EMIT shown.page.findChild<QFileDialog *>()->fileSelected(u"/nowhere.csv"_s);
        QTRY_COMPARE(shown.count(), u"The disk is full."_s);
    }

    void copies()
    {
        ShownHistory shown(3);
        QTRY_COMPARE(shown.rows(), 3);
        shown.table()->selectRow(1);
        shown.the<QPushButton>(u"historyCopy"_s)->click();
        const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
        QCOMPARE(lines.size(), 3); // titles, one, and the end
        QVERIFY(lines[1].contains(u"gpt-realtime"_s));
    }

    void asksNothingWhileHidden()
    {
        PlayedAccessRelay played;
        CallHistoryPage page(played.control);
        page.findChild<QCheckBox *>(u"historyFailed"_s)->setChecked(true);
        QCoreApplication::processEvents();
        QVERIFY(played.books->asked.isEmpty());
    }

    void remembers()
    {
        ShownHistory shown;
        shown.table()->setColumnHidden(HistoryModel::Id, true);
        const QByteArray state = shown.page.saveState();
        ShownHistory other;
        QVERIFY(!other.page.restoreState("nonsense"));
        QVERIFY(other.page.restoreState(state));
        QVERIFY(other.table()->isColumnHidden(HistoryModel::Id));
    }
};

RELAY_TEST(TestCallHistoryPage)
#include "tst_callhistorypage.moc"
