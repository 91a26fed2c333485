// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/endpoints.h"
#include "core/http/requesthead.h"
#include "core/realtime/credentials.h"
#include "core/relay/exchange.h"

namespace rr {

struct RelayRules;

/// What is asked of the upstream for a client's request, which `endpoint` was found for: where, and with which bytes; `body`
/// is what is sent on. The beta's go to client_secrets. What reaches the upstream of the headers: the key, what calls pass on, FORWARD_HEADERS', Accept and
/// Content-Type.
Exchange::Plan exchangePlan(const RelayRules &rules, const RequestHead &head, const Credentials &credentials,
    const Endpoint &endpoint, const QByteArray &body);

} // namespace rr
