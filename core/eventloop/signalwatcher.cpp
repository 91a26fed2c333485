// SPDX-License-Identifier: MIT
#include "core/eventloop/signalwatcher.h"

#ifdef Q_OS_WIN
#include <mutex>

#include <windows.h>
#else
#include <QPointer>
#include <QSocketNotifier>

#include <array>
#include <atomic>
#include <cerrno>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#endif

namespace rr {

#ifdef Q_OS_WIN

namespace {

// The system's handler gets no context, and runs in a thread of its own.
std::mutex handlerMutex;
SignalWatcher *handlerTarget = nullptr;

BOOL WINAPI handleConsoleEvent(DWORD event)
{
    {
        const std::lock_guard lock(handlerMutex);
        if (!handlerTarget)
            return TRUE;
        QMetaObject::invokeMethod(handlerTarget, &SignalWatcher::terminate, Qt::QueuedConnection);
    }
    // After these the process is killed as soon as the handler returns: leave it the time that the system
    // grants.
    if (event == CTRL_CLOSE_EVENT || event == CTRL_LOGOFF_EVENT || event == CTRL_SHUTDOWN_EVENT)
        Sleep(INFINITE);
    return TRUE;
}

} // namespace

struct SignalWatcher::Parts
{
};

SignalWatcher::SignalWatcher(QObject *parent)
    : QObject(parent)
{
    {
        const std::lock_guard lock(handlerMutex);
        Q_ASSERT_X(!handlerTarget, "SignalWatcher", "there is one already");
        handlerTarget = this;
    }
    if (!SetConsoleCtrlHandler(handleConsoleEvent, TRUE))
        qWarning("Ctrl+C will end the program at once: the console takes no handler: %s",
            qPrintable(qt_error_string()));
}

SignalWatcher::~SignalWatcher()
{
    // The handler stays: taking it away would wait for one that sleeps. Without a target it ignores what comes.
    const std::lock_guard lock(handlerMutex);
    handlerTarget = nullptr;
}

#else

namespace {

constexpr int Signals[] = {SIGINT, SIGTERM, SIGHUP};

// A signal handler gets no context but what is static. -1: no watcher.
std::atomic<int> handlerPipe = -1;
std::atomic<pid_t> handlerProcess = 0;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<pid_t>::is_always_lock_free,
    "anything else is not safe in a signal handler");

void handleSignal(int signal)
{
    const int previousErrno = errno;
    // A child has this handler, and the pipe, until it is another program; what it is sent, to end it, is not for us.
    if (getpid() != handlerProcess) {
        ::signal(signal, SIG_DFL);
        kill(getpid(), signal); // comes when this returns
        errno = previousErrno;
        return;
    }
    const char byte = char(signal);
    // A full pipe drops the signal; thousands are waiting in it then.
    [[maybe_unused]] const auto written = write(handlerPipe, &byte, 1);
    errno = previousErrno;
}

} // namespace

struct SignalWatcher::Parts
{
    int pipe[2] = {-1, -1};
};

SignalWatcher::SignalWatcher(QObject *parent)
    : QObject(parent)
    , m_parts(std::make_unique<Parts>())
{
    Q_ASSERT_X(handlerPipe == -1, "SignalWatcher", "there is one already");
    if (::pipe(m_parts->pipe) < 0) {
        qErrnoWarning("Signals will end the program at once: no pipe could be made for them");
        return;
    }
    for (const int end : m_parts->pipe) {
        fcntl(end, F_SETFD, FD_CLOEXEC);
        fcntl(end, F_SETFL, O_NONBLOCK);
    }
    auto *const notifier = new QSocketNotifier(m_parts->pipe[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        std::array<char, 64> signals{};
        const auto count = read(m_parts->pipe[0], signals.data(), signals.size());
        const QPointer<SignalWatcher> alive(this);
        for (qsizetype i = 0; i < count && alive; ++i) {
            if (signals[size_t(i)] == SIGHUP)
                Q_EMIT reload();
            else
                Q_EMIT terminate();
        }
    });

    handlerPipe = m_parts->pipe[1];
    handlerProcess = getpid();
    struct sigaction action
    {
    };
    action.sa_handler = handleSignal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int signal : Signals)
        sigaction(signal, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

SignalWatcher::~SignalWatcher()
{
    if (m_parts->pipe[0] < 0)
        return;
    for (const int signal : Signals)
        ::signal(signal, SIG_IGN);
    handlerPipe = -1;
    delete findChild<QSocketNotifier *>(); // before its descriptor is closed
    close(m_parts->pipe[0]);
    close(m_parts->pipe[1]);
}

#endif

} // namespace rr
