// SPDX-License-Identifier: MIT
#include "core/relay/descriptorlimit.h"

#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

class tst_DescriptorLimit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void raisesToTheHardLimit()
    {
#ifdef Q_OS_UNIX
        rlimit limit = {};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
        const rlim_t hard = limit.rlim_max;
        limit.rlim_cur = 100;
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &limit), 0);
        const int raised = rr::raiseDescriptorLimit();
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
        QCOMPARE(limit.rlim_cur, hard);
        QCOMPARE(raised, int(std::min<rlim_t>(hard, std::numeric_limits<int>::max())));
#else
        QVERIFY(rr::raiseDescriptorLimit() > 10'000);
#endif
    }
};

QTEST_GUILESS_MAIN(tst_DescriptorLimit)
#include "tst_descriptorlimit.moc"
