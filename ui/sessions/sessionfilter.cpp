// SPDX-License-Identifier: MIT
#include "ui/sessions/sessionfilter.h"

#include "ui/sessions/sessionsmodel.h"

#include <algorithm>

namespace rr {

SessionFilter::SessionFilter(SessionsModel &sessions, QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_sessions(sessions)
{
    setSourceModel(&sessions);
}

void SessionFilter::setText(const QString &text)
{
    const QStringList words = text.toLower().split(u' ', Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = words;
    invalidateFilter();
}

const SessionRow &SessionFilter::row(int row) const
{
    return m_sessions.row(mapToSource(index(row, 0)).row());
}

bool SessionFilter::filterAcceptsRow(int sourceRow, const QModelIndex &) const
{
    if (m_words.isEmpty())
        return true;
    const QString &text = m_sessions.row(sourceRow).searchText;
    return std::all_of(
        m_words.cbegin(), m_words.cend(), [&text](const QString &word) { return text.contains(word); });
}

bool SessionFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    return sortsBefore(m_sessions.row(left.row()), m_sessions.row(right.row()), SessionColumn(left.column()));
}

} // namespace rr
