// SPDX-License-Identifier: MIT
#include "core/admission/failurepacer.h"
#include "tests/support/relaytest.h"

#include <QtTest>

#include <algorithm>
#include <array>
#include <latch>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace rr;

namespace {

const QHostAddress one(u"192.0.2.1"_s);

} // namespace

class TestFailurePacer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void paces_data();
    void paces();
    void neverTellsTooEarly();
    void networks_data();
    void networks();
    void aFullTableKeepsNobodyWaiting();
    void threadsShareOneQueue();

private:
    const FailurePacer::TimePoint m_start{1000h};
};

void TestFailurePacer::paces_data()
{
    QTest::addColumn<QList<int>>("failsAtMs");
    QTest::addColumn<QList<int>>("delaysMs");
    QTest::newRow("once") << QList{0} << QList{0};
    QTest::newRow("every two seconds") << QList{0, 2000, 4000} << QList{0, 0, 0};
    QTest::newRow("every second") << QList{0, 1000, 2000} << QList{0, 0, 0};
    QTest::newRow("a little too often") << QList{0, 900, 1900} << QList{0, 100, 100};
    QTest::newRow("comes back as soon as it is told")
        << QList{0, 0, 1000, 2000, 3000, 4000, 5000} << QList{0, 1000, 1000, 1000, 1000, 1000, 1000};
    QTest::newRow("comes back a little later") << QList{0, 10, 1010, 2010} << QList{0, 990, 990, 990};
    QTest::newRow("many at the same moment")
        << QList{0, 0, 0, 0, 0, 0, 0, 0} << QList{0, 1000, 2000, 3000, 4000, 5000, 5000, 5000};
    QTest::newRow("after many") << QList{0, 0, 0, 0, 0, 0, 0, 5000, 5000}
                                << QList{0, 1000, 2000, 3000, 4000, 5000, 5000, 1000, 2000};
    QTest::newRow("after a pause") << QList{0, 0, 0, 3000, 3000} << QList{0, 1000, 2000, 0, 1000};
}

void TestFailurePacer::paces()
{
    QFETCH(QList<int>, failsAtMs);
    FailurePacer pacer;
    QList<int> delays;
    for (const int at : failsAtMs)
        delays.append(int(pacer.delay(one, m_start + std::chrono::milliseconds(at)).count()));
    QTEST(delays, "delaysMs");
}

void TestFailurePacer::neverTellsTooEarly()
{
    FailurePacer pacer;
    QCOMPARE(pacer.delay(one, m_start), 0ms);
    QCOMPARE(pacer.delay(one, m_start + 1ns), 1000ms);
    QCOMPARE(
        pacer.delay(one, m_start + 1ns), 2000ms); // apart from what was told, not from what was asked for
}

void TestFailurePacer::networks_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::addColumn<bool>("same");
    QTest::newRow("IPv4") << u"192.0.2.1"_s << u"192.0.2.1"_s << true;
    QTest::newRow("another IPv4") << u"192.0.2.1"_s << u"192.0.2.2"_s << false;
    QTest::newRow("IPv4 in IPv6") << u"192.0.2.1"_s << u"::ffff:192.0.2.1"_s << true;
    QTest::newRow("IPv6, same /64") << u"2001:db8::1"_s << u"2001:db8::ffff:2"_s << true;
    QTest::newRow("IPv6, another /64") << u"2001:db8::1"_s << u"2001:db8:0:1::1"_s << false;
}

void TestFailurePacer::networks()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    QFETCH(bool, same);
    FailurePacer pacer;
    QCOMPARE(pacer.delay(QHostAddress(first), m_start), 0ms);
    QCOMPARE(pacer.delay(QHostAddress(second), m_start), same ? 1000ms : 0ms);
}

void TestFailurePacer::aFullTableKeepsNobodyWaiting()
{
    FailurePacer pacer;
    for (quint32 i = 1; i <= quint32(FailurePacer::maxNetworks); ++i)
        QCOMPARE(pacer.delay(QHostAddress(i), m_start), 0ms);
    QCOMPARE(pacer.delay(one, m_start), 0ms);
    QCOMPARE(pacer.delay(one, m_start), 0ms); // has no place
    QCOMPARE(pacer.delay(QHostAddress(quint32(1)), m_start), 1000ms); // is still known

    const FailurePacer::TimePoint later = m_start + FailurePacer::longest + FailurePacer::spacing;
    QCOMPARE(pacer.delay(one, later), 0ms); // the others are forgotten
    QCOMPARE(pacer.delay(one, later), 1000ms);
}

void TestFailurePacer::threadsShareOneQueue()
{
    constexpr int networkCount = 4000;
    FailurePacer pacer;
    std::array<QList<int>, 4> delays; // of each thread, by network
    std::latch together(delays.size());
    std::vector<std::thread> threads;
    for (QList<int> &mine : delays) {
        threads.emplace_back([this, &pacer, &together, &mine] {
            together.arrive_and_wait();
            for (quint32 network = 1; network <= networkCount; ++network)
                mine.append(int(pacer.delay(QHostAddress(network), m_start).count()));
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    for (int network = 0; network < networkCount; ++network) {
        QList<int> ofNetwork;
        for (const QList<int> &mine : delays)
            ofNetwork.append(mine[network]);
        std::sort(ofNetwork.begin(), ofNetwork.end());
        QCOMPARE(ofNetwork, (QList{0, 1000, 2000, 3000}));
    }
}

RELAY_TEST(TestFailurePacer)
#include "tst_failurepacer.moc"
