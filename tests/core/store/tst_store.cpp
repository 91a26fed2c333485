// SPDX-License-Identifier: MIT
#include "core/store/store.h"
#include "tests/core/store/storefixture.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <thread>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;
using Outcome = Ledger::Outcome;

namespace {

AccessTerms called(const QString &name)
{
    AccessTerms terms;
    terms.name = name;
    return terms;
}

qint64 spentOf(const Store &store, qint64 token, Budget budget)
{
    const auto all = store.budgets();
    for (const BudgetStand &each : all) {
        if (each.token == token && each.budget == budget)
            return each.spent.pico();
    }
    return -1;
}

} // namespace

class TestStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }

    void tokens()
    {
        STORE_PLACE_OR_SKIP;
        const auto store = openStore(m_places.next());
        QVERIFY(!store->stand().isAway);
        QVERIFY(store->book()->isEmpty());
        QSignalSpy changed(store.get(), &Store::bookChanged);

        Answer<StoreAnswer<Store::NewToken>> added;
        store->addToken(called(u"Demo"_s), [then = added.then()](const StoreAnswer<Store::NewToken> &answer) {
            QCOMPARE(QThread::currentThread(), qApp->thread());
            then(answer);
        });
        QCOMPARE(added.count(), 0); // never at once
        QVERIFY(added.wait());
        const auto made = std::get<Store::NewToken>(*added.wait());
        QVERIFY(store->book()->find(hashOfToken(made.token)));
        QCOMPARE(*store->book()->find(made.terms.id), made.terms);
        QTRY_VERIFY(!changed.isEmpty());

        Answer<StoreAnswer<Store::NewToken>> again;
        store->addToken(called(u"Demo"_s), again.then());
        QVERIFY(again.wait());
        QCOMPARE(std::get<RelayError>(*again.wait()).code, "name_taken"_ba);

        AccessTerms terms = made.terms;
        terms.callsAtOnce = 3;
        Answer<StoreAnswer<AccessTerms>> set;
        store->setToken(terms, set.then());
        QVERIFY(set.wait());
        QCOMPARE(std::get<AccessTerms>(*set.wait()), terms);
        QCOMPARE(store->tokens(), QList<AccessTerms>{terms});

        Answer<std::optional<RelayError>> revoked;
        store->revokeToken(terms.id, revoked.then());
        QVERIFY(revoked.wait());
        QVERIFY(!*revoked.wait());
        QVERIFY(store->book()->find(terms.id)->isRevoked);
    }
    /// By another relay or the command line.
    void changesOfOthers()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const auto one = openStore(url);
        const auto other = openStore(url);
        const qint64 token = makeToken(url, "x", dollar);
        QTRY_VERIFY(one->book()->find(token) && other->book()->find(token));
        QVERIFY(!one->book()->find(token)->isRevoked);

        QElapsedTimer timer;
        Answer<std::optional<RelayError>> revoked;
        one->revokeToken(token, revoked.then());
        QVERIFY(revoked.wait());
        timer.start();
        QTRY_VERIFY(other->book()->find(token)->isRevoked);
        qInfo("seen after %lld ms", timer.elapsed());
        QVERIFY(reserved(*other, token).outcome == Outcome::Exhausted);
    }
    void spending()
    {
        STORE_PLACE_OR_SKIP;
        const TestClock clock;
        Store::Options options;
        options.url = m_places.next();
        options.clock = clock.function();
        options.relayUsdADay = Money::ofPico(100 * dollar);
        options.relay = u"a"_s;
        const qint64 token = makeToken(options.url, "x", 8 * dollar);
        const auto store = openStore(options);
        options.relay = u"b"_s;
        const auto other = openStore(options);
        QSignalSpy changed(other.get(), &Store::budgetsChanged);

        const auto grant = reserved(*store, token);
        QVERIFY(grant.outcome == Outcome::Granted);
        QCOMPARE(grant.granted, Money::ofPico(dollar));
        QCOMPARE(grant.day, clock.now().date());
        for (int times = 0; times < 2; ++times) {
            store->add(usageFact(token, "1", dollar / 2, clock.now()));
            store->add(usageFact(0, "2", dollar, clock.now())); // a client's own key
        }
        QTRY_COMPARE(spentOf(*store, token, Budget::TokenDay), dollar / 2);
        QTRY_COMPARE(spentOf(*other, token, Budget::TokenDay), dollar / 2);
        QTRY_COMPARE(spentOf(*other, 0, Budget::RelayDay), dollar / 2);
        QTRY_VERIFY(!changed.isEmpty());
        store->giveBack(token);
        QTRY_COMPARE(store->stand().waiting, 0);
        // Half a dollar of eight is gone.
        QCOMPARE(reserved(*other, token).granted, Money::ofPico(15 * dollar / 16));

        other->setRelayBudget(Money::ofPico(dollar / 4));
        const auto none = reserved(*other, token);
        QVERIFY(none.outcome == Outcome::Exhausted && none.budget == Budget::RelayDay);
    }
    void nextDay()
    {
        STORE_PLACE_OR_SKIP;
        TestClock clock;
        Store::Options options;
        options.url = m_places.next();
        options.clock = clock.function();
        const qint64 token = makeToken(options.url, "x", dollar);
        const auto store = openStore(options);
        store->add(usageFact(token, "1", dollar, clock.now()));
        QVERIFY(reserved(*store, token).outcome == Outcome::Exhausted);
        QTRY_COMPARE(spentOf(*store, token, Budget::TokenDay), dollar);
        clock.advance(86'400'000);
        const auto grant = reserved(*store, token);
        QVERIFY(grant.outcome == Outcome::Granted);
        QCOMPARE(grant.day, clock.now().date());
        QTRY_COMPARE(spentOf(*store, token, Budget::TokenDay), 0);
    }
    /// A slice in use is renewed as long as its relay is there, and no longer.
    void leases()
    {
        STORE_PLACE_OR_SKIP;
        TestClock clock;
        Store::Options options;
        options.url = m_places.next();
        options.clock = clock.function();
        const qint64 token = makeToken(options.url, "x", dollar);
        auto store = openStore(options);
        const auto other = openStore(options);
        while (reserved(*store, token).outcome == Outcome::Granted) { }
        OpenDatabase look(options.url);
        for (int i = 0; i < 5; ++i) {
            clock.advance(30'000);
            QTRY_VERIFY(look.number(u"SELECT expires_at FROM rr_slice"_s)
                == clock.now().toMSecsSinceEpoch() + 60'000);
        }
        QVERIFY(reserved(*other, token).outcome == Outcome::Exhausted);
        store.reset(); // it gives back what it has
        QVERIFY(reserved(*other, token).outcome == Outcome::Granted);
    }
    void historyOfCalls()
    {
        STORE_PLACE_OR_SKIP;
        const auto store = openStore(m_places.next());
        const QDateTime now = QDateTime::currentDateTimeUtc();
        CallEntry call;
        call.id = "call";
        call.startedAt = now;
        call.model = u"gpt-realtime"_s;
        store->begin(call);
        store->add(usageFact(0, "1", 7, now));
        call.endedAt = now.addSecs(1);
        store->end(call);
        QTRY_COMPARE(store->stand().waiting, 0);

        Answer<StoreAnswer<HistoryPage>> page;
        store->history({}, page.then());
        QVERIFY(page.wait());
        const auto calls = std::get<HistoryPage>(*page.wait()).calls;
        QCOMPARE(calls.size(), 1);
        QCOMPARE(calls.first().usage.cost, Money::ofPico(7));

        Answer<StoreAnswer<QList<UsageSum>>> sums;
        store->sums(SumBy::Model, {}, sums.then());
        QVERIFY(sums.wait());
        QCOMPARE(std::get<QList<UsageSum>>(*sums.wait()).first().key, u"gpt-realtime"_s);

        const QString path = m_places.folder() + u"/out.csv"_s;
        Answer<std::optional<RelayError>> csv;
        store->writeCsv({}, path, csv.then());
        QVERIFY(csv.wait());
        QVERIFY(!*csv.wait());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().count('\n'), 2);
        Answer<std::optional<RelayError>> nowhere;
        store->writeCsv({}, m_places.folder() + u"/none/x"_s, nowhere.then());
        QVERIFY(nowhere.wait());
        QCOMPARE((*nowhere.wait())->code, "file_not_written"_ba);
    }
    void minted()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const auto one = openStore(url);
        const auto other = openStore(url);
        Answer<bool> kept;
        one->keepMinted("hash", {7, "sealed"}, QDateTime::currentDateTimeUtc().addSecs(60), kept.then());
        QCOMPARE(kept.wait(), std::optional(true));
        Answer<std::optional<Ledger::Minted>> found, none;
        other->findMinted("hash", found.then());
        other->findMinted("other", none.then());
        QVERIFY(found.wait() && none.wait());
        QVERIFY(*found.wait() == (Ledger::Minted{7, "sealed"}));
        QVERIFY(*none.wait() == Ledger::Minted());
    }
    void oldCallsGo()
    {
        STORE_PLACE_OR_SKIP;
        Store::Options options;
        options.url = m_places.next();
        options.historyDays = 0;
        const auto store = openStore(options);
        CallEntry call;
        for (int i = 0; i < 1100; ++i) {
            call.id = QByteArray::number(i);
            call.startedAt = QDateTime::currentDateTimeUtc().addDays(i % 2 == 0 ? -1 : -40);
            store->begin(call);
        }
        QTRY_COMPARE(store->stand().waiting, 0);
        OpenDatabase look(options.url);
        QCOMPARE(look.number(u"SELECT COUNT(*) FROM rr_call"_s), 1100);
        store->setHistoryDays(30);
        QTRY_COMPARE(look.number(u"SELECT COUNT(*) FROM rr_call"_s), 550);
    }
    /// All that was told before the end is kept, and whoever has asked is answered once.
    void atTheEnd()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const qint64 token = makeToken(url, "x", 100 * dollar);
        constexpr int facts = 300; // no more than the slowest machine writes while it is waited for
        Answer<Ledger::Grant> asked;
        Answer<StoreAnswer<HistoryPage>> page;
        {
            const auto store = openStore(url);
            for (int i = 0; i < facts; ++i)
                store->add(usageFact(token, QByteArray::number(i), 1, QDateTime::currentDateTimeUtc()));
            for (int i = 0; i < 10; ++i) {
                store->reserve(token, asked.then());
                store->history({}, page.then());
            }
        }
        QCOMPARE(asked.count(), 10);
        QCoreApplication::processEvents();
        QCOMPARE(page.count(), 0); // there is no store any more
        OpenDatabase look(url);
        QCOMPARE(look.number(u"SELECT COUNT(*) FROM rr_usage"_s), facts);
        QCOMPARE(look.number(u"SELECT SUM(spent) FROM rr_slice"_s), facts);
        QCOMPARE(look.number(u"SELECT SUM(granted) FROM rr_slice"_s), facts); // given back
    }
    void manyThreads()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const qint64 token = makeToken(url, "x", 100 * dollar);
        const TestClock clock; // so that no midnight comes in between
        Store::Options options;
        options.url = url;
        options.clock = clock.function();
        const auto store = openStore(options);
        std::vector<std::thread> threads;
        Answer<Ledger::Grant> asked;
        for (int worker = 0; worker < 4; ++worker) {
            threads.emplace_back([&, worker] {
                for (int i = 0; i < 500; ++i) {
                    store->add(usageFact(token, QByteArray::number(worker * 1000 + i), 1, clock.now()));
                    if (i % 50 == 0)
                        store->reserve(token, asked.then());
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QTRY_COMPARE(asked.count(), 40);
        QTRY_COMPARE(spentOf(*store, token, Budget::TokenDay), 2000);
        QCOMPARE(store->stand().dropped, 0);
    }
    void cannotBeOpened()
    {
        STORE_PLACE_OR_SKIP;
        Store::Options options;
        options.url = m_places.next();
        {
            OpenDatabase open(options.url);
            QVERIFY(open.database.change(u"UPDATE rr_meta SET version = 99"_s));
        }
        const auto newer = Store::open(options);
        QVERIFY(std::holds_alternative<RelayError>(newer));
        QCOMPARE(std::get<RelayError>(newer).code, "store_newer"_ba);
        const auto desk = TokenDesk::open(options.url);
        QCOMPARE(std::get<RelayError>(desk).code, "store_newer"_ba);

        options.url = u"sqlite:/proc/none/x"_s;
        QCOMPARE(std::get<RelayError>(Store::open(options)).code, "store_file"_ba);
        options.url = u"none"_s;
        QCOMPARE(std::get<RelayError>(Store::open(options)).code, "store_url"_ba);
    }
    /// A newer program has changed it under way: this one keeps off.
    void overtaken()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const auto store = openStore(url);
        OpenDatabase open(url);
        QVERIFY(open.database.change(u"UPDATE rr_meta SET version = 99"_s));
        QTRY_VERIFY(store->stand().isAway);
        QVERIFY(plain(store->stand().why).contains("newer"_L1));
        QVERIFY(open.database.change(u"UPDATE rr_meta SET version = %1"_s.arg(schema::versions().size())));
        QTRY_VERIFY(!store->stand().isAway);
    }
    /// Of rows that the database will never take, the others are kept.
    void poison()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const auto store = openStore(url);
        OpenDatabase open(url);
        if (StorePlaces::isServer())
            QVERIFY(open.database.run(u"ALTER TABLE rr_usage ADD CHECK (model <> 'bad')"_s));
        else
            QVERIFY(open.database.run(u"CREATE TRIGGER no BEFORE INSERT ON rr_usage WHEN NEW.model = 'bad' "
                                      "BEGIN SELECT RAISE(ABORT, 'no'); END"_s));
        for (int i = 0; i < 100; ++i) {
            UsageEntry entry = usageFact(1, QByteArray::number(i), 1, QDateTime::currentDateTimeUtc());
            if (i % 10 == 0)
                entry.model = u"bad"_s;
            store->add(entry);
        }
        QTRY_COMPARE(store->stand().waiting, 0);
        QCOMPARE(store->stand().dropped, 10);
        QCOMPARE(store->rows(), (StoreRows{0, 10}));
        QVERIFY(!store->stand().isAway);
        QCOMPARE(open.number(u"SELECT SUM(spent) FROM rr_slice"_s), 90);
    }

private:
    StorePlaces m_places;
};

RELAY_TEST(TestStore)
#include "tst_store.moc"
