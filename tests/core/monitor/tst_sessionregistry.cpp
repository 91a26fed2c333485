// SPDX-License-Identifier: MIT
#include "core/monitor/sessionregistry.h"

#include "core/realtime/eventtype.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <thread>
#include <vector>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

void end(SessionRegistry &registry, const std::shared_ptr<SessionRecord> &record, bool failed = false)
{
    record->endedBy = EndedBy::Client;
    record->endReason = "client_closed";
    record->closeCode = 1000;
    record->closeReason = u"Closed by the client."_s;
    record->endedNs = record->startedNs + 2'500'000'000;
    record->failed = failed;
    record->state = SessionState::Closed;
    registry.closed(record);
}

Snapshot snapshotOf(const SessionRegistry &registry, bool withSessions = true)
{
    Snapshot snapshot;
    registry.fill(snapshot, withSessions);
    return snapshot;
}

} // namespace

class TestSessionRegistry : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void opens()
    {
        SessionRegistry registry;
        const auto record = registry.open({u"192.0.2.1"_s, u"https://a.example"_s, u"gpt-realtime"_s});
        QCOMPARE(record->number, quint64(1));
        QVERIFY(QRegularExpression(u"^[0-9a-f]{8}$"_s).match(record->id).hasMatch());
        QVERIFY(record->startedAt.isValid() && record->startedNs > 0);
        record->state = SessionState::Open;
        record->up.messages.add(2);
        record->down.bytes.add(300);
        record->down.backlogBytes.set(40);
        record->firstAudioMs.set(55);
        record->downstreamRttUs.set(66);
        record->upstreamRttUs.set(77);
        record->expiresAt.set(88);
        record->lastEventType.set(sniffEventType("{\"type\":\"response.done\"}"));
        registry.connected(*record, 123);

        const Snapshot snapshot = snapshotOf(registry);
        QCOMPARE(snapshot.totalConnections, 1);
        QCOMPARE(snapshot.activeConnections, 1);
        QCOMPARE(snapshot.up.messages, 2);
        QCOMPARE(snapshot.down.bytes, 300);
        QCOMPARE(snapshot.down.backlogBytes, 40);
        QCOMPARE(snapshot.connectP50Ms, 123);
        QCOMPARE(snapshot.sessions.size(), 1);
        const SessionSnapshot &session = snapshot.sessions.first();
        QCOMPARE(session.number, record->number);
        QCOMPARE(session.id, record->id);
        QCOMPARE(session.state, SessionState::Open);
        QCOMPARE(session.clientAddress, u"192.0.2.1"_s);
        QCOMPARE(session.origin, u"https://a.example"_s);
        QCOMPARE(session.model, u"gpt-realtime"_s);
        QCOMPARE(session.startedAt, record->startedAt);
        QCOMPARE(session.up.messages, 2);
        QCOMPARE(session.down.bytes, 300);
        QCOMPARE(session.connectMs, 123);
        QCOMPARE(session.firstAudioMs, 55);
        QCOMPARE(session.downstreamRttUs, 66);
        QCOMPARE(session.upstreamRttUs, 77);
        QCOMPARE(session.expiresAt, 88);
        QCOMPARE(session.lastEventType, "response.done"_ba);
        QCOMPARE(session.endedBy, EndedBy::Nobody);
    }

    void ends()
    {
        SessionRegistry registry;
        const auto first = registry.open({});
        const auto second = registry.open({});
        first->up.messages.add(3);
        first->down.messages.add(4);
        first->down.bytes.add(500);
        first->down.backlogBytes.set(60);
        second->down.messages.add(10);
        end(registry, first, true);
        end(registry, first, true); // a second time changes nothing

        const Snapshot snapshot = snapshotOf(registry);
        QCOMPARE(snapshot.totalConnections, 2);
        QCOMPARE(snapshot.activeConnections, 1);
        QCOMPARE(snapshot.peakConnections, 2);
        QCOMPARE(snapshot.errors, 1);
        QCOMPARE(snapshot.up.messages, 3);
        QCOMPARE(snapshot.down.messages, 14);
        QCOMPARE(snapshot.down.bytes, 500);
        QCOMPARE(snapshot.down.backlogBytes, 0); // of an ended session nothing waits any more
        QCOMPARE(snapshot.sessions.size(), 2);
        QCOMPARE(snapshot.sessions.first().number, second->number);
        const SessionSnapshot &ended = snapshot.sessions.last();
        QCOMPARE(ended.number, first->number);
        QCOMPARE(ended.state, SessionState::Closed);
        QCOMPARE(ended.durationMs, 2500);
        QCOMPARE(ended.endedBy, EndedBy::Client);
        QCOMPARE(ended.endReason, "client_closed");
        QCOMPARE(int(ended.closeCode), 1000);
        QCOMPARE(ended.closeReason, u"Closed by the client."_s);
        QCOMPARE(ended.down.backlogBytes, 0);
        QCOMPARE(ended.down.bytes, 500);
    }

    void order()
    {
        SessionRegistry registry;
        std::vector<std::shared_ptr<SessionRecord>> records;
        for (int i = 0; i < 5; ++i)
            records.push_back(registry.open({}));
        end(registry, records[3]);
        end(registry, records[1]);
        QList<quint64> numbers;
        const Snapshot snapshot = snapshotOf(registry);
        for (const SessionSnapshot &session : snapshot.sessions)
            numbers.append(session.number);
        QCOMPARE(numbers, (QList<quint64>{1, 3, 5, 2, 4}));
    }

    void withoutSessions()
    {
        SessionRegistry registry;
        const auto record = registry.open({});
        QVERIFY(snapshotOf(registry, false).sessions.isEmpty());
        QCOMPARE(snapshotOf(registry, false).activeConnections, 1);
    }

    void historyIsBounded()
    {
        SessionRegistry registry;
        constexpr int count = SessionRegistry::historySize + 20;
        QSet<QString> ids;
        for (int i = 0; i < count; ++i) {
            const auto record = registry.open({});
            ids.insert(record->id);
            record->up.bytes.add(1);
            end(registry, record);
        }
        const Snapshot snapshot = snapshotOf(registry);
        QCOMPARE(snapshot.sessions.size(), SessionRegistry::historySize);
        QCOMPARE(snapshot.sessions.first().number, quint64(count));
        QCOMPARE(snapshot.sessions.last().number, quint64(21));
        QCOMPARE(snapshot.up.bytes, count);
        QCOMPARE(snapshot.peakConnections, 1);
        QCOMPARE(ids.size(), count);
    }

    void percentiles_data()
    {
        QTest::addColumn<QList<int>>("dials");
        QTest::addColumn<int>("p50");
        QTest::addColumn<int>("p95");
        QList<int> hundred;
        for (int i = 100; i >= 1; --i)
            hundred.append(i);
        const QList<int> many(SessionRegistry::dialSamples, 10);
        QTest::newRow("none") << QList<int>{} << 0 << 0;
        QTest::newRow("one") << QList<int>{7} << 7 << 7;
        QTest::newRow("two") << QList<int>{9, 7} << 7 << 9;
        QTest::newRow("hundred") << hundred << 50 << 95;
        QTest::newRow("old ones are forgotten") << QList<int>(500, 9999) + many << 10 << 10;
        QTest::newRow("the newest are not") << many + QList<int>(600, 20) << 20 << 20;
    }
    void percentiles()
    {
        QFETCH(QList<int>, dials);
        QFETCH(int, p50);
        QFETCH(int, p95);
        SessionRegistry registry;
        SessionRecord record;
        for (const int ms : dials)
            registry.connected(record, ms);
        const Snapshot snapshot = snapshotOf(registry);
        QCOMPARE(snapshot.connectP50Ms, p50);
        QCOMPARE(snapshot.connectP95Ms, p95);
    }

    /// Snapshots while others open, count and end: totals never fall, and at the end nothing is missing.
    void manyThreads()
    {
        SessionRegistry registry;
        std::atomic<int> running{4};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < 200; ++i) {
                    const auto record = registry.open({});
                    for (int n = 0; n < 20; ++n)
                        record->down.messages.add(1);
                    registry.connected(*record, 5);
                    end(registry, record);
                }
                --running;
            });
        }
        qint64 last = 0;
        bool fell = false;
        while (running > 0) {
            const qint64 now = snapshotOf(registry).down.messages;
            fell = fell || now < last;
            last = now;
        }
        for (std::thread &thread : threads)
            thread.join();
        QVERIFY(!fell);
        const Snapshot snapshot = snapshotOf(registry);
        QCOMPARE(snapshot.totalConnections, 800);
        QCOMPARE(snapshot.activeConnections, 0);
        QCOMPARE(snapshot.down.messages, 16'000);
    }
};

QTEST_GUILESS_MAIN(TestSessionRegistry)
#include "tst_sessionregistry.moc"
