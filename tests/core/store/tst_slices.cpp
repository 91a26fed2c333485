// SPDX-License-Identifier: MIT
#include "core/store/budgets.h"
#include "core/store/rowwriter.h"
#include "core/store/slices.h"
#include "core/store/tokentable.h"
#include "tests/core/store/storeplaces.h"

#include <QTest>

#include <optional>
#include <thread>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;
using Outcome = Ledger::Outcome;

namespace {

constexpr qint64 aDay = 86'400'000;
constexpr qint64 noon = 20'000 * aDay + aDay / 2;

/// One relay: a connection and its slices.
struct Party
{
    Party(const QString &url, const QString &name)
        : open(url)
        , slices(open.database, name)
    {
    }
    Ledger::Grant grant(qint64 token, qint64 nowMs = noon)
    {
        const auto grant = slices.grant(token, nowMs);
        if (!grant)
            qFatal("%s", qPrintable(plain(open.database.error().detail)));
        return *grant;
    }
    bool spend(qint64 token, qint64 cost, qint64 atMs = noon)
    {
        return open.database.transact([&] { return slices.spend({{{token, Slices::dayOf(atMs)}, cost}}); });
    }
    bool giveBack(qint64 token) { return writeRows(open.database, slices, {SliceGivenBack{token}}); }
    /// All that it can get.
    qint64 drain(qint64 token, qint64 nowMs = noon)
    {
        qint64 granted = 0;
        for (Ledger::Grant got = grant(token, nowMs); got.outcome == Outcome::Granted;
             got = grant(token, nowMs)) {
            if (got.granted.pico() <= granted)
                qFatal("nothing more");
            granted = got.granted.pico();
        }
        return granted;
    }
    qint64 token(const char *name, qint64 usdADay, qint64 usdInAll = 0)
    {
        AccessTerms terms;
        terms.name = QLatin1String(name);
        terms.usdADay = Money::ofPico(usdADay);
        terms.usdInAll = Money::ofPico(usdInAll);
        const auto added
            = tokentable::add(open.database, terms, QDateTime::fromMSecsSinceEpoch(noon).toUTC());
        return std::get<Store::NewToken>(added).terms.id;
    }
    qint64 stand(qint64 token, Budget budget, Money relay = {}, qint64 nowMs = noon)
    {
        const auto all = readBudgets(open.database, relay, nowMs);
        for (const BudgetStand &each : all.value_or(QList<BudgetStand>())) {
            if (each.token == token && each.budget == budget)
                return each.spent.pico();
        }
        return -1;
    }

    OpenDatabase open;
    Slices slices;
};

} // namespace

