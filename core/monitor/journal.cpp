// SPDX-License-Identifier: MIT
#include "core/monitor/journal.h"

#include "core/monitor/journalwriter.h"
#include "core/monitor/repeats.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <utility>

namespace rr {

JournalEntry journalEntry(LogLevel level, const QByteArray &event, const Sentence &message,
    const QList<std::pair<QByteArray, QVariant>> &fields)
{
    JournalEntry entry;
    entry.level = level;
    entry.event = event;
    entry.message = message;
    entry.fields = fields;
    return entry;
}

struct Journal::State
{
    void add(JournalEntry entry);

    size_t capacity = 0;
    std::atomic<LogLevel> level{LogLevel::Info};

    mutable std::mutex mutex;
    std::deque<JournalEntry> entries; ///< numbers without gaps, the last is `lastNumber`
    quint64 lastNumber = 0;
    std::unique_ptr<Writer> writer;
    Repeats repeats;
};

/// With the mutex held.
void Journal::State::add(JournalEntry entry)
{
    entry.time = QDateTime::currentDateTimeUtc();
    entry.number = ++lastNumber;
    if (writer)
        writer->add(entry);
    if (entries.size() >= capacity)
        entries.pop_front();
    entries.push_back(std::move(entry));
}

Journal::Journal(int capacity)
    : m_state(std::make_unique<State>())
{
    m_state->capacity = size_t(std::max(1, capacity));
}

Journal::~Journal() = default;

void Journal::writeTo(int descriptor, LogFormat format, std::chrono::milliseconds patience)
{
    auto writer = std::make_unique<Writer>(descriptor, format, patience);
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->writer.swap(writer);
    }
    // A former writer ends here, outside the lock: it may take its time.
}

void Journal::setFormat(LogFormat format)
{
    const std::lock_guard lock(m_state->mutex);
    if (m_state->writer)
        m_state->writer->setFormat(format);
}

void Journal::setLevel(LogLevel level)
{
    m_state->level = level;
}

bool Journal::wants(LogLevel level) const
{
    return level >= m_state->level.load(std::memory_order_relaxed);
}

void Journal::add(JournalEntry entry)
{
    if (!wants(entry.level))
        return;
    const std::lock_guard lock(m_state->mutex);
    m_state->add(std::move(entry));
}

void Journal::addFolded(JournalEntry entry)
{
    if (!wants(entry.level))
        return;
    auto key = Repeats::key(entry);
    const std::lock_guard lock(m_state->mutex);
    if (m_state->repeats.isNew(std::move(key), entry, std::chrono::steady_clock::now()))
        m_state->add(std::move(entry));
}

void Journal::tellRepeats(std::chrono::steady_clock::time_point now)
{
    const std::lock_guard lock(m_state->mutex);
    const auto entries = m_state->repeats.due(now);
    for (const JournalEntry &entry : entries)
        m_state->add(entry);
}

QList<JournalEntry> Journal::entriesAfter(quint64 after, int most) const
{
    const std::lock_guard lock(m_state->mutex);
    if (after >= m_state->lastNumber || most <= 0)
        return {};
    const auto count
        = qsizetype(std::min({m_state->lastNumber - after, quint64(m_state->entries.size()), quint64(most)}));
    return {m_state->entries.end() - count, m_state->entries.end()};
}

quint64 Journal::lastNumber() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->lastNumber;
}

qint64 Journal::lostLines() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->writer ? m_state->writer->lostLines() : 0;
}

void Journal::clear()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->entries.clear();
}

} // namespace rr
