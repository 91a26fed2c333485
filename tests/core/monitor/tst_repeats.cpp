// SPDX-License-Identifier: MIT
#include "core/monitor/repeats.h"

#include "tests/support/relaytest.h"

#include <QHostAddress>
#include <QTest>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const Repeats::TimePoint began{1h};

JournalEntry refused(const QString &client, const QByteArray &why = "No.")
{
    return journalEntry(
        LogLevel::Warning, "refused", {"%1", {QString::fromLatin1(why)}}, {{"client"_ba, client}});
}

} // namespace

class tst_Repeats : public QObject
{
    Q_OBJECT

    static inline const QString a = u"192.0.2.1"_s;
    static inline const QString b = u"192.0.2.2"_s;

    static bool isNew(Repeats &repeats, const JournalEntry &entry, Repeats::TimePoint now)
    {
        return repeats.isNew(Repeats::key(entry), entry, now);
    }

    /// What one client brings about that says another thing each time.
    static std::ptrdiff_t toldOf(Repeats &repeats, const QString &client, int count)
    {
        std::ptrdiff_t told = 0;
        for (int i = 0; i < count; ++i)
            told += isNew(repeats, refused(client, QByteArray::number(i)), began);
        return told;
    }

private Q_SLOTS:
    void theFirstIsToldAndTheRestCounted()
    {
        Repeats repeats;
        QVERIFY(isNew(repeats, refused(a), began));
        for (int i = 0; i < 7; ++i)
            QVERIFY(!isNew(repeats, refused(a), began + 1s));
        QVERIFY(isNew(repeats, refused(b), began + 1s)); // another client
        QVERIFY(isNew(repeats, refused(a, "Never."), began + 1s)); // another reason
        QVERIFY(repeats.due(began + 59s).isEmpty());
        const auto told = repeats.due(began + 60s);
        QCOMPARE(told.size(), 1);
        QCOMPARE(told[0].event, "refused"_ba);
        QCOMPARE(told[0].level, LogLevel::Warning);
        QCOMPARE(plain(told[0].message), u"No. (repeated: 7)"_s);
        const QList<std::pair<QByteArray, QVariant>> fields{{"client", a}, {"times", 7LL}};
        QCOMPARE(told[0].fields, fields);
        QVERIFY(repeats.due(began + 60s).isEmpty());
    }

    void whatGoesOnIsToldOnceAMinute()
    {
        Repeats repeats;
        int lines = 0;
        for (auto now = began; now < began + 10min; now += 100ms) {
            lines += isNew(repeats, refused(a), now);
            lines += int(repeats.due(now).size());
        }
        QCOMPARE(lines, 10);
    }

    void whatWasOverIsNew()
    {
        Repeats repeats;
        QVERIFY(isNew(repeats, refused(a), began));
        QVERIFY(repeats.due(began + 60s).isEmpty()); // came once
        QVERIFY(isNew(repeats, refused(a), began + 61s));
    }

    void manyDifferentOnesAreAFlood()
    {
        Repeats repeats;
        std::size_t told = 0;
        for (int i = 0; i < 5000; ++i)
            told += isNew(repeats, refused(QHostAddress(quint32(i)).toString()), began);
        QCOMPARE(told, Repeats::mostKinds);
        const auto due = repeats.due(began + 60s);
        QCOMPARE(due.size(), 1);
        const QString left = QString::number(5000 - Repeats::mostKinds);
        QCOMPARE(plain(due[0].message), left + u" more lines like this one were left out: No."_s);
        QVERIFY(isNew(repeats, refused(b), began + 61s)); // there is room again
    }

    void oneClientLeavesTheOthersRoom_data()
    {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::addColumn<bool>("same");
        QTest::newRow("another") << a << b << false;
        QTest::newRow("IPv6, another /64") << u"2001:db8::1"_s << u"2001:db8:0:1::1"_s << false;
        QTest::newRow("IPv6, same /64") << u"2001:db8::1"_s << u"2001:db8::2"_s << true;
    }
    void oneClientLeavesTheOthersRoom()
    {
        QFETCH(QString, first);
        QFETCH(QString, second);
        QFETCH(bool, same);
        Repeats repeats;
        QCOMPARE(toldOf(repeats, first, 100), Repeats::mostOfClient);
        QCOMPARE(toldOf(repeats, second, 100), same ? 0 : Repeats::mostOfClient);
        QVERIFY(isNew(repeats, journalEntry(LogLevel::Warning, "refused", "of nobody"), began));
        QCOMPARE(repeats.due(began + 60s).size(), 1);
        QCOMPARE(toldOf(repeats, first, 1), 1); // there is room again
    }

    void allAreToldAtTheEnd()
    {
        Journal journal;
        for (int i = 0; i < 3; ++i)
            journal.addFolded(refused(a));
        QCOMPARE(journal.entriesAfter(0).size(), 1);
        journal.tellRepeats();
        QCOMPARE(journal.entriesAfter(0).size(), 1);
        journal.tellRepeats(Repeats::TimePoint::max());
        QCOMPARE(journal.entriesAfter(0).size(), 2);
        QVERIFY(journal.entriesAfter(1)[0].time.isValid());
        journal.setLevel(LogLevel::Error);
        journal.addFolded(refused(b));
        journal.tellRepeats(Repeats::TimePoint::max());
        QCOMPARE(journal.entriesAfter(0).size(), 2);
    }
};

RELAY_TEST(tst_Repeats)
#include "tst_repeats.moc"
