// SPDX-License-Identifier: MIT
#include "core/monitor/processusage.h"
#include "core/relay/memorytrim.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <array>
#include <memory>
#include <vector>

using namespace rr;

class tst_MemoryTrim : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whenItHasComeDownFromItsPeak()
    {
        constexpr qint64 unit = MemoryTrim::leastBytes;
        MemoryTrim trim;
        QVERIFY(!trim.look(0));
        QVERIFY(!trim.look(10 * unit));
        QVERIFY(!trim.look(6 * unit)); // more than half is in use
        const auto givesBack = [&](qint64 used) { // now, and what is freed a little later
            bool all = true;
            for (int i = 0; i < MemoryTrim::looks; ++i)
                all = trim.look(used) && all;
            return all && !trim.look(used);
        };
        QVERIFY(givesBack(5 * unit));
        QVERIFY(!trim.look(3 * unit));
        QVERIFY(givesBack(2 * unit));
        QVERIFY(givesBack(unit));
        QVERIFY(!trim.look(unit / 2)); // too little to be worth it
        QVERIFY(!trim.look(3 * unit));
        QVERIFY(trim.look(0));
        QVERIFY(!trim.look(20 * unit)); // it goes up again, and nothing is free
        QVERIFY(givesBack(0));
    }

#ifdef __GLIBC__
    void givesBackWhatWasUsed()
    {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("a sanitizer keeps what was freed");
#endif
        constexpr qsizetype count = 2000;
        constexpr qsizetype size = 16 * 1024;
        MemoryTrim trim;
        std::vector<std::unique_ptr<std::array<char, size>>> blocks;
        for (qsizetype i = 0; i < count; ++i) {
            blocks.push_back(std::make_unique<std::array<char, size>>());
            blocks.back()->fill('x');
        }
        const auto last = std::make_unique<std::array<char, size>>(); // keeps the top of the heap
        trim.look(count * size);
        const qint64 peak = processUsage().memoryBytes;
        blocks.clear();
        QVERIFY(trim.look(0));
        QVERIFY(processUsage().memoryBytes < peak - count * size / 2);
    }
#endif
};

RELAY_TEST(tst_MemoryTrim)
#include "tst_memorytrim.moc"
