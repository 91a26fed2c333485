// SPDX-License-Identifier: MIT
#include "core/admission/ratelimiter.h"
#include "tests/support/relaytest.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace rr;

namespace {

const QHostAddress first(u"192.0.2.1"_s);
const QHostAddress other(u"192.0.2.2"_s);

/// How many tokens there are to take at once.
int takeAll(RateLimiter &limiter, const QHostAddress &address, RateLimiter::TimePoint now)
{
    int taken = 0;
    while (taken < 1000 && limiter.take(address, now) == 0ns)
        ++taken;
    return taken;
}

} // namespace

class TestRateLimiter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refills_data();
    void refills();
    void aKnownFullBucketHoldsNoMore();
    void noLimit();
    void saysHowLongToWait();
    void addressesAreApart();
    void rateChanges();
    void forgetsFullBuckets();
    void aFullTableLocksOutNobody();

private:
    const RateLimiter::TimePoint m_start{1000h};
};

void TestRateLimiter::refills_data()
{
    QTest::addColumn<int>("perMinute");
    QTest::addColumn<int>("pauseMs");
    QTest::addColumn<int>("expected");
    QTest::newRow("at once") << 6 << 0 << 0;
    QTest::newRow("not yet") << 6 << 9'999 << 0;
    QTest::newRow("one") << 6 << 10'000 << 1;
    QTest::newRow("three") << 6 << 30'000 << 3;
    QTest::newRow("all") << 6 << 60'000 << 6;
    QTest::newRow("never more than all") << 6 << 3'600'000 << 6;
    QTest::newRow("one a minute, not yet") << 1 << 59'999 << 0;
    QTest::newRow("one a minute") << 1 << 60'000 << 1;
    QTest::newRow("six hundred") << 600 << 1'000 << 10;
    QTest::newRow("not a divisor") << 7 << 60'000 << 7;
}

void TestRateLimiter::refills()
{
    QFETCH(int, perMinute);
    QFETCH(int, pauseMs);
    RateLimiter limiter;
    limiter.setRate(perMinute);
    QCOMPARE(takeAll(limiter, first, m_start), perMinute);
    QTEST(takeAll(limiter, first, m_start + std::chrono::milliseconds(pauseMs)), "expected");
}

void TestRateLimiter::aKnownFullBucketHoldsNoMore()
{
    RateLimiter limiter;
    limiter.setRate(6);
    limiter.take(first, m_start); // full again after 10 s, and not forgotten before a minute
    QCOMPARE(takeAll(limiter, first, m_start + 50s), 6);
}

void TestRateLimiter::noLimit()
{
    RateLimiter limiter;
    QCOMPARE(takeAll(limiter, first, m_start), 1000);
    QCOMPARE(limiter.bucketCount(), 0);
}

void TestRateLimiter::saysHowLongToWait()
{
    RateLimiter limiter;
    limiter.setRate(2);
    takeAll(limiter, first, m_start);
    QVERIFY(limiter.take(first, m_start) == 30s);
    QVERIFY(limiter.take(first, m_start + 20s) == 10s);
    QVERIFY(limiter.take(first, m_start + 30s) == 0s);
    QVERIFY(limiter.take(first, m_start + 30s) == 30s);
}

void TestRateLimiter::addressesAreApart()
{
    RateLimiter limiter;
    limiter.setRate(2);
    QCOMPARE(takeAll(limiter, first, m_start), 2);
    QCOMPARE(takeAll(limiter, other, m_start), 2);
}

void TestRateLimiter::rateChanges()
{
    RateLimiter limiter;
    limiter.setRate(60);
    takeAll(limiter, first, m_start);
    limiter.setRate(2);
    QCOMPARE(takeAll(limiter, first, m_start), 0);
    QCOMPARE(takeAll(limiter, first, m_start + 60s), 2);
    limiter.setRate(0);
    QCOMPARE(limiter.bucketCount(), 0);
}

void TestRateLimiter::forgetsFullBuckets()
{
    RateLimiter limiter;
    limiter.setRate(6);
    for (quint32 i = 1; i <= 100; ++i)
        limiter.take(QHostAddress(i), m_start);
    QCOMPARE(limiter.bucketCount(), 100);
    takeAll(limiter, first, m_start + 50s);
    limiter.take(other, m_start + 70s);
    QCOMPARE(limiter.bucketCount(), 2); // of `first` and `other`
    QCOMPARE(takeAll(limiter, first, m_start + 70s), 2);
}

void TestRateLimiter::aFullTableLocksOutNobody()
{
    RateLimiter limiter;
    limiter.setRate(6);
    QCOMPARE(takeAll(limiter, first, m_start), 6);
    for (quint32 i = 1; i <= 2 * quint32(RateLimiter::maxBuckets); ++i)
        QVERIFY(limiter.take(QHostAddress(i), m_start) == 0ns);
    QCOMPARE(limiter.bucketCount(), RateLimiter::maxBuckets);
    QVERIFY(limiter.take(other, m_start) == 0ns);
    QVERIFY(limiter.take(first, m_start) > 0ns); // is still known
    QCOMPARE(takeAll(limiter, other, m_start + 10s), 6); // the others are full again, and gone
}

RELAY_TEST(TestRateLimiter)
#include "tst_ratelimiter.moc"
