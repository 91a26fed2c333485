// SPDX-License-Identifier: MIT
#include "app/compose/standarddescriptors.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace rr;

namespace {

bool isOpen(int descriptor)
{
    return fcntl(descriptor, F_GETFD) >= 0;
}

bool isNull(int descriptor)
{
    struct stat here = {};
    struct stat null = {};
    return fstat(descriptor, &here) == 0 && stat("/dev/null", &null) == 0 && here.st_rdev == null.st_rdev;
}

} // namespace

class tst_StandardDescriptors : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void closedOnesAreOpened_data()
    {
        QTest::addColumn<QList<int>>("closed");
        QTest::newRow("none") << QList<int>{};
        QTest::newRow("input") << QList{0};
        QTest::newRow("error alone") << QList{2};
        QTest::newRow("input and error") << QList{0, 2};
        QTest::newRow("all") << QList{0, 1, 2};
    }
    /// In a process of its own: what it finds out is its exit code.
    void closedOnesAreOpened()
    {
        QFETCH(QList<int>, closed);
        int pipeEnds[2];
        QCOMPARE(pipe(pipeEnds), 0);
        const pid_t child = fork();
        if (child == 0) {
            for (int descriptor = 0; descriptor <= 2; ++descriptor) {
                if (closed.contains(descriptor))
                    close(descriptor);
                else
                    dup2(pipeEnds[1], descriptor);
            }
            openStandardDescriptors();
            for (int descriptor = 0; descriptor <= 2; ++descriptor) {
                if (!isOpen(descriptor) || isNull(descriptor) != closed.contains(descriptor))
                    _exit(1 + descriptor);
            }
            _exit(0);
        }
        close(pipeEnds[0]);
        close(pipeEnds[1]);
        int status = -1;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);
    }
};

RELAY_TEST(tst_StandardDescriptors)
#include "tst_standarddescriptors.moc"
