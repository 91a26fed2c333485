// SPDX-License-Identifier: MIT
#include "core/monitor/journalwriter.h"

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <vector>

#ifdef Q_OS_WIN
#include <io.h>
#else
#include <csignal>
#include <poll.h>
#include <unistd.h>
#endif

namespace rr {

using namespace Qt::StringLiterals;

struct Journal::Writer::Queue
{
    int descriptor = -1;
    std::atomic<LogFormat> format;
    std::atomic<qint64> lost{0}; ///< in all
    std::atomic<bool> abandoned{false}; ///< the destructor waits no longer: touch nothing any more

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<JournalEntry> entries;
    qint64 dropped = 0; ///< after the last of `entries`
    bool stopping = false;
    bool finished = false;

    void run();
    bool write(const JournalEntry &entry);

private:
    bool m_lineCut = false; ///< the last line was written in part only
};

namespace {

/// Returns how many bytes were written, fewer than asked for when the descriptor refuses.
qsizetype writeAll(int descriptor, const QByteArray &bytes, const std::atomic<bool> &abandoned)
{
    qsizetype written = 0;
    while (written < bytes.size() && !abandoned.load()) {
#ifdef Q_OS_WIN
        const int n = ::_write(descriptor, bytes.constData() + written, unsigned(bytes.size() - written));
#else
        const ssize_t n = ::write(descriptor, bytes.constData() + written, size_t(bytes.size() - written));
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            // Someone who shares the descriptor made it non-blocking.
            pollfd waiting{descriptor, POLLOUT, 0};
            ::poll(&waiting, 1, 100);
            continue;
        }
#endif
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        written += n;
    }
    return written;
}

JournalEntry droppedEntry(qint64 count)
{
    JournalEntry entry;
    entry.time = QDateTime::currentDateTimeUtc();
    entry.level = LogLevel::Warning;
    entry.event = "journal_lines_dropped";
    entry.message
        = QT_TRANSLATE_NOOP("Core", "Lines of the journal could not be written in time and were dropped.");
    entry.fields = {{"count"_ba, count}};
    return entry;
}

} // namespace

bool Journal::Writer::Queue::write(const JournalEntry &entry)
{
    QByteArray line = journalLine(entry, format.load()) + '\n';
    if (m_lineCut)
        line.prepend('\n');
    const qsizetype written = writeAll(descriptor, line, abandoned);
    if (written > 0)
        m_lineCut = written < line.size();
    return written == line.size();
}

void Journal::Writer::Queue::run()
{
#ifndef Q_OS_WIN
    // The program's signals belong to other threads, and a reader that is gone shall be EPIPE, not SIGPIPE.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
#endif
    qint64 untold = 0;
    for (;;) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return stopping || !entries.empty(); });
        if (entries.empty())
            break;
        const std::vector<JournalEntry> batch = std::move(entries);
        entries.clear();
        // What was dropped came after the last line of this batch: told there, the order is right.
        untold += std::exchange(dropped, 0);
        lock.unlock();

        for (const JournalEntry &entry : batch) {
            if (!write(entry)) {
                ++untold;
                ++lost;
            }
            if (abandoned.load())
                return;
        }
        if (untold > 0 && write(droppedEntry(untold)))
            untold = 0;
    }
    const std::lock_guard lock(mutex);
    finished = true;
    changed.notify_all();
}

Journal::Writer::Writer(int descriptor, LogFormat format, std::chrono::milliseconds patience)
    : m_queue(std::make_shared<Queue>())
    , m_patience(patience)
{
    m_queue->descriptor = descriptor;
    m_queue->format = format;
    m_thread = std::thread([queue = m_queue] { queue->run(); });
}

Journal::Writer::~Writer()
{
    std::unique_lock lock(m_queue->mutex);
    m_queue->stopping = true;
    m_queue->changed.notify_all();
    const bool finished = m_queue->changed.wait_for(lock, m_patience, [this] { return m_queue->finished; });
    lock.unlock();
    if (finished) {
        m_thread.join();
    } else {
        m_queue->abandoned = true;
        m_thread.detach();
    }
}

void Journal::Writer::setFormat(LogFormat format)
{
    m_queue->format = format;
}

qint64 Journal::Writer::lostLines() const
{
    return m_queue->lost;
}

void Journal::Writer::add(const JournalEntry &entry)
{
    const std::lock_guard lock(m_queue->mutex);
    if (m_queue->entries.size() >= queueLimit) {
        ++m_queue->dropped;
        ++m_queue->lost;
        return;
    }
    m_queue->entries.push_back(entry);
    m_queue->changed.notify_all();
}

} // namespace rr
