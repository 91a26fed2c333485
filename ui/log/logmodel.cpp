// SPDX-License-Identifier: MIT
#include "ui/log/logmodel.h"

#include "ui/control/displaytext.h"
#include "ui/control/translated.h"

#include <QApplication>
#include <QFont>
#include <QLocale>
#include <QStyle>

#include <algorithm>
#include <utility>

namespace rr {

LogModel::LogModel(Journal &journal, QObject *parent, int capacity)
    : QAbstractTableModel(parent)
    , m_journal(journal)
    , m_capacity(capacity)
{
    const QStyle *style = QApplication::style();
    m_icons[size_t(LogLevel::Warning)] = style->standardIcon(QStyle::SP_MessageBoxWarning);
    m_icons[size_t(LogLevel::Error)] = style->standardIcon(QStyle::SP_MessageBoxCritical);
}

LogModel::~LogModel() = default;

const QString &LogModel::Line::fieldsText() const
{
    if (fields.isNull()) {
        fields = logFieldsText(entry);
        if (fields.isNull())
            fields = QStringLiteral("");
    }
    return fields;
}

void LogModel::poll()
{
    QList<JournalEntry> fresh
        = std::exchange(m_kept, {}) + m_journal.entriesAfter(m_lastNumber, int(m_capacity));
    if (fresh.isEmpty())
        return;
    fresh = fresh.last(std::min(fresh.size(), m_capacity));
    m_lastNumber = fresh.constLast().number;
    dropOldest(std::min(entryCount(), entryCount() + fresh.size() - m_capacity));

    std::deque<quint64> shown;
    quint64 index = m_dropped + m_lines.size();
    for (JournalEntry &entry : fresh) {
        m_lines.push_back({std::move(entry), {}});
        if (isShown(m_lines.back()))
            shown.push_back(index);
        ++index;
    }
    if (shown.empty())
        return;
    const int first = int(m_shown.size());
    beginInsertRows({}, first, first + int(shown.size()) - 1);
    m_shown.insert(m_shown.end(), shown.begin(), shown.end());
    endInsertRows();
}

void LogModel::dropOldest(qsizetype count)
{
    if (count <= 0)
        return;
    const auto end = std::lower_bound(m_shown.begin(), m_shown.end(), m_dropped + quint64(count));
    const int rows = int(end - m_shown.begin());
    if (rows > 0)
        beginRemoveRows({}, 0, rows - 1);
    m_shown.erase(m_shown.begin(), end);
    m_lines.erase(m_lines.begin(), m_lines.begin() + count);
    m_dropped += quint64(count);
    if (rows > 0)
        endRemoveRows();
}

void LogModel::clear()
{
    beginResetModel();
    const auto unseen = m_journal.entriesAfter(m_lastNumber, int(m_capacity));
    m_journal.clear();
    if (!unseen.isEmpty())
        m_lastNumber = unseen.constLast().number;
    m_kept += unseen;
    m_dropped += m_lines.size();
    m_lines.clear();
    m_shown.clear();
    endResetModel();
}

void LogModel::setFilter(const LogFilter &filter)
{
    if (filter == m_filter)
        return;
    beginResetModel();
    m_filter = filter;
    m_shown.clear();
    quint64 index = m_dropped;
    for (const Line &line : m_lines) {
        if (isShown(line))
            m_shown.push_back(index);
        ++index;
    }
    endResetModel();
}

bool LogModel::isShown(const Line &line) const
{
    static const QString none;
    return m_filter.matches(line.entry, m_filter.text.isEmpty() ? none : line.fieldsText());
}

const LogModel::Line &LogModel::line(int row) const
{
    return m_lines[m_shown[size_t(row)] - m_dropped];
}

const JournalEntry &LogModel::entry(int row) const
{
    return line(row).entry;
}

int LogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

int LogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString LogModel::text(const Line &line, int column) const
{
    switch (column) {
    case Time:
        return line.entry.time.toLocalTime().toString(QStringLiteral("HH:mm:ss.zzz"));
    case Level:
        return logLevelName(line.entry.level);
    case Call:
        return line.entry.call;
    case Message:
        return inOneLine(translated(line.entry.message));
    case Details:
        return line.fieldsText();
    default:
        return {};
    }
}

QVariant LogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Line &shown = line(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(shown, index.column());
    case Qt::DecorationRole:
        return index.column() == Level ? QVariant(m_icons[size_t(shown.entry.level)]) : QVariant();
    case Qt::FontRole:
        if (shown.entry.level >= LogLevel::Error
            || (shown.entry.level == LogLevel::Warning && index.column() == Level)) {
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        return {};
    case Qt::ToolTipRole:
        // Escaped: a tool tip takes what looks like HTML for HTML, and some of this came from outside.
        if (index.column() == Time)
            return QLocale().toString(shown.entry.time.toLocalTime(), QLocale::LongFormat);
        return text(shown, index.column()).toHtmlEscaped();
    default:
        return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case Time:
        return tr("Time");
    case Level:
        return tr("Level");
    case Call:
        return tr("Call");
    case Message:
        return tr("Message");
    case Details:
        return tr("Details");
    default:
        return {};
    }
}

} // namespace rr