class TestSlices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }

    void noBudget()
    {
        STORE_PLACE_OR_SKIP;
        Party relay(m_places.next(), u"a"_s);
        const qint64 token = relay.token("free", 0);
        const auto grant = relay.grant(token);
        QVERIFY(grant.outcome == Outcome::Granted);
        QVERIFY(!grant.isBounded);
        QCOMPARE(relay.open.number(u"SELECT COUNT(*) FROM rr_slice"_s), 0);
    }
    void growing()
    {
        STORE_PLACE_OR_SKIP;
        Party relay(m_places.next(), u"a"_s);
        const qint64 token = relay.token("x", 8 * dollar);
        const auto first = relay.grant(token);
        QVERIFY(first.isBounded);
        QCOMPARE(first.granted, Money::ofPico(dollar));
        QCOMPARE(first.day, QDate(1970, 1, 1).addDays(20'000));
        QCOMPARE(relay.grant(token).granted,
            Money::ofPico(dollar + 7 * dollar / 8)); // all of it, not what has come
        QCOMPARE(relay.drain(token), 8 * dollar);
        const auto none = relay.grant(token);
        QVERIFY(none.outcome == Outcome::Exhausted);
        QVERIFY(none.budget == Budget::TokenDay);
    }
    void severalShareOne()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        Party one(url, u"a"_s);
        Party other(url, u"b"_s);
        const qint64 token = one.token("x", dollar);
        const qint64 had = one.grant(token).granted.pico();
        QCOMPARE(other.drain(token), dollar - had);
        QVERIFY(one.grant(token).outcome == Outcome::Exhausted);
        // What is given back is there for others, but for what was spent.
        QVERIFY(other.spend(token, 3 * dollar / 10));
        QVERIFY(other.giveBack(token));
        QVERIFY(!other.slices.has(token));
        QCOMPARE(one.drain(token), 7 * dollar / 10);
    }
    void whichBudget()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        Party relay(url, u"a"_s);
        const qint64 a = relay.token("a", 10 * dollar, dollar);
        const qint64 b = relay.token("b", 0);
        QCOMPARE(relay.drain(a), dollar);
        QVERIFY(relay.grant(a).budget == Budget::TokenInAll);
        relay.slices.setRelayBudget(Money::ofPico(3 * dollar));
        QCOMPARE(relay.drain(b), 2 * dollar);
        QVERIFY(relay.grant(b).budget == Budget::RelayDay);
        // Tomorrow it is another relay's day; in all it is the same token.
        QVERIFY(relay.spend(a, dollar));
        QVERIFY(relay.spend(b, 2 * dollar));
        const qint64 tomorrow = noon + aDay;
        QCOMPARE(relay.drain(b, tomorrow), 3 * dollar);
        relay.slices.setRelayBudget({});
        QVERIFY(relay.grant(a, tomorrow).budget == Budget::TokenInAll);
        QCOMPARE(relay.stand(a, Budget::TokenInAll), dollar);
        QCOMPARE(relay.stand(a, Budget::TokenDay), dollar);
        QCOMPARE(relay.stand(a, Budget::TokenDay, {}, tomorrow), 0);
        QCOMPARE(relay.stand(0, Budget::RelayDay, Money::ofPico(1)), 3 * dollar);
    }
    /// A response may cost more than was granted: it counts.
    void overspent()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        Party one(url, u"a"_s);
        Party other(url, u"b"_s);
        const qint64 token = one.token("x", dollar);
        QCOMPARE(one.grant(token).granted, Money::ofPico(dollar / 8));
        QVERIFY(one.spend(token, dollar / 2));
        QCOMPARE(other.drain(token), dollar / 2);
        QVERIFY(one.spend(token, dollar));
        QVERIFY(one.grant(token).outcome == Outcome::Exhausted);
        QCOMPARE(one.stand(token, Budget::TokenDay), 3 * dollar / 2);
    }
    void withoutASlice()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        Party one(url, u"a"_s);
        const qint64 token = one.token("x", dollar);
        QVERIFY(one.spend(token, dollar / 4));
        QCOMPARE(Party(url, u"b"_s).drain(token), 3 * dollar / 4);
    }
    void expiry()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        Party other(url, u"b"_s);
        const qint64 token = other.token("x", dollar);
        {
            Party gone(url, u"a"_s); // as by kill -9: it gives nothing back
            QCOMPARE(gone.drain(token), dollar);
            QVERIFY(gone.spend(token, dollar / 4));
        }
        QVERIFY(other.grant(token).outcome == Outcome::Exhausted);
        QVERIFY(other.grant(token, noon + Slices::leaseMs - 1).outcome == Outcome::Exhausted);
        QCOMPARE(other.drain(token, noon + Slices::leaseMs), 3 * dollar / 4);
        QCOMPARE(other.stand(token, Budget::TokenDay), dollar / 4);
    }
    void renewal()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        Party one(url, u"a"_s);
        Party other(url, u"b"_s);
        const qint64 token = one.token("x", dollar);
        QCOMPARE(one.drain(token), dollar);
        QVERIFY(one.slices.renew(noon + Slices::leaseMs - 1));
        QVERIFY(other.grant(token, noon + Slices::leaseMs + 1).outcome == Outcome::Exhausted);
        // Too late: it has been given to another. What was promised counts all the same, and nobody gets more.
        const qint64 later = noon + 3 * Slices::leaseMs;
        const qint64 others = other.grant(token, later).granted.pico();
        QVERIFY(others > 0);
        QVERIFY(one.slices.renew(later));
        QVERIFY(other.grant(token, later).outcome == Outcome::Exhausted);
        QVERIFY(other.giveBack(token));
        QVERIFY(other.grant(token, later).outcome == Outcome::Exhausted);
        // Not after it was given back.
        QVERIFY(one.giveBack(token));
        QVERIFY(one.slices.renew(later));
        QCOMPARE(other.drain(token, later), dollar);
    }
    void lowered_data()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("of the token's day") << int(Budget::TokenDay);
        QTest::newRow("of the token in all") << int(Budget::TokenInAll);
        QTest::newRow("of the relay's day") << int(Budget::RelayDay);
    }
    /// Who asks again has no more of its slice than there is by now.
    void lowered()
    {
        STORE_PLACE_OR_SKIP;
        QFETCH(const int, which);
        const auto budget = Budget(which);
        const QString url = m_places.next();
        Party one(url, u"a"_s);
        Party other(url, u"b"_s);
        const qint64 token = one.token("x", 0);
        const auto setBudget = [&](qint64 limit) {
            if (budget == Budget::RelayDay) {
                one.slices.setRelayBudget(Money::ofPico(limit));
                other.slices.setRelayBudget(Money::ofPico(limit));
                return;
            }
            QVERIFY(one.open.database.change(budget == Budget::TokenDay
                    ? u"UPDATE rr_token SET usd_a_day = ? WHERE id = ?"_s
                    : u"UPDATE rr_token SET usd_in_all = ? WHERE id = ?"_s,
                {limit, token}));
        };
        setBudget(80 * dollar);
        QCOMPARE(one.grant(token).granted, Money::ofPico(10 * dollar));
        const Money others = other.grant(token).granted;
        QVERIFY(one.spend(token, dollar / 4));
        setBudget(dollar);
        auto grant = one.grant(token);
        QVERIFY(grant.outcome == Outcome::Exhausted);
        QVERIFY(grant.budget == budget);
        QCOMPARE(grant.granted, Money::ofPico(dollar / 4)); // what is spent is spent
        QVERIFY(others > Money::ofPico(dollar));
        grant = other.grant(token);
        QVERIFY(grant.outcome == Outcome::Exhausted);
        QCOMPARE(grant.granted, Money::ofPico(3 * dollar / 4));
        // Nor does it grow again when it is renewed, or is there more for anybody.
        QVERIFY(one.slices.renew(noon) && other.slices.renew(noon));
        QCOMPARE(one.open.number(u"SELECT SUM(granted) FROM rr_slice"_s), dollar);
        QVERIFY(one.grant(token).outcome == Outcome::Exhausted);
        QCOMPARE(other.grant(token).granted, Money::ofPico(3 * dollar / 4));
        setBudget(2 * dollar);
        QCOMPARE(one.grant(token).granted, Money::ofPico(dollar / 4 + dollar / 8));
    }
    /// After the database was away for all of them, what another has is spared for a while, for it may be back, too.
    void spared()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        Party one(url, u"a"_s);
        Party other(url, u"b"_s);
        const qint64 token = one.token("x", dollar);
        QCOMPARE(one.drain(token), dollar);
        const qint64 back = noon + 2 * Slices::leaseMs;
        other.slices.spareExpired(noon + 1000, back + 15'000);
        QVERIFY(other.grant(token, back).outcome == Outcome::Exhausted);
        QVERIFY(one.slices.renew(back + 1000));
        QVERIFY(other.grant(token, back + 15'001).outcome == Outcome::Exhausted);
        QCOMPARE(other.drain(token, back + 1000 + Slices::leaseMs), dollar);
    }
    void nextDay()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        Party relay(url, u"a"_s);
        const qint64 token = relay.token("x", dollar, 10 * dollar);
        const qint64 lastSecond = noon + aDay / 2 - 1000;
        QCOMPARE(relay.drain(token, lastSecond), dollar);
        const qint64 midnight = lastSecond + 1000;
        const auto next = relay.grant(token, midnight);
        QCOMPARE(next.granted, Money::ofPico(dollar / 8));
        QCOMPARE(next.day, QDate(1970, 1, 1).addDays(20'001));
        QCOMPARE(relay.drain(token, midnight), dollar);
        // What is told later of yesterday is yesterday's.
        QVERIFY(relay.spend(token, dollar / 2, lastSecond));
        QCOMPARE(relay.stand(token, Budget::TokenDay, {}, midnight), 0);
        QCOMPARE(relay.stand(token, Budget::TokenInAll, {}, midnight), dollar / 2);
    }
    void revoked()
    {
        STORE_PLACE_OR_SKIP;
        Party relay(m_places.next(), u"a"_s);
        const qint64 token = relay.token("x", 0);
        QVERIFY(!tokentable::revoke(relay.open.database, token, QDateTime::currentDateTimeUtc()));
        QVERIFY(relay.grant(token).outcome == Outcome::Exhausted);
        QVERIFY(relay.grant(4711).outcome == Outcome::Exhausted);
    }
    void folded()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        Party relay(url, u"a"_s);
        Party other(url, u"b"_s);
        const qint64 token = relay.token("x", 0, 10 * dollar);
        for (int day = 0; day < 10; ++day) {
            QVERIFY(relay.spend(token, dollar / 4, noon - day * aDay));
            QVERIFY(other.spend(token, dollar / 4, noon - day * aDay));
        }
        for (int times = 0; times < 2; ++times) {
            QVERIFY(relay.slices.fold(noon));
            QCOMPARE(relay.stand(token, Budget::TokenInAll), 5 * dollar);
            QCOMPARE(relay.open.number(u"SELECT COUNT(*) FROM rr_slice"_s), 2 * 3 + 1);
        }
        // Also what comes afterwards.
        QVERIFY(other.spend(token, dollar, noon - 9 * aDay));
        QVERIFY(relay.slices.fold(noon));
        QCOMPARE(relay.stand(token, Budget::TokenInAll), 6 * dollar);
        QCOMPARE(relay.open.number(u"SELECT COUNT(*) FROM rr_slice"_s), 2 * 3 + 1);
        QCOMPARE(relay.drain(token), 4 * dollar + dollar / 4); // which it has spent today
    }
    /// Whatever the database has for a default, who waits for another's grant sees it then.
    void othersDefault()
    {
        STORE_PLACE_OR_SKIP;
        if (!StorePlaces::isServer())
            QSKIP("SQLite has one writer and no such default");
        const QString url = m_places.next();
        m_places.server().sql(url,
            u"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = %L', "
            "current_database(), 'repeatable read'); END $$"_s);
        Party one(url, u"a"_s);
        QCOMPARE(one.open.database.select(u"SELECT current_setting('default_transaction_isolation')"_s)
                     ->first()
                     .first()
                     .toString(),
            u"repeatable read"_s);
        const qint64 token = one.token("x", dollar);
        OpenDatabase look(url);
        std::optional<Ledger::Grant> others;
        std::thread other;
        const bool isDone = one.open.database.transact([&] {
            if (!one.open.database.lock(Database::Lock::Grants))
                return false;
            other = std::thread([&] { others = Party(url, u"b"_s).grant(token); });
            const bool isWaiting = QTest::qWaitFor(
                [&look] {
                    return look.number(
                               u"SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"_s)
                        > 0;
                },
                3000); // it waits for four seconds
            return isWaiting && one.slices.spend({{{token, Slices::dayOf(noon)}, dollar}});
        });
        if (other.joinable())
            other.join();
        QVERIFY(isDone);
        QVERIFY(others && others->outcome == Outcome::Exhausted);
    }
    void atTheEnd()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        Party one(url, u"a"_s);
        Party other(url, u"b"_s);
        const qint64 x = one.token("x", dollar);
        const qint64 y = one.token("y", dollar);
        one.drain(x);
        one.drain(y);
        QVERIFY(one.slices.closeAll());
        QCOMPARE(other.drain(x), dollar);
        QCOMPARE(other.drain(y), dollar);
    }

private:
    StorePlaces m_places;
};

RELAY_TEST(TestSlices)
#include "tst_slices.moc"
