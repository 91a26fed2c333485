// SPDX-License-Identifier: MIT
#include "app/compose/coredumps.h"

#include <QtGlobal>

#ifdef Q_OS_WIN
#include <windows.h>
#else
#include <sys/resource.h>
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif
#endif

namespace rr {

void forbidCoreDumps()
{
#ifdef Q_OS_WIN
    // Windows Error Reporting writes none of a process that asks for no box about its faults.
    SetErrorMode(GetErrorMode() | SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
#else
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef Q_OS_LINUX
    // The limit is not asked where the kernel gives dumps to a program, as systemd-coredump (core(5)). With this /proc/self
    // belongs to root: the process itself may read there what it reads, statm among it, and what it starts is as ever
    // (PR_SET_DUMPABLE(2const)).
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
#endif
}

} // namespace rr
