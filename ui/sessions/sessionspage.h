// SPDX-License-Identifier: MIT
#pragma once

#include "ui/sessions/sessioncolumn.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;

namespace rr {

class RelayControl;
class SessionDetails;
class SessionFilter;
class SessionsModel;
class SessionTable;
struct Snapshot;

/// Every live call and the last that ended. Takes snapshots only while it can be seen.
class SessionsPage : public QWidget
{
    Q_OBJECT
public:
    explicit SessionsPage(RelayControl &control, QWidget *parent = nullptr);

    /// Columns, sorting, filter and the division of the page, for restoreState() of another run.
    QByteArray saveState() const;
    bool restoreState(const QByteArray &state); ///< false, and nothing changed, when it is not one

Q_SIGNALS:
    void logRequested(const QString &sessionId);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeFilterRow();
    QWidget *makeActionRow();
    void takeSnapshot(const Snapshot &snapshot);
    void showSelected();
    void updateTexts();
    void showContextMenu(const QPoint &at);
    void askToEnd(const QList<SessionRow> &rows);
    void exportSessions();

    RelayControl &m_control;
    SessionsModel *m_model;
    SessionFilter *m_filter;
    SessionTable *m_table;
    SessionDetails *m_details;
    QSplitter *m_splitter;
    QLineEdit *m_text = nullptr;
    QLabel *m_count = nullptr;
    QPushButton *m_end = nullptr;
    QPushButton *m_endAll = nullptr;
};

} // namespace rr
