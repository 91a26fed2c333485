// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QtGlobal>

namespace rr {

/// From where an address can be reached.
enum class AddressKind : quint8 {
    Public,
    MadeUp, ///< 198.18.0.0/15 (RFC 2544): what Clash and its like answer names with, to see who connects
    Tailnet, ///< 100.64.0.0/10 (RFC 6598): Tailscale's, or a provider's that shares addresses
    Private, ///< RFC 1918, RFC 4193, link-local
    Loopback,
};

AddressKind addressKindOf(const QHostAddress &address);

} // namespace rr
