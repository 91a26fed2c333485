// SPDX-License-Identifier: MIT
#include "ui/access/accessmodel.h"

#include "ui/access/accesswords.h"
#include "ui/control/accesscontrol.h"
#include "ui/control/displaytext.h"

#include <QGuiApplication>
#include <QLocale>
#include <QPalette>
#include <QPixmap>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int badgeSide = 14;

QVariant badge(Tone tone)
{
    return toneBadge(tone, badgeSide, qGuiApp->devicePixelRatio());
}

} // namespace

AccessModel::AccessModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void AccessModel::update(const AccessControl &access, const QList<AccessUsage> &calls, const QDateTime &now)
{
    m_now = now;
    m_revoked = 0;
    QList<Row> rows;
    const QList<AccessTerms> tokens = access.tokens();
    for (const AccessTerms &terms : tokens) {
        m_revoked += terms.isRevoked ? 1 : 0;
        if (terms.isRevoked && !m_areRevokedShown)
            continue;
        Row row{terms, 0, access.budget(terms.id, Budget::TokenDay),
            access.budget(terms.id, Budget::TokenInAll), tokenStateText(terms, now)};
        const auto usage = std::find_if(calls.cbegin(), calls.cend(),
            [&terms](const AccessUsage &each) { return each.name == terms.name; });
        if (usage != calls.cend() && !terms.isRevoked) // a revoked one may have a namesake
            row.callsNow = usage->active;
        rows.append(row);
    }
    const bool areTheSame = std::equal(rows.cbegin(), rows.cend(), m_rows.cbegin(), m_rows.cend(),
        [](const Row &one, const Row &other) { return one.terms.id == other.terms.id; });
    if (!areTheSame) {
        beginResetModel();
        m_rows = rows;
        endResetModel();
        return;
    }
    for (int i = 0; i < int(rows.size()); ++i) {
        if (rows[i] == std::as_const(m_rows)[i])
            continue;
        m_rows[i] = rows[i];
        Q_EMIT dataChanged(index(i, 0), index(i, ColumnCount - 1));
    }
}

void AccessModel::setRevokedShown(bool shown)
{
    m_areRevokedShown = shown;
}

int AccessModel::rowOf(qint64 id) const
{
    const auto row
        = std::find_if(m_rows.cbegin(), m_rows.cend(), [id](const Row &each) { return each.terms.id == id; });
    return row == m_rows.cend() ? -1 : int(row - m_rows.cbegin());
}

int AccessModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int AccessModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString AccessModel::text(const Row &row, Column column) const
{
    switch (column) {
    case Name:
        return row.terms.name;
    case State:
        return row.state;
    case CallsNow:
        return countText(row.callsNow);
    case Today:
        return budgetText(row.today, row.terms.usdADay);
    case InAll:
        return budgetText(row.inAll, row.terms.usdInAll);
    case Models:
        return listText(row.terms.models);
    case Origins:
        return listText(row.terms.origins);
    case Limits:
        return limitsText(row.terms);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant AccessModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[index.row()];
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::DecorationRole:
        if (column == State)
            return badge(toneOf(stateOf(row.terms, m_now)));
        // One that is far from spent needs no sign.
        if (column == Today && toneOf(row.today) > Tone::Good)
            return badge(toneOf(row.today));
        if (column == InAll && toneOf(row.inAll) > Tone::Good)
            return badge(toneOf(row.inAll));
        return {};
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (column == CallsNow ? Qt::AlignTrailing : Qt::AlignLeading));
    case Qt::ForegroundRole:
        if (row.terms.isRevoked)
            return QGuiApplication::palette().brush(QPalette::Disabled, QPalette::Text);
        return {};
    case Qt::ToolTipRole:
        if (column == State && row.terms.expiresAt.isValid())
            return QLocale().toString(row.terms.expiresAt.toLocalTime(), QLocale::LongFormat);
        return text(row, column).toHtmlEscaped();
    default:
        return {};
    }
}

QVariant AccessModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount
        || (role != Qt::DisplayRole && role != Qt::TextAlignmentRole && role != Qt::ToolTipRole))
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == CallsNow ? Qt::AlignTrailing : Qt::AlignLeading));
    switch (Column(section)) {
    case Name:
        return tr("Name");
    case State:
        return tr("State");
    case CallsNow:
        return tr("Calls now");
    case Today:
        return role == Qt::ToolTipRole ? tr("Spent today (a day of UTC), of what may be") : tr("Today");
    case InAll:
        return role == Qt::ToolTipRole ? tr("Spent in all, of what may be") : tr("In all");
    case Models:
        return tr("Models");
    case Origins:
        return tr("Origins");
    case Limits:
        return tr("Limits");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace rr
