// SPDX-License-Identifier: MIT
#include "scenario.h"

#include <signal.h>
#include <sys/resource.h>

#include <cstdio>

int main(int argc, char **argv)
{
    const rr::bench::Options options = rr::bench::parseOptions(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    rr::bench::Scenario scenario(options);
    std::puts(scenario.run().text().c_str());
    return 0;
}
