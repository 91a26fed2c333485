// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/networkaddress.h"

#include <QList>
#include <QString>
#include <QUrl>

#include <optional>

namespace rr {

/// One way by which clients reach the relay.
struct RelayAddress
{
    enum Reach : quint8 { ThisMachine, Network, Internet, Public, Containers };
    Reach reach = ThisMachine;
    QUrl url; ///< ws://HOST:PORT/realtime
    QString network = {}; ///< the name of its interface, see NetworkAddress; empty: ThisMachine, Public

    bool operator==(const RelayAddress &) const = default;
};

/// Where a relay that listens on `host` and `port` can be reached: only what can really be reached, first what is the most
/// useful to others. `network`: the machine's own addresses in their order, see networkAddresses(); one of containers that stands first was chosen to be offered. `publicAddress`: as the
/// user typed it, HOST[:PORT] or a URL; without a port, the relay's. Empty when it cannot be understood.
QList<RelayAddress> relayAddresses(const QString &host, quint16 port, bool tls,
    const QList<NetworkAddress> &network, const QString &publicAddress);

/// What others are told in place of an address of this machine: as relayAddresses() has it of `text`. Empty when it cannot be
/// understood.
QUrl publicUrl(const QString &text, quint16 port, bool tls);
/// Why the text cannot be a public address, in the user's language; nothing when it can, or is empty.
std::optional<QString> publicAddressProblem(const QString &address);

} // namespace rr
