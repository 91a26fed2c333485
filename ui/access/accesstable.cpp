// SPDX-License-Identifier: MIT
#include "ui/access/accesstable.h"

#include "ui/access/accessmodel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>

namespace rr {

namespace {

int digitsOf(int column)
{
    switch (column) {
    case AccessModel::Name:
    case AccessModel::Models:
        return 18;
    case AccessModel::State:
        return 36;
    case AccessModel::Today:
    case AccessModel::InAll:
        return 24;
    case AccessModel::Origins:
        return 24;
    case AccessModel::Limits:
        return 30;
    default:
        return 6;
    }
}

} // namespace

AccessTable::AccessTable(AccessModel &model, QWidget *parent)
    : TableView(parent)
    , m_model(model)
{
    setModel(&model);
    setSelectionMode(SingleSelection);
    setAccessibleName(tr("Access tokens"));
    setHorizontalScrollMode(ScrollPerPixel);
    horizontalHeader()->setStretchLastSection(true);
    AccessTable::fitColumns();
    connect(this, &QAbstractItemView::doubleClicked, this, &AccessTable::editRequested);
}

void AccessTable::copy() const
{
    QString text;
    for (int column = 0; column < AccessModel::ColumnCount; ++column)
        text += m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()
            + (column == AccessModel::ColumnCount - 1 ? u'\n' : u'\t');
    const bool all = !selectionModel()->hasSelection();
    for (int row = 0; row < m_model.rowCount(); ++row) {
        if (!all && !selectionModel()->isRowSelected(row))
            continue;
        for (int column = 0; column < AccessModel::ColumnCount; ++column)
            text += m_model.data(m_model.index(row, column), Qt::DisplayRole).toString()
                + (column == AccessModel::ColumnCount - 1 ? u'\n' : u'\t');
    }
    QGuiApplication::clipboard()->setText(text);
}

void AccessTable::keyPressEvent(QKeyEvent *event)
{
    if (event == QKeySequence::Delete)
        Q_EMIT revokeRequested();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        Q_EMIT editRequested();
    else
        TableView::keyPressEvent(event);
}

void AccessTable::fitColumns()
{
    const QFontMetrics metrics = fontMetrics();
    verticalHeader()->setDefaultSectionSize(metrics.height() + metrics.height() / 2);
    QHeaderView &header = *horizontalHeader();
    for (int i = 0; i < AccessModel::ColumnCount; ++i) {
        const int forText = metrics.averageCharWidth() * (digitsOf(i) + 2);
        header.resizeSection(i, qMax(forText, header.sectionSizeHint(i)));
    }
}

} // namespace rr
