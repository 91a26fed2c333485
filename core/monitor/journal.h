// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"
#include "core/config/settings.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>
#include <QVariant>

#include <chrono>
#include <functional>
#include <memory>

namespace rr {

/// One line of the journal. `event` is a stable snake_case name for machines ("session_closed"), `message`
/// what people are told, `fields` what belongs to it, in order, names in snake_case. Never the content of
/// a message, never a key.
struct JournalEntry
{
    QDateTime time; ///< UTC; set by Journal::add
    quint64 number = 0; ///< ascending, without gaps; set by Journal::add
    LogLevel level = LogLevel::Info;
    QByteArray event;
    QString call; ///< short id; empty: not about one call
    Sentence message;
    QList<std::pair<QByteArray, QVariant>> fields;
};

/// One that is not about one call, ready for Journal::add().
JournalEntry journalEntry(LogLevel level, const QByteArray &event, const Sentence &message,
    const QList<std::pair<QByteArray, QVariant>> &fields = {});

/// The relay's log: bounded in memory, and written to standard error by a thread of its own, so that a full
/// disk or a stuck pipe never holds up a call; what cannot be written in time is dropped and counted, and the
/// count is written when writing works again. Any thread may call any function.
class Journal
{
public:
    static constexpr int defaultCapacity = 20'000;

    explicit Journal(int capacity = defaultCapacity);
    ~Journal(); ///< writes what is left, waiting no longer than writeTo() says
    Q_DISABLE_COPY_MOVE(Journal)

    /// Writes what is added from now on to `descriptor` (2: standard error), which stays the caller's and
    /// must stay open as long as the journal. A second call ends the first one's writing, as the destructor
    /// does. Without this the journal is in memory only. `patience`: for what is left at the end.
    void writeTo(
        int descriptor, LogFormat format, std::chrono::milliseconds patience = std::chrono::seconds(1));
    void setFormat(LogFormat format); ///< of what is written; nothing before writeTo()
    void setLevel(LogLevel level); ///< entries below it are neither kept nor written
    /// To ask before building an entry.
    bool wants(LogLevel level) const;

    void add(JournalEntry entry);
    /// For what others may bring about as often as they like: the first such entry is added, and those within a minute
    /// that say the same, of the same client, are counted.
    void addFolded(JournalEntry entry);
    /// Adds what the entries that were counted have become by now; for who looks after it every second or so. With the
    /// greatest of all times: all of them.
    void tellRepeats(std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());

    /// Entries with a number greater than `after`, oldest first, at most `most` (the newest of them).
    QList<JournalEntry> entriesAfter(quint64 after, int most = defaultCapacity) const;
    quint64 lastNumber() const;
    /// How many lines could not be written, because the descriptor refused them or took too long.
    qint64 lostLines() const;
    void clear();

private:
    class Writer;
    struct State;
    std::unique_ptr<State> m_state;
};

/// One line without the line feed: `2026-11-23T10:00:00.000Z INFO  a1b2c3d4 Closed by the client. code=1000
/// …` or a JSON object. Control characters (and anything that could start a new line or a terminal sequence)
/// are escaped. The message is plain English, for everybody who reads it. Entry point for tests, the window's copy and export.
QByteArray journalLine(const JournalEntry &entry, LogFormat format);

} // namespace rr
