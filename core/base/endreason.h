// SPDX-License-Identifier: MIT
#pragma once

#include <QLatin1String>

#include <array>

namespace rr {

/// Why a call ended. What each means for the two sides, for people and for the counters: describe() of
/// core/realtime/endreason.h.
enum class EndReason : quint8 {
    ClientClosed, ///< with a close frame of its own
    ClientVanished, ///< its connection ended without one
    ClientSilent, ///< answered no ping for two heartbeat intervals
    UpstreamClosed,
    UpstreamVanished,
    UpstreamSilent,
    UpstreamRefused, ///< the handshake was answered with an HTTP status
    UpstreamUnreachable, ///< no handshake came about
    MissingKey, ///< the client sent no key that can be used; the upstream is not dialled
    InactivityTimeout,
    SessionLimit,
    ClientMessageTooLarge,
    UpstreamMessageTooLarge,
    ClientTooSlow, ///< stopped reading for longer than the buffer time
    UpstreamTooSlow,
    ClientBreach, ///< broke the rules of RFC 6455
    UpstreamBreach,
    RelayShutdown,
    ClosedByOperator,
    SpendLimit, ///< a budget is spent, or costs something that has no price
    AccessEnded, ///< the access token was revoked, or has expired, in mid-call
    AccessRefused, ///< it came with an access token that is not let in; the upstream is not dialled
};

/// For machines, in journal, metrics and exports; in the order of EndReason.
inline constexpr std::array endReasonNames{
    QLatin1String("client_closed"),
    QLatin1String("client_vanished"),
    QLatin1String("client_silent"),
    QLatin1String("upstream_closed"),
    QLatin1String("upstream_vanished"),
    QLatin1String("upstream_silent"),
    QLatin1String("upstream_refused"),
    QLatin1String("upstream_unreachable"),
    QLatin1String("missing_key"),
    QLatin1String("inactivity_timeout"),
    QLatin1String("session_limit"),
    QLatin1String("client_message_too_large"),
    QLatin1String("upstream_message_too_large"),
    QLatin1String("client_too_slow"),
    QLatin1String("upstream_too_slow"),
    QLatin1String("client_breach"),
    QLatin1String("upstream_breach"),
    QLatin1String("relay_shutdown"),
    QLatin1String("closed_by_operator"),
    QLatin1String("spend_limit"),
    QLatin1String("access_ended"),
    QLatin1String("access_refused"),
};
static_assert(endReasonNames.size() == std::size_t(EndReason::AccessRefused) + 1);

constexpr QLatin1String nameOf(EndReason reason)
{
    return endReasonNames[std::size_t(reason)];
}

/// Who ended a call, as far as the other side is concerned.
enum class EndedBy : quint8 { Nobody, Client, Upstream, Relay, Operator };

/// For machines; in the order of EndedBy. Nobody: the call is live.
inline constexpr std::array endedByNames{
    QLatin1String(""),
    QLatin1String("client"),
    QLatin1String("upstream"),
    QLatin1String("relay"),
    QLatin1String("operator"),
};
static_assert(endedByNames.size() == std::size_t(EndedBy::Operator) + 1);

constexpr QLatin1String nameOf(EndedBy by)
{
    return endedByNames[std::size_t(by)];
}

} // namespace rr
