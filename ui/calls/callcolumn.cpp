// SPDX-License-Identifier: MIT
#include "ui/calls/callcolumn.h"

#include "core/realtime/eventtype.h"
#include "ui/calls/callwords.h"
#include "ui/control/displaytext.h"
#include "ui/log/logfilter.h"

#include <QCoreApplication>

#include <tuple>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

struct ColumnText
{
    const char *title;
    const char *name;
};

// In the order of CallColumn.
constexpr ColumnText texts[] = {
    {QT_TRANSLATE_NOOP("rr::Calls", "State"), QT_TRANSLATE_NOOP("rr::Calls", "State")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Started"), QT_TRANSLATE_NOOP("rr::Calls", "Started")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Client"), QT_TRANSLATE_NOOP("rr::Calls", "Client address")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Origin"), QT_TRANSLATE_NOOP("rr::Calls", "Origin")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Kind"), QT_TRANSLATE_NOOP("rr::Calls", "Kind of call")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Model"), QT_TRANSLATE_NOOP("rr::Calls", "Model")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Token"), QT_TRANSLATE_NOOP("rr::Calls", "Access token")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Duration"), QT_TRANSLATE_NOOP("rr::Calls", "Duration")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Left"),
        QT_TRANSLATE_NOOP("rr::Calls", "Time until the upstream ends it")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Cost"), QT_TRANSLATE_NOOP("rr::Calls", "Cost")},
    {QT_TRANSLATE_NOOP("rr::Calls", "↑ Tokens"),
        QT_TRANSLATE_NOOP("rr::Calls", "Tokens in, as the model counts")},
    {QT_TRANSLATE_NOOP("rr::Calls", "↓ Tokens"),
        QT_TRANSLATE_NOOP("rr::Calls", "Tokens out, as the model counts")},
    {QT_TRANSLATE_NOOP("rr::Calls", "↑ Msgs"), QT_TRANSLATE_NOOP("rr::Calls", "Messages to the upstream")},
    {QT_TRANSLATE_NOOP("rr::Calls", "↓ Msgs"), QT_TRANSLATE_NOOP("rr::Calls", "Messages to the client")},
    {QT_TRANSLATE_NOOP("rr::Calls", "↑ Bytes"), QT_TRANSLATE_NOOP("rr::Calls", "Bytes to the upstream")},
    {QT_TRANSLATE_NOOP("rr::Calls", "↓ Bytes"), QT_TRANSLATE_NOOP("rr::Calls", "Bytes to the client")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Rate"), QT_TRANSLATE_NOOP("rr::Calls", "Rate, both ways together")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Last event"), QT_TRANSLATE_NOOP("rr::Calls", "Type of the last event")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Backlog"),
        QT_TRANSLATE_NOOP("rr::Calls", "Backlog, both ways together")},
    {QT_TRANSLATE_NOOP("rr::Calls", "RTT client"),
        QT_TRANSLATE_NOOP("rr::Calls", "Round trip to the client")},
    {QT_TRANSLATE_NOOP("rr::Calls", "RTT upstream"),
        QT_TRANSLATE_NOOP("rr::Calls", "Round trip to the upstream")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Id"), QT_TRANSLATE_NOOP("rr::Calls", "Call id")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Ended by"), QT_TRANSLATE_NOOP("rr::Calls", "Ended by")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Code"), QT_TRANSLATE_NOOP("rr::Calls", "Close code")},
    {QT_TRANSLATE_NOOP("rr::Calls", "Reason"), QT_TRANSLATE_NOOP("rr::Calls", "Reason of the end")},
};
static_assert(std::size(texts) == callColumnCount && callColumnCount <= 32);

qint64 backlog(const CallSnapshot &call)
{
    return call.up.backlogBytes + call.down.backlogBytes;
}

QString textUnlessZero(qint64 value, QString (*text)(qint64))
{
    return value == 0 ? QString() : text(value);
}

} // namespace

