// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/storerows.h"
#include "core/monitor/callrecord.h"
#include "core/monitor/connectionfailure.h"
#include "core/monitor/exchangecounts.h"
#include "core/monitor/sharewitness.h"
#include "core/monitor/troubles.h"
#include "core/monitor/usagetotals.h"

#include <QList>
#include <QMap>

#include <optional>

namespace rr {

struct DirectionTotals
{
    qint64 messages = 0;
    qint64 bytes = 0;
    qint64 backlogBytes = 0;
};

/// One call as it stood when the snapshot was taken.
struct CallSnapshot
{
    quint64 number = 0;
    QString id;
    CallState state = CallState::Dialling;
    QString clientAddress;
    QString origin;
    QString model;
    CallKind kind = CallKind::Realtime;
    Door door = Door::Public; ///< by which it came in
    qint64 access = 0; ///< id of the access token that it came with; 0: none
    QString accessName; ///< that token's name; empty: none
    QDateTime startedAt;
    qint64 durationMs = 0;
    DirectionTotals up;
    DirectionTotals down;
    qint64 connectMs = 0;
    qint64 firstAudioMs = 0;
    qint64 downstreamRttUs = 0;
    qint64 upstreamRttUs = 0;
    qint64 expiresAt = 0; ///< epoch seconds; 0: unknown
    quint8 lastEventType = 0; ///< an EventType of core/realtime/eventtype.h, which has the names; 0: none yet
    // What the client gets otherwise than it asked for, and cannot be told.
    QString askedModel; ///< empty: it gets the one it asked for
    QString answeringModel;
    bool temperatureIgnored = false;
    qint64 droppedEvents
        = 0; ///< of the upstream, which its protocol does not have and the relay does not know
    UsageTotals usage;
    /// It only watches what another call or session is billed for (CallKind::Sideband): its usage is what was seen, has no
    /// cost, and is in no sum.
    bool isUsageElsewhere = false;
    /// A Live session's time is what it last told, up to a minute ago; it has not told its last. Also of one that has ended.
    bool isUsageUnconfirmed = false;
    EndedBy endedBy = EndedBy::Nobody;
    std::optional<EndReason> endReason; ///< nothing while it is live
    quint16 closeCode = 0;
    Sentence closeReason; ///< for people
};

enum class RelayState : quint8 { Stopped, Running, Draining };

/// For machines; in the order of RelayState.
inline constexpr std::array relayStateNames{
    QLatin1String("stopped"), QLatin1String("running"), QLatin1String("draining")};
static_assert(relayStateNames.size() == std::size_t(RelayState::Draining) + 1);

constexpr QLatin1String nameOf(RelayState state)
{
    return relayStateNames[std::size_t(state)];
}

/// Everything that can be seen of the relay, taken at one moment from the truth. Immutable once made; passed
/// between threads as a value. /health, /stats, /metrics and the window all read this.
struct Snapshot
{
    QDateTime takenAt;
    RelayState state = RelayState::Stopped;
    QString version;
    qint64 uptimeMs = 0;
    qint64 drainLeftMs = 0; ///< while draining: how long the live calls still have
    QString listenAddress; ///< empty while not listening
    quint16 port = 0;
    bool tls = false;
    bool demo = false; ///< the program's own simulator answers, which takes any key

    qint64 totalConnections = 0; ///< calls admitted since the start
    qint64 activeConnections = 0;
    int sharedCalls = 0; ///< of activeConnections: those that came by the door of a share
    qint64 peakConnections = 0;
    qint64 placesTaken = 0; ///< of maxConnections; calls that are on their way out take none
    qint64 maxConnections = 0; ///< places there are; 0 while stopped
    std::array<qint64, callKindNames.size()> callsByKind{}; ///< of totalConnections; index: CallKind
    qint64 errors = 0; ///< calls and dials that failed
    std::array<qint64, endReasonNames.size()> endsByReason{}; ///< of all ended calls; index: EndReason
    DirectionTotals up; ///< live and ended calls together
    DirectionTotals down;
    QMap<QByteArray, qint64> rejected; ///< by Refusal code, e.g. "origin_not_allowed"
    ConnectionFailureTotals failedConnections{};
    QMap<QByteArray, ExchangeTotals> exchanges; ///< by path, of those that had any
    UsageTotals usage; ///< of live and ended calls together, without those that only watch
    QList<ModelUsage> usageByModel; ///< of the same, by name; mostModels and otherModels at the most
    QList<AccessUsage>
        usageByAccess; ///< of the access tokens that came, by name; mostAccessNames and otherAccess at the most
    QString pricesFrom; ///< the day of the prices in force, "2026-11-26"; empty: the list has none
    std::optional<StoreRows> storeRows; ///< nullopt: there is no store
    qint64 connectP50Ms = 0; ///< of the last dials; 0 when there was none
    qint64 connectP95Ms = 0;
    qint64 memoryBytes = 0; ///< resident
    double cpuSeconds = 0; ///< user and system, since the start
    int workers = 0;
    QList<Trouble> troubles; ///< that are to be told, the worst first
    /// When the upstream was last proven to take calls, by a call or a check, UTC; null: not yet, or not since it failed.
    QDateTime upstreamAnsweredAt;
    std::optional<Visitor>
        firstVisitor; ///< of the share; for the window alone: /stats and /metrics have no addresses

    QList<CallSnapshot> calls; ///< live ones first by number, then the history; empty unless asked for
};

} // namespace rr
