// SPDX-License-Identifier: MIT
// Several relays, each with many calls, spend one budget at once: it is never passed, and all of it can be spent.
#include "tests/core/store/storefixture.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;
using Outcome = Ledger::Outcome;

namespace {

/// What a thread waits for here, in the place of a worker that goes on.
Ledger::Grant waitFor(Store &store, qint64 token)
{
    const auto promise = std::make_shared<std::promise<Ledger::Grant>>();
    auto answer = promise->get_future();
    store.reserve(token, [promise](const Ledger::Grant &grant) { promise->set_value(grant); });
    // What is refused at once is answered in the test's thread, which waits for this one.
    if (answer.wait_for(std::chrono::minutes(1)) != std::future_status::ready)
        return {};
    return answer.get();
}

} // namespace

class TestStoreRace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }

    void grants()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        constexpr qint64 cap = dollar / 2;
        const qint64 token = makeToken(url, "x", cap);
        std::vector<std::unique_ptr<Store>> relays;
        for (int i = 0; i < 3; ++i)
            relays.push_back(openStore(url));
        std::vector<qint64> granted(relays.size());
        std::mutex mutex;
        std::atomic<int> away{0};
        std::vector<std::thread> threads;
        for (std::size_t relay = 0; relay < relays.size(); ++relay) {
            for (int call = 0; call < 4; ++call) {
                threads.emplace_back([&, relay] {
                    for (;;) {
                        const Ledger::Grant grant = waitFor(*relays[relay], token);
                        if (grant.outcome == Outcome::Away)
                            ++away;
                        if (grant.outcome != Outcome::Granted)
                            return;
                        const std::lock_guard lock(mutex);
                        granted[relay] = qMax(granted[relay], grant.granted.pico());
                    }
                });
            }
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(away.load(), 0);
        QCOMPARE(std::accumulate(granted.begin(), granted.end(), qint64(0)), cap);
    }

    /// Calls that spend what they are granted, and a little at a time, until nothing is left.
    void spending()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        constexpr qint64 cap = dollar / 4;
        constexpr qint64 costOfAResponse = dollar / 1000;
        const qint64 token = makeToken(url, "x", cap);
        std::vector<std::unique_ptr<Store>> relays;
        for (int i = 0; i < 3; ++i)
            relays.push_back(openStore(url));
        std::atomic<qint64> spent{0};
        std::atomic<int> facts{0};
        std::vector<std::thread> threads;
        for (const auto &relay : relays) {
            threads.emplace_back([&, store = relay.get()] {
                qint64 own = 0;
                for (;;) {
                    const Ledger::Grant grant = waitFor(*store, token);
                    if (grant.outcome != Outcome::Granted)
                        break;
                    while (own + costOfAResponse <= grant.granted.pico()) {
                        own += costOfAResponse;
                        spent += costOfAResponse;
                        store->add(usageFact(token, QByteArray::number(facts.fetch_add(1)), costOfAResponse,
                            QDateTime::currentDateTimeUtc()));
                    }
                }
                store->giveBack(token);
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QVERIFY(spent.load() <= cap);
        for (const auto &relay : relays)
            QTRY_COMPARE(relay->stand().waiting, 0);
        OpenDatabase look(url);
        QCOMPARE(look.number(u"SELECT SUM(spent) FROM rr_slice"_s), spent.load());
        // What each had left was less than a response, or is free again.
        const qint64 left = cap - spent.load();
        qint64 more = 0;
        for (Ledger::Grant grant = reserved(*relays[0], token); grant.outcome == Outcome::Granted;
             grant = reserved(*relays[0], token))
            more = grant.granted.pico();
        const qint64 ownSpent = look.number(u"SELECT MAX(spent) FROM rr_slice WHERE expires_at > 0"_s);
        QCOMPARE(left == 0 ? 0 : more - ownSpent, left);
    }

private:
    StorePlaces m_places;
};

RELAY_TEST(TestStoreRace)
#include "tst_storerace.moc"
