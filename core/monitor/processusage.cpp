// SPDX-License-Identifier: MIT
#include "core/monitor/processusage.h"

#if defined(Q_OS_WIN)
#include <windows.h>
// After windows.h, which it needs.
#include <psapi.h>
#else
#include <sys/resource.h>
#if defined(Q_OS_MACOS)
#include <mach/mach.h>
#else
#include <QByteArray>
#include <QFile>
#include <QList>

#include <unistd.h>
#endif
#endif

namespace rr {

namespace {

#if defined(Q_OS_WIN)

qint64 residentBytes()
{
    PROCESS_MEMORY_COUNTERS counters{};
    counters.cb = sizeof(counters);
    if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof(counters)))
        return 0;
    return qint64(counters.WorkingSetSize);
}

double seconds(const FILETIME &time) // in units of 100 ns
{
    return double((quint64(time.dwHighDateTime) << 32) | time.dwLowDateTime) / 1e7;
}

double cpuSeconds()
{
    FILETIME created{};
    FILETIME exited{};
    FILETIME kernel{};
    FILETIME user{};
    if (!GetProcessTimes(GetCurrentProcess(), &created, &exited, &kernel, &user))
        return 0;
    return seconds(kernel) + seconds(user);
}

#else

#if defined(Q_OS_MACOS)

qint64 residentBytes()
{
    mach_task_basic_info info{};
    mach_msg_type_number_t count = MACH_TASK_BASIC_INFO_COUNT;
    if (task_info(mach_task_self(), MACH_TASK_BASIC_INFO, reinterpret_cast<task_info_t>(&info), &count)
        != KERN_SUCCESS)
        return 0;
    return qint64(info.resident_size);
}

#else

qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm")); // proc(5): size, resident, …, in pages
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> numbers = file.readAll().split(' ');
    return numbers.size() < 2 ? 0 : numbers[1].toLongLong() * sysconf(_SC_PAGESIZE);
}

#endif

double cpuSeconds()
{
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
    const auto seconds = [](const timeval &time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

#endif

} // namespace

ProcessUsage processUsage()
{
    return {residentBytes(), cpuSeconds()};
}

} // namespace rr
