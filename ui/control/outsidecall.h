// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"

#include <QHostAddress>
#include <QList>
#include <QString>

#include <optional>

namespace rr {

/// The client of a call that came from another machine and whose session has begun: the proof that others reach this relay and that
/// it works for them. Nothing while there was none; empty where a tunnel does not tell from where. `own`: the addresses of this
/// machine. Needs a snapshot with calls. Pure.
std::optional<QString> outsideCaller(const Snapshot &snapshot, const QList<QHostAddress> &own);

} // namespace rr
