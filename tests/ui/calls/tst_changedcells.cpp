// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/calls/changedcells.h"

#include <QTest>

using rr::CellBlock;
using Blocks = QList<CellBlock>;
using Changes = QList<quint32>;

class TestChangedCells : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void blocks_data();
    void blocks();
};

void TestChangedCells::blocks_data()
{
    QTest::addColumn<Changes>("changes");
    QTest::addColumn<Blocks>("blocks");

    QTest::newRow("no rows") << Changes{} << Blocks{};
    QTest::newRow("nothing changed") << Changes{0, 0, 0} << Blocks{};
    QTest::newRow("one cell") << Changes{0, 4, 0} << Blocks{{1, 1, 2, 2}};
    QTest::newRow("columns side by side") << Changes{0b1110} << Blocks{{0, 0, 1, 3}};
    QTest::newRow("columns apart") << Changes{0b10011} << Blocks{{0, 0, 0, 1}, {0, 0, 4, 4}};
    QTest::newRow("rows together") << Changes{1, 2, 1} << Blocks{{0, 2, 0, 1}};
    QTest::newRow("a small gap") << Changes{1, 0, 0, 1} << Blocks{{0, 3, 0, 0}};
    QTest::newRow("the last column") << Changes{0x80000000} << Blocks{{0, 0, 31, 31}};
    QTest::newRow("every column") << Changes{0xFFFFFFFF} << Blocks{{0, 0, 0, 31}};

    Changes farApart(40, 0);
    farApart[0] = 1;
    farApart[39] = 2;
    QTest::newRow("a large gap") << farApart << Blocks{{0, 0, 0, 0}, {39, 39, 1, 1}};
}

void TestChangedCells::blocks()
{
    QFETCH(Changes, changes);
    QTEST(rr::changedBlocks(changes), "blocks");
}

RELAY_TEST(TestChangedCells)
#include "tst_changedcells.moc"
