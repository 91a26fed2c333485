// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"

#include <QString>

#include <memory>

namespace rr {

/// Who a session belongs to, as far as may be shown.
struct SessionIdentity
{
    QString clientAddress;
    QString origin; ///< empty: the client sent none
    QString model; ///< empty: the query names none
};

/// All sessions of the relay: the live ones, and the last ended ones as history. Any thread may call any
/// function; each takes a mutex for a moment, when a session opens, connects or ends and when a snapshot is
/// taken. The data path writes to the SessionRecord alone.
class SessionRegistry
{
public:
    static constexpr int historySize = 500;
    static constexpr int dialSamples = 1024;

    SessionRegistry();
    ~SessionRegistry();
    Q_DISABLE_COPY_MOVE(SessionRegistry)

    /// A new live session, with number, id and start time set; counted from now on.
    std::shared_ptr<SessionRecord> open(const SessionIdentity &identity);

    /// The upstream is open: notes the time the dial took, in the record and for the percentiles.
    void connected(SessionRecord &record, qint64 connectMs);

    /// The session has ended: its end is in the record and nobody writes to it any more. Adds its counters to
    /// the totals and moves it to the history. A record that is not live (closed twice) is passed over.
    void closed(const std::shared_ptr<SessionRecord> &record);

    /// Fills in what the registry knows: connections, errors, both directions, connect percentiles and, when
    /// asked for, the sessions: live ones by number, then the history, the last ended first.
    void fill(Snapshot &snapshot, bool withSessions) const;

    /// The clock of SessionRecord::startedNs and endedNs: steady, in nanoseconds.
    static qint64 nowNs();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace rr
