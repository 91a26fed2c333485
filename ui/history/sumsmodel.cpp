// SPDX-License-Identifier: MIT
#include "ui/history/sumsmodel.h"

#include "ui/control/displaytext.h"
#include "ui/log/logfilter.h"

#include <QDate>
#include <QFont>
#include <QLocale>

#include <algorithm>

namespace rr {

SumsModel::SumsModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void SumsModel::show(SumBy by, const QList<UsageSum> &sums)
{
    beginResetModel();
    m_by = by;
    m_sums = sums;
    m_all = {};
    for (const UsageSum &each : sums) {
        m_all.calls += each.calls;
        m_all.totals += each.totals;
    }
    // What costs most is looked for; of days the newest.
    std::stable_sort(m_sums.begin(), m_sums.end(), [by](const UsageSum &one, const UsageSum &other) {
        if (by == SumBy::Day)
            return one.key > other.key;
        return one.totals.cost != other.totals.cost ? one.totals.cost > other.totals.cost
                                                    : one.calls > other.calls;
    });
    endResetModel();
    Q_EMIT headerDataChanged(Qt::Horizontal, Key, Key);
}

int SumsModel::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid())
        return 0;
    return int(m_sums.size()) + (m_sums.size() > 1 ? 1 : 0);
}

int SumsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString SumsModel::keyText(int row) const
{
    if (row == m_sums.size())
        return tr("All together");
    const QString &key = m_sums[row].key;
    if (m_by == SumBy::Day) {
        const QDate day = QDate::fromString(key, Qt::ISODate);
        return day.isValid() ? QLocale().toString(day, QLocale::ShortFormat) : key;
    }
    if (!key.isEmpty())
        return inOneLine(key);
    return m_by == SumBy::Token ? tr("without: keys of the clients' own") : tr("not named");
}

QVariant SumsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto column = Column(index.column());
    const bool isAll = index.row() == m_sums.size();
    const UsageSum &sum = isAll ? m_all : m_sums[index.row()];
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (column == Key ? Qt::AlignLeading : Qt::AlignTrailing));
    if (role == Qt::FontRole && isAll) {
        QFont bold;
        bold.setBold(true);
        return bold;
    }
    if (role == Qt::ToolTipRole) {
        if (column == TokensIn)
            return tokensInText(sum.totals.usage);
        if (column == TokensOut)
            return tokensOutText(sum.totals.usage);
        return column == Key ? QVariant(keyText(index.row()).toHtmlEscaped()) : QVariant();
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case Key:
        return keyText(index.row());
    case Calls:
        return countText(sum.calls);
    case TokensIn:
        return countText(sum.totals.usage.tokensIn());
    case TokensOut:
        return countText(sum.totals.usage.tokensOut());
    case Time:
        return sum.totals.usage.ms == 0 ? QString() : durationText(sum.totals.usage.ms);
    case Cost:
        return costText(sum.totals);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant SumsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == Key ? Qt::AlignLeading : Qt::AlignTrailing));
    if (role == Qt::ToolTipRole && section == Time)
        return tr("Speech that is billed by time");
    if (role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (Column(section)) {
    case Key:
        return m_by == SumBy::Token ? tr("Access token")
                                    : (m_by == SumBy::Model ? tr("Model") : tr("Day (UTC)"));
    case Calls:
        return tr("Calls");
    case TokensIn:
        return tr("↑ Tokens");
    case TokensOut:
        return tr("↓ Tokens");
    case Time:
        return tr("Time");
    case Cost:
        return tr("Cost");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace rr
