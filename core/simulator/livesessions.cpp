// SPDX-License-Identifier: MIT
#include "core/simulator/livesessions.h"

#include "core/simulator/livesession.h"

#include <algorithm>

namespace rr {

namespace {

constexpr size_t mostStored = 8; // a recording may have six megabytes

} // namespace

void LiveSessions::add(LiveSession &session)
{
    m_running.insert(session.settings().id(), &session);
}

void LiveSessions::remove(const LiveSession &session)
{
    const LiveSettings &settings = session.settings();
    if (m_running.remove(settings.id()) == 0 || !settings.isStored())
        return;
    m_stored.push_back({settings, session.recording().wav()});
    if (m_stored.size() > mostStored)
        m_stored.pop_front();
}

LiveSession *LiveSessions::running(const QString &id) const
{
    return m_running.value(id);
}

const LiveSessions::Stored *LiveSessions::stored(const QString &id) const
{
    const auto found = std::find_if(
        m_stored.begin(), m_stored.end(), [&](const Stored &stored) { return stored.settings.id() == id; });
    return found == m_stored.end() ? nullptr : &*found;
}

bool LiveSessions::has(const SurfacePath &path) const
{
    const QString id = QString::fromLatin1(path.sessionId);
    switch (path.surface) {
    case Surface::LiveAttach:
        return running(id) != nullptr;
    case Surface::LiveFork:
        return stored(id) != nullptr;
    default:
        return true;
    }
}

} // namespace rr
