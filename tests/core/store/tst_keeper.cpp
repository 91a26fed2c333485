// SPDX-License-Identifier: MIT
#include "core/store/keeper.h"
#include "tests/core/store/storefixture.h"

#include <QTest>

#include <chrono>
#include <memory>
#include <utility>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// doc/access.md promises that a relay obeys within two seconds what another, or a command line, has changed. On a machine that is busy
// everything may take longer, so no test holds a clock against it; this is what it rests on, and leaves a second for all the rest.
static_assert(Store::betweenLooks <= 1s);

class TestKeeper : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }

    void looksAsOftenAsIsPromised() { QCOMPARE(Store::Options().betweenLooks, Store::betweenLooks); }

    void seesAtTheNextLookWhatOthersHaveChanged()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const qint64 token = makeToken(url, "x", dollar);
        const auto queue = std::make_shared<StoreQueue>();
        const auto state = std::make_shared<StoreState>(0, Money());
        const auto isRevoked = [&] { return state->book()->find(token)->isRevoked; };
        bool wasGood = false;
        bool isSeen = false;
        int books = 0;
        const auto revokeAndLook = [&](Keeper &keeper) {
            wasGood = !isRevoked();
            const int before = books;
            const bool isDone = !openDesk(url)->revoke(token) && !isRevoked() && keeper.look();
            isSeen = isDone && isRevoked() && books == before + 1;
            queue->stop({});
            return true;
        };
        bool isAsked = false;
        Keeper keeper(std::get<StoreUrl>(parseStoreUrl(url)), u"a"_s, {}, std::chrono::hours(1), queue, state,
            [&](Keeper::Change what) {
                books += what == Keeper::Change::Book ? 1 : 0;
                if (what == Keeper::Change::Stand && !std::exchange(isAsked, true)) // it is there
                    queue->ask({revokeAndLook, [] {}});
            });
        keeper.run();
        QVERIFY(wasGood);
        QVERIFY(isSeen);
    }

private:
    StorePlaces m_places;
};

RELAY_TEST(TestKeeper)
#include "tst_keeper.moc"
