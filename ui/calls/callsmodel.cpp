// SPDX-License-Identifier: MIT
#include "ui/calls/callsmodel.h"

#include "ui/calls/callwords.h"
#include "ui/calls/changedcells.h"

#include <QFont>
#include <QLocale>

#include <algorithm>

namespace rr {

namespace {

// Snapshots farther apart than this say nothing about the current rate: nobody was looking in between.
constexpr qint64 longestRateMs = 5000;

CallRow newRow(const CallSnapshot &call, const QDateTime &now)
{
    CallRow row{call, 0, timeLeftMs(call, now), searchText(call), closeReasonText(call)};
    // Once, not whenever it is painted: it makes the C library look at the time zone's file.
    row.call.startedAt = call.startedAt.toLocalTime();
    return row;
}

QString toolTip(const CallRow &row, CallColumn column)
{
    const QString text = cellText(row, column);
    const QString untold
        = column == CallColumn::Kind || column == CallColumn::Model ? untoldText(row.call) : QString();
    return untold.isEmpty() ? text : text + QLatin1Char('\n') + untold;
}

} // namespace

CallsModel::CallsModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void CallsModel::update(const Snapshot &snapshot)
{
    Calls calls;
    calls.reserve(snapshot.calls.size());
    for (const CallSnapshot &call : snapshot.calls)
        calls.append(&call);
    std::sort(calls.begin(), calls.end(),
        [](const CallSnapshot *left, const CallSnapshot *right) { return left->number < right->number; });

    const qint64 betweenMs = m_takenAt.isValid() ? m_takenAt.msecsTo(snapshot.takenAt) : 0;
    m_takenAt = snapshot.takenAt;
    removeMissing(calls);
    updateRows(calls, snapshot.takenAt, betweenMs > longestRateMs ? 0 : betweenMs);
    insertNew(calls, snapshot.takenAt);
    m_liveCount = int(std::count_if(m_rows.cbegin(), m_rows.cend(),
        [](const CallRow &row) { return row.call.state != CallState::Closed; }));
}

void CallsModel::removeMissing(const Calls &calls)
{
    qsizetype at = calls.size() - 1;
    for (qsizetype last = m_rows.size() - 1; last >= 0;) {
        const auto isMissing = [&](qsizetype row) {
            while (at >= 0 && calls[at]->number > m_rows[row].call.number)
                --at;
            return at < 0 || calls[at]->number != m_rows[row].call.number;
        };
        qsizetype first = last;
        while (first >= 0 && isMissing(first))
            --first;
        if (first < last) {
            beginRemoveRows({}, int(first + 1), int(last));
            m_rows.remove(first + 1, last - first);
            endRemoveRows();
        }
        last = first - 1;
    }
}

void CallsModel::updateRows(const Calls &calls, const QDateTime &now, qint64 betweenMs)
{
    QList<quint32> changes(m_rows.size());
    qsizetype at = 0;
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (std::as_const(m_rows)[i].call.state == CallState::Closed)
            continue; // nothing changes any more
        const CallRow before = m_rows[i];
        while (calls[at]->number != before.call.number)
            ++at;
        CallRow &row = m_rows[i];
        row.call = *calls[at];
        row.call.startedAt = before.call.startedAt; // in local time already
        row.leftMs = timeLeftMs(row.call, now);
        row.bytesPerSecond = bytesPerSecond(before.call, row.call, betweenMs);
        if (row.call.state != before.call.state) {
            row.searchText = searchText(row.call);
            row.closeReason = closeReasonText(row.call);
        }
        changes[i] = changedColumns(before, row);
    }
    const QList<CellBlock> blocks = changedBlocks(changes);
    for (const CellBlock &block : blocks)
        Q_EMIT dataChanged(index(block.top, block.left), index(block.bottom, block.right));
}

void CallsModel::insertNew(const Calls &calls, const QDateTime &now)
{
    for (qsizetype i = 0; i < calls.size();) {
        if (i < m_rows.size() && m_rows[i].call.number == calls[i]->number) {
            ++i;
            continue;
        }
        qsizetype end = i;
        while (end < calls.size() && (i >= m_rows.size() || calls[end]->number < m_rows[i].call.number))
            ++end;
        beginInsertRows({}, int(i), int(end - 1));
        for (; i < end; ++i)
            m_rows.insert(i, newRow(*calls[i], now));
        endInsertRows();
    }
}

int CallsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int CallsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : callColumnCount;
}

QVariant CallsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const CallRow &row = m_rows[index.row()];
    const auto column = CallColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return cellText(row, column);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignTrailing : Qt::AlignLeading));
    case Qt::FontRole:
        if (column == CallColumn::State && row.call.state != CallState::Closed) {
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        return {};
    case Qt::ToolTipRole:
        if (column == CallColumn::Started)
            return QLocale().toString(row.call.startedAt, QLocale::LongFormat);
        // Escaped: a tool tip takes what looks like HTML for HTML, and some of this came from outside.
        return toolTip(row, column).toHtmlEscaped();
    default:
        return {};
    }
}

QVariant CallsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= callColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (role) {
    case Qt::DisplayRole:
        return columnTitle(CallColumn(section));
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return columnName(CallColumn(section));
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (isNumber(CallColumn(section)) ? Qt::AlignTrailing : Qt::AlignLeading));
    default:
        return QAbstractTableModel::headerData(section, orientation, role);
    }
}

} // namespace rr
