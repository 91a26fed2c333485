// SPDX-License-Identifier: MIT
#include "core/relay/sessionjournal.h"

namespace rr {

namespace {

using Fields = QList<std::pair<QByteArray, QVariant>>;

/// In every line of a session, so that a search by client or origin finds them all.
Fields whose(const SessionRecord &record)
{
    return {{"client", record.clientAddress}, {"origin", record.origin}, {"model", record.model}};
}

JournalEntry entry(
    const SessionRecord &record, LogLevel level, const QByteArray &event, const QString &message)
{
    JournalEntry entry;
    entry.level = level;
    entry.event = event;
    entry.session = record.id;
    entry.message = message;
    return entry;
}

QString sideName(EndedBy by)
{
    switch (by) {
    case EndedBy::Client:
        return QStringLiteral("client");
    case EndedBy::Upstream:
        return QStringLiteral("upstream");
    case EndedBy::Operator:
        return QStringLiteral("operator");
    case EndedBy::Relay:
    case EndedBy::Nobody:
        break;
    }
    return QStringLiteral("relay");
}

} // namespace

JournalEntry sessionOpened(const SessionRecord &record)
{
    JournalEntry e = entry(record, LogLevel::Info, "session_opened", QStringLiteral("A client has come."));
    e.fields = whose(record);
    return e;
}

JournalEntry upstreamConnected(const SessionRecord &record)
{
    JournalEntry e
        = entry(record, LogLevel::Info, "upstream_connected", QStringLiteral("The upstream is connected."));
    e.fields = Fields{{"connect_ms", record.connectMs.value()}} + whose(record);
    return e;
}

JournalEntry firstAudio(const SessionRecord &record)
{
    JournalEntry e = entry(
        record, LogLevel::Info, "first_audio", QStringLiteral("The first audio has come from the upstream."));
    e.fields = Fields{{"after_ms", record.firstAudioMs.value()}} + whose(record);
    return e;
}

JournalEntry eventPassed(const SessionRecord &record, bool up, QByteArrayView type, qint64 bytes)
{
    JournalEntry e = entry(record, LogLevel::Debug, "event",
        up ? QStringLiteral("Client to upstream.") : QStringLiteral("Upstream to client."));
    e.fields = {{"direction", up ? QStringLiteral("up") : QStringLiteral("down")},
        {"type", QString::fromLatin1(type)}, {"bytes", bytes}};
    return e;
}

JournalEntry sessionClosed(const SessionRecord &record)
{
    JournalEntry e = entry(
        record, record.failed ? LogLevel::Warning : LogLevel::Info, "session_closed", record.closeReason);
    e.fields = {{"by", sideName(record.endedBy)}, {"reason", QString::fromLatin1(record.endReason)},
        {"code", int(record.closeCode)}, {"client", record.clientAddress}, {"origin", record.origin},
        {"model", record.model}, {"up_messages", record.up.messages.value()},
        {"up_bytes", record.up.bytes.value()}, {"down_messages", record.down.messages.value()},
        {"down_bytes", record.down.bytes.value()},
        {"duration_ms", (record.endedNs - record.startedNs) / 1'000'000}};
    return e;
}

} // namespace rr
