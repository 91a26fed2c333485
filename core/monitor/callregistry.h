// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"

#include <QString>

#include <memory>

namespace rr {

/// Who a call belongs to, as far as may be shown.
struct CallIdentity
{
    QString clientAddress;
    QString origin; ///< empty: the client sent none
    QString model; ///< empty: the query names none
    CallKind kind = CallKind::Realtime;
    Door door = Door::Public;
    qint64 access = 0; ///< see CallRecord
    QString accessName = {};
};

/// All calls of the relay: the live ones, and the last ended ones as history. Any thread may call any
/// function; each takes a mutex for a moment, when a call opens, connects or ends and when a snapshot is
/// taken. The data path writes to the CallRecord alone.
class CallRegistry
{
public:
    static constexpr int historySize = 500;
    static constexpr int dialSamples = 1024;

    CallRegistry();
    ~CallRegistry();
    Q_DISABLE_COPY_MOVE(CallRegistry)

    /// A new live call, with number, id and start time set; counted from now on.
    std::shared_ptr<CallRecord> open(const CallIdentity &identity);

    /// The upstream is open: notes the time the dial took, in the record and for the percentiles.
    void connected(CallRecord &record, qint64 connectMs);

    /// The call has ended: its end is in the record and nobody writes to it any more. Adds its counters to
    /// the totals and moves it to the history. A record that is not live (closed twice) is passed over.
    void closed(const std::shared_ptr<CallRecord> &record);

    /// Fills in what the registry knows: connections, errors, both directions, usage, connect percentiles and, when
    /// asked for, the calls: live ones by number, then the history, the last ended first.
    void fill(Snapshot &snapshot, bool withCalls) const;

    /// The clock of CallRecord::startedNs and endedNs: steady, in nanoseconds.
    static qint64 nowNs();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace rr
