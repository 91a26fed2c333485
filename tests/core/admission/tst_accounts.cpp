// SPDX-License-Identifier: MIT
#include "core/admission/accounts.h"
#include "tests/core/admission/fakeledger.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace rr;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 token = 7;

/// Accounts whose ledger answers when the test says so, and whose clock is the test's.
struct Kept
{
    Kept()
    {
        ledger.answersByItself = false;
        accounts.setLedger(&ledger);
        terms.id = token;
        terms.name = u"demo"_s;
        setBook();
    }

    void setBook() { accounts.setBook(std::make_shared<const AccessBook>(QList<AccessTerms>{terms})); }

    /// The place, or null.
    std::shared_ptr<AccessPlace> enter(AccessUse use = AccessUse::Call)
    {
        refused.reset();
        std::shared_ptr<AccessPlace> place;
        bool isTold = false;
        const auto take = [&](const Accounts::Entry &entry) {
            isTold = true;
            if (const auto *refusal = std::get_if<Refusal>(&entry))
                refused = *refusal;
            else
                place = std::get<std::shared_ptr<AccessPlace>>(entry);
        };
        if (const auto entry = accounts.enter(accounts.book()->find(token), use, take))
            take(*entry);
        ledger.answerAll();
        if (!isTold)
            qFatal("nobody was told");
        return place;
    }
    QByteArray refusedCode() const { return refused ? refused->code : QByteArray(); }

    FakeLedger ledger;
    Accounts::Time now{QDateTime::currentDateTimeUtc().date(), std::chrono::steady_clock::now()};
    AccessTerms terms;
    Accounts accounts{[this] { return now; }};
    std::optional<Refusal> refused;
};

Money pico(qint64 count)
{
    return Money::ofPico(count);
}

} // namespace

