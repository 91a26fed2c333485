// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"

#include <QString>

namespace rr {

/// One session as the window shows it: its snapshot, and what follows from two of them.
struct SessionRow
{
    SessionSnapshot session; ///< startedAt in local time
    double bytesPerSecond = 0; ///< both ways together; 0 once it has ended
    qint64 leftMs = -1; ///< until OpenAI ends it; -1 once it has ended
    QString searchText; ///< what the filter looks into, lower case
};

/// The columns of the sessions table, in the order they have before their user moves them. What changes often
/// stands together, so that it is told as one block.
enum class SessionColumn : quint8 {
    State,
    Started,
    Client,
    Origin,
    Model,
    Duration,
    TimeLeft,
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
inline constexpr int sessionColumnCount = int(SessionColumn::CloseReason) + 1;

/// A session of OpenAI lasts 60 minutes; this is what is left, by its own word where it gave one.
qint64 timeLeftMs(const SessionSnapshot &session, const QDateTime &now);
/// Of a session between two snapshots; 0 when they are of the same moment.
double bytesPerSecond(const SessionSnapshot &before, const SessionSnapshot &now, qint64 betweenMs);
QString searchText(const SessionSnapshot &session);

QString columnTitle(SessionColumn column); ///< short, for the header
QString columnName(SessionColumn column); ///< spelled out, for the menu and tool tips
bool isNumber(SessionColumn column); ///< shown at the trailing edge
QString cellText(const SessionRow &row, SessionColumn column);
/// By the values, not by their text. What is equal is told apart by age, so that the order is always the
/// same.
bool sortsBefore(const SessionRow &left, const SessionRow &right, SessionColumn column);
/// Bit n is set when what column n shows, or how it sorts by more than a shown unit, is not the same.
quint32 changedColumns(const SessionRow &before, const SessionRow &now);

QString sessionStateName(SessionState state);
QString endedByName(EndedBy by); ///< empty for Nobody
QString roundTripText(qint64 microseconds); ///< "23 ms"; empty for 0

} // namespace rr
