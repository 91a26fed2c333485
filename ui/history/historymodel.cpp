// SPDX-License-Identifier: MIT
#include "ui/history/historymodel.h"

#include "ui/calls/callwords.h"
#include "ui/control/displaytext.h"
#include "ui/history/historywords.h"
#include "ui/log/logfilter.h"

#include <QLocale>

#include <algorithm>
#include <utility>

namespace rr {

using namespace Qt::StringLiterals;

HistoryModel::HistoryModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void HistoryModel::ask(Books *books, const HistoryQuery &query)
{
    m_books = books;
    m_query = query;
    m_problem = {};
    beginResetModel();
    m_pages.clear();
    m_rows = 0;
    m_hasMore = false;
    endResetModel();
    askFirst();
}

void HistoryModel::refresh()
{
    askFirst();
}

void HistoryModel::askFirst()
{
    ++m_round;
    m_pending = 0;
    m_isAppending = m_books != nullptr; // nothing follows what is about to go
    for (Page &page : m_pages)
        page.isAsked = false;
    if (m_books) {
        ++m_pending;
        m_books->history(
            m_query, whileAlive(this, [this, round = m_round](const StoreAnswer<HistoryPage> &answer) {
                if (round == m_round)
                    takeFirst(answer);
            }));
    }
    Q_EMIT answered();
}

bool HistoryModel::isProblem(const StoreAnswer<HistoryPage> &answer)
{
    --m_pending;
    const auto *error = std::get_if<RelayError>(&answer);
    m_problem = error ? error->detail : Sentence();
    return error != nullptr;
}

void HistoryModel::takeFirst(const StoreAnswer<HistoryPage> &answer)
{
    if (!isProblem(answer)) {
        const auto &got = std::get<HistoryPage>(answer);
        // A page that was asked for again while this was awaited may be none of these.
        ++m_round;
        m_pending = 0;
        // Views ask for more while they are told of this: only once it is all there.
        beginResetModel();
        m_pages.clear();
        m_rows = int(got.calls.size());
        m_pageSize = m_rows;
        m_hasMore = got.hasMore && m_rows > 0;
        if (m_rows > 0)
            m_pages.append(Page{{}, {}, m_rows, got.calls, true, false, ++m_uses});
        m_isAppending = false;
        endResetModel();
    } else {
        m_isAppending = false;
    }
    Q_EMIT answered();
}

HistoryQuery HistoryModel::queryBefore(const Page &page) const
{
    HistoryQuery query = m_query;
    query.beforeStart = page.beforeStart;
    query.beforeId = page.beforeId;
    return query;
}

bool HistoryModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_books && m_hasMore && !m_isAppending;
}

void HistoryModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent))
        askNext();
}

void HistoryModel::askNext()
{
    const Page &last = m_pages.last();
    if (!last.isThere) // it says where the next begins
        return askAgain(m_pages.size() - 1);
    Page next;
    // Of one whose calls were all deleted the next begins where it began itself.
    next.beforeStart = last.calls.isEmpty() ? last.beforeStart : last.calls.last().call.startedAt;
    next.beforeId = last.calls.isEmpty() ? last.beforeId : last.calls.last().call.id;
    m_isAppending = true;
    ++m_pending;
    m_books->history(queryBefore(next),
        whileAlive(this, [this, next, round = m_round](const StoreAnswer<HistoryPage> &answer) {
            if (round == m_round)
                takeNext(next, answer);
        }));
    Q_EMIT answered();
}

void HistoryModel::takeNext(const Page &asked, const StoreAnswer<HistoryPage> &answer)
{
    if (isProblem(answer)) {
        m_isAppending = false;
    } else {
        const auto &got = std::get<HistoryPage>(answer);
        const int rows = int(got.calls.size());
        m_hasMore = got.hasMore && rows > 0;
        if (rows == 0) {
            m_isAppending = false;
        } else {
            Page page = asked;
            page.rows = rows;
            page.calls = got.calls;
            page.isThere = true;
            page.used = ++m_uses;
            beginInsertRows({}, m_rows, m_rows + rows - 1);
            m_pages.append(page);
            m_rows += rows;
            m_isAppending = false;
            endInsertRows();
            forgetOldPages();
        }
    }
    Q_EMIT answered();
}

/// One that was forgotten.
void HistoryModel::askAgain(qsizetype number)
{
    Page &page = m_pages[number];
    if (page.isAsked || page.isThere || !m_books)
        return;
    page.isAsked = true;
    ++m_pending;
    m_books->history(queryBefore(page),
        whileAlive(this, [this, number, round = m_round](const StoreAnswer<HistoryPage> &answer) {
            if (round == m_round)
                takeAgain(number, answer);
        }));
    Q_EMIT answered();
}

