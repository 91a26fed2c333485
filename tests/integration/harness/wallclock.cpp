// SPDX-License-Identifier: MIT
// Put in front of the C library by LD_PRELOAD: the wall clock is wrong by as many seconds as the eight bytes of the file
// WALL_CLOCK_OFFSET say at the moment. Clocks that nobody sets stay as they are.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

const volatile std::int64_t *openOffset()
{
    static const std::int64_t none = 0;
    const char *path = std::getenv("WALL_CLOCK_OFFSET");
    const int file = path ? ::open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *bytes = file < 0 ? MAP_FAILED : ::mmap(nullptr, sizeof none, PROT_READ, MAP_SHARED, file, 0);
    if (file >= 0)
        ::close(file);
    return bytes == MAP_FAILED ? &none : static_cast<const std::int64_t *>(bytes);
}

} // namespace

extern "C" int clock_gettime(clockid_t clock, timespec *now) noexcept
{
    static const volatile std::int64_t *const offset = openOffset();
    const long result = ::syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += *offset;
    return int(result);
}

extern "C" int gettimeofday(timeval *now, void *) noexcept
{
    timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    *now = {precise.tv_sec, precise.tv_nsec / 1000};
    return 0;
}

extern "C" time_t time(time_t *into) noexcept
{
    timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (into)
        *into = now.tv_sec;
    return now.tv_sec;
}
