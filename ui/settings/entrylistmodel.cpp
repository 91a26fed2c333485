// SPDX-License-Identifier: MIT
#include "ui/settings/entrylistmodel.h"

#include "ui/settings/settingwords.h"

#include <QApplication>
#include <QIcon>
#include <QRegularExpression>
#include <QStyle>

namespace rr {

EntryListModel::EntryListModel(const SettingSpec &spec, QObject *parent)
    : QAbstractListModel(parent)
    , m_spec(spec)
{
}

void EntryListModel::setEntries(const QStringList &entries)
{
    if (entries == m_entries)
        return;
    beginResetModel();
    m_entries = entries;
    endResetModel();
}

int EntryListModel::append(const QString &entry)
{
    const int row = int(m_entries.size());
    beginInsertRows({}, row, row);
    m_entries.append(stored(entry));
    endInsertRows();
    return row;
}

void EntryListModel::appendMissing(const QStringList &entries)
{
    for (const QString &entry : entries) {
        if (!m_entries.contains(stored(entry)))
            append(entry);
    }
}

QString EntryListModel::stored(const QString &entry) const
{
    QString checked = entry.trimmed();
    return m_spec.check(checked) ? entry.trimmed() : checked;
}

std::optional<QString> EntryListModel::problemOf(const QString &entry) const
{
    QString checked = entry.trimmed();
    if (const auto problem = m_spec.check(checked))
        return asSentence(*problem);
    return {};
}

int EntryListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

QVariant EntryListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QString &entry = m_entries[index.row()];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return entry;
    case Qt::DecorationRole:
        return problemOf(entry) ? QVariant(QApplication::style()->standardIcon(QStyle::SP_MessageBoxWarning))
                                : QVariant();
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
        return problemOf(entry).value_or(QString()).toHtmlEscaped();
    default:
        return {};
    }
}

bool EntryListModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    m_entries[index.row()] = stored(value.toString());
    Q_EMIT dataChanged(index, index);
    return true;
}

bool EntryListModel::removeRows(int row, int count, const QModelIndex &parent)
{
    if (parent.isValid() || row < 0 || count <= 0 || row + count > m_entries.size())
        return false;
    beginRemoveRows({}, row, row + count - 1);
    m_entries.remove(row, count);
    endRemoveRows();
    return true;
}

Qt::ItemFlags EntryListModel::flags(const QModelIndex &index) const
{
    return index.isValid() ? QAbstractListModel::flags(index) | Qt::ItemIsEditable | Qt::ItemNeverHasChildren
                           : Qt::NoItemFlags;
}

QStringList splitEntries(const QString &text)
{
    static const QRegularExpression separators(QStringLiteral("[\\s,;\"'\\[\\]]+"));
    // Brackets separate, but not those of an IPv6 host ("http://[::1]:3000"), which follow a slash.
    static const QRegularExpression address(QStringLiteral("/\\[[0-9A-Fa-f:.]+\\]"));
    if (text.contains(address))
        return text.split(QRegularExpression(QStringLiteral("[\\s,;\"']+")), Qt::SkipEmptyParts);
    return text.split(separators, Qt::SkipEmptyParts);
}

} // namespace rr
