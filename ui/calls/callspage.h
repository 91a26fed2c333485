// SPDX-License-Identifier: MIT
#pragma once

#include "ui/calls/callcolumn.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;

namespace rr {

class DemoCalls;
class RelayControl;
class CallDetails;
class CallFilter;
class CallsModel;
class CallTable;
struct Snapshot;

/// Every live call and the last that ended. Takes snapshots only while it can be seen.
class CallsPage : public QWidget
{
    Q_OBJECT
public:
    explicit CallsPage(RelayControl &control, QWidget *parent = nullptr);

    /// Columns, sorting, filter and the division of the page, for restoreState() of another run.
    QByteArray saveState() const;
    bool restoreState(const QByteArray &state); ///< false, and nothing changed, when it is not one

Q_SIGNALS:
    void logRequested(const QString &callId);

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
    void askToEnd(const QList<CallRow> &rows);
    void exportCalls();

    RelayControl &m_control;
    CallsModel *m_model;
    CallFilter *m_filter;
    CallTable *m_table;
    CallDetails *m_details;
    QSplitter *m_splitter;
    DemoCalls *m_demo; ///< while there is nothing to show
    QComboBox *m_kind = nullptr; ///< each with its CallKind, the first with none
    QLineEdit *m_text = nullptr;
    QLabel *m_count = nullptr;
    QPushButton *m_end = nullptr;
    QPushButton *m_endAll = nullptr;
};

} // namespace rr
