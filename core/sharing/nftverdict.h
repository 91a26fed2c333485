// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <optional>

namespace rr {

/// What the rules of nftables, as `nft -j list ruleset` prints them (libnftables-json(5)), have become of a new TCP connection
/// from another machine to `port`: true: they let it in; false: they drop or reject it; nullopt: the text is none, or it
/// depends on what is not known here, such as where it comes from. ufw, firewalld and iptables end up in these rules, too. A
/// pure function.
std::optional<bool> nftLetsIn(const QByteArray &ruleset, quint16 port);

} // namespace rr
