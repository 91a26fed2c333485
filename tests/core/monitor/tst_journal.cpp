// SPDX-License-Identifier: MIT
#include "core/monitor/journal.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

JournalEntry entry(const QString &message, LogLevel level = LogLevel::Info)
{
    JournalEntry result;
    result.level = level;
    result.message = asTheySaid(message);
    return result;
}

QStringList messages(const QList<JournalEntry> &entries)
{
    QStringList result;
    for (const JournalEntry &each : entries)
        result.append(plain(each.message));
    return result;
}

} // namespace

class TestJournal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsTheLast()
    {
        Journal journal(3);
        QCOMPARE(journal.lastNumber(), quint64(0));
        QVERIFY(journal.entriesAfter(0).isEmpty());
        for (int i = 1; i <= 5; ++i)
            journal.add(entry(QString::number(i)));
        QCOMPARE(journal.lastNumber(), quint64(5));
        const QList<JournalEntry> entries = journal.entriesAfter(0);
        QCOMPARE(messages(entries), (QStringList{u"3"_s, u"4"_s, u"5"_s}));
        QCOMPARE(entries.first().number, quint64(3));
        QCOMPARE(entries.last().number, quint64(5));
        QVERIFY(entries.first().time.isValid());
        QCOMPARE(entries.first().time.timeSpec(), Qt::UTC);
    }

    void entriesAfter_data()
    {
        QTest::addColumn<quint64>("after");
        QTest::addColumn<int>("most");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("all") << quint64(0) << 100 << QStringList{u"3"_s, u"4"_s, u"5"_s};
        QTest::newRow("some") << quint64(3) << 100 << QStringList{u"4"_s, u"5"_s};
        QTest::newRow("none") << quint64(5) << 100 << QStringList{};
        QTest::newRow("from the future") << quint64(500) << 100 << QStringList{};
        QTest::newRow("the newest two") << quint64(0) << 2 << QStringList{u"4"_s, u"5"_s};
        QTest::newRow("zero") << quint64(0) << 0 << QStringList{};
        QTest::newRow("less than zero") << quint64(0) << -1 << QStringList{};
    }
    void entriesAfter()
    {
        QFETCH(quint64, after);
        QFETCH(int, most);
        QFETCH(QStringList, expected);
        Journal journal(3);
        for (int i = 1; i <= 5; ++i)
            journal.add(entry(QString::number(i)));
        QCOMPARE(messages(journal.entriesAfter(after, most)), expected);
    }

    void clearGoesOnCounting()
    {
        Journal journal;
        journal.add(entry(u"a"_s));
        journal.clear();
        QVERIFY(journal.entriesAfter(0).isEmpty());
        QCOMPARE(journal.lastNumber(), quint64(1));
        journal.add(entry(u"b"_s));
        QCOMPARE(messages(journal.entriesAfter(0)), QStringList{u"b"_s});
        QCOMPARE(journal.entriesAfter(1).first().number, quint64(2));
    }

    void level_data()
    {
        QTest::addColumn<int>("level");
        QTest::addColumn<QStringList>("kept");
        QTest::newRow("debug") << int(LogLevel::Debug) << QStringList{u"d"_s, u"i"_s, u"w"_s, u"e"_s};
        QTest::newRow("info") << int(LogLevel::Info) << QStringList{u"i"_s, u"w"_s, u"e"_s};
        QTest::newRow("error") << int(LogLevel::Error) << QStringList{u"e"_s};
    }
    void level()
    {
        QFETCH(int, level);
        QFETCH(QStringList, kept);
        Journal journal;
        journal.setLevel(LogLevel(level));
        journal.add(entry(u"d"_s, LogLevel::Debug));
        journal.add(entry(u"i"_s, LogLevel::Info));
        journal.add(entry(u"w"_s, LogLevel::Warning));
        journal.add(entry(u"e"_s, LogLevel::Error));
        QCOMPARE(messages(journal.entriesAfter(0)), kept);
        QCOMPARE(journal.lastNumber(), quint64(kept.size()));
        QCOMPARE(journal.wants(LogLevel::Debug), level == int(LogLevel::Debug));
    }

    void infoByDefault()
    {
        Journal journal;
        QVERIFY(!journal.wants(LogLevel::Debug));
        QVERIFY(journal.wants(LogLevel::Info));
    }

    void manyThreads()
    {
        Journal journal(1000);
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&journal] {
                for (int i = 0; i < 500; ++i) {
                    journal.add(entry(u"x"_s));
                    journal.entriesAfter(0, 3);
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(journal.lastNumber(), quint64(2000));
        const QList<JournalEntry> entries = journal.entriesAfter(0);
        QCOMPARE(entries.size(), 1000);
        for (qsizetype i = 0; i < entries.size(); ++i)
            QCOMPARE(entries[i].number, quint64(1001 + i));
    }
};

RELAY_TEST(TestJournal)
#include "tst_journal.moc"
