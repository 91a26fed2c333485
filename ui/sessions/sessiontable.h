// SPDX-License-Identifier: MIT
#pragma once

#include "ui/sessions/sessioncolumn.h"

#include <QList>
#include <QTableView>

class QLabel;
class QMenu;

namespace rr {

class SessionFilter;

/// Shows the filtered sessions: columns are hidden in a menu, and moved and sorted by with the mouse or there.
class SessionTable : public QTableView
{
    Q_OBJECT
public:
    explicit SessionTable(SessionFilter &sessions, QWidget *parent = nullptr);

    /// All columns, to be shown or hidden, and behind them the menus "Sort by", "Move left" and "Move right".
    QMenu *columnMenu() const { return m_columnMenu; }
    QList<SessionColumn> visibleColumns() const; ///< in the order they are shown
    QList<SessionRow> selectedSessions() const; ///< in the order they are shown
    QList<SessionRow> shownSessions() const;
    void copy() const; ///< the selected sessions, or all that are shown when none is, as text
    void setEmptyText(const QString &text); ///< told where there is nothing to show

Q_SIGNALS:
    void endRequested(); ///< of what is selected, by the keyboard

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void makeColumnMenu();
    void fillColumnMenu();
    void fillMoveMenus();
    void sortBy(int column);
    void move(int column, int step);
    void fitColumns();
    void updateEmptyLabel();

    SessionFilter &m_sessions;
    QMenu *m_columnMenu;
    QMenu *m_sort; ///< in it, as the next
    QMenu *m_left;
    QMenu *m_right;
    QLabel *m_empty;
};

} // namespace rr
