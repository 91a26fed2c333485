// SPDX-License-Identifier: MIT
#include "core/admission/halfopen.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <optional>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace rr;
using enum HalfOpen::Excess;

namespace {

Settings limits(int inAll, int ofAddress, int places = 200)
{
    Settings settings;
    settings.maxHalfOpen = inAll;
    settings.maxHalfOpenPerIp = ofAddress;
    settings.maxConnections = places;
    return settings;
}

const QHostAddress peer(u"192.0.2.1"_s);
const QHostAddress otherPeer(u"192.0.2.2"_s);

} // namespace

class TestHalfOpen : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsOfExcess()
    {
        HalfOpen halfOpen;
        halfOpen.setLimits(limits(4, 2));
        std::vector<HalfOpen::Place> places;
        const auto take = [&](const QHostAddress &network) {
            places.push_back(halfOpen.take(network));
            return places.back().excess();
        };
        QCOMPARE(take(peer), None);
        QCOMPARE(take(peer), None);
        QCOMPARE(take(peer), OfAddress);
        QCOMPARE(take(otherPeer), None);
        QCOMPARE(take(otherPeer), InAll);
        QCOMPARE(take(otherPeer), OfAddress);
        QCOMPARE(halfOpen.count(), 6);
        places.erase(places.begin(), places.begin() + 3); // all of peer
        QCOMPARE(take(peer), None);
        places.clear();
        QCOMPARE(halfOpen.count(), 0);
    }

    void aProxyHasManyBehindIt()
    {
        HalfOpen halfOpen;
        halfOpen.setLimits(limits(3, 1));
        std::vector<HalfOpen::Place> places;
        for (int i = 0; i < 3; ++i) {
            places.push_back(halfOpen.take({}));
            QCOMPARE(places.back().excess(), None);
        }
        QCOMPARE(halfOpen.take({}).excess(), InAll);
    }

    // Else they would be used up before the limit is reached, and nobody cut.
    void descriptorsBoundIt()
    {
        for (const int set : {0, 1000}) {
            HalfOpen halfOpen;
            halfOpen.setLimits(limits(set, 0), 3);
            std::vector<HalfOpen::Place> places;
            for (int i = 0; i < 3; ++i) {
                places.push_back(halfOpen.take(peer));
                QCOMPARE(places.back().excess(), None);
            }
            QCOMPARE(halfOpen.take(otherPeer).excess(), InAll);
        }
    }

    void placesMove()
    {
        HalfOpen halfOpen;
        std::optional<HalfOpen::Place> place(halfOpen.take(peer));
        HalfOpen::Place another = halfOpen.take(otherPeer);
        another = *std::move(place);
        QCOMPARE(another.network(), peer);
        place.reset();
        QCOMPARE(halfOpen.count(), 1);
        const HalfOpen::Place last = std::move(another);
        QCOMPARE(halfOpen.count(), 1);
    }

    // Whoever may call may also come.
    void withoutALimit_data()
    {
        QTest::addColumn<int>("places");
        QTest::addColumn<int>("mostOfAddress");
        QTest::newRow("few places") << 1 << 64;
        QTest::newRow("many") << 500 << 500;
    }
    void withoutALimit()
    {
        QFETCH(int, places);
        QFETCH(int, mostOfAddress);
        HalfOpen halfOpen;
        halfOpen.setLimits(limits(0, 0, places));
        std::vector<HalfOpen::Place> taken;
        for (int i = 0; i < mostOfAddress; ++i) {
            taken.push_back(halfOpen.take(peer));
            QCOMPARE(taken.back().excess(), None);
        }
        QCOMPARE(halfOpen.take(peer).excess(), OfAddress);
    }

    void manyThreads()
    {
        HalfOpen halfOpen;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&halfOpen, t] {
                for (int i = 0; i < 2000; ++i)
                    const HalfOpen::Place place = halfOpen.take(QHostAddress(quint32(t % 2 + 1)));
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(halfOpen.count(), 0);
    }
};

RELAY_TEST(TestHalfOpen)
#include "tst_halfopen.moc"
