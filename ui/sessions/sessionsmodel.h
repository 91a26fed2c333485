// SPDX-License-Identifier: MIT
#pragma once

#include "ui/sessions/sessioncolumn.h"

#include <QAbstractTableModel>
#include <QDateTime>

namespace rr {

/// The live sessions and the history, oldest first, a column for each SessionColumn. Fed with whole
/// snapshots; tells its views of nothing but what differs from the one before. Main thread.
class SessionsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit SessionsModel(QObject *parent = nullptr);

    void update(const Snapshot &snapshot); ///< one with sessions
    const SessionRow &row(int row) const { return m_rows[row]; }
    int liveCount() const { return m_liveCount; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    using Sessions = QList<const SessionSnapshot *>;
    void removeMissing(const Sessions &sessions);
    void insertNew(const Sessions &sessions, const QDateTime &now);
    void updateRows(const Sessions &sessions, const QDateTime &now, qint64 betweenMs);

    QList<SessionRow> m_rows; ///< by number
    QDateTime m_takenAt; ///< of the last snapshot
    int m_liveCount = 0;
};

} // namespace rr
