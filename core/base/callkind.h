// SPDX-License-Identifier: MIT
#pragma once

#include <QLatin1String>

#include <array>

namespace rr {

/// What OpenAI serves at a path where a call can be opened. Which path that is: the table of endpoints of core/http.
enum class CallSurface : quint8 {
    Realtime,
    Translations,
    Live, ///< a new session
    LiveAttach, ///< to a session that is under way
    LiveFork, ///< a new session that goes on from a stored one
};

/// What a call is, so that it is treated, counted and shown as that. Known from its handshake (kindOf() of
/// core/realtime/kindofcall.h), and never another.
enum class CallKind : quint8 {
    Realtime,
    Beta, ///< a Realtime call by a client that asks for the protocol of before May 2026
    Live,
    Translation,
    Transcription, ///< a Realtime call that only listens
    Sideband, ///< joins a call whose media goes elsewhere, or a Live session, to watch and steer it
};

/// For machines; in the order of CallKind.
inline constexpr std::array callKindNames{
    QLatin1String("realtime"),
    QLatin1String("beta"),
    QLatin1String("live"),
    QLatin1String("translation"),
    QLatin1String("transcription"),
    QLatin1String("sideband"),
};
static_assert(callKindNames.size() == std::size_t(CallKind::Sideband) + 1);

constexpr QLatin1String nameOf(CallKind kind)
{
    return callKindNames[std::size_t(kind)];
}

} // namespace rr
