// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/requesthead.h"
#include "core/simulator/apierror.h"
#include "core/simulator/faults.h"

namespace rr {

/// What the simulator makes of a request for an upgrade: a refusal, or a 101 that may be followed by an
/// `error` event and a close, as the Realtime API does it. A plain value.
struct HandshakeVerdict
{
    int refuseStatus = 0; ///< HTTP status; 0 = 101
    quint16 closeCode = 0; ///< after the 101 and the error event; 0 = a call begins
    ApiError error;
    QString closeReason;
};

/// Judges path, beta markers and key; then, of those that pass, the faults that the query adds to `faults`.
/// Keys: one that contains "invalid" or "nokey", "null", or none: error invalid_api_key and close 3000;
/// "quota": insufficient_quota and 1013; "expired": HTTP 401; "forbidden": HTTP 403. Any other is welcome.
HandshakeVerdict judgeHandshake(const RequestHead &head, Faults &faults);

/// The key by which the client wants in: of the subprotocol, Authorization, the api-key header or query. Null
/// when there is none.
QByteArray presentedKey(const RequestHead &head);

/// The 101, which echoes `realtime` when that was offered.
QByteArray acceptance(const RequestHead &head);
/// A whole HTTP response with the error as its JSON body; the connection ends with it.
QByteArray refusal(int status, const ApiError &error);

/// The request as data, with keys masked: path, query, headers as [name, value] pairs, and, when a key is
/// expected, whether this is the one (key_ok).
QJsonObject describeHandshake(const RequestHead &head, const QByteArray &expectedKey);

} // namespace rr
