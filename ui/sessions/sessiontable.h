// SPDX-License-Identifier: MIT
#pragma once

#include "ui/sessions/sessioncolumn.h"

#include <QList>
#include <QTableView>

class QLabel;
class QMenu;

namespace rr {

class SessionFilter;

/// Shows the filtered sessions: columns are moved with the mouse, and hidden in a menu.
class SessionTable : public QTableView
{
    Q_OBJECT
public:
    explicit SessionTable(SessionFilter &sessions, QWidget *parent = nullptr);

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
    void fitColumns();
    void updateEmptyLabel();

    SessionFilter &m_sessions;
    QMenu *m_columnMenu;
    QLabel *m_empty;
};

} // namespace rr
