// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"

#include <QByteArray>

namespace rr {

/// The snapshot in Prometheus' text format, version 0.0.4 (Content-Type `text/plain; version=0.0.4;
/// charset=utf-8`). All names start with realtime_relay_; times are seconds, sizes bytes.
QByteArray metricsText(const Snapshot &snapshot);

} // namespace rr
