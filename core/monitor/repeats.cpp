// SPDX-License-Identifier: MIT
#include "core/monitor/repeats.h"

#include "core/admission/clientaddress.h"

#include <QHostAddress>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

Repeats::Key Repeats::key(const JournalEntry &entry)
{
    Key key;
    key.line = journalLine(entry, LogFormat::Json); // which has no time yet
    key.hash = qHash(key.line);
    for (const auto &[name, value] : entry.fields) {
        if (name == "client")
            key.client = qHash(clientNetwork(QHostAddress(value.toString())));
    }
    return key;
}

bool Repeats::isNew(Key key, const JournalEntry &entry, TimePoint now)
{
    const auto known
        = std::find_if(m_kinds.begin(), m_kinds.end(), [&key](const Kind &kind) { return kind.key == key; });
    if (known != m_kinds.end()) {
        ++known->times;
        return false;
    }
    const auto ofClient = std::count_if(m_kinds.begin(), m_kinds.end(),
        [&key](const Kind &kind) { return key.client && kind.key.client == key.client; });
    if (m_kinds.size() < mostKinds && ofClient < mostOfClient) {
        m_kinds.push_back({std::move(key), entry, now, 0});
        return true;
    }
    if (m_others.times++ == 0)
        m_others.since = now;
    m_others.entry = entry;
    return false;
}

QList<JournalEntry> Repeats::due(TimePoint now)
{
    const auto isOver = [now](const Kind &kind) { return now - kind.since >= window; };
    QList<JournalEntry> entries;
    for (Kind &kind : m_kinds) {
        if (kind.times == 0 || !isOver(kind))
            continue;
        JournalEntry entry = kind.entry;
        entry.message = {QT_TRANSLATE_NOOP("Core", "%1 (repeated: %2)"), {entry.message, kind.times}};
        entry.fields.append({"times"_ba, kind.times});
        entries.append(entry);
    }
    std::erase_if(m_kinds, [&isOver](const Kind &kind) { return kind.times == 0 && isOver(kind); });
    for (Kind &kind : m_kinds) {
        if (isOver(kind)) { // it goes on, perhaps
            kind.times = 0;
            kind.since += window;
        }
    }
    if (m_others.times > 0 && isOver(m_others)) {
        JournalEntry entry = m_others.entry;
        entry.message = {QT_TRANSLATE_NOOP("Core", "%1 more lines like this one were left out: %2"),
            {m_others.times, entry.message}};
        entry.fields = {{"times"_ba, m_others.times}};
        entries.append(entry);
        m_others = {};
    }
    return entries;
}

} // namespace rr
