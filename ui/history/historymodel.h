// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"
#include "ui/control/books.h"

#include <QAbstractTableModel>
#include <QList>
#include <QPointer>

namespace rr {

/// The calls of a history, the newest first, in pages that are asked for as one scrolls. Of what was seen it keeps a few pages and
/// forgets the others, but for where each begins, so that a hundred thousand calls take no more room than some thousands; a page
/// that was forgotten is asked for again when it is looked at. Nothing here waits. Main thread.
class HistoryModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column : quint8 {
        Started,
        Duration,
        Access,
        Model,
        Cost,
        End,
        Client,
        Origin,
        Kind,
        TokensIn,
        TokensOut,
        CloseCode,
        Id,
        ColumnCount
    };
    static constexpr int pagesKept = 20;

    explicit HistoryModel(QObject *parent = nullptr);

    /// From now on those of these books that the query means; null: none. HistoryQuery::most is the size of a page.
    void ask(Books *books, const HistoryQuery &query);
    /// The same anew. What is shown stays until the answer is there, and after it where that is an error.
    void refresh();
    const HistoryQuery &query() const { return m_query; }

    bool isAsking() const { return m_pending > 0; }
    bool isComplete() const { return !m_hasMore; } ///< the last row is that of the oldest call
    /// Why the last answer was none; empty: it was one.
    const Sentence &problem() const { return m_problem; }
    /// Null where its page is not there just now; it is asked for then.
    const HistoryCall *call(int row) const;
    qsizetype pagesInMemory() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    static bool isNumber(Column column);
    static QString cellText(const HistoryCall &call, Column column);

Q_SIGNALS:
    void answered(); ///< isAsking(), isComplete() or problem() is another

private:
    struct Page
    {
        QDateTime beforeStart; ///< what it was asked with
        QByteArray beforeId;
        int rows = 0; ///< stays when its calls are forgotten
        QList<HistoryCall> calls = {};
        bool isThere = false;
        bool isAsked = false;
        quint64 used = 0; ///< the larger, the later
    };

    void askFirst();
    void askNext();
    void askAgain(qsizetype number);
    void takeFirst(const StoreAnswer<HistoryPage> &answer);
    void takeNext(const Page &asked, const StoreAnswer<HistoryPage> &answer);
    void takeAgain(qsizetype number, const StoreAnswer<HistoryPage> &answer);
    bool isProblem(const StoreAnswer<HistoryPage> &answer);
    void forgetOldPages();
    HistoryQuery queryBefore(const Page &page) const;

    QPointer<Books> m_books;
    HistoryQuery m_query;
    QList<Page> m_pages;
    int m_rows = 0;
    int m_pageSize = 0; ///< of all pages but the last
    bool m_hasMore = false;
    bool m_isAppending = false; ///< a page is awaited, or put in its place: none can be asked for behind it
    int m_pending = 0;
    quint64 m_round = 0; ///< answers to earlier ones are not taken
    quint64 m_uses = 0;
    Sentence m_problem;
};

} // namespace rr
