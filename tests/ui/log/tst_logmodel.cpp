// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/log/logmodel.h"

#include <QAbstractItemModelTester>
#include <QFont>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using rr::Journal;
using rr::LogFilter;
using rr::LogLevel;
using rr::LogModel;

class TestLogModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesInWhatIsNew();
    void letsGoOfTheOldest();
    void takesInMoreThanItHolds();
    void holdsTwentyThousand();
    void filters();
    void filtersWhatComes();
    void clears();
    void keepsWhatItHasNotTakenIn();
    void errorsStandOut();
    void toolTipIsNotHtml();
};

namespace {

void add(Journal &journal, const QString &message, LogLevel level = LogLevel::Info, const QString &call = {})
{
    rr::JournalEntry entry;
    entry.level = level;
    entry.call = call;
    entry.message = rr::asTheySaid(message);
    journal.add(std::move(entry));
}

QStringList messages(const LogModel &model)
{
    QStringList texts;
    for (int row = 0; row < model.rowCount(); ++row)
        texts.append(model.index(row, LogModel::Message).data().toString());
    return texts;
}

} // namespace

void TestLogModel::takesInWhatIsNew()
{
    Journal journal;
    add(journal, u"a"_s);
    add(journal, u"b"_s);
    LogModel model(journal);
    const QAbstractItemModelTester tester(&model);
    QSignalSpy inserted(&model, &LogModel::rowsInserted);

    QCOMPARE(model.rowCount(), 0);
    model.poll();
    QCOMPARE(messages(model), QStringList({u"a"_s, u"b"_s}));
    QCOMPARE(inserted.size(), 1);
    model.poll();
    QCOMPARE(inserted.size(), 1);
    add(journal, u"c"_s);
    model.poll();
    QCOMPARE(messages(model), QStringList({u"a"_s, u"b"_s, u"c"_s}));
    QCOMPARE(inserted.last().at(1).toInt(), 2);
    QCOMPARE(inserted.last().at(2).toInt(), 2);
}

void TestLogModel::letsGoOfTheOldest()
{
    Journal journal(4);
    LogModel model(journal, nullptr, 4);
    const QAbstractItemModelTester tester(&model);
    for (const QString &text : {u"1"_s, u"2"_s, u"3"_s})
        add(journal, text);
    model.poll();
    QSignalSpy removed(&model, &LogModel::rowsRemoved);
    for (const QString &text : {u"4"_s, u"5"_s, u"6"_s})
        add(journal, text);
    model.poll();
    QCOMPARE(messages(model), QStringList({u"3"_s, u"4"_s, u"5"_s, u"6"_s}));
    QCOMPARE(model.entryCount(), 4);
    QCOMPARE(removed.size(), 1);
    QCOMPARE(removed.first().at(1).toInt(), 0);
    QCOMPARE(removed.first().at(2).toInt(), 1);
}

void TestLogModel::takesInMoreThanItHolds()
{
    Journal journal(3);
    LogModel model(journal, nullptr, 3);
    const QAbstractItemModelTester tester(&model);
    add(journal, u"old"_s);
    model.poll();
    for (int i = 0; i < 10; ++i)
        add(journal, QString::number(i));
    model.poll();
    QCOMPARE(messages(model), QStringList({u"7"_s, u"8"_s, u"9"_s}));
}

void TestLogModel::holdsTwentyThousand()
{
    constexpr int most = 20'000;
    Journal journal;
    for (int i = 0; i < most + 100; ++i)
        add(journal, QString::number(i), i % 100 == 0 ? LogLevel::Error : LogLevel::Info);
    LogModel model(journal);
    model.poll();
    QCOMPARE(model.rowCount(), most);
    QCOMPARE(model.entryCount(), most);
    QCOMPARE(plain(model.entry(0).message), u"100"_s);
    QCOMPARE(plain(model.entry(most - 1).message), QString::number(most + 99));

    // However many come or are filtered, a view is told once: that is what keeps it quick.
    QSignalSpy inserted(&model, &LogModel::rowsInserted);
    QSignalSpy removed(&model, &LogModel::rowsRemoved);
    QSignalSpy reset(&model, &LogModel::modelReset);
    for (int i = 0; i < 500; ++i)
        add(journal, u"new"_s);
    model.poll();
    QCOMPARE(model.rowCount(), most);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(removed.size(), 1);
    QCOMPARE(reset.size(), 0);
    model.setFilter({LogLevel::Error, {}, {}});
    QCOMPARE(model.rowCount(), (most - 500) / 100);
    QCOMPARE(model.entryCount(), most);
    QCOMPARE(reset.size(), 1);
    QCOMPARE(inserted.size() + removed.size(), 2);
}

