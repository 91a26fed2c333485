// SPDX-License-Identifier: MIT
#include "core/store/history.h"
#include "core/store/rowwriter.h"
#include "core/store/tokentable.h"
#include "tests/core/store/storeplaces.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTest>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 day0 = 20'000 * Q_INT64_C(86'400'000);

QDateTime at(qint64 ms)
{
    return QDateTime::fromMSecsSinceEpoch(day0 + ms).toUTC();
}

CallEntry callAt(qint64 ms, const QByteArray &id)
{
    CallEntry call;
    call.id = id;
    call.startedAt = at(ms);
    call.endedAt = at(ms + 1000);
    call.model = u"gpt-realtime"_s;
    call.client = u"192.0.2.7"_s;
    return call;
}

UsageEntry usageOf(const CallEntry &call, const char *fact, std::optional<qint64> cost)
{
    UsageEntry entry;
    entry.call = call.id;
    entry.fact = fact;
    entry.token = call.token;
    entry.model = call.model;
    entry.usage = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    if (cost)
        entry.cost = Money::ofPico(*cost);
    entry.at = call.startedAt;
    return entry;
}

QByteArrayList idsOf(const std::optional<HistoryPage> &page)
{
    QByteArrayList ids;
    if (page) {
        for (const HistoryCall &each : page->calls)
            ids.append(each.call.id);
    }
    return ids;
}

} // namespace

