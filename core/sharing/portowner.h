// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QString>

namespace rr {

/// The program that keeps others from listening on this TCP port at this address, as "NAME (PID NUMBER)";
/// empty when it cannot be found: it belongs to another user, or the system does not tell. Linux only
/// (proc(5): /proc/net/tcp and /proc/PID/fd). May take some milliseconds: for a moment when something has gone
/// wrong, not for a timer.
QString portOwner(const QHostAddress &address, quint16 port);

/// The next port after `port` that can be listened on at this address; 0 when there is none in the next 100.
quint16 nextFreePort(const QHostAddress &address, quint16 port);

} // namespace rr
