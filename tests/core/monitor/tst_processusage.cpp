// SPDX-License-Identifier: MIT
#include "core/monitor/processusage.h"
#include "tests/support/relaytest.h"

#include <QByteArray>
#include <QTest>

using namespace rr;

class TestProcessUsage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void memoryGrows()
    {
        const qint64 before = processUsage().memoryBytes;
        QVERIFY(before > 1024 * 1024);
        const QByteArray touched(64 * 1024 * 1024, 'x');
        const qint64 after = processUsage().memoryBytes;
        QVERIFY2(after - before > 48 * 1024 * 1024, qPrintable(QString::number(after - before)));
        QVERIFY(after < before + 1024 * 1024 * 1024);
        QVERIFY(touched.endsWith('x'));
    }

    void cpuGrows()
    {
        const double before = processUsage().cpuSeconds;
        QVERIFY(before >= 0);
        volatile quint64 work = 0;
        QTRY_VERIFY(([&] {
            for (int i = 0; i < 5'000'000; ++i)
                work = work + 1;
            return processUsage().cpuSeconds > before + 0.02;
        })());
        QVERIFY(processUsage().cpuSeconds < before + 60);
    }
};

RELAY_TEST(TestProcessUsage)
#include "tst_processusage.moc"
