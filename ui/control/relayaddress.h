// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QList>
#include <QString>
#include <QUrl>

namespace rr {

/// One way by which clients reach the relay.
struct RelayAddress
{
    enum Reach : quint8 { ThisMachine, LocalNetwork, Public };
    Reach reach = ThisMachine;
    QUrl url; ///< ws://HOST:PORT/realtime

    bool operator==(const RelayAddress &) const = default;
};

/// Where a relay that listens on `host` and `port` can be reached: only what can really be reached, this
/// machine first. `network`: the machine's own addresses, see networkAddresses(). `publicAddress`: as the
/// user typed it, HOST[:PORT] or a URL; without a port, the relay's. Empty when it cannot be understood.
QList<RelayAddress> relayAddresses(const QString &host, quint16 port, bool tls,
    const QList<QHostAddress> &network, const QString &publicAddress);

/// Addresses by which other machines may reach this one: of interfaces that are up, IPv4 first, without
/// loopback and link-local ones.
QList<QHostAddress> networkAddresses();

/// "VITE_OPENAI_RELAY_URL=ws://…": a line for a frontend's .env.
QString environmentLine(const QUrl &url);
/// A command that tries the relay; the key is taken from OPENAI_API_KEY of the shell that runs it.
QString wscatLine(const QUrl &url);

} // namespace rr
