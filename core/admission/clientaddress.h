// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QList>
#include <QStringList>

namespace rr {

/// The reverse proxies in front of the relay: Settings::trustedProxies, compiled once. A plain value.
class TrustedProxies
{
public:
    /// Addresses and subnets in CIDR form; what is neither trusts nobody.
    explicit TrustedProxies(const QStringList &subnets = {});

    bool contains(const QHostAddress &address) const; ///< `address`: as canonical() writes it

private:
    QList<std::pair<QHostAddress, int>> m_subnets;
};

/// One form for one address: IPv4 mapped into IPv6 becomes IPv4, the scope of a link-local one goes.
QHostAddress canonical(const QHostAddress &address);

/// What counts as one client where clients are limited: an IPv4 address, or the /64 of an IPv6 address, for
/// every household has a whole one (RFC 6177). Takes and returns the canonical form.
QHostAddress clientNetwork(const QHostAddress &address);

/// The address of the client, canonical. `peer` is the other end of the connection, or whom a trusted one has named in the
/// PROXY protocol; `forwardedFor` the members of X-Forwarded-For in order. They are believed only from a trusted peer, and
/// then from the right, up to the first address that is not trusted itself: all before it may be made up by the client. A
/// member that is no address ends the search; the last good one counts. A port after an address is ignored.
QHostAddress clientAddress(
    const QHostAddress &peer, const QList<QByteArray> &forwardedFor, const TrustedProxies &proxies);

/// The last member alone, whoever the peer is: where it is known that what brings the connection writes it. The canonical peer
/// where there is none, or it is no address.
QHostAddress lastForwarded(const QHostAddress &peer, const QList<QByteArray> &forwardedFor);

} // namespace rr
