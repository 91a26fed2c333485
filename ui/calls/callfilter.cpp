// SPDX-License-Identifier: MIT
#include "ui/calls/callfilter.h"

#include "ui/calls/callsmodel.h"

#include <algorithm>

namespace rr {

CallFilter::CallFilter(CallsModel &calls, QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_calls(calls)
{
    setSourceModel(&calls);
}

void CallFilter::setText(const QString &text)
{
    const QStringList words = text.toLower().split(u' ', Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = words;
    invalidateFilter();
}

void CallFilter::setKind(std::optional<CallKind> kind)
{
    if (kind == m_kind)
        return;
    m_kind = kind;
    invalidateFilter();
}

const CallRow &CallFilter::row(int row) const
{
    return m_calls.row(mapToSource(index(row, 0)).row());
}

bool CallFilter::filterAcceptsRow(int sourceRow, const QModelIndex &) const
{
    if (m_kind && m_calls.row(sourceRow).call.kind != *m_kind)
        return false;
    const QString &text = m_calls.row(sourceRow).searchText;
    return std::all_of(
        m_words.cbegin(), m_words.cend(), [&text](const QString &word) { return text.contains(word); });
}

bool CallFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    return sortsBefore(m_calls.row(left.row()), m_calls.row(right.row()), CallColumn(left.column()));
}

} // namespace rr
