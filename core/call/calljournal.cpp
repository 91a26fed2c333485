// SPDX-License-Identifier: MIT
#include "core/call/calljournal.h"

namespace rr {

namespace {

/// All that an amount of money has.
constexpr int exactDecimals = 12;

using Fields = QList<std::pair<QByteArray, QVariant>>;

/// In every line of a call, so that a search by client or origin finds them all.
Fields whose(const CallRecord &record, const QString &model)
{
    Fields fields{{"client", record.clientAddress}, {"origin", record.origin}, {"model", model}};
    if (record.access != 0)
        fields.append({"access", record.accessName});
    if (record.door == Door::Share)
        fields.append({"door", nameOf(record.door)});
    return fields;
}

Fields whose(const CallRecord &record)
{
    return whose(record, record.model);
}

QString nameOf(UsageOf of)
{
    switch (of) {
    case UsageOf::Response:
        return QStringLiteral("response");
    case UsageOf::Transcription:
        return QStringLiteral("transcription");
    case UsageOf::LiveVoice:
        return QStringLiteral("voice");
    case UsageOf::LiveBackend:
        return QStringLiteral("backend");
    case UsageOf::LiveDecision:
        break;
    }
    return QStringLiteral("decision");
}

/// Nothing where nothing was told; no cost where it is unknown.
Fields usedBy(const CallRecord &record)
{
    const UsageTotals used = record.usage.totals();
    if (used.isEmpty())
        return {};
    Fields fields{{"tokens_in", used.usage.tokensIn()}, {"tokens_out", used.usage.tokensOut()}};
    if (used.usage.ms > 0)
        fields.append({"billed_ms", used.usage.ms});
    if (record.kind != CallKind::Sideband && used.isCostKnown()) // a sideband's is another's
        fields.append({"cost_usd", QString::fromLatin1(decimalText(used.cost))});
    if (used.unpriced > 0)
        fields.append({"unpriced", used.unpriced});
    if (used.unread > 0)
        fields.append({"usage_unread", used.unread});
    return fields;
}

JournalEntry entry(const CallRecord &record, LogLevel level, const QByteArray &event, const Sentence &message)
{
    JournalEntry entry;
    entry.level = level;
    entry.event = event;
    entry.call = record.id;
    entry.message = message;
    return entry;
}

} // namespace

JournalEntry callOpened(const CallRecord &record)
{
    JournalEntry e
        = entry(record, LogLevel::Info, "session_opened", QT_TRANSLATE_NOOP("Core", "A client has come."));
    e.fields = Fields{{"kind", nameOf(record.kind)}} + whose(record);
    return e;
}

JournalEntry upstreamConnected(const CallRecord &record)
{
    JournalEntry e = entry(record, LogLevel::Info, "upstream_connected",
        QT_TRANSLATE_NOOP("Core", "The upstream is connected."));
    e.fields = Fields{{"connect_ms", record.connectMs.value()}} + whose(record);
    return e;
}

JournalEntry firstAudio(const CallRecord &record)
{
    JournalEntry e = entry(record, LogLevel::Info, "first_audio",
        QT_TRANSLATE_NOOP("Core", "The first audio has come from the upstream."));
    e.fields = Fields{{"after_ms", record.firstAudioMs.value()}} + whose(record);
    return e;
}

JournalEntry modelReplaced(const CallRecord &record)
{
    JournalEntry e = entry(record, LogLevel::Info, "model_replaced",
        {QT_TRANSLATE_NOOP("Core", "The client asked for the model %1; %2 answers in its place."),
            {record.untold.askedModel, record.untold.answeringModel}});
    e.fields = Fields{{"answers", record.untold.answeringModel}} + whose(record);
    return e;
}

JournalEntry temperatureIgnored(const CallRecord &record)
{
    JournalEntry e = entry(record, LogLevel::Info, "temperature_ignored",
        QT_TRANSLATE_NOOP(
            "Core", "The client asked for a temperature, which the Realtime API no longer has."));
    e.fields = whose(record);
    return e;
}

JournalEntry eventDropped(const CallRecord &record, const QString &type)
{
    JournalEntry e = entry(record, LogLevel::Debug, "event_dropped",
        QT_TRANSLATE_NOOP("Core", "An event that the beta did not have was kept from the client."));
    e.fields = {{"type", type}};
    return e;
}

JournalEntry eventPassed(const CallRecord &record, bool up, QByteArrayView type, qint64 bytes)
{
    JournalEntry e = entry(record, LogLevel::Debug, "event",
        up ? QT_TRANSLATE_NOOP("Core", "Client to upstream.")
           : QT_TRANSLATE_NOOP("Core", "Upstream to client."));
    e.fields = {{"direction", up ? QStringLiteral("up") : QStringLiteral("down")},
        {"type", QString::fromLatin1(type)}, {"bytes", bytes}};
    return e;
}

JournalEntry usageCounted(const CallRecord &record, UsageOf of, const QString &model, const UsageTotals &used)
{
    JournalEntry e = entry(record, LogLevel::Debug, "usage",
        used.unread == 0 ? QT_TRANSLATE_NOOP("Core", "The upstream has told what was used.")
                         : QT_TRANSLATE_NOOP("Core", "The upstream has not told what was used."));
    e.fields = Fields{{"of", nameOf(of)}} + whose(record, model);
    const bool isKnown = used.unread == 0 || !used.usage.isEmpty();
    if (isKnown)
        e.fields += Fields{{"tokens_in", used.usage.tokensIn()}, {"tokens_out", used.usage.tokensOut()}};
    if (used.usage.ms > 0)
        e.fields.append({"billed_ms", used.usage.ms});
    if (record.kind != CallKind::Sideband) // what it sees is another's
        e.fields.append({"cost_usd",
            isKnown && used.isCostKnown() ? QString::fromLatin1(decimalText(used.cost, exactDecimals))
                                          : QStringLiteral("unknown")});
    if (used.unread > 0)
        e.fields.append({"usage_unread", used.unread});
    return e;
}

JournalEntry callClosed(const CallRecord &record)
{
    JournalEntry e = entry(
        record, record.failed ? LogLevel::Warning : LogLevel::Info, "session_closed", record.closeReason);
    e.fields = {{"by", nameOf(record.endedBy)}, {"reason", nameOf(record.endReason)},
        {"code", int(record.closeCode)}, {"kind", nameOf(record.kind)}, {"client", record.clientAddress},
        {"origin", record.origin}, {"model", record.model}, {"up_messages", record.up.messages.value()},
        {"up_bytes", record.up.bytes.value()}, {"down_messages", record.down.messages.value()},
        {"down_bytes", record.down.bytes.value()},
        {"duration_ms", (record.endedNs - record.startedNs) / 1'000'000}};
    if (record.access != 0)
        e.fields.append({"access", record.accessName});
    if (record.door == Door::Share)
        e.fields.append({"door", nameOf(record.door)});
    e.fields += usedBy(record);
    return e;
}

} // namespace rr
