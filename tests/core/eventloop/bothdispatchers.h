// SPDX-License-Identifier: MIT
#pragma once

#include "core/eventloop/epolldispatcher.h"

#include <QTest>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

/// The same test under Qt's own dispatcher for Unix, which is the reference, and under ours.
inline void addDispatcherRows()
{
    QTest::addColumn<bool>("ours");
    QTest::newRow("QEventDispatcherUNIX") << false;
    QTest::newRow("EpollDispatcher") << true;
}

/// A thread that runs `body`, in a way that ThreadSanitizer understands when it is told to leave out libraries that
/// were built without it, such as Qt: QThread::create() calls `body` from within pthread_once(), where it then sees
/// nothing; and of QThread::wait() it does not know what that waits for.
class TestThread : public QThread
{
public:
    explicit TestThread(std::function<void()> body)
        : m_body(std::move(body))
    {
    }

    /// Whether `body` was run.
    bool wait(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever))
    {
        return QThread::wait(deadline) && m_done;
    }

private:
    void run() override
    {
        m_body();
        m_done = true;
    }

    std::function<void()> m_body;
    std::atomic<bool> m_done = false;
};

/// Runs `body` to its end in a thread of its own that has one of the two dispatchers.
inline void runUnder(bool ours, const std::function<void()> &body)
{
    qputenv("QT_NO_GLIB", "1");
    TestThread thread([&] {
        const auto *const dispatcher = QAbstractEventDispatcher::instance();
        if (ours == QByteArrayView(dispatcher->metaObject()->className()).endsWith("EpollDispatcher"))
            body();
        else
            QFAIL("the wrong dispatcher runs");
    });
    if (ours)
        thread.setEventDispatcher(new rr::EpollDispatcher);
    thread.start();
    QVERIFY(thread.wait());
}

/// One turn of this thread's loop; returns what the dispatcher returned.
inline bool turn(QEventLoop::ProcessEventsFlags flags = QEventLoop::AllEvents)
{
    return QAbstractEventDispatcher::instance()->processEvents(flags);
}

/// Two connected, non-blocking sockets: what the far end says, the near end can read.
struct SocketPair
{
    explicit SocketPair(int type = SOCK_STREAM)
    {
        if (socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0)
            qFatal("socketpair");
    }
    ~SocketPair() { closeBoth(); }
    Q_DISABLE_COPY_MOVE(SocketPair)

    void closeBoth()
    {
        for (int &end : ends) {
            if (end >= 0)
                close(std::exchange(end, -1));
        }
    }
    int near() const { return ends[0]; }
    int far() const { return ends[1]; }
    void say(QByteArrayView bytes = "x") const
    {
        send(far(), bytes.data(), size_t(bytes.size()), MSG_NOSIGNAL);
    }
    static void drain(int fd)
    {
        char buffer[4096];
        while (read(fd, buffer, sizeof buffer) > 0) { }
    }
    static void fill(int fd)
    {
        const QByteArray block(4096, 'x');
        while (send(fd, block.data(), size_t(block.size()), MSG_NOSIGNAL) > 0) { }
    }

    int ends[2];
};
