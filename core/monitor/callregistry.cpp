// SPDX-License-Identifier: MIT
#include "core/monitor/callregistry.h"

#include "core/base/randomtext.h"

#include <QRandomGenerator>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <vector>

namespace rr {

struct CallRegistry::State
{
    mutable std::mutex mutex;
    std::map<quint64, std::shared_ptr<CallRecord>> live;
    std::deque<std::shared_ptr<CallRecord>> history; ///< the last ended first
    quint64 lastNumber = 0;
    quint32 lastId = 0;
    qint64 peak = 0;
    qint64 errors = 0;
    std::array<qint64, callKindNames.size()> callsByKind{};
    std::array<qint64, endReasonNames.size()> endsByReason{};
    DirectionTotals endedUp; ///< of ended calls
    DirectionTotals endedDown;
    std::map<QString, UsageTotals> endedUsage; ///< likewise, by model
    std::map<QString, AccessUsage> endedAccess; ///< likewise, by the access token's name
    std::vector<qint64> dials; ///< milliseconds; a ring once it is full
    size_t nextDial = 0;
};

namespace {

DirectionTotals valuesOf(const DirectionCounters &counters)
{
    return {counters.messages.value(), counters.bytes.value(), counters.backlogBytes.value()};
}

void add(DirectionTotals &totals, const DirectionTotals &more)
{
    totals.messages += more.messages;
    totals.bytes += more.bytes;
    totals.backlogBytes += more.backlogBytes;
}

/// What is only watched is billed elsewhere.
bool isBilled(const CallRecord &record)
{
    return record.kind != CallKind::Sideband;
}

void addUsage(std::map<QString, UsageTotals> &all, const CallRecord &record)
{
    if (!isBilled(record))
        return;
    for (int place = 0; place < record.usage.models(); ++place) {
        const CallUsage::Counters &of = record.usage.ofModel(place);
        const bool hasRoom = all.size() < size_t(mostModels) || all.find(of.model) != all.end();
        all[hasRoom ? of.model : QString(otherModels)] += of.totals();
    }
}

void addAccess(std::map<QString, AccessUsage> &all, const CallRecord &record, bool isActive)
{
    if (record.access == 0)
        return;
    const bool hasRoom = all.size() < size_t(mostAccessNames) || all.find(record.accessName) != all.end();
    AccessUsage &of = all[hasRoom ? record.accessName : QString(otherAccess)];
    ++of.calls;
    of.active += isActive ? 1 : 0;
    if (isBilled(record))
        of.totals += record.usage.totals();
}

CallSnapshot snapshotOf(const CallRecord &record, qint64 nowNs)
{
    CallSnapshot result;
    result.number = record.number;
    result.id = record.id;
    result.state = record.state.load(std::memory_order_acquire);
    result.clientAddress = record.clientAddress;
    result.origin = record.origin;
    result.model = record.model;
    result.kind = record.kind;
    result.door = record.door;
    result.access = record.access;
    result.accessName = record.accessName;
    result.startedAt = record.startedAt;
    result.up = valuesOf(record.up);
    result.down = valuesOf(record.down);
    result.connectMs = record.connectMs.value();
    result.firstAudioMs = record.firstAudioMs.value();
    result.downstreamRttUs = record.downstreamRttUs.value();
    result.upstreamRttUs = record.upstreamRttUs.value();
    result.expiresAt = record.expiresAt.value();
    result.lastEventType = quint8(record.lastEventType.value());
    if (record.untold.model.load(std::memory_order_acquire)) {
        result.askedModel = record.untold.askedModel;
        result.answeringModel = record.untold.answeringModel;
    }
    result.temperatureIgnored = record.untold.temperature.value() != 0;
    result.droppedEvents = record.untold.droppedEvents.value();
    result.usage = record.usage.totals();
    result.isUsageElsewhere = !isBilled(record);
    result.isUsageUnconfirmed = record.usage.isUnconfirmed.value() != 0;
    qint64 untilNs = nowNs;
    if (result.state == CallState::Closed) {
        untilNs = record.endedNs;
        result.endedBy = record.endedBy;
        result.closeCode = record.closeCode;
        result.endReason = record.endReason;
        result.closeReason = record.closeReason;
        result.up.backlogBytes = 0;
        result.down.backlogBytes = 0;
    }
    result.durationMs = std::max<qint64>(0, (untilNs - record.startedNs) / 1'000'000);
    return result;
}

/// The smallest sample that at least this share of the sorted samples does not exceed; 0 when there is none.
qint64 percentile(const std::vector<qint64> &sorted, size_t percent)
{
    return sorted.empty() ? 0 : sorted[(sorted.size() * percent + 99) / 100 - 1];
}

} // namespace

CallRegistry::CallRegistry()
    : m_state(std::make_unique<State>())
{
    m_state->lastId = QRandomGenerator::system()->generate();
}

CallRegistry::~CallRegistry() = default;

qint64 CallRegistry::nowNs()
{
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::shared_ptr<CallRecord> CallRegistry::open(const CallIdentity &identity)
{
    auto record = std::make_shared<CallRecord>();
    record->clientAddress = identity.clientAddress;
    record->origin = identity.origin;
    record->model = identity.model;
    record->kind = identity.kind;
    record->door = identity.door;
    record->access = identity.access;
    record->accessName = identity.accessName;
    record->entryId = randomText();
    record->startedAt = QDateTime::currentDateTimeUtc();
    record->startedNs = nowNs();

    const std::lock_guard lock(m_state->mutex);
    record->number = ++m_state->lastNumber;
    // From a random start in steps of an odd number: easy to tell apart, and the same only after 2^32
    // calls.
    m_state->lastId += 0x9E3779B1u;
    record->id = QStringLiteral("%1").arg(m_state->lastId, 8, 16, QLatin1Char('0'));
    ++m_state->callsByKind[size_t(record->kind)];
    m_state->live.emplace(record->number, record);
    m_state->peak = std::max(m_state->peak, qint64(m_state->live.size()));
    return record;
}

void CallRegistry::connected(CallRecord &record, qint64 connectMs)
{
    record.connectMs.set(connectMs);
    const std::lock_guard lock(m_state->mutex);
    if (m_state->dials.size() < size_t(dialSamples))
        m_state->dials.push_back(connectMs);
    else
        m_state->dials[m_state->nextDial] = connectMs;
    m_state->nextDial = (m_state->nextDial + 1) % size_t(dialSamples);
}

void CallRegistry::closed(const std::shared_ptr<CallRecord> &record)
{
    const std::lock_guard lock(m_state->mutex);
    if (m_state->live.erase(record->number) == 0)
        return;
    add(m_state->endedUp, {record->up.messages.value(), record->up.bytes.value(), 0});
    add(m_state->endedDown, {record->down.messages.value(), record->down.bytes.value(), 0});
    addUsage(m_state->endedUsage, *record);
    addAccess(m_state->endedAccess, *record, false);
    ++m_state->endsByReason[size_t(record->endReason)];
    if (record->failed)
        ++m_state->errors;
    m_state->history.push_front(record);
    if (m_state->history.size() > size_t(historySize))
        m_state->history.pop_back();
}

void CallRegistry::fill(Snapshot &snapshot, bool withCalls) const
{
    const qint64 now = nowNs();
    std::vector<qint64> dials;
    std::map<QString, UsageTotals> usage;
    std::map<QString, AccessUsage> access;
    {
        const std::lock_guard lock(m_state->mutex);
        snapshot.totalConnections = qint64(m_state->lastNumber);
        snapshot.activeConnections = qint64(m_state->live.size());
        snapshot.peakConnections = m_state->peak;
        snapshot.callsByKind = m_state->callsByKind;
        snapshot.errors = m_state->errors;
        snapshot.endsByReason = m_state->endsByReason;
        snapshot.sharedCalls = 0;
        snapshot.up = m_state->endedUp;
        snapshot.down = m_state->endedDown;
        usage = m_state->endedUsage;
        access = m_state->endedAccess;
        for (const auto &[number, record] : m_state->live) {
            addUsage(usage, *record);
            addAccess(access, *record, true);
            add(snapshot.up, valuesOf(record->up));
            add(snapshot.down, valuesOf(record->down));
            if (record->door == Door::Share)
                ++snapshot.sharedCalls;
        }
        if (withCalls) {
            snapshot.calls.clear();
            snapshot.calls.reserve(qsizetype(m_state->live.size() + m_state->history.size()));
            for (const auto &[number, record] : m_state->live)
                snapshot.calls.append(snapshotOf(*record, now));
            for (const auto &record : m_state->history)
                snapshot.calls.append(snapshotOf(*record, now));
        }
        dials = m_state->dials;
    }
    snapshot.usage = {};
    snapshot.usageByModel.clear();
    for (const auto &[model, totals] : usage) {
        snapshot.usage += totals;
        snapshot.usageByModel.append({model, totals});
    }
    snapshot.usageByAccess.clear();
    for (auto &[name, of] : access) {
        of.name = name;
        snapshot.usageByAccess.append(of);
    }
    std::sort(dials.begin(), dials.end());
    snapshot.connectP50Ms = percentile(dials, 50);
    snapshot.connectP95Ms = percentile(dials, 95);
}

} // namespace rr
