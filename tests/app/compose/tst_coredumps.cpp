// SPDX-License-Identifier: MIT
#include "app/compose/coredumps.h"
#include "core/monitor/processusage.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <csignal>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

using namespace rr;

class tst_CoreDumps : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// In processes of their own, for it cannot be undone.
    void noneIsMade()
    {
        rlimit limit{};
        QCOMPARE(getrlimit(RLIMIT_CORE, &limit), 0);
        if (limit.rlim_max == 0)
            QSKIP("No process may leave a core dump here.");
        const pid_t child = fork();
        if (child == 0) {
            limit.rlim_cur = limit.rlim_max;
            setrlimit(RLIMIT_CORE, &limit);
            forbidCoreDumps();
            ::signal(SIGABRT, SIG_DFL);
            ::kill(::getpid(), SIGABRT);
            _exit(0);
        }
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status));
        QCOMPARE(WTERMSIG(status), SIGABRT);
        QVERIFY(!WCOREDUMP(status));
    }

    void andTheProcessGoesOn()
    {
        const pid_t child = fork();
        if (child == 0) {
            forbidCoreDumps();
            forbidCoreDumps();
            rlimit limit{1, 1};
            if (getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur != 0 || limit.rlim_max != 0)
                _exit(1);
#ifdef Q_OS_LINUX
            if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
                _exit(2);
#endif
            _exit(processUsage().memoryBytes > 0 ? 0 : 3); // it can still read of itself
        }
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);
    }
};

RELAY_TEST(tst_CoreDumps)
#include "tst_coredumps.moc"
