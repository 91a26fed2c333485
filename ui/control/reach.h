// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QHostAddress>
#include <QString>

#include <optional>

namespace rr {

class RelayControl;

/// Who can reach the relay, as its settings have it. A share by a tunnel comes on top of any of these.
enum class Reach : quint8 {
    ThisMachine, ///< it listens on loopback alone
    Networks, ///< it listens on the networks of this machine
    OwnName, ///< and others are told a name, or the address of a server in front
};

/// `host`: Settings::host; `publicAddress`: as in ApplicationSettings.
Reach reachOf(const QString &host, const QString &publicAddress);

/// What to listen on for that. Networks: all of them, and those of IPv6 only if `offered` is one of these or they were listened
/// on before; one alone stays alone while its address is the one that is offered. OwnName: what was listened on before, unless that is loopback; and even that where the name is that of a server
/// in front, which may be on this machine (`endsTlsInFront`).
QString hostFor(Reach reach, const QString &hostBefore, const QHostAddress &offered, bool endsTlsInFront);

/// What the user has chosen: by `offered`, one of this machine's addresses, or null, for Networks; by `publicAddress` for
/// OwnName.
struct ReachChoice
{
    Reach reach = Reach::ThisMachine;
    QHostAddress offered = {};
    QString publicAddress = {};
};

/// Puts it in force and keeps it; no call is dropped. Returns what went wrong and what to do, and then nothing has changed.
std::optional<Sentence> chooseReach(RelayControl &control, const ReachChoice &choice);

} // namespace rr
