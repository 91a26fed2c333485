// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/framescanner.h"

namespace rr {

/// The two ends of a call, between which the relay stands.
enum class Side : quint8 { Client, Upstream };

constexpr Side other(Side side)
{
    return side == Side::Client ? Side::Upstream : Side::Client;
}

/// Whose frames a side sends (RFC 6455 5.1); what goes to the client the relay sends as a server, and vice versa.
constexpr FrameScanner::Sender senderOf(Side side)
{
    return side == Side::Client ? FrameScanner::Sender::Client : FrameScanner::Sender::Server;
}

} // namespace rr
