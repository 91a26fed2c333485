// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <functional>
#include <map>

namespace rr {

/// What a call is going to do, in order, on a clock of its own that moves only when something is done:
/// whoever drives it decides how fast that is.
class Agenda
{
public:
    enum class Subject : quint8 { Transcription, Response, Playback, Acknowledgement, End };

    /// Plans `task` for `ms` milliseconds from now; tasks of the same moment run in the order they were
    /// planned.
    void plan(qint64 ms, Subject subject, std::function<void()> task)
    {
        m_tasks.emplace(m_nowMs + ms, Entry{subject, std::move(task)});
    }

    void drop(Subject subject)
    {
        std::erase_if(m_tasks, [subject](const auto &task) { return task.second.subject == subject; });
    }

    qint64 nowMs() const { return m_nowMs; }
    bool isEmpty() const { return m_tasks.empty(); }
    qint64 nextInMs() const { return isEmpty() ? -1 : m_tasks.begin()->first - m_nowMs; }

    /// Moves the clock to the next task and does it.
    void runNext()
    {
        if (isEmpty())
            return;
        auto node = m_tasks.extract(m_tasks.begin());
        m_nowMs = node.key();
        node.mapped().task();
    }

    /// Moves the clock by so much, and does on the way what is planned for it.
    void advance(qint64 ms)
    {
        const qint64 end = m_nowMs + ms;
        while (!isEmpty() && m_tasks.begin()->first <= end)
            runNext();
        m_nowMs = end;
    }

private:
    struct Entry
    {
        Subject subject;
        std::function<void()> task;
    };

    qint64 m_nowMs = 0;
    std::multimap<qint64, Entry> m_tasks;
};

} // namespace rr
