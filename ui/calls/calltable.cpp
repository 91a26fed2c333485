// SPDX-License-Identifier: MIT
#include "ui/calls/calltable.h"

#include "ui/calls/callexport.h"
#include "ui/calls/callfilter.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>

namespace rr {

namespace {

// What a column is wide enough for, in digits; its title fits in any case.
int digits(CallColumn column)
{
    switch (column) {
    case CallColumn::Client:
        return 15;
    case CallColumn::Origin:
        return 24;
    case CallColumn::Model:
        return 16;
    case CallColumn::LastEvent:
        return 28;
    case CallColumn::BytesUp:
    case CallColumn::BytesDown:
    case CallColumn::Backlog:
    case CallColumn::Id:
    case CallColumn::State:
        return 9;
    case CallColumn::Rate:
        return 10;
    case CallColumn::CloseReason:
        return 40;
    case CallColumn::CloseCode:
        return 5;
    case CallColumn::Kind:
    case CallColumn::Access:
    case CallColumn::Cost:
        return 12;
    default:
        return 8;
    }
}

} // namespace

CallTable::CallTable(CallFilter &calls, QWidget *parent)
    : TableView(parent)
    , m_calls(calls)
    , m_columnMenu(new QMenu(tr("Columns"), this))
    , m_sort(new QMenu(tr("Sort by"), m_columnMenu))
    , m_left(new QMenu(tr("Move left"), m_columnMenu))
    , m_right(new QMenu(tr("Move right"), m_columnMenu))
    , m_empty(new QLabel(viewport()))
{
    setModel(&calls);
    setAccessibleName(tr("Calls"));
    setHorizontalScrollMode(ScrollPerPixel);

    QHeaderView &header = *horizontalHeader();
    header.setStretchLastSection(true);
    header.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&header, &QHeaderView::customContextMenuRequested, this,
        [this](const QPoint &at) { m_columnMenu->popup(horizontalHeader()->mapToGlobal(at)); });
    connect(m_columnMenu, &QMenu::aboutToShow, this, &CallTable::fillColumnMenu);
    makeColumnMenu();
    for (const CallColumn column : {CallColumn::Id, CallColumn::TokensIn, CallColumn::TokensOut})
        setColumnHidden(int(column), true);
    setSortingEnabled(true);
    sortByColumn(int(CallColumn::Started), Qt::DescendingOrder);
    CallTable::fitColumns();

    auto *layout = new QVBoxLayout(viewport());
    layout->addWidget(m_empty);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
    connect(&calls, &QAbstractItemModel::rowsInserted, this, &CallTable::updateEmptyLabel);
    connect(&calls, &QAbstractItemModel::rowsRemoved, this, &CallTable::updateEmptyLabel);
    connect(&calls, &QAbstractItemModel::modelReset, this, &CallTable::updateEmptyLabel);
}

void CallTable::makeColumnMenu()
{
    for (int i = 0; i < callColumnCount; ++i) {
        QAction *action = m_columnMenu->addAction(columnName(CallColumn(i)));
        action->setCheckable(true);
        connect(action, &QAction::triggered, this, [this, i](bool shown) { setColumnHidden(i, !shown); });
    }
    m_columnMenu->addSeparator();
    for (QMenu *menu : {m_sort, m_left, m_right})
        m_columnMenu->addMenu(menu);
}

void CallTable::fillColumnMenu()
{
    const QList<QAction *> actions = m_columnMenu->actions();
    const bool onlyOne = visibleColumns().size() == 1;
    for (int i = 0; i < callColumnCount; ++i) {
        actions[i]->setChecked(!isColumnHidden(i));
        actions[i]->setEnabled(isColumnHidden(i) || !onlyOne);
    }
    fillMoveMenus();
}

void CallTable::fillMoveMenus()
{
    for (QMenu *menu : {m_sort, m_left, m_right})
        menu->clear();
    const QList<CallColumn> shown = visibleColumns();
    for (const CallColumn each : shown) {
        const int column = int(each);
        QAction *sort = m_sort->addAction(columnName(each), this, [this, column] { sortBy(column); });
        sort->setCheckable(true);
        sort->setChecked(column == horizontalHeader()->sortIndicatorSection());
        QAction *left = m_left->addAction(columnName(each), this, [this, column] { move(column, -1); });
        left->setEnabled(each != shown.first());
        QAction *right = m_right->addAction(columnName(each), this, [this, column] { move(column, 1); });
        right->setEnabled(each != shown.last());
    }
}

void CallTable::sortBy(int column)
{
    // A second time the other way round, as a click on the title does.
    const QHeaderView &header = *horizontalHeader();
    const bool again = column == header.sortIndicatorSection();
    sortByColumn(column,
        again && header.sortIndicatorOrder() == Qt::AscendingOrder ? Qt::DescendingOrder
                                                                   : Qt::AscendingOrder);
}

void CallTable::move(int column, int step)
{
    QHeaderView &header = *horizontalHeader();
    const int from = header.visualIndex(column);
    int to = from + step;
    while (to >= 0 && to < callColumnCount && isColumnHidden(header.logicalIndex(to)))
        to += step; // past what is not seen
    if (to >= 0 && to < callColumnCount)
        header.moveSection(from, to);
}

QList<CallColumn> CallTable::visibleColumns() const
{
    QList<CallColumn> columns;
    for (int visual = 0; visual < callColumnCount; ++visual) {
        const int column = horizontalHeader()->logicalIndex(visual);
        if (!isColumnHidden(column))
            columns.append(CallColumn(column));
    }
    return columns;
}

QList<CallRow> CallTable::selectedCalls() const
{
    QList<int> rows;
    const QModelIndexList indexes = selectionModel()->selectedRows();
    for (const QModelIndex &index : indexes)
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    QList<CallRow> calls;
    for (const int row : std::as_const(rows))
        calls.append(m_calls.row(row));
    return calls;
}

QList<CallRow> CallTable::shownCalls() const
{
    QList<CallRow> calls;
    calls.reserve(m_calls.rowCount());
    for (int row = 0; row < m_calls.rowCount(); ++row)
        calls.append(m_calls.row(row));
    return calls;
}

void CallTable::copy() const
{
    const QList<CallRow> calls = selectionModel()->hasSelection() ? selectedCalls() : shownCalls();
    QGuiApplication::clipboard()->setText(callsText(calls, visibleColumns()));
}

void CallTable::setEmptyText(const QString &text)
{
    m_empty->setText(text);
    updateEmptyLabel();
}

void CallTable::updateEmptyLabel()
{
    m_empty->setVisible(m_calls.rowCount() == 0);
}

void CallTable::keyPressEvent(QKeyEvent *event)
{
    if (event == QKeySequence::Delete)
        Q_EMIT endRequested();
    else
        TableView::keyPressEvent(event);
}

void CallTable::fitColumns()
{
    const QFontMetrics metrics = fontMetrics();
    verticalHeader()->setDefaultSectionSize(metrics.height() + metrics.height() / 3);
    QHeaderView &header = *horizontalHeader();
    for (int i = 0; i < callColumnCount; ++i) {
        const int forText = metrics.horizontalAdvance(u'0') * (digits(CallColumn(i)) + 1);
        header.resizeSection(i, qMax(forText, header.sectionSizeHint(i)));
    }
}

} // namespace rr
