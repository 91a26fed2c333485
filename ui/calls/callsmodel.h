// SPDX-License-Identifier: MIT
#pragma once

#include "ui/calls/callcolumn.h"

#include <QAbstractTableModel>
#include <QDateTime>

namespace rr {

/// The live calls and the history, oldest first, a column for each CallColumn. Fed with whole
/// snapshots; tells its views of nothing but what differs from the one before. Main thread.
class CallsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit CallsModel(QObject *parent = nullptr);

    void update(const Snapshot &snapshot); ///< one with calls
    const CallRow &row(int row) const { return m_rows[row]; }
    int liveCount() const { return m_liveCount; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    using Calls = QList<const CallSnapshot *>;
    void removeMissing(const Calls &calls);
    void insertNew(const Calls &calls, const QDateTime &now);
    void updateRows(const Calls &calls, const QDateTime &now, qint64 betweenMs);

    QList<CallRow> m_rows; ///< by number
    QDateTime m_takenAt; ///< of the last snapshot
    int m_liveCount = 0;
};

} // namespace rr
