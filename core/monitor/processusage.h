// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace rr {

/// What this process uses of the machine. Zero where the system does not tell.
struct ProcessUsage
{
    qint64 memoryBytes = 0; ///< resident
    double cpuSeconds = 0; ///< user and system, of all threads since the start
};

ProcessUsage processUsage();

} // namespace rr
