// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/callkind.h"

#include <QSortFilterProxyModel>
#include <QStringList>

#include <optional>

namespace rr {

struct CallRow;
class CallsModel;

/// The calls of a kind that hold every word of the filter, sorted by the values of a column. Main thread.
class CallFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit CallFilter(CallsModel &calls, QObject *parent = nullptr);

    void setText(
        const QString &text); ///< words of address, origin, model, token, kind, id or state, in any case
    void setKind(std::optional<CallKind> kind); ///< nothing: all of them
    const CallRow &row(int row) const; ///< by the row as it is shown

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    CallsModel &m_calls;
    QStringList m_words; ///< lower case
    std::optional<CallKind> m_kind;
};

} // namespace rr
