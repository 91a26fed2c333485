// SPDX-License-Identifier: MIT
#include "ui/sessions/sessiontable.h"

#include "ui/sessions/sessionexport.h"
#include "ui/sessions/sessionfilter.h"

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
int digits(SessionColumn column)
{
    switch (column) {
    case SessionColumn::Client:
        return 15;
    case SessionColumn::Origin:
        return 24;
    case SessionColumn::Model:
        return 16;
    case SessionColumn::LastEvent:
        return 28;
    case SessionColumn::BytesUp:
    case SessionColumn::BytesDown:
    case SessionColumn::Backlog:
    case SessionColumn::Id:
    case SessionColumn::State:
        return 9;
    case SessionColumn::Rate:
        return 10;
    case SessionColumn::CloseReason:
        return 40;
    case SessionColumn::CloseCode:
        return 5;
    default:
        return 8;
    }
}

} // namespace

SessionTable::SessionTable(SessionFilter &sessions, QWidget *parent)
    : QTableView(parent)
    , m_sessions(sessions)
    , m_columnMenu(new QMenu(tr("Columns"), this))
    , m_sort(new QMenu(tr("Sort by"), m_columnMenu))
    , m_left(new QMenu(tr("Move left"), m_columnMenu))
    , m_right(new QMenu(tr("Move right"), m_columnMenu))
    , m_empty(new QLabel(viewport()))
{
    setModel(&sessions);
    setAccessibleName(tr("Sessions"));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setCornerButtonEnabled(false);
    setHorizontalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);

    QHeaderView &header = *horizontalHeader();
    header.setSectionsMovable(true);
    header.setHighlightSections(false);
    header.setStretchLastSection(true);
    header.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&header, &QHeaderView::customContextMenuRequested, this,
        [this](const QPoint &at) { m_columnMenu->popup(horizontalHeader()->mapToGlobal(at)); });
    connect(m_columnMenu, &QMenu::aboutToShow, this, &SessionTable::fillColumnMenu);
    makeColumnMenu();
    setColumnHidden(int(SessionColumn::Id), true);
    setSortingEnabled(true);
    sortByColumn(int(SessionColumn::Started), Qt::DescendingOrder);
    fitColumns();

    auto *layout = new QVBoxLayout(viewport());
    layout->addWidget(m_empty);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
    connect(&sessions, &QAbstractItemModel::rowsInserted, this, &SessionTable::updateEmptyLabel);
    connect(&sessions, &QAbstractItemModel::rowsRemoved, this, &SessionTable::updateEmptyLabel);
    connect(&sessions, &QAbstractItemModel::modelReset, this, &SessionTable::updateEmptyLabel);
}

void SessionTable::makeColumnMenu()
{
    for (int i = 0; i < sessionColumnCount; ++i) {
        QAction *action = m_columnMenu->addAction(columnName(SessionColumn(i)));
        action->setCheckable(true);
        connect(action, &QAction::triggered, this, [this, i](bool shown) { setColumnHidden(i, !shown); });
    }
    m_columnMenu->addSeparator();
    for (QMenu *menu : {m_sort, m_left, m_right})
        m_columnMenu->addMenu(menu);
}

void SessionTable::fillColumnMenu()
{
    const QList<QAction *> actions = m_columnMenu->actions();
    const bool onlyOne = visibleColumns().size() == 1;
    for (int i = 0; i < sessionColumnCount; ++i) {
        actions[i]->setChecked(!isColumnHidden(i));
        actions[i]->setEnabled(isColumnHidden(i) || !onlyOne);
    }
    fillMoveMenus();
}

void SessionTable::fillMoveMenus()
{
    for (QMenu *menu : {m_sort, m_left, m_right})
        menu->clear();
    const QList<SessionColumn> shown = visibleColumns();
    for (const SessionColumn each : shown) {
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

void SessionTable::sortBy(int column)
{
    // A second time the other way round, as a click on the title does.
    const QHeaderView &header = *horizontalHeader();
    const bool again = column == header.sortIndicatorSection();
    sortByColumn(column,
        again && header.sortIndicatorOrder() == Qt::AscendingOrder ? Qt::DescendingOrder
                                                                   : Qt::AscendingOrder);
}

void SessionTable::move(int column, int step)
{
    QHeaderView &header = *horizontalHeader();
    const int from = header.visualIndex(column);
    int to = from + step;
    while (to >= 0 && to < sessionColumnCount && isColumnHidden(header.logicalIndex(to)))
        to += step; // past what is not seen
    if (to >= 0 && to < sessionColumnCount)
        header.moveSection(from, to);
}

QList<SessionColumn> SessionTable::visibleColumns() const
{
    QList<SessionColumn> columns;
    for (int visual = 0; visual < sessionColumnCount; ++visual) {
        const int column = horizontalHeader()->logicalIndex(visual);
        if (!isColumnHidden(column))
            columns.append(SessionColumn(column));
    }
    return columns;
}

QList<SessionRow> SessionTable::selectedSessions() const
{
    QList<int> rows;
    const QModelIndexList indexes = selectionModel()->selectedRows();
    for (const QModelIndex &index : indexes)
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    QList<SessionRow> sessions;
    for (const int row : std::as_const(rows))
        sessions.append(m_sessions.row(row));
    return sessions;
}

QList<SessionRow> SessionTable::shownSessions() const
{
    QList<SessionRow> sessions;
    sessions.reserve(m_sessions.rowCount());
    for (int row = 0; row < m_sessions.rowCount(); ++row)
        sessions.append(m_sessions.row(row));
    return sessions;
}

void SessionTable::copy() const
{
    const QList<SessionRow> sessions
        = selectionModel()->hasSelection() ? selectedSessions() : shownSessions();
    QGuiApplication::clipboard()->setText(sessionsText(sessions, visibleColumns()));
}

void SessionTable::setEmptyText(const QString &text)
{
    m_empty->setText(text);
    updateEmptyLabel();
}

void SessionTable::updateEmptyLabel()
{
    m_empty->setVisible(m_sessions.rowCount() == 0);
}

void SessionTable::keyPressEvent(QKeyEvent *event)
{
    if (event == QKeySequence::Copy)
        copy();
    else if (event == QKeySequence::Delete)
        Q_EMIT endRequested();
    else
        QTableView::keyPressEvent(event);
}

void SessionTable::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitColumns();
}

void SessionTable::fitColumns()
{
    const QFontMetrics metrics = fontMetrics();
    verticalHeader()->setDefaultSectionSize(metrics.height() + metrics.height() / 3);
    QHeaderView &header = *horizontalHeader();
    for (int i = 0; i < sessionColumnCount; ++i) {
        const int forText = metrics.horizontalAdvance(u'0') * (digits(SessionColumn(i)) + 1);
        header.resizeSection(i, qMax(forText, header.sectionSizeHint(i)));
    }
}

} // namespace rr
