// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QString>

#include <atomic>

namespace rr {

/// A number that one thread writes and any thread reads. Not a read-modify-write: the data path pays a plain
/// store.
class Counter
{
public:
    void add(qint64 n)
    {
        m_value.store(m_value.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    void set(qint64 n) { m_value.store(n, std::memory_order_relaxed); }
    qint64 value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<qint64> m_value{0};
};

enum class SessionState : quint8 { Dialling, Open, Closing, Closed };
enum class EndedBy : quint8 { Nobody, Client, Upstream, Relay, Operator };

/// One direction of a call: Up is client to upstream, Down is upstream to client.
struct DirectionCounters
{
    Counter messages; ///< whole data messages passed on
    Counter bytes; ///< payload and frame headers passed on
    Counter backlogBytes;
};

/// What can be seen of one call. Made by its worker, which alone writes the counters; shared with whoever
/// takes snapshots. The identity never changes; the end is written once, before `state` becomes Closed.
class SessionRecord
{
public:
    // Identity
    quint64 number = 0; ///< unique in this process, ascending
    QString id; ///< short, for people and logs: 8 hex digits
    QString clientAddress;
    QString origin; ///< empty: the client sent none
    QString model; ///< from the query; empty when the query names none
    QDateTime startedAt;
    qint64 startedNs = 0; ///< SessionRegistry::nowNs()

    // Written by the worker, read by anyone
    std::atomic<SessionState> state{SessionState::Dialling};
    DirectionCounters up;
    DirectionCounters down;
    Counter connectMs; ///< dial to open; 0 before
    Counter firstAudioMs; ///< start to the first audio from the upstream; 0 before
    Counter downstreamRttUs; ///< last heartbeat round trip to the client; 0 before
    Counter upstreamRttUs;
    Counter expiresAt; ///< epoch seconds from session.created; 0: unknown
    Counter lastEventType; ///< an index for eventTypeName() of core/realtime/eventtype.h; 0: none yet

    // The end; valid once state is Closed
    EndedBy endedBy = EndedBy::Nobody;
    QByteArray endReason; ///< endReasonName() of core/realtime/endreason.h
    quint16 closeCode = 0; ///< what the client was told; 1006 when it was told nothing
    QString closeReason; ///< in one sentence, for people
    qint64 endedNs = 0; ///< SessionRegistry::nowNs()
    bool failed = false; ///< counts as an error: neither side, nor the operator, meant it to end so
};

} // namespace rr
