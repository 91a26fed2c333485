// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/livesettings.h"
#include "core/simulator/surface.h"

#include <QHash>

#include <deque>

namespace rr {

class LiveSession;

/// The Live sessions of one server: those that go on, for sidebands, and the last ones that were stored (`store`), for
/// forks and for their recordings. Used in the server's thread.
class LiveSessions
{
public:
    struct Stored
    {
        LiveSettings settings;
        QByteArray recording; ///< a WAV file
    };

    void add(LiveSession &session);
    void remove(const LiveSession &session); ///< it is over; keeps what is to be stored

    LiveSession *running(const QString &id) const; ///< nullptr when there is none
    /// Of a session that is over; nullptr when there is none, or it was not to be stored.
    const Stored *stored(const QString &id) const;

    /// Whether there is what a sideband or a fork wants to be joined to; true of any other path.
    bool has(const SurfacePath &path) const;

private:
    QHash<QString, LiveSession *> m_running;
    std::deque<Stored> m_stored; ///< the newest last
};

} // namespace rr
