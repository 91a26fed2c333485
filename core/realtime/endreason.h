// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/endreason.h"
#include "core/base/sentence.h"
#include "core/config/secret.h"
#include "core/realtime/closecode.h"
#include "core/realtime/upstreamfailure.h"

#include <QByteArray>
#include <QString>

#include <chrono>

namespace rr {

/// What describe() needs to know beside the reason; each member is for the reasons named.
struct EndDetails
{
    quint16 closeCode = noCloseCode; ///< ClientClosed, UpstreamClosed: as received
    QString closeReason; ///< ClientClosed, UpstreamClosed: as received
    UpstreamFailure failure; ///< UpstreamRefused, UpstreamUnreachable
    QString upstreamHost; ///< UpstreamRefused, UpstreamUnreachable
    std::chrono::milliseconds limit{0}; ///< InactivityTimeout, SessionLimit; 0: not known
    qint64 limitBytes = 0; ///< …MessageTooLarge; 0: not known
    bool isKept
        = false; ///< …MessageTooLarge: not for the limit, but there is no room to keep it; …TooSlow: with the rest of such a one
    bool isOfToken = false; ///< SessionLimit: not the relay's, but that of the access token
    Sentence detail; ///< …Breach, MissingKey, SpendLimit, AccessEnded: what was wrong, a short phrase
    /// AccessRefused: what a client is answered that waits for its 101.
    struct Refusal
    {
        int status = 401;
        QByteArray code;
        Sentence message;
        int retryAfterSeconds = 0; ///< 0: not known
    } refusal;
    QList<Secret>
        keys; ///< the client's, and whatever of its may be one: cut out of what the sides said, where that is told to people
};

/// What an end means. A code of 0: no close frame goes to that side, its socket is just closed. noCloseCode:
/// a close frame without a code.
struct EndDescription
{
    EndReason reason = EndReason::ClientClosed;
    EndedBy endedBy = EndedBy::Relay;
    /// The cause lies with the relay, its network or the upstream, not with the key, the model or the account of one
    /// client: whoever runs the relay has to know. Of a failed dial only.
    bool concernsOperator = false;
    bool failed = false; ///< neither side, nor the operator, nor a time limit meant it to end so

    quint16 clientCode = 0;
    QByteArray clientReason; ///< for the wire, UTF-8, at most maxCloseReasonBytes
    quint16 upstreamCode = 0;
    QByteArray upstreamReason;

    /// Of the `error` event that goes to the client before the close; both empty when none is sent.
    QByteArray errorType;
    QByteArray errorCode;

    /// What happened and what to do, for people: the event's error.message, and the call's reason in
    /// journal and window. Holds no key and no control characters.
    Sentence message;

    bool hasErrorEvent() const { return !errorCode.isEmpty(); }
};

EndDescription describe(EndReason reason, const EndDetails &details = {});

} // namespace rr
