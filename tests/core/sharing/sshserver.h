// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/reservedport.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <pwd.h>
#include <signal.h>
#include <unistd.h>

namespace rr::test {

/// A real OpenSSH server on 127.0.0.1 with keys of its own, and a client's configuration for it. Runs as whoever runs the
/// test, and lets nobody else in.
class SshServer
{
public:
    static bool isInstalled() { return !program().isEmpty(); }

    SshServer()
    {
        if (::geteuid() == 0) // sshd(8): privilege separation
            QDir().mkpath(QStringLiteral("/run/sshd"));
        makeKey("host");
        makeKey("otherhost");
        makeKey("key");
        makeKey("otherkey");
        authorize({});
    }
    ~SshServer() { stop(); }
    Q_DISABLE_COPY_MOVE(SshServer)

    QString path(const char *name) const { return m_folder.filePath(QLatin1String(name)); }
    quint16 port() const { return m_port.number(); }

    /// What comes behind it in ssh_config(5) and sshd_config(5), for the next start.
    void configureClient(const QByteArray &lines) { m_clientLines = lines; }
    void configureServer(const QByteArray &lines) { m_serverLines = lines; }
    /// Lets the key in, with these options (sshd(8), AUTHORIZED_KEYS FILE FORMAT).
    void authorize(const QByteArray &options)
    {
        QFile key(path("key.pub"));
        QVERIFY(key.open(QIODevice::ReadOnly));
        write("authorized", options + (options.isEmpty() ? "" : " ") + key.readAll());
    }
    void useHostKey(const char *name) { m_hostKey = name; }
    void useKey(const char *name) { m_key = name; }

    /// On the port that it had before.
    void start()
    {
        write("server",
            "Port " + QByteArray::number(port()) + "\nListenAddress 127.0.0.1\nHostKey " + bytes(m_hostKey)
                + "\nAuthorizedKeysFile " + bytes("authorized")
                + "\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
                  "PidFile none\nPermitRootLogin prohibit-password\n"
                + m_serverLines);
        write("client",
            "Host *\n Port " + QByteArray::number(port()) + "\n IdentityFile " + bytes(m_key)
                + "\n IdentitiesOnly yes\n IdentityAgent none\n UserKnownHostsFile " + bytes("known")
                + "\n GlobalKnownHostsFile /dev/null\n" + m_clientLines);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(
            program(), {QStringLiteral("-D"), QStringLiteral("-e"), QStringLiteral("-f"), path("server")});
        QByteArray said;
        while (m_process.state() != QProcess::NotRunning && !said.contains("Server listening on")) {
            m_process.waitForReadyRead(1'000);
            said += m_process.readAll();
        }
        if (m_process.state() == QProcess::NotRunning)
            QFAIL(said.constData());
    }
    /// With its sessions, and without a word to them.
    void stop()
    {
        signalSessions(SIGKILL);
        m_process.kill();
        m_process.waitForFinished();
    }
    /// All processes of its connections.
    void signalSessions(int signal) const
    {
        const QList<pid_t> sessions = children(pid_t(m_process.processId()));
        for (const pid_t pid : sessions)
            ::kill(pid, signal);
    }
    int sessions() const { return int(children(pid_t(m_process.processId())).size()); }

    QString destination() const
    {
        return QString::fromLocal8Bit(::getpwuid(::getuid())->pw_name) + QStringLiteral("@127.0.0.1");
    }

private:
    static QString program()
    {
        return QStandardPaths::findExecutable(QStringLiteral("sshd"),
            {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/local/sbin"), QStringLiteral("/sbin")});
    }
    static QList<pid_t> children(pid_t parent)
    {
        QList<pid_t> result;
        QFile file(QStringLiteral("/proc/%1/task/%1/children").arg(parent));
        if (parent <= 0 || !file.open(QIODevice::ReadOnly))
            return result;
        for (const QByteArray &pid : file.readAll().split(' ')) {
            if (pid.toInt() > 0)
                result += QList<pid_t>{pid_t(pid.toInt())} + children(pid_t(pid.toInt()));
        }
        return result;
    }
    QByteArray bytes(const char *name) const { return QFile::encodeName(path(name)); }
    void makeKey(const char *name) const
    {
        QProcess keygen;
        keygen.start(QStringLiteral("ssh-keygen"),
            {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ed25519"), QStringLiteral("-N"),
                QString(), QStringLiteral("-f"), path(name)});
        QVERIFY(keygen.waitForFinished());
        QCOMPARE(keygen.exitCode(), 0);
    }
    void write(const char *name, const QByteArray &text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    QTemporaryDir m_folder;
    QProcess m_process;
    ReservedPort m_port; ///< also while it is stopped, for somebody knows it
    QByteArray m_clientLines, m_serverLines;
    const char *m_hostKey = "host";
    const char *m_key = "key";
};

} // namespace rr::test
