// SPDX-License-Identifier: MIT
#include "core/monitor/callregistry.h"

#include "tests/support/relaytest.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <numeric>
#include <thread>
#include <vector>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

void end(CallRegistry &registry, const std::shared_ptr<CallRecord> &record, bool failed = false)
{
    record->endedBy = EndedBy::Client;
    record->endReason = EndReason::ClientClosed;
    record->closeCode = 1000;
    record->closeReason = "Closed by the client.";
    record->endedNs = record->startedNs + 2'500'000'000;
    record->failed = failed;
    record->state = CallState::Closed;
    registry.closed(record);
}

Snapshot snapshotOf(const CallRegistry &registry, bool withCalls = true)
{
    Snapshot snapshot;
    registry.fill(snapshot, withCalls);
    return snapshot;
}

} // namespace

class TestCallRegistry : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void opens()
    {
        CallRegistry registry;
        const auto record
            = registry.open({u"192.0.2.1"_s, u"https://a.example"_s, u"gpt-realtime"_s, CallKind::Live});
        QCOMPARE(record->number, quint64(1));
        QVERIFY(QRegularExpression(u"^[0-9a-f]{8}$"_s).match(record->id).hasMatch());
        QVERIFY(record->startedAt.isValid() && record->startedNs > 0);
        record->state = CallState::Open;
        record->up.messages.add(2);
        record->down.bytes.add(300);
        record->down.backlogBytes.set(40);
        record->firstAudioMs.set(55);
        record->downstreamRttUs.set(66);
        record->upstreamRttUs.set(77);
        record->expiresAt.set(88);
        record->lastEventType.set(7);
        QCOMPARE(snapshotOf(registry).calls.first().answeringModel, QString());
        QVERIFY(!snapshotOf(registry).calls.first().temperatureIgnored);
        record->untold.temperature.set(1);
        record->untold.droppedEvents.add(3);
        record->untold.answer(u"old"_s, u"new"_s);
        record->untold.answer(u"newer"_s, u"newest"_s); // only the first counts
        registry.connected(*record, 123);

        const Snapshot snapshot = snapshotOf(registry);
        QCOMPARE(snapshot.totalConnections, 1);
        QCOMPARE(snapshot.activeConnections, 1);
        QCOMPARE(snapshot.up.messages, 2);
        QCOMPARE(snapshot.down.bytes, 300);
        QCOMPARE(snapshot.down.backlogBytes, 40);
        QCOMPARE(snapshot.connectP50Ms, 123);
        QCOMPARE(snapshot.calls.size(), 1);
        const CallSnapshot &call = snapshot.calls.first();
        QCOMPARE(call.number, record->number);
        QCOMPARE(call.id, record->id);
        QCOMPARE(call.state, CallState::Open);
        QCOMPARE(call.clientAddress, u"192.0.2.1"_s);
        QCOMPARE(call.origin, u"https://a.example"_s);
        QCOMPARE(call.model, u"gpt-realtime"_s);
        QCOMPARE(call.kind, CallKind::Live);
        QCOMPARE(call.startedAt, record->startedAt);
        QCOMPARE(call.up.messages, 2);
        QCOMPARE(call.down.bytes, 300);
        QCOMPARE(call.connectMs, 123);
        QCOMPARE(call.firstAudioMs, 55);
        QCOMPARE(call.downstreamRttUs, 66);
        QCOMPARE(call.upstreamRttUs, 77);
        QCOMPARE(call.expiresAt, 88);
        QCOMPARE(int(call.lastEventType), 7);
        QVERIFY(call.temperatureIgnored);
        QCOMPARE(call.droppedEvents, 3);
        QCOMPARE(call.askedModel, u"old"_s);
        QCOMPARE(call.answeringModel, u"new"_s);
        QCOMPARE(call.endedBy, EndedBy::Nobody);
        QVERIFY(!call.endReason);
    }

    void countsByKind()
    {
        CallRegistry registry;
        const auto first = registry.open({{}, {}, {}, CallKind::Live});
        registry.open({{}, {}, {}, CallKind::Live});
        registry.open({{}, {}, {}, CallKind::Beta});
        end(registry, first);
        const Snapshot snapshot = snapshotOf(registry, false);
        for (size_t i = 0; i < callKindNames.size(); ++i) {
            const auto kind = CallKind(i);
            QCOMPARE(snapshot.callsByKind[i], kind == CallKind::Live ? 2 : kind == CallKind::Beta ? 1 : 0);
        }
    }

    void sumsUpUsage()
    {
        const auto use = [](CallRecord &record, const QString &model, qint64 tokens) {
            UsageTotals used;
            used.usage.textIn = tokens;
            used.cost = Money::ofPico(tokens * 1000);
            used.responses = 1;
            record.usage.ofModel(record.usage.addModel(model)).add(used);
        };
        CallRegistry registry;
        const auto first = registry.open({{}, {}, {}, CallKind::Realtime});
        use(*first, u"b"_s, 1);
        use(*first, u"a"_s, 10);
        const auto second = registry.open({{}, {}, {}, CallKind::Live});
        use(*second, u"b"_s, 100);
        second->usage.isUnconfirmed.set(1);
        const auto watching = registry.open({{}, {}, {}, CallKind::Sideband});
        use(*watching, u"b"_s, 1000);
        for (int ended = 0; ended < 4; ++ended) { // whichever of them still live
            const Snapshot snapshot = snapshotOf(registry);
            QCOMPARE(snapshot.usage.usage.textIn, 111);
            QCOMPARE(snapshot.usage.responses, 3);
            QCOMPARE(snapshot.usage.cost, Money::ofPico(111'000));
            QCOMPARE(snapshot.usageByModel.size(), 2);
            QCOMPARE(snapshot.usageByModel[0].model, u"a"_s);
            QCOMPARE(snapshot.usageByModel[0].totals.usage.textIn, 10);
            QCOMPARE(snapshot.usageByModel[1].totals.usage.textIn, 101);
            for (const CallSnapshot &call : snapshot.calls) {
                QCOMPARE(call.usage.usage.textIn, call.number == 1 ? 11 : call.number == 2 ? 100 : 1000);
                QCOMPARE(call.isUsageElsewhere, call.kind == CallKind::Sideband);
                QCOMPARE(call.isUsageUnconfirmed, call.kind == CallKind::Live);
            }
            if (ended < 3)
                end(registry, ended == 0 ? first : ended == 1 ? second : watching);
        }
    }

    void usageOfTooManyModels()
    {
        CallRegistry registry;
        for (int i = 0; i < mostModels + 20; ++i) {
            const auto record = registry.open({});
            UsageTotals used;
            used.responses = 1;
            record->usage.ofModel(record->usage.addModel(QString::number(1000 + i))).add(used);
            if (i % 2 == 0)
                end(registry, record);
        }
        const Snapshot snapshot = snapshotOf(registry);
        QCOMPARE(snapshot.usage.responses, mostModels + 20);
        QCOMPARE(snapshot.usageByModel.size(), mostModels + 1);
        QCOMPARE(snapshot.usageByModel.first().model, QString(otherModels));
        QCOMPARE(snapshot.usageByModel.first().totals.responses, 20);
    }

    void sharedAreTheLiveOnes()
    {
        CallRegistry registry;
        const auto first = registry.open({{}, {}, {}, CallKind::Realtime, Door::Share});
        registry.open({{}, {}, {}, CallKind::Realtime, Door::Share});
        registry.open({});
        QCOMPARE(snapshotOf(registry, false).sharedCalls, 2);
        end(registry, first);
        const Snapshot snapshot = snapshotOf(registry);
        QCOMPARE(snapshot.sharedCalls, 1);
        QCOMPARE(snapshot.calls[0].door, Door::Share);
        QCOMPARE(snapshot.calls[1].door, Door::Public);
        QCOMPARE(snapshot.calls[2].door, Door::Share); // has ended
    }

    void ends()
    {
        CallRegistry registry;
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
        QCOMPARE(snapshot.endsByReason[size_t(EndReason::ClientClosed)], 1);
        QCOMPARE(std::accumulate(snapshot.endsByReason.begin(), snapshot.endsByReason.end(), qint64(0)), 1);
        QCOMPARE(snapshot.up.messages, 3);
        QCOMPARE(snapshot.down.messages, 14);
        QCOMPARE(snapshot.down.bytes, 500);
        QCOMPARE(snapshot.down.backlogBytes, 0); // of an ended call nothing waits any more
        QCOMPARE(snapshot.calls.size(), 2);
        QCOMPARE(snapshot.calls.first().number, second->number);
        const CallSnapshot &ended = snapshot.calls.last();
        QCOMPARE(ended.number, first->number);
        QCOMPARE(ended.state, CallState::Closed);
        QCOMPARE(ended.durationMs, 2500);
        QCOMPARE(ended.endedBy, EndedBy::Client);
        QCOMPARE(ended.endReason, EndReason::ClientClosed);
        QCOMPARE(int(ended.closeCode), 1000);
        QCOMPARE(ended.closeReason, Sentence("Closed by the client."));
        QCOMPARE(ended.down.backlogBytes, 0);
        QCOMPARE(ended.down.bytes, 500);
    }

    void order()
    {
        CallRegistry registry;
        std::vector<std::shared_ptr<CallRecord>> records;
        for (int i = 0; i < 5; ++i)
            records.push_back(registry.open({}));
        end(registry, records[3]);
        end(registry, records[1]);
        QList<quint64> numbers;
        const Snapshot snapshot = snapshotOf(registry);
        for (const CallSnapshot &call : snapshot.calls)
            numbers.append(call.number);
        QCOMPARE(numbers, (QList<quint64>{1, 3, 5, 2, 4}));
    }

    void withoutCalls()
    {
        CallRegistry registry;
        const auto record = registry.open({});
        QVERIFY(snapshotOf(registry, false).calls.isEmpty());
        QCOMPARE(snapshotOf(registry, false).activeConnections, 1);
    }

    void historyIsBounded()
    {
        CallRegistry registry;
        constexpr int count = CallRegistry::historySize + 20;
        QSet<QString> ids;
        for (int i = 0; i < count; ++i) {
            const auto record = registry.open({});
            ids.insert(record->id);
            record->up.bytes.add(1);
            end(registry, record);
        }
        const Snapshot snapshot = snapshotOf(registry);
        QCOMPARE(snapshot.calls.size(), CallRegistry::historySize);
        QCOMPARE(snapshot.calls.first().number, quint64(count));
        QCOMPARE(snapshot.calls.last().number, quint64(21));
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
        const QList<int> many(CallRegistry::dialSamples, 10);
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
        CallRegistry registry;
        CallRecord record;
        for (const int ms : dials)
            registry.connected(record, ms);
        const Snapshot snapshot = snapshotOf(registry);
        QCOMPARE(snapshot.connectP50Ms, p50);
        QCOMPARE(snapshot.connectP95Ms, p95);
    }

    /// Snapshots while others open, count and end: totals never fall, and at the end nothing is missing.
    void manyThreads()
    {
        CallRegistry registry;
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

    void sumsUpByAccess()
    {
        CallRegistry registry;
        const auto call = [&registry](const QString &name, CallKind kind = CallKind::Realtime) {
            const auto record = registry.open({{}, {}, {}, kind, Door::Public, name.isEmpty() ? 0 : 7, name});
            UsageTotals used;
            used.usage.textIn = 10;
            record->usage.ofModel(record->usage.addModel({})).add(used);
            return record;
        };
        const auto one = call(u"a"_s);
        const auto other = call(u"a"_s);
        const auto sideband = call(u"b"_s, CallKind::Sideband);
        const auto own = call({});
        QVERIFY(!one->entryId.isEmpty() && one->entryId != other->entryId);
        for (int live : {2, 1}) {
            const Snapshot snapshot = snapshotOf(registry);
            QCOMPARE(snapshot.usageByAccess.size(), 2);
            QCOMPARE(snapshot.usageByAccess[0].name, u"a"_s);
            QCOMPARE(snapshot.usageByAccess[0].calls, 2);
            QCOMPARE(snapshot.usageByAccess[0].active, live);
            QCOMPARE(snapshot.usageByAccess[0].totals.usage.textIn, 20);
            QVERIFY(snapshot.usageByAccess[1].totals.isEmpty()); // billed elsewhere
            QCOMPARE(snapshot.calls.first().accessName, u"a"_s);
            if (live == 2)
                end(registry, other);
        }
        for (int i = 0; i < 100; ++i)
            end(registry, call(QString::number(i)));
        QCOMPARE(snapshotOf(registry).usageByAccess.size(), mostAccessNames + 1);
    }
};

RELAY_TEST(TestCallRegistry)
#include "tst_callregistry.moc"
