// SPDX-License-Identifier: MIT
#include "core/call/bufferbudget.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <memory>
#include <vector>

using namespace rr;

namespace {

constexpr qint64 KiB = 1024;
constexpr qint64 MiB = 1024 * KiB;

} // namespace

class tst_BufferBudget : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void mark_data()
    {
        QTest::addColumn<qint64>("charged");
        QTest::addColumn<qint64>("mark");
        QTest::newRow("nothing") << 0 * MiB << 256 * KiB;
        QTest::newRow("three quarters") << 48 * MiB << 256 * KiB;
        QTest::newRow("half of the last quarter") << 56 * MiB << 128 * KiB;
        QTest::newRow("full") << 64 * MiB << BufferBudget::stepBytes;
        QTest::newRow("over") << 80 * MiB << BufferBudget::stepBytes;
    }
    void mark()
    {
        QFETCH(qint64, charged);
        QFETCH(qint64, mark);
        BufferBudget budget;
        budget.setLimits(256 * KiB, 64 * MiB);
        BufferBudget::Share share(budget);
        share.set(charged);
        QCOMPARE(budget.highMark(), mark);
    }

    void smallHighMarkIsNeverRaised()
    {
        BufferBudget budget;
        budget.setLimits(4 * KiB, 1 * MiB);
        BufferBudget::Share share(budget);
        QCOMPARE(budget.highMark(), 4 * KiB);
        share.set(10 * MiB);
        QCOMPARE(budget.highMark(), 4 * KiB);
    }

    void sharesAreGivenBack()
    {
        BufferBudget budget;
        budget.setLimits(256 * KiB, 64 * MiB);
        {
            BufferBudget::Share a(budget);
            BufferBudget::Share b(budget);
            a.set(1 * MiB);
            b.set(2 * MiB + 1);
            QCOMPARE(budget.chargedBytes(), 3 * MiB);
            a.set(0);
            QCOMPARE(budget.chargedBytes(), 2 * MiB);
            b.set(BufferBudget::stepBytes - 1);
            QCOMPARE(budget.chargedBytes(), 0);
            b.set(5 * MiB);
        }
        QCOMPARE(budget.chargedBytes(), 0);
    }

    // Every direction fills up to its mark and is never taken from: the sum stays near the budget.
    void stalledDirections_data()
    {
        QTest::addColumn<int>("directions");
        QTest::newRow("200") << 200;
        QTest::newRow("1000") << 1000;
    }
    void stalledDirections()
    {
        QFETCH(int, directions);
        BufferBudget budget;
        budget.setLimits(256 * KiB, 64 * MiB);
        std::vector<std::unique_ptr<BufferBudget::Share>> shares;
        qint64 sum = 0;
        for (int i = 0; i < directions; ++i) {
            shares.push_back(std::make_unique<BufferBudget::Share>(budget));
            const qint64 backlog = budget.highMark();
            shares.back()->set(backlog);
            sum += backlog;
        }
        QVERIFY2(sum <= 64 * MiB * 5 / 4, qPrintable(QString::number(sum / MiB)));
    }
};

RELAY_TEST(tst_BufferBudget)
#include "tst_bufferbudget.moc"
