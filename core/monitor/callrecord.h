// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/callkind.h"
#include "core/base/counter.h"
#include "core/base/door.h"
#include "core/base/endreason.h"
#include "core/base/sentence.h"
#include "core/monitor/callusage.h"

#include <QDateTime>
#include <QString>

#include <array>
#include <atomic>

namespace rr {

enum class CallState : quint8 { Dialling, Open, Closing, Closed };

/// For machines; in the order of CallState.
inline constexpr std::array callStateNames{
    QLatin1String("dialling"),
    QLatin1String("open"),
    QLatin1String("closing"),
    QLatin1String("closed"),
};
static_assert(callStateNames.size() == std::size_t(CallState::Closed) + 1);

constexpr QLatin1String nameOf(CallState state)
{
    return callStateNames[std::size_t(state)];
}

/// One direction of a call: Up is client to upstream, Down is upstream to client.
struct DirectionCounters
{
    Counter messages; ///< whole data messages passed on
    Counter bytes; ///< payload and frame headers passed on
    Counter backlogBytes;
};

/// What can be seen of one call. Made by its worker, which alone writes the counters; shared with whoever
/// takes snapshots. The identity never changes; the end is written once, before `state` becomes Closed.
class CallRecord
{
public:
    // Identity
    quint64 number = 0; ///< unique in this process, ascending
    QString id; ///< short, for people and logs: 8 hex digits
    QString clientAddress;
    QString origin; ///< empty: the client sent none
    QString model; ///< from the query; empty when the query names none
    CallKind kind = CallKind::Realtime;
    Door door = Door::Public; ///< by which it came in
    qint64 access
        = 0; ///< AccessTerms::id of the access token that it came with; 0: it came with a key of its own
    QString accessName; ///< that token's name; empty: none
    QByteArray entryId; ///< CallEntry::id in the ledger: unique among all relays
    QDateTime startedAt;
    qint64 startedNs = 0; ///< CallRegistry::nowNs()

    // Written by the worker, read by anyone
    std::atomic<CallState> state{CallState::Dialling};
    DirectionCounters up;
    DirectionCounters down;
    Counter connectMs; ///< dial to open; 0 before
    Counter firstAudioMs; ///< start to the first audio from the upstream; 0 before
    Counter downstreamRttUs; ///< last heartbeat round trip to the client; 0 before
    Counter upstreamRttUs;
    Counter expiresAt; ///< epoch seconds from session.created; 0: unknown
    Counter lastEventType; ///< an EventType of core/realtime/eventtype.h; 0: none yet

    /// What the client gets otherwise than it asked for, and cannot be told.
    struct Untold
    {
        Counter temperature; ///< 1: it asked for one, and there is none any more
        Counter
            droppedEvents; ///< of the upstream, which its protocol does not have and the relay does not know
        std::atomic<bool> model{false}; ///< another answers; set after the names, which are written once
        QString askedModel;
        QString answeringModel;

        /// Only the first counts: who reads may be at it.
        void answer(const QString &asked, const QString &answering)
        {
            if (model.load(std::memory_order_relaxed))
                return;
            askedModel = asked;
            answeringModel = answering;
            model.store(true, std::memory_order_release);
        }
    } untold;

    CallUsage usage;

    // The end; valid once state is Closed
    EndedBy endedBy = EndedBy::Nobody;
    EndReason endReason = EndReason::ClientClosed;
    quint16 closeCode = 0; ///< what the client was told; 1006 when it was told nothing
    Sentence closeReason; ///< for people
    qint64 endedNs = 0; ///< CallRegistry::nowNs()
    bool failed = false; ///< counts as an error: neither side, nor the operator, meant it to end so
};

} // namespace rr
