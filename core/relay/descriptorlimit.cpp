// SPDX-License-Identifier: MIT
#include "core/relay/descriptorlimit.h"

#include <QtGlobal>

#include <algorithm>
#include <limits>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

namespace rr {

namespace {

/// For dials, and for connections that are no calls.
qint64 leftFor(int descriptors, int calls)
{
    return qint64(descriptors) - spareDescriptors - qint64(descriptorsPerCall) * calls;
}

} // namespace

int callsWithin(int descriptors, int workers)
{
    return (descriptors - spareDescriptors - leastHalfOpen(descriptors)
               - descriptorsPerDial * leastDialsAtOnce * workers)
        / descriptorsPerCall;
}

int dialsAtOnce(int descriptors, int calls, int workers)
{
    const qint64 left = leftFor(descriptors, calls);
    const qint64 share = std::min(left / 2, left - leastHalfOpen(descriptors));
    return int(std::clamp<qint64>(share / descriptorsPerDial / workers, leastDialsAtOnce, mostDialsAtOnce));
}

int halfOpenAtOnce(int descriptors, int calls, int workers)
{
    const qint64 dials = qint64(descriptorsPerDial) * workers * dialsAtOnce(descriptors, calls, workers);
    return int(std::clamp<qint64>(
        leftFor(descriptors, calls) - dials, leastHalfOpen(descriptors), std::numeric_limits<int>::max()));
}

int descriptorLimit()
{
    constexpr int none = std::numeric_limits<int>::max();
#ifdef Q_OS_UNIX
    rlimit limit = {};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? int(std::min<rlim_t>(limit.rlim_cur, none)) : none;
#else
    return none;
#endif
}

int raiseDescriptorLimit()
{
    constexpr int none = std::numeric_limits<int>::max();
#ifdef Q_OS_UNIX
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return none;
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    const rlim_t after = ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
    return int(std::min<rlim_t>(after, none));
#else
    return none;
#endif
}

} // namespace rr