qint64 timeLeftMs(const CallSnapshot &call, const QDateTime &now)
{
    if (call.state == CallState::Closed || call.expiresAt <= 0)
        return -1;
    return qMax(qint64(0), call.expiresAt * 1000 - now.toMSecsSinceEpoch());
}

double bytesPerSecond(const CallSnapshot &before, const CallSnapshot &now, qint64 betweenMs)
{
    if (betweenMs <= 0 || now.state == CallState::Closed)
        return 0;
    const qint64 bytes = now.up.bytes + now.down.bytes - before.up.bytes - before.down.bytes;
    return double(bytes) * 1000 / double(betweenMs);
}

QString columnTitle(CallColumn column)
{
    return QCoreApplication::translate("rr::Calls", texts[size_t(column)].title);
}

QString columnName(CallColumn column)
{
    return QCoreApplication::translate("rr::Calls", texts[size_t(column)].name);
}

bool isNumber(CallColumn column)
{
    switch (column) {
    case CallColumn::CloseCode:
    case CallColumn::Duration:
    case CallColumn::TimeLeft:
    case CallColumn::Cost:
    case CallColumn::TokensIn:
    case CallColumn::TokensOut:
    case CallColumn::MessagesUp:
    case CallColumn::MessagesDown:
    case CallColumn::BytesUp:
    case CallColumn::BytesDown:
    case CallColumn::Rate:
    case CallColumn::Backlog:
    case CallColumn::RttClient:
    case CallColumn::RttUpstream:
        return true;
    default:
        return false;
    }
}

QString cellText(const CallRow &row, CallColumn column)
{
    const CallSnapshot &call = row.call;
    switch (column) {
    case CallColumn::State:
        return callStateName(call.state);
    case CallColumn::Started:
        return call.startedAt.toString(u"HH:mm:ss"_s);
    case CallColumn::Client:
        return call.clientAddress;
    case CallColumn::Origin:
        return inOneLine(call.origin);
    case CallColumn::Kind:
        return callKindName(call.kind);
    case CallColumn::Model:
        return modelText(call);
    case CallColumn::Access:
        return inOneLine(call.accessName);
    case CallColumn::EndedBy:
        return endedByName(call.endedBy);
    case CallColumn::CloseCode:
        return call.closeCode == 0 ? QString() : QString::number(call.closeCode);
    case CallColumn::Duration:
        return durationText(call.durationMs);
    case CallColumn::TimeLeft:
        return row.leftMs < 0 ? QString() : durationText(row.leftMs);
    case CallColumn::Cost:
        return callCostText(call);
    case CallColumn::TokensIn:
        return textUnlessZero(call.usage.usage.tokensIn(), countText);
    case CallColumn::TokensOut:
        return textUnlessZero(call.usage.usage.tokensOut(), countText);
    case CallColumn::MessagesUp:
        return countText(call.up.messages);
    case CallColumn::MessagesDown:
        return countText(call.down.messages);
    case CallColumn::BytesUp:
        return bytesText(call.up.bytes);
    case CallColumn::BytesDown:
        return bytesText(call.down.bytes);
    case CallColumn::Rate:
        return row.bytesPerSecond < 1 ? QString() : rateText(row.bytesPerSecond);
    case CallColumn::LastEvent:
        return QString::fromLatin1(eventTypeName(call.lastEventType));
    case CallColumn::Backlog:
        return textUnlessZero(backlog(call), bytesText);
    case CallColumn::RttClient:
        return roundTripText(call.downstreamRttUs);
    case CallColumn::RttUpstream:
        return roundTripText(call.upstreamRttUs);
    case CallColumn::Id:
        return call.id;
    case CallColumn::CloseReason:
        return row.closeReason;
    }
    return {};
}

