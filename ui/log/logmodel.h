// SPDX-License-Identifier: MIT
#pragma once

#include "ui/log/logfilter.h"

#include <QAbstractTableModel>
#include <QIcon>

#include <array>
#include <deque>

namespace rr {

/// The entries of the journal that pass a filter, oldest first. It filters by itself: with 20,000 entries a
/// proxy would tell of thousands of single removals at every key pressed. Main thread; the journal must
/// outlive it.
class LogModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Time, Level, Call, Message, Details, ColumnCount };

    explicit LogModel(Journal &journal, QObject *parent = nullptr, int capacity = Journal::defaultCapacity);
    ~LogModel() override;

    void poll(); ///< takes in what is new in the journal, lets go of the oldest beyond the capacity
    void clear(); ///< empties the journal too; what poll() has not taken in yet stays for the next one
    void setFilter(const LogFilter &filter);
    const LogFilter &filter() const { return m_filter; }

    const JournalEntry &entry(int row) const;
    qsizetype entryCount() const { return qsizetype(m_lines.size()); } ///< shown or not

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Line
    {
        JournalEntry entry;
        mutable QString fields; ///< null until somebody asks

        const QString &fieldsText() const;
    };
    const Line &line(int row) const;
    bool isShown(const Line &line) const;
    void dropOldest(qsizetype count);
    QString text(const Line &line, int column) const;

    Journal &m_journal;
    LogFilter m_filter;
    std::deque<Line> m_lines;
    quint64 m_dropped = 0; ///< lines that were before m_lines.front()
    std::deque<quint64> m_shown; ///< index in m_lines, plus m_dropped
    quint64 m_lastNumber = 0;
    QList<JournalEntry> m_kept; ///< from the journal, for the next poll()
    qsizetype m_capacity;
    std::array<QIcon, 4> m_icons; ///< by level
};

} // namespace rr
