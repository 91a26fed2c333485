// SPDX-License-Identifier: MIT
#include "core/sharing/childlife.h"

#include "playground.h"
#include "sshserver.h"
#include "tests/support/relaytest.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using rr::test::isRunning;
using rr::test::membersOf;
using rr::test::Playground;
using rr::test::SshServer;

namespace {

class Holder
{
public:
    explicit Holder(const QStringList &args)
    {
        m_process.setReadChannel(QProcess::StandardOutput);
        m_process.start(QStringLiteral(RELAY_TUNNEL_HOLDER), args);
    }
    bool becomesReady()
    {
        return QTest::qWaitFor(
            [this] { return m_process.readAllStandardOutput().contains("ready"); }, 30'000);
    }
    void kill() // as the kernel does that wants memory
    {
        m_process.kill();
        QVERIFY(m_process.waitForFinished());
    }

private:
    QProcess m_process;
};

/// A process in whose command line that is.
qint64 processWith(const QString &argument)
{
    const QStringList all = QDir(u"/proc"_s).entryList(QDir::Dirs);
    for (const QString &pid : all) {
        QFile line(u"/proc/"_s + pid + u"/cmdline"_s);
        if (line.open(QIODevice::ReadOnly)) {
            const QList<QByteArray> words = line.readAll().split('\0');
            if (words.value(0).endsWith("ssh") && words.contains(argument.toUtf8()))
                return pid.toLongLong();
        }
    }
    return 0;
}

qsizetype descriptorsOf(const QString &pid)
{
    return QDir(u"/proc/%1/fd"_s.arg(pid))
        .entryList(QDir::System | QDir::AllEntries | QDir::NoDotAndDotDot)
        .size();
}

} // namespace

class tst_ChildLife : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void endsWithUsHoweverWeEnd()
    {
        Playground ground("deaf"); // and it reads no standard input
        Holder holder({u"command"_s, u"command=mytunnel"_s});
        QVERIFY(holder.becomesReady());
        const qint64 process = ground.lastProcess();
        QVERIFY(isRunning(process));
        holder.kill();
        QTRY_VERIFY(!isRunning(process));
    }
    void whatItHasStartedEndsWithUs()
    {
        QTemporaryDir folder;
        QFile script(folder.filePath(u"wrapper"_s));
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("sleep 600 &\necho $$ $! > \"$1\"\necho your url is: https://relay.example.net\nwait\n");
        script.close();
        Holder holder(
            {u"command"_s, u"command=sh %1 %2"_s.arg(script.fileName(), folder.filePath(u"pids"_s))});
        QVERIFY(holder.becomesReady());
        QFile pids(folder.filePath(u"pids"_s));
        QVERIFY(pids.open(QIODevice::ReadOnly));
        const QList<QByteArray> both = pids.readAll().simplified().split(' ');
        QCOMPARE(both.size(), 2);
        const qint64 group = both[0].toLongLong();
        QVERIFY(isRunning(group));
        QVERIFY(isRunning(both[1].toLongLong()));
        QCOMPARE(membersOf(group).size(), 3); // and the watcher
        holder.kill();
        QTRY_VERIFY(!isRunning(group));
        QTRY_VERIFY(!isRunning(both[1].toLongLong()));
        QTRY_VERIFY(membersOf(group).isEmpty());
    }
    void theWatcherHasNothingOfOursAndGoesWithTheRest()
    {
        const qsizetype before = descriptorsOf(u"self"_s);
        for (int i = 0; i < 3; ++i) {
            QProcess process;
            process.setProgram(u"sh"_s);
            process.setArguments({u"-c"_s, u"echo up; read line; kill 0; exit 3"_s});
            rr::bindLife(process);
            process.start();
            QVERIFY(process.waitForReadyRead());
            const qint64 group = process.processId();
            QList<qint64> members = membersOf(group);
            QCOMPARE(members.size(), 2);
            members.removeOne(group);
            QTRY_COMPARE(descriptorsOf(QString::number(members[0])), 1);
            process.write("\n"); // it sends SIGTERM to all of its group
            QVERIFY(process.waitForFinished());
            QCOMPARE(membersOf(group), members);
            rr::killLeftovers(group);
            QTRY_VERIFY(membersOf(group).isEmpty());
        }
        QCOMPARE(descriptorsOf(u"self"_s), before);
    }
    void sshEndsWithUs()
    {
        if (!SshServer::isInstalled()) {
            QVERIFY2(!qEnvironmentVariableIsSet("CI"), "sshd is missing; install openssh-server");
            QSKIP("sshd is missing; install the Debian package openssh-server");
        }
        SshServer server;
        server.start();
        Holder holder({u"ssh-server"_s, u"destination="_s + server.destination(),
            u"remote="_s + server.path("relay.sock"), u"address=relay.example.org"_s, u"--"_s, u"-F"_s,
            server.path("client")});
        QVERIFY(holder.becomesReady());
        QVERIFY(processWith(server.path("client")) > 0);
        holder.kill();
        QTRY_COMPARE(processWith(server.path("client")), 0);
        QTRY_COMPARE(server.sessions(), 0);
    }

    void hasASessionOfItsOwnAndNothingOfOurs()
    {
        const int open = ::open("/dev/null", O_RDONLY); // without O_CLOEXEC
        QVERIFY(open > 2);
        QProcess process;
        process.setProgram(u"sh"_s);
        process.setArguments(
            {u"-c"_s, u"echo $$ $(ps -o sid= -p $$); test -e /proc/self/fd/%1 && echo open"_s.arg(open)});
        rr::bindLife(process);
        process.start();
        rr::bindStartedLife(process);
        QVERIFY(process.waitForFinished());
        ::close(open);
        const QList<QByteArray> words = process.readAllStandardOutput().simplified().split(' ');
        QCOMPARE(words.size(), 2);
        QCOMPARE(words[0], words[1]);
    }

    void isInterrupted()
    {
        // What a shell has begun in the background ignores it, and a sh that is begun so goes on to.
        std::signal(SIGINT, SIG_DFL);
        QProcess process;
        process.setProgram(u"sh"_s);
        process.setArguments({u"-c"_s, u"trap 'exit 7' INT; echo up; while :; do sleep 0.1; done"_s});
        rr::bindLife(process);
        process.start();
        QVERIFY(process.waitForReadyRead());
        QVERIFY(rr::interruptProgram(process));
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 7);
    }

    void everySignalReachesIt()
    {
        QProcess process;
        process.setProgram(u"grep"_s);
        process.setArguments({u"SigBlk"_s, u"/proc/self/status"_s});
        rr::bindLife(process);
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before); // which it does not inherit
        process.start();
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.readAllStandardOutput().simplified(), QByteArray("SigBlk: 0000000000000000"));
    }
};

RELAY_TEST(tst_ChildLife)
#include "tst_childlife.moc"
