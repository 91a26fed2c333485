// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"

#include <QString>

namespace rr {

/// One call as the window shows it: its snapshot, and what follows from two of them.
struct CallRow
{
    CallSnapshot call; ///< startedAt in local time
    double bytesPerSecond = 0; ///< both ways together; 0 once it has ended
    qint64 leftMs = -1; ///< timeLeftMs()
    QString searchText; ///< what the filter looks into, lower case
    QString closeReason; ///< in the user's language, in one line; empty while the call is live
};

/// The columns of the calls table, in the order they have before their user moves them. What changes often
/// stands together, so that it is told as one block.
enum class CallColumn : quint8 {
    State,
    Started,
    Client,
    Origin,
    Kind,
    Model,
    Access,
    Duration,
    TimeLeft,
    Cost,
    TokensIn,
    TokensOut,
    MessagesUp,
    MessagesDown,
    BytesUp,
    BytesDown,
    Rate,
    LastEvent,
    Backlog,
    RttClient,
    RttUpstream,
    Id,
    EndedBy,
    CloseCode,
    CloseReason
};
inline constexpr int callColumnCount = int(CallColumn::CloseReason) + 1;

/// Until the upstream ends it, by the upstream's own word; -1: it has given none, or the call has ended.
qint64 timeLeftMs(const CallSnapshot &call, const QDateTime &now);
/// Of a call between two snapshots; 0 when they are of the same moment.
double bytesPerSecond(const CallSnapshot &before, const CallSnapshot &now, qint64 betweenMs);

QString columnTitle(CallColumn column); ///< short, for the header
QString columnName(CallColumn column); ///< spelled out, for the menu and tool tips
bool isNumber(CallColumn column); ///< shown at the trailing edge
QString cellText(const CallRow &row, CallColumn column);
/// By the values, not by their text. What is equal is told apart by age, so that the order is always the
/// same.
bool sortsBefore(const CallRow &left, const CallRow &right, CallColumn column);
/// Bit n is set when what column n shows, or how it sorts by more than a shown unit, is not the same.
quint32 changedColumns(const CallRow &before, const CallRow &now);

} // namespace rr
