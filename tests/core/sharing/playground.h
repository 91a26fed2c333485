// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/tunnel.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>

#include <signal.h>

namespace rr::test {

/// A folder in which playedprogram stands under the names of ways' programs, first in PATH, and what it is to play.
class Playground
{
public:
    explicit Playground(const char *play)
        : m_path(qgetenv("PATH"))
    {
        for (const char *name : {"cloudflared", "ssh", "tailscale", "mytunnel"})
            QFile::link(QStringLiteral(RELAY_PLAYED_PROGRAM), m_folder.filePath(QLatin1String(name)));
        qputenv("PATH", QFile::encodeName(m_folder.path()) + ':' + m_path);
        qputenv("PLAY_FOLDER", QFile::encodeName(m_folder.path()));
        qputenv("PLAY", play);
    }
    ~Playground()
    {
        qputenv("PATH", m_path);
        qunsetenv("PLAY");
        qunsetenv("PLAY_FOLDER");
    }
    Q_DISABLE_COPY_MOVE(Playground)

    void play(const char *play) { qputenv("PLAY", play); }
    /// Now it happens.
    void let(const char *file)
    {
        QFile made(m_folder.filePath(QLatin1String(file)));
        QVERIFY(made.open(QIODevice::WriteOnly));
    }
    void undo(const char *file) { QFile::remove(m_folder.filePath(QLatin1String(file))); }
    /// A line a run: its process, and what it was to be reached by.
    QStringList starts() const
    {
        QFile file(m_folder.filePath(QStringLiteral("starts")));
        return file.open(QIODevice::ReadOnly)
            ? QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts)
            : QStringList();
    }
    qint64 lastProcess() const
    {
        return starts().isEmpty() ? 0 : starts().last().section(u' ', 0, 0).toLongLong();
    }

private:
    QTemporaryDir m_folder;
    QByteArray m_path;
};

inline bool isRunning(qint64 pid)
{
    if (pid <= 0 || ::kill(pid_t(pid), 0) != 0)
        return false;
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid)); // one that has ended and was not asked for is none
    return !stat.open(QIODevice::ReadOnly) || !stat.readAll().contains(") Z ");
}

/// The processes of a group, those that have ended left out. Linux only.
inline QList<qint64> membersOf(qint64 group)
{
    QList<qint64> members;
    const QStringList all = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString &pid : all) {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
        if (!stat.open(QIODevice::ReadOnly))
            continue;
        const QByteArray line = stat.readAll();
        const QList<QByteArray> words = line.sliced(line.lastIndexOf(')') + 1).simplified().split(' ');
        if (words.value(2).toLongLong() == group && words.value(0) != "Z")
            members.append(pid.toLongLong());
    }
    return members;
}

/// So that no test waits for minutes: a second of the way's is worth 20 ms.
inline TunnelPatience shortPatience()
{
    using namespace std::chrono_literals;
    return {.ready = 20s,
        .firstRetry = 20ms,
        .lastRetry = 100ms,
        .proven = 60s,
        .poll = 20ms,
        .answer = 500ms,
        .lost = 200ms,
        .renewal = 100ms,
        .second = 20ms};
}

/// What a tunnel has been in, however shortly: its states, the codes of its reasons, and how long it was to wait then.
class States
{
public:
    explicit States(Tunnel &tunnel)
    {
        QObject::connect(&tunnel, &Tunnel::changed, &tunnel, [this, &tunnel] {
            if (tunnel.state() == Tunnel::State::Broken
                && (m_states.isEmpty() || m_states.last() != Tunnel::State::Broken))
                m_pauses.append(tunnel.retryIn());
            m_states.append(tunnel.state());
            m_codes.append(tunnel.reasonCode());
            if (!tunnel.reason().isEmpty())
                m_last = tunnel.reason();
        });
    }

    bool hasSeen(Tunnel::State state) const { return m_states.contains(state); }
    bool hasSeen(const QString &code) const { return m_codes.contains(code); }
    const Sentence &last() const { return m_last; }
    /// Each as it was when it began.
    const QList<std::chrono::milliseconds> &pauses() const { return m_pauses; }

private:
    QList<Tunnel::State> m_states;
    QStringList m_codes;
    QList<std::chrono::milliseconds> m_pauses;
    Sentence m_last;
};

inline void stopAndWait(Tunnel &tunnel)
{
    QSignalSpy stopped(&tunnel, &Tunnel::stopped);
    tunnel.stop();
    QVERIFY(stopped.wait(30'000));
    QCOMPARE(tunnel.state(), Tunnel::State::Off);
}

} // namespace rr::test
