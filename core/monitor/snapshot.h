// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/sessionrecord.h"

#include <QList>
#include <QMap>

namespace rr {

struct DirectionTotals
{
    qint64 messages = 0;
    qint64 bytes = 0;
    qint64 backlogBytes = 0;
};

/// One call as it stood when the snapshot was taken.
struct SessionSnapshot
{
    quint64 number = 0;
    QString id;
    SessionState state = SessionState::Dialling;
    QString clientAddress;
    QString origin;
    QString model;
    QDateTime startedAt;
    qint64 durationMs = 0;
    DirectionTotals up;
    DirectionTotals down;
    qint64 connectMs = 0;
    qint64 firstAudioMs = 0;
    qint64 downstreamRttUs = 0;
    qint64 upstreamRttUs = 0;
    qint64 expiresAt = 0; ///< epoch seconds; 0: unknown
    QByteArray lastEventType;
    EndedBy endedBy = EndedBy::Nobody;
    QByteArray endReason; ///< for machines: "client_closed", …
    quint16 closeCode = 0;
    QString closeReason; ///< for people
};

enum class RelayState : quint8 { Stopped, Running, Draining };

/// Everything that can be seen of the relay, taken at one moment from the truth. Immutable once made; passed
/// between threads as a value. /health, /stats, /metrics and the window all read this.
struct Snapshot
{
    QDateTime takenAt;
    RelayState state = RelayState::Stopped;
    QString version;
    qint64 uptimeMs = 0;
    QString listenAddress; ///< empty while not listening
    quint16 port = 0;
    bool tls = false;

    qint64 totalConnections = 0; ///< sessions admitted since the start
    qint64 activeConnections = 0;
    qint64 peakConnections = 0;
    qint64 errors = 0; ///< sessions and dials that failed
    DirectionTotals up; ///< live and ended sessions together
    DirectionTotals down;
    QMap<QByteArray, qint64> rejected; ///< by Refusal code, e.g. "origin_not_allowed"
    qint64 connectP50Ms = 0; ///< of the last dials; 0 when there was none
    qint64 connectP95Ms = 0;
    qint64 memoryBytes = 0; ///< resident
    double cpuSeconds = 0; ///< user and system, since the start
    int workers = 0;

    QList<SessionSnapshot> sessions; ///< live ones first by number, then the history; empty unless asked for
};

} // namespace rr
