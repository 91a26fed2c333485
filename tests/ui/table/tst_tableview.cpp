// SPDX-License-Identifier: MIT
#include "ui/table/tableview.h"

#include "tests/support/relaytest.h"

#include <QStandardItemModel>
#include <QTest>

using namespace rr;

namespace {

class Table final : public TableView
{
public:
    Table()
        : TableView(nullptr)
    {
        setModel(&m_model);
    }

    void copy() const override { ++copies; }
    void fitColumns() override { ++fits; }

    mutable int copies = 0;
    int fits = 0;

private:
    QStandardItemModel m_model{3, 2};
};

} // namespace

class tst_TableView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void copiesByTheKeys()
    {
        Table table;
        QTest::keySequence(&table, QKeySequence::Copy);
        QCOMPARE(table.copies, 1);
        QTest::keyClick(&table, Qt::Key_Down);
        QCOMPARE(table.copies, 1);
    }

    void selectsRows()
    {
        Table table;
        table.selectRow(1);
        QTest::keyClick(&table, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(table.selectionModel()->selectedRows().size(), 2);
    }

    void followsTheFont()
    {
        Table table;
        QFont font = table.font();
        font.setPointSizeF(font.pointSizeF() * 2);
        table.setFont(font);
        QVERIFY(table.fits > 0);
    }
};

RELAY_TEST(tst_TableView)
#include "tst_tableview.moc"
