// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/secret.h"
#include "core/monitor/sessionrecord.h"
#include "core/realtime/closecode.h"
#include "core/realtime/upstreamfailure.h"

#include <QByteArray>
#include <QString>

#include <chrono>

namespace rr {

/// Why a session ended. What each means for the two sides, for people and for the counters: describe().
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
};

/// What describe() needs to know beside the reason; each member is for the reasons named.
struct EndDetails
{
    quint16 closeCode = noCloseCode; ///< ClientClosed, UpstreamClosed: as received
    QString closeReason; ///< ClientClosed, UpstreamClosed: as received
    UpstreamFailure failure; ///< UpstreamRefused, UpstreamUnreachable
    QString upstreamHost; ///< UpstreamRefused, UpstreamUnreachable
    std::chrono::milliseconds limit{0}; ///< InactivityTimeout, SessionLimit; 0: not known
    qint64 limitBytes = 0; ///< …MessageTooLarge; 0: not known
    QString detail; ///< …Breach, MissingKey: what was wrong, a short phrase
    Secret key; ///< the client's: cut out of what the sides said, where that is told to people
};

/// What an end means. A code of 0: no close frame goes to that side, its socket is just closed. noCloseCode:
/// a close frame without a code.
struct EndDescription
{
    QByteArray name; ///< endReasonName()
    EndedBy endedBy = EndedBy::Relay;
    bool failed = false; ///< neither side, nor the operator, nor a time limit meant it to end so

    quint16 clientCode = 0;
    QByteArray clientReason; ///< for the wire, UTF-8, at most maxCloseReasonBytes
    quint16 upstreamCode = 0;
    QByteArray upstreamReason;

    /// Of the `error` event that goes to the client before the close; both empty when none is sent.
    QByteArray errorType;
    QByteArray errorCode;

    /// What happened and what to do, for people: the event's error.message, and the session's reason in
    /// journal and window. Holds no key and no control characters.
    QString message;

    bool hasErrorEvent() const { return !errorCode.isEmpty(); }
};

/// For machines, in journal and exports: "client_closed", "upstream_refused", …
QByteArray endReasonName(EndReason reason);

EndDescription describe(EndReason reason, const EndDetails &details = {});

} // namespace rr