namespace {

/// -1, 0 or 1
template <typename Value>
int compare(const Value &left, const Value &right)
{
    return left < right ? -1 : (right < left ? 1 : 0);
}

/// What is not all known stands behind what costs as much, as far as that is known.
int compareCosts(const CallSnapshot &a, const CallSnapshot &b)
{
    const auto key = [](const CallSnapshot &call) {
        return std::tuple(call.usage.cost, call.usage.unpriced + call.usage.unread, !call.usage.isEmpty());
    };
    return compare(key(a), key(b));
}

int compareBy(const CallRow &left, const CallRow &right, CallColumn column)
{
    const CallSnapshot &a = left.call;
    const CallSnapshot &b = right.call;
    switch (column) {
    case CallColumn::State:
        return compare(a.state, b.state);
    case CallColumn::Started:
        return 0; // numbers ascend with time
    case CallColumn::Client:
        return a.clientAddress.compare(b.clientAddress);
    case CallColumn::Origin:
        return a.origin.compare(b.origin, Qt::CaseInsensitive);
    case CallColumn::Kind:
        return compare(a.kind, b.kind);
    case CallColumn::Model:
        return modelText(a).compare(modelText(b), Qt::CaseInsensitive);
    case CallColumn::Access:
        return a.accessName.compare(b.accessName, Qt::CaseInsensitive);
    case CallColumn::EndedBy:
        return compare(a.endedBy, b.endedBy);
    case CallColumn::CloseCode:
        return compare(a.closeCode, b.closeCode);
    case CallColumn::Duration:
        return compare(a.durationMs, b.durationMs);
    case CallColumn::TimeLeft:
        return compare(left.leftMs, right.leftMs);
    case CallColumn::Cost:
        return compareCosts(a, b);
    case CallColumn::TokensIn:
        return compare(a.usage.usage.tokensIn(), b.usage.usage.tokensIn());
    case CallColumn::TokensOut:
        return compare(a.usage.usage.tokensOut(), b.usage.usage.tokensOut());
    case CallColumn::MessagesUp:
        return compare(a.up.messages, b.up.messages);
    case CallColumn::MessagesDown:
        return compare(a.down.messages, b.down.messages);
    case CallColumn::BytesUp:
        return compare(a.up.bytes, b.up.bytes);
    case CallColumn::BytesDown:
        return compare(a.down.bytes, b.down.bytes);
    case CallColumn::Rate:
        return compare(left.bytesPerSecond, right.bytesPerSecond);
    case CallColumn::LastEvent:
        return compare(a.lastEventType, b.lastEventType);
    case CallColumn::Backlog:
        return compare(backlog(a), backlog(b));
    case CallColumn::RttClient:
        return compare(a.downstreamRttUs, b.downstreamRttUs);
    case CallColumn::RttUpstream:
        return compare(a.upstreamRttUs, b.upstreamRttUs);
    case CallColumn::Id:
        return a.id.compare(b.id);
    case CallColumn::CloseReason:
        return left.closeReason.compare(right.closeReason);
    }
    return 0;
}

} // namespace

bool sortsBefore(const CallRow &left, const CallRow &right, CallColumn column)
{
    const int order = compareBy(left, right, column);
    return order != 0 ? order < 0 : left.call.number < right.call.number;
}

quint32 changedColumns(const CallRow &before, const CallRow &now)
{
    quint32 changed = 0;
    for (int i = 0; i < callColumnCount; ++i) {
        const auto column = CallColumn(i);
        bool differs = false;
        // The clocks run in milliseconds and are shown in seconds; all of them run alike, so the order stays.
        if (column == CallColumn::Duration)
            differs = before.call.durationMs / 1000 != now.call.durationMs / 1000;
        else if (column == CallColumn::TimeLeft)
            differs = before.leftMs / 1000 != now.leftMs / 1000 || (before.leftMs < 0) != (now.leftMs < 0);
        else
            differs = compareBy(before, now, column) != 0;
        if (differs)
            changed |= 1u << i;
    }
    return changed;
}

} // namespace rr