class tst_Accounts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSliceIsAskedForOnceAndGivenBack()
    {
        Kept k;
        auto one = k.enter();
        QVERIFY(one);
        QVERIFY(one->isBounded());
        QVERIFY(!one->isSpent());
        auto other = k.enter();
        QVERIFY(other);
        QCOMPARE(k.ledger.reserved, QList<qint64>{token});
        QCOMPARE(k.accounts.callsWith(token), 2);
        one.reset();
        QCOMPARE(k.accounts.callsWith(token), 1);
        QVERIFY(k.ledger.givenBack.isEmpty());
        other.reset();
        QCOMPARE(k.ledger.givenBack, QList<qint64>{token});
        QVERIFY(k.enter()); // a new one
        QCOMPARE(k.ledger.reserved.size(), 2);
    }

    void moreIsAskedForWhenHalfIsSpent()
    {
        Kept k;
        const auto place = k.enter();
        place->spend(pico(400));
        QCOMPARE(k.ledger.waiting(), 0);
        place->spend(pico(200));
        QCOMPARE(k.ledger.waiting(), 1);
        place->spend(pico(300)); // once is enough
        QCOMPARE(k.ledger.waiting(), 1);
        k.ledger.answerAll();
        place->spend(pico(500)); // 1400 of 2000: 600 are left of the last 1000
        QCOMPARE(k.ledger.waiting(), 0);
        QVERIFY(!place->isSpent());
        QCOMPARE(k.ledger.reserved.size(), 2);
    }

    void whatIsRunningCounts()
    {
        Kept k;
        const auto place = k.enter();
        place->estimate(pico(400));
        QCOMPARE(k.ledger.waiting(), 0);
        place->estimate(pico(600));
        QCOMPARE(k.ledger.waiting(), 1);
        k.ledger.budget = pico(1'000);
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
        const auto other = k.enter();
        other->spend(pico(400));
        QVERIFY(place->isSpent());
        place->estimate(pico(500)); // each time all of it
        QVERIFY(!place->isSpent());
        place->spend(pico(600)); // in its place
        QVERIFY(place->isSpent());
        QVERIFY(other->isSpent());
    }

    void whatRunsNoMoreIsFree()
    {
        Kept k;
        k.ledger.budget = pico(1'000);
        const auto place = k.enter();
        auto other = k.enter();
        other->estimate(pico(1'000));
        k.ledger.answerAll();
        QVERIFY(place->isSpent());
        other.reset();
        QVERIFY(!place->isSpent());
    }

    // Nobody ends a call on money that is on its way.
    void isNotSpentWhileTheLedgerIsAsked()
    {
        Kept k;
        const auto place = k.enter();
        place->spend(pico(1'200));
        QCOMPARE(k.ledger.waiting(), 1);
        QVERIFY(!place->isSpent());
        QVERIFY(place->isInDoubt());
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
        QVERIFY(!place->isInDoubt());
        place->spend(pico(600)); // more is asked for in time
        QCOMPARE(k.ledger.waiting(), 1);
        QVERIFY(!place->isInDoubt());
    }

    void exhaustedIsRefused()
    {
        Kept k;
        k.ledger.budget = {};
        QVERIFY(!k.enter());
        QCOMPARE(k.refusedCode(), "insufficient_quota"_ba);
        QCOMPARE(k.refused->status, 429);
        QCOMPARE(k.accounts.callsWith(token), 0);
        k.ledger.budget = pico(5'000);
        QVERIFY(!k.enter()); // it is not asked again at once
        QCOMPARE(k.refusedCode(), "insufficient_quota"_ba);
        QCOMPARE(k.ledger.reserved.size(), 1);
        k.now.steady += Accounts::askAgainAfter;
        QVERIFY(k.enter());
        QCOMPARE(k.ledger.reserved.size(), 2);
    }

    void aLargerBudgetIsSeenAtOnce()
    {
        Kept k;
        k.ledger.budget = {};
        QVERIFY(!k.enter());
        k.ledger.budget = pico(5'000);
        k.terms.usdADay = pico(5'000);
        k.setBook();
        QVERIFY(k.enter());
    }

    void whatIsLeftOfASliceIsSpentToItsEnd()
    {
        Kept k;
        k.ledger.budget = pico(1'000);
        const auto place = k.enter();
        place->spend(pico(700));
        k.ledger.answerAll(); // exhausted
        QVERIFY(!place->isSpent());
        QVERIFY(k.enter());
        place->spend(pico(300));
        k.ledger.answerAll();
        QVERIFY(place->isSpent());
        QVERIFY(!plain(place->whySpent()).isEmpty());
        QVERIFY(!k.enter());
        QCOMPARE(k.refusedCode(), "insufficient_quota"_ba);
        k.ledger.budget = pico(2'000);
        k.now.steady += Accounts::askAgainAfter;
        k.accounts.look();
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
    }

    void anotherDayIsAnotherBudget()
    {
        Kept k;
        k.ledger.budget = pico(1'000);
        const auto place = k.enter();
        place->spend(pico(1'000));
        k.ledger.answerAll();
        QVERIFY(place->isSpent());
        k.now.day = k.now.day.addDays(1);
        k.now.steady += Accounts::askAgainAfter;
        k.ledger.day = k.now.day;
        k.ledger.granted.clear();
        k.accounts.look();
        QCOMPARE(k.ledger.waiting(), 1);
        place->spend(pico(300)); // of the new day
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
        place->spend(pico(600));
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
        place->spend(pico(100));
        k.ledger.answerAll();
        QVERIFY(place->isSpent());
    }

    // The ledger's clock may be behind.
    void theOldDayAgainIsNoLoop()
    {
        Kept k;
        const auto place = k.enter();
        k.now.day = k.now.day.addDays(1);
        k.accounts.look();
        QCOMPARE(k.ledger.waiting(), 1);
        k.ledger.answerAll();
        k.accounts.look();
        QCOMPARE(k.ledger.waiting(), 0);
        QVERIFY(!place->isSpent());
    }

    // Else what is granted for a day that is over would be spent until it is gone, and what was spent since forgotten.
    void isAskedAgainWhileTheLedgersDayIsTheOldOne()
    {
        Kept k;
        const auto place = k.enter();
        place->spend(pico(100));
        k.now.day = k.now.day.addDays(1); // not there yet
        k.accounts.look();
        k.ledger.answerAll();
        place->spend(pico(300));
        k.now.steady += Accounts::askAgainAfter;
        k.accounts.look();
        QCOMPARE(k.ledger.waiting(), 1);
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
        k.ledger.day = k.now.day;
        k.ledger.budget = pico(1'000);
        k.ledger.granted[token] = {};
        k.now.steady += Accounts::askAgainAfter;
        k.accounts.look();
        QCOMPARE(k.ledger.waiting(), 1);
        k.ledger.answerAll(); // all 1000 of the new day
        place->spend(pico(699));
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
        place->spend(pico(1));
        k.ledger.answerAll();
        QVERIFY(place->isSpent());
        k.now.steady += Accounts::askAgainAfter;
        k.ledger.budget = pico(2'000);
        k.accounts.look();
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
        k.now.steady += Accounts::askAgainAfter;
        k.accounts.look(); // it has the day now
        QCOMPARE(k.ledger.waiting(), 0);
    }

    void aSmallerBudgetIsObeyedAtOnce()
    {
        Kept k;
        k.ledger.slice = pico(5'000);
        const auto place = k.enter();
        place->spend(pico(100));
        k.ledger.budget = k.terms.usdADay = pico(2'000);
        k.setBook();
        QCOMPARE(k.ledger.waiting(), 1);
        k.ledger.answerAll();
        QVERIFY(!place->isSpent()); // some of it is left
        QVERIFY(k.enter());
        k.ledger.budget = k.terms.usdADay = pico(50);
        k.setBook();
        k.ledger.answerAll();
        QVERIFY(place->isSpent());
        QVERIFY(!k.enter());
        QCOMPARE(k.refusedCode(), "insufficient_quota"_ba);
    }

    void theFirstBudgetMayBeSpentAlready()
    {
        Kept k;
        k.ledger.hasBudget = false;
        const auto place = k.enter();
        place->spend(pico(500));
        k.ledger.hasBudget = true;
        k.ledger.granted[token] = k.ledger.spent[token] = pico(500); // it has heard of it
        k.ledger.budget = k.terms.usdADay = pico(400);
        k.setBook();
        k.ledger.answerAll();
        QVERIFY(place->isBounded());
        QVERIFY(place->isSpent());
    }

    void anotherBudgetOfTheRelayIsAskedForAtOnce()
    {
        Kept k;
        k.ledger.slice = pico(5'000);
        const auto place = k.enter();
        k.ledger.budget = {};
        k.accounts.relayBudgetChanged();
        QCOMPARE(k.ledger.waiting(), 1);
        k.ledger.answerAll();
        QVERIFY(place->isSpent());
        QVERIFY(!k.enter());
    }

    // The answer that is on its way may be of before.
    void aBudgetThatChangesWhileTheLedgerIsAskedIsAskedForAgain()
    {
        Kept k;
        const auto place = k.enter();
        place->spend(pico(600));
        QCOMPARE(k.ledger.waiting(), 1);
        k.accounts.relayBudgetChanged();
        QCOMPARE(k.ledger.waiting(), 1);
        k.ledger.answerOne(); // 2000
        QCOMPARE(k.ledger.waiting(), 1);
        k.ledger.budget = pico(100);
        k.ledger.answerOne();
        QCOMPARE(k.ledger.waiting(), 0);
        QVERIFY(place->isSpent());
    }

    void awayIsToldAndTriedAgain()
    {
        Kept k;
        k.ledger.isAway = true;
        QVERIFY(!k.enter());
        QCOMPARE(k.refusedCode(), "store_away"_ba);
        QCOMPARE(k.refused->status, 503);
        QVERIFY(k.refused->retryAfterSeconds > 0);
        k.ledger.isAway = false;
        k.now.steady += Accounts::askAgainAfter;
        const auto place = k.enter();
        QVERIFY(place);
        k.ledger.isAway = true;
        place->spend(pico(600)); // what was granted may be spent
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
        QVERIFY(k.enter());
        place->spend(pico(400));
        k.ledger.answerAll();
        QVERIFY(place->isSpent());
        QVERIFY(plain(place->whySpent()).contains(u"look it up"_s));
        k.ledger.isAway = false;
        k.now.steady += Accounts::askAgainAfter;
        k.accounts.look();
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
    }

    void nobodyElseIsInWhileTheBooksAreAway()
    {
        Kept k;
        const auto place = k.enter();
        QVERIFY(place);
        k.accounts.setAway(true);
        QVERIFY(!k.enter()); // though there is money
        QCOMPARE(k.refusedCode(), "store_away"_ba);
        place->spend(pico(600));
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
        k.accounts.setAway(false);
        QVERIFY(k.enter());
    }

    void withoutALedgerNobodyIsIn()
    {
        Kept k;
        k.accounts.setLedger(nullptr);
        QVERIFY(!k.enter());
        QCOMPARE(k.refusedCode(), "store_away"_ba);
    }

    void withoutABudgetNothingIsCounted()
    {
        Kept k;
        k.ledger.hasBudget = false;
        const auto place = k.enter();
        QVERIFY(!place->isBounded());
        place->spend(pico(1'000'000));
        QVERIFY(!place->isSpent());
        k.ledger.granted[token] = pico(1'000'000); // it has heard of it
        k.ledger.budget = pico(1'010'000);
        k.ledger.hasBudget = true; // that of the relay was set
        k.accounts.look();
        QCOMPARE(k.ledger.waiting(), 0);
        k.now.steady += Accounts::lookAgainAfter;
        k.accounts.look();
        k.ledger.answerAll();
        QVERIFY(place->isBounded());
        QVERIFY(!place->isSpent());
    }

    // The ledger grants on top of it.
    void whatWasSpentBeforeStaysSpent()
    {
        Kept k;
        k.ledger.budget = pico(1'600);
        auto place = k.enter();
        place->spend(pico(600));
        k.ledger.answerAll(); // all of it is granted
        UsageEntry entry;
        entry.token = token;
        entry.cost = pico(600);
        k.ledger.add(entry);
        place.reset();
        QCOMPARE(k.ledger.givenBack.size(), 1);
        place = k.enter();
        QVERIFY(place);
        place->spend(pico(999));
        k.ledger.answerAll();
        QVERIFY(!place->isSpent());
        place->spend(pico(1));
        k.ledger.answerAll();
        QVERIFY(place->isSpent());
    }

    void soManyCallsAtOnce()
    {
        Kept k;
        k.terms.callsAtOnce = 2;
        k.setBook();
        auto one = k.enter();
        const auto other = k.enter();
        QVERIFY(!k.enter());
        QCOMPARE(k.refusedCode(), "too_many_calls_with_token"_ba);
        QCOMPARE(k.refused->status, 429);
        QVERIFY(k.enter(AccessUse::Request)); // is no call
        one.reset();
        QVERIFY(k.enter());
    }

    // Who waits for the ledger has a place, or more would come in than may.
    void whoWaitsHasAPlace()
    {
        Kept k;
        k.terms.callsAtOnce = 1;
        k.setBook();
        std::shared_ptr<AccessPlace> place;
        const auto take = [&place](const Accounts::Entry &entry) {
            place = std::get<std::shared_ptr<AccessPlace>>(entry);
        };
        const auto terms = k.accounts.book()->find(token);
        QVERIFY(!k.accounts.enter(terms, AccessUse::Call, take));
        const auto other = k.accounts.enter(terms, AccessUse::Call, take);
        QVERIFY(other && std::holds_alternative<Refusal>(*other));
        k.ledger.answerAll();
        QVERIFY(place);
        QCOMPARE(k.accounts.callsWith(token), 1);
    }

    void whoLeavesWhileTheLedgerIsAskedFreesAll()
    {
        Kept k;
        const auto pass = [](const Accounts::Entry &) {};
        QVERIFY(!k.accounts.enter(k.accounts.book()->find(token), AccessUse::Call, pass));
        QCOMPARE(k.accounts.callsWith(token), 1);
        k.ledger.answerAll();
        QCOMPARE(k.accounts.callsWith(token), 0);
        QCOMPARE(k.ledger.givenBack, QList<qint64>{token});
    }

    // That a slice is given back makes the answer to what was asked before worthless.
    void anAnswerToAnOlderQuestionIsNone()
    {
        Kept k;
        auto place = k.enter();
        place->spend(pico(600));
        QCOMPARE(k.ledger.waiting(), 1);
        place.reset();
        QCOMPARE(k.ledger.givenBack.size(), 1);
        k.ledger.isAway = true;
        k.ledger.answerAll();
        k.ledger.isAway = false;
        place = k.enter();
        QVERIFY(place);
        place->spend(pico(400));
        QVERIFY(!place->isSpent());
    }

    void outlivesTheAccounts()
    {
        FakeLedger ledger;
        ledger.answersByItself = false;
        std::shared_ptr<AccessPlace> place;
        AccessTerms terms;
        terms.id = token;
        {
            Accounts accounts;
            accounts.setLedger(&ledger);
            accounts.setBook(std::make_shared<const AccessBook>(QList<AccessTerms>{terms}));
            accounts.enter(
                accounts.book()->find(token), AccessUse::Call, [&place](const Accounts::Entry &entry) {
                    place = std::get<std::shared_ptr<AccessPlace>>(entry);
                });
            ledger.answerAll();
        }
        place->spend(pico(1));
        place.reset();
        QCOMPARE(ledger.givenBack, QList<qint64>{token});
    }

    // For ThreadSanitizer; and nothing is lost.
    void isUsedByManyThreads()
    {
        Kept k;
        k.ledger.slice = pico(1'000'000);
        k.ledger.budget = pico(1'000'000);
        const auto first = k.enter();
        QVERIFY(first);
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&k] {
                const auto terms = k.accounts.book()->find(token);
                for (int j = 0; j < 200; ++j) {
                    const auto entry
                        = k.accounts.enter(terms, AccessUse::Call, [](const Accounts::Entry &) {});
                    if (!entry)
                        continue;
                    const auto place = std::get<std::shared_ptr<AccessPlace>>(*entry);
                    place->estimate(pico(5));
                    place->spend(pico(10));
                    (void)place->isSpent();
                }
            });
        for (std::thread &each : threads)
            each.join();
        QCOMPARE(k.accounts.callsWith(token), 1);
        first->spend(pico(1'000'000 - 4 * 200 * 10 - 1));
        k.ledger.answerAll();
        QVERIFY(!first->isSpent());
        first->spend(pico(1));
        k.ledger.answerAll();
        QVERIFY(first->isSpent());
    }
};

RELAY_TEST(tst_Accounts)
#include "tst_accounts.moc"
