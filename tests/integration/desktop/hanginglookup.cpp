// SPDX-License-Identifier: MIT
// Put in front of the C library by LD_PRELOAD: no name is ever found, as where the resolver does not answer.
#include <netdb.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

extern "C" int getaddrinfo(const char *, const char *, const addrinfo *, addrinfo **)
{
    if (const char *path = std::getenv("LOOKUP_BEGUN")) {
        if (std::FILE *file = std::fopen(path, "w"))
            std::fclose(file);
    }
    for (;;)
        sleep(60);
}