void TestLogModel::filters()
{
    Journal journal;
    add(journal, u"one"_s, LogLevel::Info, u"aaaa0000"_s);
    add(journal, u"two"_s, LogLevel::Error, u"aaaa0000"_s);
    add(journal, u"three"_s, LogLevel::Error, u"bbbb0000"_s);
    LogModel model(journal);
    const QAbstractItemModelTester tester(&model);
    model.poll();

    model.setFilter({LogLevel::Error, {}, {}});
    QCOMPARE(messages(model), QStringList({u"two"_s, u"three"_s}));
    model.setFilter({LogLevel::Debug, u"aaaa"_s, {}});
    QCOMPARE(messages(model), QStringList({u"one"_s, u"two"_s}));
    model.setFilter({LogLevel::Debug, {}, u"thr"_s});
    QCOMPARE(messages(model), QStringList({u"three"_s}));
    QCOMPARE(model.entry(0).call, u"bbbb0000"_s);
    model.setFilter({});
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.entryCount(), 3);
}

void TestLogModel::filtersWhatComes()
{
    Journal journal(4);
    LogModel model(journal, nullptr, 4);
    const QAbstractItemModelTester tester(&model);
    model.setFilter({LogLevel::Error, {}, {}});
    for (int i = 0; i < 20; ++i) {
        add(journal, QString::number(i), i % 2 == 0 ? LogLevel::Info : LogLevel::Error);
        model.poll();
    }
    QCOMPARE(messages(model), QStringList({u"17"_s, u"19"_s}));
    QCOMPARE(model.entryCount(), 4);
    model.setFilter({});
    QCOMPARE(messages(model), QStringList({u"16"_s, u"17"_s, u"18"_s, u"19"_s}));
}

void TestLogModel::clears()
{
    Journal journal;
    add(journal, u"a"_s);
    LogModel model(journal);
    const QAbstractItemModelTester tester(&model);
    model.poll();
    model.clear();
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(journal.entriesAfter(0).isEmpty());
    add(journal, u"b"_s);
    model.poll();
    QCOMPARE(messages(model), QStringList({u"b"_s}));
}

void TestLogModel::keepsWhatItHasNotTakenIn()
{
    Journal journal(3);
    LogModel model(journal, nullptr, 3);
    const QAbstractItemModelTester tester(&model);
    add(journal, u"shown"_s);
    model.poll();
    add(journal, u"a"_s);
    model.clear();
    add(journal, u"b"_s);
    model.clear();
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(journal.entriesAfter(0).isEmpty());
    add(journal, u"c"_s);
    model.poll();
    QCOMPARE(messages(model), QStringList({u"a"_s, u"b"_s, u"c"_s}));
    model.poll();
    QCOMPARE(model.rowCount(), 3);
}

void TestLogModel::errorsStandOut()
{
    Journal journal;
    add(journal, u"fine"_s);
    add(journal, u"not fine"_s, LogLevel::Error);
    LogModel model(journal);
    model.poll();
    const QModelIndex info = model.index(0, LogModel::Level);
    const QModelIndex error = model.index(1, LogModel::Level);
    QVERIFY(info.data().toString() != error.data().toString());
    QVERIFY(info.data(Qt::DecorationRole).value<QIcon>().isNull());
    QVERIFY(!error.data(Qt::DecorationRole).value<QIcon>().isNull());
    QVERIFY(!info.data(Qt::FontRole).value<QFont>().bold());
    QVERIFY(model.index(1, LogModel::Message).data(Qt::FontRole).value<QFont>().bold());
    QVERIFY(!model.index(1, LogModel::Message).data(Qt::ForegroundRole).isValid());
}

void TestLogModel::toolTipIsNotHtml()
{
    Journal journal;
    add(journal, u"<b>x</b>"_s);
    LogModel model(journal);
    model.poll();
    QCOMPARE(model.index(0, LogModel::Message).data().toString(), u"<b>x</b>"_s);
    QVERIFY(!model.index(0, LogModel::Message).data(Qt::ToolTipRole).toString().contains(u'<'));
}

RELAY_TEST(TestLogModel)
#include "tst_logmodel.moc"
