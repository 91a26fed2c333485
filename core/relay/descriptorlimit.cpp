// SPDX-License-Identifier: MIT
#include "core/relay/descriptorlimit.h"

#include <QtGlobal>

#include <algorithm>
#include <limits>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

namespace rr {

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
