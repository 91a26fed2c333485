// SPDX-License-Identifier: MIT
#include "core/sharing/childlife.h"

#ifdef Q_OS_WIN
#include <windows.h>
#else
#include <array>
#include <cerrno>
#include <memory>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif
#ifdef Q_OS_LINUX
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

namespace rr {

#ifdef Q_OS_WIN

namespace {

/// Stays open as long as this process lives; the system closes it then, and ends what is in it.
HANDLE lifeJob()
{
    static const HANDLE job = [] {
        const HANDLE made = CreateJobObjectW(nullptr, nullptr);
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
        limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
        SetInformationJobObject(made, JobObjectExtendedLimitInformation, &limits, sizeof limits);
        return made;
    }();
    return job;
}

} // namespace

void bindLife(QProcess &) { }

void bindStartedLife(const QProcess &process)
{
    const HANDLE child
        = OpenProcess(PROCESS_SET_QUOTA | PROCESS_TERMINATE, FALSE, DWORD(process.processId()));
    if (!child)
        return;
    if (!AssignProcessToJobObject(lifeJob(), child))
        qWarning("A tunnel's program may outlive this one: error %lu of the system.", GetLastError());
    CloseHandle(child);
}

bool interruptProgram(const QProcess &)
{
    return false;
}

bool terminateProgram(QProcess &)
{
    return false;
}

void killLeftovers(qint64) { }

#else

namespace {

/// A pipe whose writing end nobody has but this process: it comes to its end with it.
struct LifeLine
{
    LifeLine()
    {
#ifdef Q_OS_LINUX
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            ends = {-1, -1};
#else
        if (::pipe(ends.data()) != 0)
            ends = {-1, -1};
        for (const int end : ends)
            ::fcntl(end, F_SETFD, FD_CLOEXEC);
#endif
    }
    ~LifeLine()
    {
        for (const int end : ends)
            ::close(end);
    }
    Q_DISABLE_COPY_MOVE(LifeLine)

    std::array<int, 2> ends{};
};

// Between fork and exec: nothing below but what signal-safety(7) names, and bare system calls.

/// On Linux not fork(): glibc's takes locks that a thread of ours may have held when QProcess made this process.
pid_t forkBarely()
{
#ifdef Q_OS_LINUX
    return pid_t(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
#else
    return ::fork();
#endif
}

void closeFrom(int first, int most)
{
#ifdef Q_OS_LINUX
    if (::syscall(SYS_close_range, unsigned(first), ~0U, 0U) == 0)
        return;
#endif
    for (int each = first; each < most; ++each)
        ::close(each);
}

/// Kills the group that it is in when the line has come to its end. Has no descriptor but the line: QProcess waits for the
/// end of the program's output.
[[noreturn]] void watch(int line, int mostDescriptors)
{
    sigset_t all;
    sigfillset(&all); // scripts end what they have started by "kill 0"
    sigprocmask(SIG_SETMASK, &all, nullptr);
    ::dup2(line, 0);
    closeFrom(1, mostDescriptors);
    char byte = 0;
    while (::read(0, &byte, 1) < 0 && errno == EINTR) { }
    ::kill(0, SIGKILL);
    ::_exit(0);
}

/// Two generations on, so that the program has no child that it does not know.
void startWatcher(int line, int mostDescriptors)
{
    const pid_t between = forkBarely();
    if (between == 0) {
        if (forkBarely() == 0)
            watch(line, mostDescriptors);
        ::_exit(0);
    }
    while (between > 0 && ::waitpid(between, nullptr, 0) < 0 && errno == EINTR) { }
}

} // namespace

void bindLife(QProcess &process)
{
    const auto line = std::make_shared<LifeLine>();
    const long most = ::sysconf(_SC_OPEN_MAX);
    const int mostDescriptors = most > 0 && most < 1 << 20 ? int(most) : 1 << 20;
    process.setChildProcessModifier([line, mostDescriptors, parent = ::getpid()] {
        ::setsid();
        if (line->ends[0] >= 0)
            startWatcher(line->ends[0], mostDescriptors);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
#ifdef Q_OS_LINUX
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) // it has ended before the kernel knew
            ::_exit(1);
        // Those of other threads that are just being opened.
        ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
#else
        Q_UNUSED(parent)
#endif
    });
}

void bindStartedLife(const QProcess &) { }

bool interruptProgram(const QProcess &process)
{
    return process.processId() > 0 && ::kill(pid_t(process.processId()), SIGINT) == 0;
}

bool terminateProgram(QProcess &process)
{
    process.terminate();
    return true;
}

void killLeftovers(qint64 pid)
{
    if (pid > 0)
        ::kill(-pid_t(pid), SIGKILL);
}

#endif

} // namespace rr
