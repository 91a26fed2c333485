// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/handshake.h"

namespace rr {

/// Live refuses with an HTTP status, never behind a 101: whoever names an Origin, as browsers do, with 403; a key
/// anywhere but in `Authorization: Bearer` with 401 missing_authorization; a client secret, of which Live has none, and
/// a wrong or expired key with 401, a forbidden one with 403, one without quota with 429; the fault `error` with the
/// status that its close code stands for.
HandshakeVerdict judgeLive(const RequestHead &head, const Faults &faults, const Keys &keys);

/// 404: there is no session to attach to, or to fork.
HandshakeVerdict noSuchLiveSession();

} // namespace rr
