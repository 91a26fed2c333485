// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/requesthead.h"
#include "core/simulator/apierror.h"
#include "core/simulator/faults.h"
#include "core/simulator/keys.h"
#include "core/simulator/models.h"
#include "core/simulator/surface.h"

namespace rr {

/// What the simulator makes of a request for an upgrade: a refusal, or a 101 that may be followed by an
/// `error` event and a close, as the Realtime API does it. A plain value.
struct HandshakeVerdict
{
    int refuseStatus = 0; ///< HTTP status; 0 = 101
    quint16 closeCode = 0; ///< after the 101 and the error event; 0 = a call begins
    ApiError error;
    QString closeReason;
    SurfacePath path{}; ///< what is called
    QJsonObject configuration{}; ///< of the session, by the client secret that was shown
};

/// Who may come in, and to what.
struct Access
{
    Models models{};
    Keys keys{};
};

/// Judges path, beta markers, key and model; then, of those that pass, the faults that the query adds to `faults`.
/// Realtime and translations: a key that is missing or wrong gets the error invalid_api_key and close 3000, one
/// without quota insufficient_quota and 1013, an expired one HTTP 401, a forbidden one HTTP 403. A model that is not
/// served: model_not_found and 4004; one that is none of Realtime's: invalid_model and 4000. A call_id that is no call's: HTTP 404. The beta's marker is
/// told of in the same way as a header (4000), and refused as a subprotocol (HTTP 400).
HandshakeVerdict judgeHandshake(const RequestHead &head, Faults &faults, const Access &access);

/// The key by which the client wants in: of the subprotocol, Authorization, the api-key header or query. Null
/// when there is none.
QByteArray presentedKey(const RequestHead &head);

/// The 101, which echoes `realtime` when that was offered; Live, which knows no subprotocol, echoes none.
QByteArray acceptance(const RequestHead &head);

/// The request as data, with keys masked: path, query, headers as [name, value] pairs, its method where it is no
/// upgrade, and, when a key is expected, whether this is the one (key_ok).
QJsonObject describeHandshake(const RequestHead &head, const QByteArray &expectedKey);

} // namespace rr
