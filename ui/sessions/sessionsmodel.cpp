// SPDX-License-Identifier: MIT
#include "ui/sessions/sessionsmodel.h"

#include "ui/sessions/changedcells.h"

#include <QFont>
#include <QLocale>

#include <algorithm>

namespace rr {

namespace {

// Snapshots farther apart than this say nothing about the current rate: nobody was looking in between.
constexpr qint64 longestRateMs = 5000;

SessionRow newRow(const SessionSnapshot &session, const QDateTime &now)
{
    SessionRow row{session, 0, timeLeftMs(session, now), searchText(session)};
    // Once, not whenever it is painted: it makes the C library look at the time zone's file.
    row.session.startedAt = session.startedAt.toLocalTime();
    return row;
}

} // namespace

SessionsModel::SessionsModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void SessionsModel::update(const Snapshot &snapshot)
{
    Sessions sessions;
    sessions.reserve(snapshot.sessions.size());
    for (const SessionSnapshot &session : snapshot.sessions)
        sessions.append(&session);
    std::sort(
        sessions.begin(), sessions.end(), [](const SessionSnapshot *left, const SessionSnapshot *right) {
            return left->number < right->number;
        });

    const qint64 betweenMs = m_takenAt.isValid() ? m_takenAt.msecsTo(snapshot.takenAt) : 0;
    m_takenAt = snapshot.takenAt;
    removeMissing(sessions);
    updateRows(sessions, snapshot.takenAt, betweenMs > longestRateMs ? 0 : betweenMs);
    insertNew(sessions, snapshot.takenAt);
    m_liveCount = int(std::count_if(m_rows.cbegin(), m_rows.cend(),
        [](const SessionRow &row) { return row.session.state != SessionState::Closed; }));
}

void SessionsModel::removeMissing(const Sessions &sessions)
{
    qsizetype at = sessions.size() - 1;
    for (qsizetype last = m_rows.size() - 1; last >= 0;) {
        const auto isMissing = [&](qsizetype row) {
            while (at >= 0 && sessions[at]->number > m_rows[row].session.number)
                --at;
            return at < 0 || sessions[at]->number != m_rows[row].session.number;
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

void SessionsModel::updateRows(const Sessions &sessions, const QDateTime &now, qint64 betweenMs)
{
    QList<quint32> changes(m_rows.size());
    qsizetype at = 0;
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (std::as_const(m_rows)[i].session.state == SessionState::Closed)
            continue; // nothing changes any more
        const SessionRow before = m_rows[i];
        while (sessions[at]->number != before.session.number)
            ++at;
        SessionRow &row = m_rows[i];
        row.session = *sessions[at];
        row.session.startedAt = before.session.startedAt; // in local time already
        row.leftMs = timeLeftMs(row.session, now);
        row.bytesPerSecond = bytesPerSecond(before.session, row.session, betweenMs);
        if (row.session.state != before.session.state)
            row.searchText = searchText(row.session);
        changes[i] = changedColumns(before, row);
    }
    const QList<CellBlock> blocks = changedBlocks(changes);
    for (const CellBlock &block : blocks)
        Q_EMIT dataChanged(index(block.top, block.left), index(block.bottom, block.right));
}

void SessionsModel::insertNew(const Sessions &sessions, const QDateTime &now)
{
    for (qsizetype i = 0; i < sessions.size();) {
        if (i < m_rows.size() && m_rows[i].session.number == sessions[i]->number) {
            ++i;
            continue;
        }
        qsizetype end = i;
        while (
            end < sessions.size() && (i >= m_rows.size() || sessions[end]->number < m_rows[i].session.number))
            ++end;
        beginInsertRows({}, int(i), int(end - 1));
        for (; i < end; ++i)
            m_rows.insert(i, newRow(*sessions[i], now));
        endInsertRows();
    }
}

int SessionsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int SessionsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : sessionColumnCount;
}

QVariant SessionsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const SessionRow &row = m_rows[index.row()];
    const auto column = SessionColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return cellText(row, column);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignTrailing : Qt::AlignLeading));
    case Qt::FontRole:
        if (column == SessionColumn::State && row.session.state != SessionState::Closed) {
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        return {};
    case Qt::ToolTipRole:
        if (column == SessionColumn::Started)
            return QLocale().toString(row.session.startedAt, QLocale::LongFormat);
        // Escaped: a tool tip takes what looks like HTML for HTML, and some of this came from outside.
        return cellText(row, column).toHtmlEscaped();
    default:
        return {};
    }
}

QVariant SessionsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= sessionColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (role) {
    case Qt::DisplayRole:
        return columnTitle(SessionColumn(section));
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return columnName(SessionColumn(section));
    case Qt::TextAlignmentRole:
        return int(
            Qt::AlignVCenter | (isNumber(SessionColumn(section)) ? Qt::AlignTrailing : Qt::AlignLeading));
    default:
        return QAbstractTableModel::headerData(section, orientation, role);
    }
}

} // namespace rr
