// SPDX-License-Identifier: MIT
#include "core/call/callbooks.h"

#include <QDateTime>

#include <utility>

namespace rr {

CallBooks::CallBooks(const CallRecord &record, Ledger *ledger, std::shared_ptr<AccessPlace> place)
    : m_record(record)
    , m_ledger(ledger)
    , m_place(std::move(place))
{
}

CallEntry CallBooks::entry() const
{
    CallEntry entry;
    entry.id = m_record.entryId;
    entry.startedAt = m_record.startedAt;
    entry.client = m_record.clientAddress;
    entry.origin = m_record.origin;
    entry.model = m_record.model;
    entry.kind = m_record.kind;
    entry.door = m_record.door;
    entry.token = m_record.access;
    entry.tokenName = m_record.accessName;
    return entry;
}

void CallBooks::begin()
{
    if (m_ledger)
        m_ledger->begin(entry());
}

void CallBooks::add(const Fact &fact, Money more)
{
    if (m_ledger) {
        UsageEntry entry;
        entry.call = m_record.entryId;
        entry.fact = fact.id.isEmpty() ? '#' + QByteArray::number(++m_facts) : fact.id;
        entry.token = m_record.access;
        entry.model = fact.model;
        entry.usage = fact.usage;
        entry.cost = fact.cost;
        entry.at = QDateTime::currentDateTimeUtc();
        m_ledger->add(entry); // before the account, which may give back what is left
    }
    m_isUnpriced = m_isUnpriced || !fact.cost;
    spend(more);
}

void CallBooks::spend(Money cost)
{
    if (m_place)
        m_place->spend(cost);
}

void CallBooks::estimate(Money running)
{
    if (m_place)
        m_place->estimate(running);
}

void CallBooks::end()
{
    if (m_ledger) {
        CallEntry ended = entry();
        ended.endedAt = m_record.startedAt.addMSecs((m_record.endedNs - m_record.startedNs) / 1'000'000);
        ended.reason = m_record.endReason;
        ended.endedBy = m_record.endedBy;
        ended.closeCode = m_record.closeCode;
        ended.failed = m_record.failed;
        ended.connectMs = m_record.connectMs.value();
        ended.firstAudioMs = m_record.firstAudioMs.value();
        ended.messagesUp = m_record.up.messages.value();
        ended.messagesDown = m_record.down.messages.value();
        ended.bytesUp = m_record.up.bytes.value();
        ended.bytesDown = m_record.down.bytes.value();
        m_ledger->end(ended);
    }
    m_place.reset();
}

std::optional<Sentence> CallBooks::whySpent() const
{
    if (!isBounded())
        return std::nullopt;
    if (m_isUnpriced)
        return Sentence(QT_TRANSLATE_NOOP("Core", "for no price is known for a model that it has used"));
    return m_place->isSpent() ? std::optional(m_place->whySpent()) : std::nullopt;
}

} // namespace rr
