// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>
#include <QStringList>

namespace rr {

struct SessionRow;
class SessionsModel;

/// The sessions that hold every word of the filter, sorted by the values of a column. Main thread.
class SessionFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit SessionFilter(SessionsModel &sessions, QObject *parent = nullptr);

    void setText(const QString &text); ///< words of address, origin, model, id or state, in any case
    const SessionRow &row(int row) const; ///< by the row as it is shown

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    SessionsModel &m_sessions;
    QStringList m_words; ///< lower case
};

} // namespace rr
