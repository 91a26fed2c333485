// SPDX-License-Identifier: MIT
#pragma once

#include "ui/calls/callcolumn.h"
#include "ui/table/tableview.h"

#include <QList>

class QLabel;
class QMenu;

namespace rr {

class CallFilter;

/// Shows the filtered calls: columns are hidden in a menu, and moved and sorted by with the mouse or there.
class CallTable : public TableView
{
    Q_OBJECT
public:
    explicit CallTable(CallFilter &calls, QWidget *parent = nullptr);

    /// All columns, to be shown or hidden, and behind them the menus "Sort by", "Move left" and "Move right".
    QMenu *columnMenu() const { return m_columnMenu; }
    QList<CallColumn> visibleColumns() const; ///< in the order they are shown
    QList<CallRow> selectedCalls() const; ///< in the order they are shown
    QList<CallRow> shownCalls() const;
    void copy() const override; ///< as columns of text
    void setEmptyText(const QString &text); ///< told where there is nothing to show

Q_SIGNALS:
    void endRequested(); ///< of what is selected, by the keyboard

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void fitColumns() override;

private:
    void makeColumnMenu();
    void fillColumnMenu();
    void fillMoveMenus();
    void sortBy(int column);
    void move(int column, int step);
    void updateEmptyLabel();

    CallFilter &m_calls;
    QMenu *m_columnMenu;
    QMenu *m_sort; ///< in it, as the next
    QMenu *m_left;
    QMenu *m_right;
    QLabel *m_empty;
};

} // namespace rr