void HistoryModel::takeAgain(qsizetype number, const StoreAnswer<HistoryPage> &answer)
{
    Page &page = m_pages[number];
    page.isAsked = false;
    if (!isProblem(answer)) {
        // What was deleted meanwhile, for it is too old, leaves empty rows until the next refresh.
        const QList<HistoryCall> &calls = std::get<HistoryPage>(answer).calls;
        page.calls = calls.first(std::min(qsizetype(page.rows), calls.size()));
        page.isThere = true; // with none at all, too: else a view would have it asked for for ever
        page.used = ++m_uses;
        const int first = int(number) * m_pageSize;
        Q_EMIT dataChanged(index(first, 0), index(first + page.rows - 1, ColumnCount - 1));
        forgetOldPages();
    }
    Q_EMIT answered();
}

/// Those that were looked at longest ago.
void HistoryModel::forgetOldPages()
{
    while (pagesInMemory() > pagesKept) {
        Page *oldest = nullptr;
        for (Page &page : m_pages) {
            if (page.isThere && (!oldest || page.used < oldest->used))
                oldest = &page;
        }
        oldest->calls.clear();
        oldest->isThere = false;
    }
}

qsizetype HistoryModel::pagesInMemory() const
{
    return std::count_if(m_pages.cbegin(), m_pages.cend(), [](const Page &page) { return page.isThere; });
}

const HistoryCall *HistoryModel::call(int row) const
{
    if (row < 0 || row >= m_rows || m_pageSize == 0)
        return nullptr;
    const qsizetype number = row / m_pageSize;
    auto *self = const_cast<HistoryModel *>(this); // to be looked at is to be kept, or fetched
    Page &page = self->m_pages[number];
    if (!page.isThere) {
        // Later: a view that paints must not be told of changes.
        QMetaObject::invokeMethod(
            self,
            [self, number, round = m_round] {
                if (round == self->m_round && number < self->m_pages.size())
                    self->askAgain(number);
            },
            Qt::QueuedConnection);
        return nullptr;
    }
    page.used = ++self->m_uses;
    const int inPage = row - int(number) * m_pageSize;
    return inPage < page.calls.size() ? &std::as_const(page.calls)[inPage] : nullptr;
}

int HistoryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int HistoryModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

bool HistoryModel::isNumber(Column column)
{
    return column == Duration || column == TokensIn || column == TokensOut || column == Cost
        || column == CloseCode;
}

QString HistoryModel::cellText(const HistoryCall &row, Column column)
{
    const CallEntry &call = row.call;
    switch (column) {
    case Started:
        return QLocale().toString(call.startedAt.toLocalTime(), QLocale::ShortFormat);
    case Duration:
        return call.endedAt.isValid() ? durationText(call.startedAt.msecsTo(call.endedAt)) : QString();
    case Access:
        return inOneLine(call.tokenName);
    case Client:
        return call.client;
    case Origin:
        return inOneLine(call.origin);
    case Kind:
        return callKindName(call.kind);
    case Model:
        return inOneLine(call.model);
    case TokensIn:
        return row.usage.usage.tokensIn() == 0 ? QString() : countText(row.usage.usage.tokensIn());
    case TokensOut:
        return row.usage.usage.tokensOut() == 0 ? QString() : countText(row.usage.usage.tokensOut());
    case Cost:
        return row.usage.isEmpty() ? QString() : costText(row.usage);
    case End:
        return endText(call);
    case CloseCode:
        return call.closeCode == 0 ? QString() : QString::number(call.closeCode);
    case Id:
        return QString::fromLatin1(call.id);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant HistoryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto column = Column(index.column());
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignTrailing : Qt::AlignLeading));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const HistoryCall *row = call(index.row());
    if (!row)
        return role == Qt::DisplayRole && column == Started ? QVariant(u"…"_s) : QVariant();
    if (role == Qt::DisplayRole)
        return cellText(*row, column);
    if (column == Started)
        return QLocale().toString(row->call.startedAt.toLocalTime(), QLocale::LongFormat);
    if (column == TokensIn)
        return tokensInText(row->usage.usage);
    if (column == TokensOut)
        return tokensOutText(row->usage.usage);
    // Escaped: a tool tip takes what looks like HTML for HTML, and some of this came from outside.
    return cellText(*row, column).toHtmlEscaped();
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (isNumber(Column(section)) ? Qt::AlignTrailing : Qt::AlignLeading));
    if (role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (Column(section)) {
    case Started:
        return tr("Started");
    case Duration:
        return tr("Duration");
    case Access:
        return tr("Access token");
    case Client:
        return tr("Client");
    case Origin:
        return tr("Origin");
    case Kind:
        return tr("Kind");
    case Model:
        return tr("Model");
    case TokensIn:
        return tr("↑ Tokens");
    case TokensOut:
        return tr("↓ Tokens");
    case Cost:
        return tr("Cost");
    case End:
        return tr("End");
    case CloseCode:
        return tr("Code");
    case Id:
        return tr("Id");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace rr
