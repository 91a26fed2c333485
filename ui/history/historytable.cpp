// SPDX-License-Identifier: MIT
#include "ui/history/historytable.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>

namespace rr {

HistoryTable::HistoryTable(QAbstractItemModel &model, const QList<int> &letters, QWidget *parent)
    : TableView(parent)
    , m_model(model)
    , m_letters(letters)
{
    setModel(&model);
    setHorizontalScrollMode(ScrollPerPixel);
    horizontalHeader()->setStretchLastSection(true);
    HistoryTable::fitColumns();
}

void HistoryTable::copy() const
{
    QList<int> columns;
    for (int visual = 0; visual < m_model.columnCount(); ++visual) {
        const int column = horizontalHeader()->logicalIndex(visual);
        if (!isColumnHidden(column))
            columns.append(column);
    }
    QStringList cells;
    for (const int column : std::as_const(columns))
        cells.append(m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    QString text = cells.join(u'\t') + u'\n';
    const bool all = !selectionModel()->hasSelection();
    for (int row = 0; row < m_model.rowCount(); ++row) {
        if (!all && !selectionModel()->isRowSelected(row))
            continue;
        cells.clear();
        for (const int column : std::as_const(columns))
            cells.append(m_model.index(row, column).data().toString());
        text += cells.join(u'\t') + u'\n';
    }
    QGuiApplication::clipboard()->setText(text);
}

void HistoryTable::fitColumns()
{
    const QFontMetrics metrics = fontMetrics();
    verticalHeader()->setDefaultSectionSize(metrics.height() + metrics.height() / 3);
    QHeaderView &header = *horizontalHeader();
    for (int i = 0; i < m_letters.size(); ++i)
        header.resizeSection(
            i, qMax(metrics.horizontalAdvance(u'0') * (m_letters[i] + 1), header.sectionSizeHint(i)));
}

} // namespace rr