class TestHistory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }

    void conditions()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        Slices slices(open.database, u"a"_s);
        CallEntry a = callAt(1000, "a");
        a.token = 3;
        a.tokenName = u"Präsentation 100%"_s;
        CallEntry b = callAt(2000, "b");
        b.origin = u"https://under_score.example"_s;
        b.failed = true;
        CallEntry c = callAt(3000, "c");
        c.client = u"2001:db8::1"_s;
        c.model = u"gpt-live!"_s;
        QVERIFY(writeRows(open.database, slices, {CallEnded{a}, CallEnded{b}, CallEnded{c}}));

        const auto found = [&open](auto &&change) {
            HistoryQuery query;
            change(query);
            return idsOf(history::page(open.database, query)).join();
        };
        const auto text = [&found](const QString &words) {
            return found([&](HistoryQuery &query) { query.text = words; });
        };
        QCOMPARE(found([](HistoryQuery &) {}), "cba"_ba); // the newest first
        QCOMPARE(text(u"GPT-Real"_s), "ba"_ba);
        QCOMPARE(text(u"PRÄSENT"_s), "a"_ba);
        QCOMPARE(text(u"100%"_s), "a"_ba);
        QCOMPARE(text(u"%"_s), "a"_ba);
        QCOMPARE(text(u"_"_s), "b"_ba);
        QCOMPARE(text(u"!"_s), "c"_ba);
        QCOMPARE(text(u"2001:DB8"_s), "c"_ba);
        QCOMPARE(text(u"' OR 1 = 1 --"_s), ""_ba);
        QCOMPARE(text(u"\\"_s), ""_ba);
        QCOMPARE(found([](HistoryQuery &query) { query.failedOnly = true; }), "b"_ba);
        QCOMPARE(found([](HistoryQuery &query) { query.token = 3; }), "a"_ba);
        QCOMPARE(found([](HistoryQuery &query) { query.token = 0; }), "cb"_ba);
        QCOMPARE(found([](HistoryQuery &query) {
            query.from = at(2000);
            query.to = at(3000);
        }),
            "b"_ba);
        QCOMPARE(found([](HistoryQuery &query) {
            query.text = u"gpt"_s;
            query.token = 0;
            query.failedOnly = true;
        }),
            "b"_ba);
    }
    void usage()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        Slices slices(open.database, u"a"_s);
        const CallEntry a = callAt(1000, "a");
        const CallEntry b = callAt(2000, "b");
        QVERIFY(writeRows(open.database, slices,
            {CallEnded{a}, CallEnded{b}, usageOf(a, "1", 10), usageOf(a, "2", 5), usageOf(a, "3", {})}));
        const auto page = history::page(open.database, {});
        QVERIFY(page && page->calls.size() == 2);
        QVERIFY(page->calls[0].usage.isEmpty());
        const UsageTotals &totals = page->calls[1].usage;
        QCOMPARE(totals.usage, (Usage{3, 6, 9, 12, 15, 18, 21, 24, 27}));
        QCOMPARE(totals.cost, Money::ofPico(15));
        QCOMPARE(totals.responses, 3);
        QCOMPARE(totals.unpriced, 1);
    }
    void sums()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        Slices slices(open.database, u"a"_s);
        AccessTerms terms;
        terms.name = u"Demo"_s;
        const auto added = tokentable::add(open.database, terms, at(0));
        CallEntry a = callAt(1000, "a");
        a.token = std::get<Store::NewToken>(added).terms.id;
        a.tokenName = u"as it was called"_s;
        CallEntry b = callAt(2000, "b");
        b.model = u"other"_s;
        const CallEntry c = callAt(3000, "c");
        UsageEntry transcription = usageOf(a, "2", 5);
        transcription.model = u"whisper"_s;
        UsageEntry tomorrow = usageOf(a, "3", 7);
        tomorrow.at = at(86'400'000);
        QVERIFY(writeRows(open.database, slices,
            {CallEnded{a}, CallEnded{b}, CallEnded{c}, usageOf(a, "1", 10), transcription, tomorrow,
                usageOf(c, "1", 100)}));
        const auto told = [&open](SumBy by, const HistoryQuery &query = {}) {
            QStringList lines;
            const auto sums = history::sums(open.database, by, query);
            if (!sums)
                qFatal("%s", qPrintable(plain(open.database.error().detail)));
            for (const UsageSum &sum : *sums)
                lines.append(u"%1 %2 %3 %4"_s.arg(sum.key)
                                 .arg(sum.calls)
                                 .arg(sum.totals.responses)
                                 .arg(sum.totals.cost.pico()));
            return lines.join(u", "_s);
        };
        QCOMPARE(told(SumBy::Token), u" 2 1 100, Demo 1 3 22"_s);
        QCOMPARE(told(SumBy::Model), u"gpt-realtime 2 3 117, other 1 0 0, whisper 1 1 5"_s);
        QCOMPARE(told(SumBy::Day), u"2024-10-05 1 1 7, 2024-10-04 3 3 115"_s);
        HistoryQuery query;
        query.token = a.token;
        query.most = 1;
        QCOMPARE(told(SumBy::Day, query), u"2024-10-05 1 1 7, 2024-10-04 1 2 15"_s);
    }
    /// Each of very many calls is on one page, and the last page costs what the first does.
    void paging()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        OpenDatabase open(url);
        Slices slices(open.database, u"a"_s);
        constexpr int calls = 120'000;
        // By the database itself: to write so many one by one takes a minute.
        const QString number = StorePlaces::isServer()
            ? u"SELECT generate_series(0, %1) AS n"_s.arg(calls - 1)
            : u"WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c "
              "WHERE n < %1) SELECT n FROM c"_s.arg(calls - 1);
        const QString id = StorePlaces::isServer() ? u"CAST(CAST(n AS TEXT) AS BYTEA)"_s
                                                   : u"CAST(CAST(n AS TEXT) AS BLOB)"_s;
        QVERIFY(open.database.run(
            u"INSERT INTO rr_call SELECT %1, %2 + n / 3, %2 + n, '192.0.2.7', '', 'gpt-realtime', 'realtime', 'public', n % 2, '', "
            "'client_closed', 'client', 1000, CASE WHEN n % 100 = 0 THEN 1 ELSE 0 END, 1, 1, 1, 1, 1, 1, "
            "'gpt-realtime 192.0.2.7 ' || n FROM (%3) AS numbers"_s.arg(id)
                .arg(day0)
                .arg(number)));
        QVERIFY(open.database.run(
            u"INSERT INTO rr_usage SELECT id, id, token, model, started_at, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 "
            "FROM rr_call"_s));
        QVERIFY(open.database.run(u"ANALYZE"_s));

        HistoryQuery query;
        query.most = 240;
        QSet<QByteArray> seen;
        qint64 first = 0;
        qint64 last = 0;
        QElapsedTimer timer;
        for (bool hasMore = true; hasMore;) {
            timer.start();
            const auto page = history::page(open.database, query);
            last = timer.nsecsElapsed();
            if (first == 0)
                first = last;
            QVERIFY(page && !page->calls.isEmpty());
            for (const HistoryCall &each : page->calls) {
                QVERIFY(!seen.contains(each.call.id));
                seen.insert(each.call.id);
                QCOMPARE(each.usage.responses, 1);
            }
            query.beforeStart = page->calls.last().call.startedAt;
            query.beforeId = page->calls.last().call.id;
            hasMore = page->hasMore;
        }
        QCOMPARE(seen.size(), calls);
        qInfo("first page: %lld us, last: %lld us", first / 1000, last / 1000);

        // What the database does for the page in the middle: it looks into an index, and sorts nothing.
        query.beforeStart = at(calls / 6);
        for (int kind = 0; kind < 3; ++kind) {
            HistoryQuery each = query;
            each.failedOnly = kind == 1;
            each.token = kind == 2 ? 1 : -1;
            QCOMPARE(history::page(open.database, each)->calls.size(), 240);
        }
        const QString select
            = u"SELECT id FROM rr_call c WHERE (c.started_at, c.id) < (%1, %2) ORDER BY c.started_at DESC, c.id DESC LIMIT 240"_s
                  .arg(day0 + 20'000)
                  .arg(StorePlaces::isServer() ? u"'\\x31'"_s : u"x'31'"_s);
        QString words;
        if (StorePlaces::isServer()) {
            words = QString::fromUtf8(m_places.server().sql(url, u"EXPLAIN "_s + select));
        } else {
            const auto plan = open.database.select(u"EXPLAIN QUERY PLAN "_s + select);
            QVERIFY(plan);
            for (const Database::Row &row : *plan)
                words += row.last().toString() + u'\n';
        }
        QVERIFY2(words.contains("rr_call_start"_L1) && !words.contains("sort"_L1, Qt::CaseInsensitive)
                && !words.contains("TEMP B-TREE"_L1),
            qPrintable(words));

        // Sums over all of them, and a search that finds little.
        QCOMPARE(history::sums(open.database, SumBy::Model, {})->first().calls, calls);
        HistoryQuery search;
        search.text = u"7 119999"_s;
        QCOMPARE(history::page(open.database, search)->calls.size(), 1);
    }
    void away()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        open.database.close();
        QVERIFY(!history::page(open.database, {}));
        QVERIFY(!history::sums(open.database, SumBy::Token, {}));
    }

private:
    StorePlaces m_places;
};

RELAY_TEST(TestHistory)
#include "tst_history.moc"
