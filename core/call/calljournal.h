// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/callrecord.h"
#include "core/monitor/journal.h"
#include "core/realtime/usagefact.h"

#include <QByteArrayView>

namespace rr {

// The journal's lines about one call. Each is one entry, ready for Journal::add().

JournalEntry callOpened(const CallRecord &record);
JournalEntry upstreamConnected(const CallRecord &record);
JournalEntry firstAudio(const CallRecord &record);
/// Another model answers than the client asked for, and it cannot be told.
JournalEntry modelReplaced(const CallRecord &record);
/// The client asked for a temperature, and is shown it, though there is none any more.
JournalEntry temperatureIgnored(const CallRecord &record);
/// Debug: an event of the upstream was none that the client's protocol has.
JournalEntry eventDropped(const CallRecord &record, const QString &type);
/// Debug: an event passed. Its type and size, nothing of its content.
JournalEntry eventPassed(const CallRecord &record, bool up, QByteArrayView type, qint64 bytes);
/// Debug: one fact of usage is counted, billed as `model`. `used.unread`: the upstream has not told it, and what stands in `used` is
/// an estimate, if anything.
JournalEntry usageCounted(
    const CallRecord &record, UsageOf of, const QString &model, const UsageTotals &used);
/// After the record's end was written.
JournalEntry callClosed(const CallRecord &record);

} // namespace rr
