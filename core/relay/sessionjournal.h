// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/journal.h"
#include "core/monitor/sessionrecord.h"

#include <QByteArrayView>

namespace rr {

// The journal's lines about one session. Each is one entry, ready for Journal::add().

JournalEntry sessionOpened(const SessionRecord &record);
JournalEntry upstreamConnected(const SessionRecord &record);
JournalEntry firstAudio(const SessionRecord &record);
/// Debug: an event passed. Its type and size, nothing of its content.
JournalEntry eventPassed(const SessionRecord &record, bool up, QByteArrayView type, qint64 bytes);
/// After the record's end was written.
JournalEntry sessionClosed(const SessionRecord &record);

} // namespace rr
