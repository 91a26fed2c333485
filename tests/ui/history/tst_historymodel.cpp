// SPDX-License-Identifier: MIT
#include "ui/history/historymodel.h"

#include "tests/support/relaytest.h"
#include "tests/ui/control/playedbooks.h"
#include "ui/history/historywords.h"
#include "ui/history/sumsmodel.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestHistoryModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void asksForPagesAsTheyAreWanted()
    {
        PlayedBooks books;
        books.calls = PlayedAccessRelay::manyCalls(450);
        HistoryModel model;
        model.ask(&books, query(200));
        QCOMPARE(model.rowCount(), 0); // nothing waits
        QVERIFY(model.isAsking());
        QTRY_COMPARE(model.rowCount(), 200);
        QVERIFY(!model.isAsking());
        QVERIFY(model.canFetchMore({}));
        model.fetchMore({});
        QVERIFY(!model.canFetchMore({})); // one at a time
        QTRY_COMPARE(model.rowCount(), 400);
        model.fetchMore({});
        QTRY_COMPARE(model.rowCount(), 450);
        QVERIFY(model.isComplete() && !model.canFetchMore({}));
        for (int row = 0; row < 450; ++row)
            QCOMPARE(model.call(row)->call.id, books.calls[row].call.id);
        QCOMPARE(books.asked.size(), 3);
    }

    void asksForNothingBehindWhatIsAboutToGo()
    {
        PlayedBooks books;
        books.calls = PlayedAccessRelay::manyCalls(70);
        HistoryModel model;
        model.ask(&books, query(20));
        QTRY_COMPARE(model.rowCount(), 20);
        books.isHeld = true;
        model.refresh();
        QVERIFY(!model.canFetchMore({}));
        model.fetchMore({});
        books.answerNow();
        QCOMPARE(model.rowCount(), 20);
        QVERIFY(model.canFetchMore({}));
    }

    void isAProperModel()
    {
        PlayedBooks books;
        books.calls = PlayedAccessRelay::manyCalls(70);
        HistoryModel model;
        const QAbstractItemModelTester tester(&model); // fetches more by itself
        model.ask(&books, query(20));
        QTRY_COMPARE(model.rowCount(), 70);
        model.refresh();
        QTRY_VERIFY(!model.isAsking() && model.rowCount() >= 20);
        model.ask(nullptr, {});
        QCOMPARE(model.rowCount(), 0);
    }

    void keepsAFewPagesOfAHundredThousand()
    {
        PlayedBooks books;
        books.calls = PlayedAccessRelay::manyCalls(100'000);
        HistoryModel model;
        model.ask(&books, query(1'000)); // larger ones, for these books look through all of them for each
        QTRY_COMPARE(model.rowCount(), 1'000);
        while (!model.isComplete()) {
            const int before = model.rowCount();
            model.fetchMore({});
            QTRY_VERIFY(model.rowCount() > before);
        }
        QCOMPARE(model.rowCount(), 100'000);
        QCOMPARE(model.pagesInMemory(), HistoryModel::pagesKept);
        // The first is not there any more, and comes when it is looked at.
        QVERIFY(!model.call(5));
        QCOMPARE(model.index(5, HistoryModel::Started).data().toString(), u"…"_s);
        QTRY_VERIFY(model.call(5));
        QCOMPARE(model.call(5)->call.id, books.calls[5].call.id);
        QCOMPARE(model.pagesInMemory(), HistoryModel::pagesKept);
        QVERIFY(!model.call(55'555));
        QTRY_VERIFY(model.call(55'555));
        QCOMPARE(model.call(55'555)->call.id, books.calls[55'555].call.id);
    }

    void asksOnceForAPageThatWasForgotten()
    {
        PlayedBooks books;
        books.calls = PlayedAccessRelay::manyCalls(250);
        HistoryModel model;
        model.ask(&books, query(10));
        QTRY_COMPARE(model.rowCount(), 10);
        while (!model.isComplete()) {
            const int before = model.rowCount();
            model.fetchMore({});
            QTRY_VERIFY(model.rowCount() > before);
        }
        const qsizetype asked = books.asked.size();
        for (int i = 0; i < 50; ++i)
            QVERIFY(!model.call(i % 10));
        QTRY_VERIFY(model.call(0));
        QCOMPARE(books.asked.size(), asked + 1);
    }

    void aPageAskedForAgainDuringARefreshIsNotTaken()
    {
        PlayedBooks books;
        books.calls = PlayedAccessRelay::manyCalls(250);
        HistoryModel model;
        fetchAll(model, books, 10);
        books.isHeld = true;
        const qsizetype asked = books.asked.size();
        model.refresh();
        QVERIFY(!model.call(45)); // which is shown until the answer is there, and was forgotten
        QTRY_COMPARE(books.asked.size(), asked + 2);
        books.answerNow(); // the first page, then that one, which has no place any more
        QCOMPARE(model.rowCount(), 10);
        QVERIFY(!model.isAsking());
        QCOMPARE(model.call(0)->call.id, books.calls[0].call.id);
        QVERIFY(model.canFetchMore({}));
    }

    void callsOfAForgottenPageMayBeDeleted()
    {
        PlayedBooks books;
        books.calls = PlayedAccessRelay::manyCalls(250);
        HistoryModel model;
        fetchAll(model, books, 10, 240);
        for (int row = 0; row < 200; row += 10) { // so that the last is forgotten
            QVERIFY(QTest::qWaitFor([&model, row] { return model.call(row) != nullptr; }));
        }
        QVERIFY(!model.call(235));
        books.calls = books.calls.first(200); // the oldest ones are too old now
        const qsizetype asked = books.asked.size();
        // As a view does: what is said to have changed is looked at again.
        connect(&model, &HistoryModel::dataChanged, &model,
            [&model](const QModelIndex &first) { model.call(first.row()); });
        QTRY_VERIFY(!model.isAsking() && books.asked.size() > asked);
        for (int i = 0; i < 20; ++i)
            QTest::qWait(1);
        QCOMPARE(books.asked.size(), asked + 1);
        QVERIFY(!model.call(235));
        // What may stand behind it begins where it began.
        QVERIFY(model.canFetchMore({}));
        model.fetchMore({});
        QTRY_VERIFY(model.isComplete() && !model.isAsking());
        QCOMPARE(model.rowCount(), 240);
    }

    void answersToOlderQuestionsAreNotTaken()
    {
        PlayedBooks books;
        books.calls = PlayedAccessRelay::manyCalls(30);
        books.calls[3].call.failed = true;
        books.isHeld = true;
        HistoryModel model;
        model.ask(&books, query(200));
        HistoryQuery failed = query(200);
        failed.failedOnly = true;
        model.ask(&books, failed);
        books.answerNow(true);
        QCOMPARE(model.rowCount(), 1);
        QVERIFY(!model.isAsking());
    }

    void keepsWhatItShowsWhenTheStoreIsAway()
    {
        PlayedBooks books;
        books.calls = PlayedAccessRelay::manyCalls(30);
        HistoryModel model;
        model.ask(&books, query(20));
        QTRY_COMPARE(model.rowCount(), 20);
        books.error = RelayError{"store_away", {}, "The database cannot be reached."};
        model.refresh();
        QTRY_VERIFY(!model.problem().isEmpty());
        QCOMPARE(model.rowCount(), 20);
        QVERIFY(model.call(0));
        model.fetchMore({});
        QTRY_VERIFY(!model.isAsking());
        QCOMPARE(model.rowCount(), 20);
        books.error.reset();
        model.fetchMore({});
        QTRY_COMPARE(model.rowCount(), 30);
        QVERIFY(model.problem().isEmpty());
    }

    void booksMayGoAway()
    {
        auto books = std::make_unique<PlayedBooks>();
        books->calls = PlayedAccessRelay::manyCalls(30);
        HistoryModel model;
        model.ask(books.get(), query(10));
        QTRY_COMPARE(model.rowCount(), 10);
        books.reset();
        QVERIFY(!model.canFetchMore({}));
        model.refresh();
        QCOMPARE(model.rowCount(), 10);
    }

    void cells()
    {
        HistoryCall row = PlayedAccessRelay::manyCalls(1).first();
        row.call.tokenName = u"Demo"_s;
        row.call.reason = EndReason::SpendLimit;
        row.call.closeCode = 4411;
        row.usage.usage.audioIn = 1'500;
        row.usage.cost = PlayedAccessRelay::usd(12);
        row.usage.unpriced = 1;
        const auto cell = [&row](HistoryModel::Column column) { return HistoryModel::cellText(row, column); };
        QCOMPARE(cell(HistoryModel::Duration), u"1:05"_s);
        QCOMPARE(cell(HistoryModel::Access), u"Demo"_s);
        QCOMPARE(cell(HistoryModel::TokensIn), u"1,500"_s);
        QCOMPARE(cell(HistoryModel::TokensOut), QString());
        QCOMPARE(cell(HistoryModel::Cost), u"at least $0.1200"_s);
        QCOMPARE(cell(HistoryModel::End), u"A budget was spent"_s);
        QCOMPARE(cell(HistoryModel::CloseCode), u"4411"_s);
        row.usage = {};
        QCOMPARE(cell(HistoryModel::Cost), QString());
    }

    void everyEndHasWords()
    {
        CallEntry call;
        call.endedAt = QDateTime::currentDateTimeUtc();
        QSet<QString> words;
        for (size_t reason = 0; reason < endReasonNames.size(); ++reason) {
            call.reason = EndReason(reason);
            QVERIFY(!endText(call).isEmpty());
            words.insert(endText(call));
        }
        QCOMPARE(size_t(words.size()), endReasonNames.size());
        call.endedAt = {};
        QVERIFY(!words.contains(endText(call)));
    }

    void sumsUp()
    {
        SumsModel model;
        const QAbstractItemModelTester tester(&model);
        UsageSum one{u"Demo"_s, 3, {}};
        one.totals.cost = PlayedAccessRelay::usd(150);
        UsageSum other{{}, 2, {}};
        other.totals.cost = PlayedAccessRelay::usd(200);
        other.totals.unpriced = 1;
        model.show(SumBy::Token, {one, other});
        const auto cell = [&model](int row, SumsModel::Column column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(cell(0, SumsModel::Cost), u"at least $2.00"_s); // what costs most comes first
        QVERIFY(cell(0, SumsModel::Key).startsWith(u"without"_s));
        QCOMPARE(cell(1, SumsModel::Key), u"Demo"_s);
        QCOMPARE(cell(2, SumsModel::Calls), u"5"_s);
        QCOMPARE(cell(2, SumsModel::Cost), u"at least $3.50"_s);
        model.show(SumBy::Day, {{u"2026-11-26"_s, 1, {}}, {u"2026-11-27"_s, 1, {}}});
        QCOMPARE(cell(0, SumsModel::Key), QLocale().toString(QDate(2026, 11, 27), QLocale::ShortFormat));
        model.show(SumBy::Day, {{u"2026-11-26"_s, 1, {}}});
        QCOMPARE(model.rowCount(), 1);
    }

private:
    /// All of its pages, or so many rows, so that some pages are forgotten.
    static void fetchAll(HistoryModel &model, PlayedBooks &books, int pageSize, int rows = 1'000'000)
    {
        model.ask(&books, query(pageSize));
        QTRY_COMPARE(model.rowCount(), pageSize);
        while (!model.isComplete() && model.rowCount() < rows) {
            const int before = model.rowCount();
            model.fetchMore({});
            QTRY_VERIFY(model.rowCount() > before);
        }
    }

    static HistoryQuery query(int most)
    {
        HistoryQuery query;
        query.most = most;
        return query;
    }
};

RELAY_TEST(TestHistoryModel)
#include "tst_historymodel.moc"
