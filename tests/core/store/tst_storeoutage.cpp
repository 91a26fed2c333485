// SPDX-License-Identifier: MIT
// What becomes of the books when a relay is killed, and when the database is away.
#include "core/store/keeper.h"
#include "tests/core/store/storefixture.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;
using Outcome = Ledger::Outcome;

namespace {

bool isServerAlone()
{
    return StorePlaces::isServer();
}

} // namespace

class TestStoreOutage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }

    /// The same budget as before: what was told counts, and what was only reserved is free when its time is over.
    void killed()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const qint64 token = makeToken(url, "x", dollar);
        QProcess holder;
        holder.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        holder.start(QStringLiteral(RELAY_STORE_HOLDER),
            {url, QString::number(token), QString::number(dollar / 4), QString::number(dollar / 8)});
        QVERIFY(holder.waitForReadyRead(30'000));
        QCOMPARE(holder.readAll().trimmed(), "kept"_ba);
        holder.kill();
        QVERIFY(holder.waitForFinished());

        TestClock clock;
        clock.advance(QDateTime::currentMSecsSinceEpoch() - clock.now().toMSecsSinceEpoch());
        Store::Options options;
        options.url = url;
        options.clock = clock.function();
        const auto store = openStore(options);
        QTRY_COMPARE(store->budgets().size(), 1);
        QCOMPARE(store->budgets().first().spent, Money::ofPico(3 * dollar / 8));
        QVERIFY(reserved(*store, token).outcome == Outcome::Exhausted);
        clock.advance(61'000);
        qint64 granted = 0;
        for (Ledger::Grant grant = reserved(*store, token); grant.outcome == Outcome::Granted;
             grant = reserved(*store, token))
            granted = grant.granted.pico();
        // Midnight may have come in between, with a budget of its own.
        QVERIFY(granted == 5 * dollar / 8 || clock.now().time().msecsSinceStartOfDay() < 200'000);
    }

    void stoppedAndStarted()
    {
        if (!isServerAlone())
            QSKIP("of servers alone");
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const qint64 token = makeToken(url, "x", 100 * dollar);
        const auto store = openStore(url);
        QSignalSpy changed(store.get(), &Store::standChanged);
        QVERIFY(reserved(*store, token).outcome == Outcome::Granted);
        const auto tell = [&](int from, int to) {
            for (int i = from; i < to; ++i)
                store->add(usageFact(token, QByteArray::number(i), 1, QDateTime::currentDateTimeUtc()));
        };
        // In the middle of writing, so that some of it is lost on the way.
        tell(0, 3000);
        m_places.server().kill();
        tell(3000, 4000);
        QTRY_VERIFY(store->stand().isAway);
        QTRY_VERIFY(!changed.isEmpty());
        const QString words = plain(store->stand().why);
        QVERIFY2(words.contains("postgresql://relay@127.0.0.1"_L1) && !words.contains("w@rd"_L1),
            qPrintable(words));
        QVERIFY(store->stand().waiting >= 1000);

        // Nobody waits for what cannot be.
        QElapsedTimer timer;
        timer.start();
        QVERIFY(reserved(*store, token).outcome == Outcome::Away);
        Answer<std::optional<Ledger::Minted>> minted;
        store->findMinted("x", minted.then());
        QVERIFY(minted.wait());
        QVERIFY(!*minted.wait());
        Answer<bool> kept;
        store->keepMinted("x", {1, "y"}, QDateTime::currentDateTimeUtc(), kept.then());
        QCOMPARE(kept.wait(), std::optional(false));
        Answer<StoreAnswer<HistoryPage>> page;
        store->history({}, page.then());
        QVERIFY(page.wait());
        QCOMPARE(std::get<RelayError>(*page.wait()).code, "store_away"_ba);
        Answer<StoreAnswer<Store::NewToken>> added;
        store->addToken({}, added.then());
        QVERIFY(added.wait());
        QCOMPARE(std::get<RelayError>(*added.wait()).code, "store_away"_ba);
        qInfo("all refused after %lld ms", timer.elapsed());
        QVERIFY(store->book()->find(token)); // it is remembered

        m_places.server().start();
        QTRY_VERIFY(!store->stand().isAway);
        QTRY_COMPARE(store->stand().waiting, 0);
        OpenDatabase look(url);
        QCOMPARE(look.number(u"SELECT COUNT(*) FROM rr_usage"_s), 4000);
        QCOMPARE(look.number(u"SELECT SUM(spent) FROM rr_slice"_s), 4000);
        QCOMPARE(store->stand().dropped, 0);
        QVERIFY(reserved(*store, token).outcome == Outcome::Granted);
        Answer<StoreAnswer<HistoryPage>> again;
        store->history({}, again.then());
        QVERIFY(again.wait());
        QVERIFY(std::holds_alternative<HistoryPage>(*again.wait()));
    }

    /// Of what is too much the newest is dropped, and counted.
    void tooMuch()
    {
        if (!isServerAlone())
            QSKIP("of servers alone");
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const auto store = openStore(url);
        m_places.server().stop();
        QTRY_VERIFY(store->stand().isAway);
        bool isDroppingTold = false;
        connect(store.get(), &Store::standChanged, this,
            [&] { isDroppingTold = isDroppingTold || store->stand().dropped > 0; });
        for (int i = 0; i < 20'100; ++i)
            store->add(usageFact(1, QByteArray::number(i), 1, QDateTime::currentDateTimeUtc()));
        QCOMPARE(store->stand().waiting, 20'000);
        QCOMPARE(store->stand().dropped, 100);
        QTRY_VERIFY(isDroppingTold); // while it is still away
        m_places.server().start();
        QTRY_COMPARE_WITH_TIMEOUT(store->stand().waiting, 0, 120'000); // so many take a busy machine long
        OpenDatabase look(url);
        QCOMPARE(look.number(u"SELECT SUM(spent) FROM rr_slice"_s), 20'000);
    }

    /// The relay may start before its server, and end without it.
    void awayFromTheStart()
    {
        if (!isServerAlone())
            QSKIP("of servers alone");
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        m_places.server().stop();
        const auto desk = TokenDesk::open(url);
        QCOMPARE(std::get<RelayError>(desk).code, "store_away"_ba);
        {
            const auto store = openStore(url);
            QVERIFY(store->stand().isAway);
            QVERIFY(!store->stand().why.isEmpty());
            QVERIFY(reserved(*store, 1).outcome == Outcome::Away);
        }
        const auto store = openStore(url);
        store->add(usageFact(1, "1", 5, QDateTime::currentDateTimeUtc()));
        QSignalSpy book(store.get(), &Store::bookChanged);
        m_places.server().start();
        QTRY_VERIFY(!book.isEmpty());
        QTRY_COMPARE(store->stand().waiting, 0);
        QVERIFY(!store->stand().isAway);
    }

    /// It accepts connections, and says no word: whoever asks is told so all the same.
    void frozen()
    {
        if (!isServerAlone())
            QSKIP("of servers alone");
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const qint64 token = makeToken(url, "x", dollar);
        const auto store = openStore(url);
        QVERIFY(reserved(*store, token).outcome == Outcome::Granted);
        m_places.server().freeze(true);
        Answer<Ledger::Grant> asked;
        store->reserve(token, asked.then());
        const auto refused = asked.wait();
        store->add(usageFact(token, "1", 5, QDateTime::currentDateTimeUtc()));
        const bool isAway = store->stand().isAway;
        const bool isAwayAtOnce = reserved(*store, token).outcome == Outcome::Away;
        m_places.server().freeze(false);
        QVERIFY(refused && refused->outcome == Outcome::Away);
        QVERIFY(isAway && isAwayAtOnce);
        QTRY_VERIFY(!store->stand().isAway);
        QTRY_COMPARE(store->stand().waiting, 0);
        QCOMPARE(asked.count(), 1);
        QVERIFY(reserved(*store, token).outcome == Outcome::Granted);
    }

    /// Who has waited was told that the store is away, and nobody has the token that is made after all.
    void madeTooLate()
    {
        if (!isServerAlone())
            QSKIP("of servers alone");
        STORE_PLACE_OR_SKIP;
        const auto store = openStore(m_places.next());
        AccessTerms terms;
        terms.name = u"x"_s;
        m_places.server().freeze(true);
        Answer<StoreAnswer<Store::NewToken>> late;
        store->addToken(terms, late.then());
        const auto refused = late.wait();
        m_places.server().freeze(false);
        QVERIFY(refused);
        QCOMPARE(std::get<RelayError>(*refused).code, "store_away"_ba);
        QTRY_VERIFY(!store->stand().isAway);
        Answer<StoreAnswer<Store::NewToken>> again;
        store->addToken(terms, again.then());
        QVERIFY(again.wait());
        if (const auto added = again.wait();
            const auto *error = std::get_if<RelayError>(&*added)) // the name is free
            QFAIL(qPrintable(plain(error->detail)));
        const auto good = [&store] {
            const auto tokens = store->tokens();
            return std::count_if(
                tokens.begin(), tokens.end(), [](const AccessTerms &each) { return !each.isRevoked; });
        };
        QTRY_COMPARE(good(), 1);
    }

    /// What was granted to nobody, and could not be given back, expires all the same.
    void grantedTooLate()
    {
        if (!isServerAlone())
            QSKIP("of servers alone");
        STORE_PLACE_OR_SKIP;
        TestClock clock;
        Store::Options options;
        options.url = m_places.next();
        options.clock = clock.function();
        const qint64 token = makeToken(options.url, "x", dollar);
        const qint64 other = makeToken(options.url, "y", dollar);
        OpenDatabase look(options.url);
        QVERIFY(look.database.run(
            u"CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$"_s));
        QVERIFY(look.database.run(u"CREATE TRIGGER no BEFORE UPDATE ON rr_slice FOR EACH ROW "
                                  "WHEN (NEW.expires_at = 0) EXECUTE FUNCTION no()"_s));
        const auto store = openStore(options);
        m_places.server().freeze(true);
        Answer<Ledger::Grant> late;
        store->reserve(token, late.then());
        const auto refused = late.wait();
        m_places.server().freeze(false);
        QVERIFY(refused && refused->outcome == Outcome::Away);
        QTRY_VERIFY(!store->stand().isAway);
        QVERIFY(reserved(*store, other).outcome == Outcome::Granted);
        const auto expiry = [&look](qint64 of) {
            return look.number(u"SELECT expires_at FROM rr_slice WHERE token = ?"_s, {of});
        };
        const qint64 before = expiry(token);
        const qint64 othersBefore = expiry(other);
        clock.advance(20'000);
        QTRY_VERIFY(expiry(other) > othersBefore); // which is renewed
        QCOMPARE(expiry(token), before);
    }

    /// Who takes the keeper for stuck may say so when it has gone on already.
    void takenForStuckTooLate()
    {
        STORE_PLACE_OR_SKIP;
        const auto url = std::get<StoreUrl>(parseStoreUrl(m_places.next()));
        const auto queue = std::make_shared<StoreQueue>();
        const auto state = std::make_shared<StoreState>(90, Money());
        std::atomic<int> stands{0};
        std::thread thread([&] {
            Keeper keeper(
                url, u"x"_s, {}, Store::betweenLooks, queue, state, [&stands](Keeper::Change change) {
                    if (change == Keeper::Change::Stand)
                        ++stands;
                });
            keeper.run();
        });
        bool isBack = QTest::qWaitFor([&] { return !state->isAway(); }, 30'000);
        const int before = stands;
        state->setStand(true, "It does not answer.");
        isBack = QTest::qWaitFor([&] { return !state->isAway(); }, 30'000) && isBack;
        isBack = QTest::qWaitFor([&] { return stands > before; }, 30'000) && isBack;
        queue->stop(std::chrono::milliseconds(0));
        thread.join();
        QVERIFY(isBack);
    }

    /// Who reads that it is back may ask it something at once.
    void isBackOnceItTakesQuestions()
    {
        STORE_PLACE_OR_SKIP;
        const auto url = std::get<StoreUrl>(parseStoreUrl(m_places.next()));
        const auto queue = std::make_shared<StoreQueue>();
        const auto state = std::make_shared<StoreState>(90, Money());
        std::atomic<bool> toldTooSoon{false};
        std::thread thread([&] {
            Keeper keeper(
                url, u"x"_s, {}, std::chrono::milliseconds(1), queue, state, [&](Keeper::Change change) {
                    if (change == Keeper::Change::Stand && !state->isAway() && queue->isStuck())
                        toldTooSoon = true;
                });
            keeper.run();
        });
        bool isBack = QTest::qWaitFor([&] { return !state->isAway(); }, 30'000);
        std::atomic<bool> hangs{false};
        std::atomic<bool> goesOn{false};
        queue->ask({[&](Keeper &) {
                        hangs = true;
                        while (!goesOn)
                            std::this_thread::yield();
                        return true;
                    },
            [] {}});
        const bool hung = QTest::qWaitFor([&] { return hangs.load(); }, 30'000);
        queue->refuseIfStuck(std::chrono::milliseconds(0));
        const bool isStuck = queue->isStuck();
        state->setStand(true, "It does not answer.");
        goesOn = true; // and its next look is long due
        isBack = QTest::qWaitFor([&] { return !state->isAway(); }, 30'000) && isBack;
        queue->stop(std::chrono::milliseconds(0));
        thread.join();
        QVERIFY(hung && isStuck && isBack);
        QVERIFY(!toldTooSoon);
    }

    /// A window does not wait; what is in the store comes when it is there.
    void openedInPassing()
    {
        STORE_PLACE_OR_SKIP;
        Store::Options options;
        options.url = m_places.next();
        const qint64 token = makeToken(options.url, "x", dollar);
        options.patienceWithFile = options.patienceWithServer = std::chrono::milliseconds(0);
        if (isServerAlone())
            m_places.server().freeze(true);
        QElapsedTimer timer;
        timer.start();
        auto opened = Store::open(options);
        const qint64 ms = timer.elapsed();
        const auto *store = std::get_if<std::unique_ptr<Store>>(&opened);
        if (isServerAlone())
            m_places.server().freeze(false);
        QVERIFY(store);
        QVERIFY2(ms < 3'000, qPrintable(QString::number(ms)));
        QTRY_VERIFY((*store)->book()->find(token));
        QTRY_VERIFY(!(*store)->stand().isAway);
    }

private:
    StorePlaces m_places;
};

RELAY_TEST(TestStoreOutage)
#include "tst_storeoutage.moc"
