// SPDX-License-Identifier: MIT
#include "core/store/history.h"

#include "core/store/slices.h"

#include <QHash>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostOfAPage = 1000;
constexpr qsizetype longestSearch = 200;

struct Condition
{
    QString sql; ///< of rr_call as c; never empty
    QVariantList values;
};

/// What is searched for as it is, with a LIKE … ESCAPE '!' around it. In the case in which the column is kept.
QString likePattern(const QString &text)
{
    QString pattern = storable(text, longestSearch).toCaseFolded();
    for (const QChar special : {u'!', u'%', u'_'})
        pattern.replace(special, u'!' + QString(special));
    return u'%' + pattern + u'%';
}

Condition conditionOf(const HistoryQuery &query)
{
    Condition condition{u"1 = 1"_s, {}};
    const auto add = [&condition](const QString &sql, const QVariantList &values) {
        condition.sql += u" AND "_s + sql;
        condition.values += values;
    };
    if (query.from.isValid())
        add(u"c.started_at >= ?"_s, {query.from.toMSecsSinceEpoch()});
    if (query.to.isValid())
        add(u"c.started_at < ?"_s, {query.to.toMSecsSinceEpoch()});
    if (query.failedOnly)
        add(u"c.failed = 1"_s, {});
    if (query.token >= 0)
        add(u"c.token = ?"_s, {query.token});
    if (!query.text.isEmpty())
        add(u"c.search LIKE ? ESCAPE '!'"_s, {likePattern(query.text)});
    return condition;
}

/// Twelve columns of rr_usage as u, summed up; those that are not there count as nothing.
QString usageSums()
{
    QString sql = u"COUNT(u.fact), COUNT(u.cost)"_s;
    for (const QLatin1String column : {"cost"_L1, "text_in"_L1, "audio_in"_L1, "image_in"_L1,
             "text_cached"_L1, "audio_cached"_L1, "image_cached"_L1, "text_out"_L1, "audio_out"_L1, "ms"_L1})
        sql += u", COALESCE(CAST(SUM(u."_s + column + u") AS BIGINT), 0)"_s;
    return sql;
}

UsageTotals totalsOf(const Database::Row &row, qsizetype at)
{
    const auto number = [&row, at](int column) { return row[at + column].toLongLong(); };
    UsageTotals totals;
    totals.responses = number(0);
    totals.unpriced = number(0) - number(1);
    totals.cost = Money::ofPico(number(2));
    totals.usage = {
        number(3), number(4), number(5), number(6), number(7), number(8), number(9), number(10), number(11)};
    return totals;
}

template <typename Enum, typename Names>
Enum named(const QVariant &name, const Names &names)
{
    // A name that a newer program has written is taken for the first.
    const auto found = std::find(names.begin(), names.end(), name.toString());
    return found == names.end() ? Enum(0) : Enum(found - names.begin());
}

QDateTime timeFrom(const QVariant &ms)
{
    return ms.toLongLong() == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(ms.toLongLong()).toUTC();
}

const QString callColumns
    = u"c.id, c.started_at, c.ended_at, c.client, c.origin, c.model, c.kind, c.door, c.token, c.token_name, c.reason, "
      "c.ended_by, c.close_code, c.failed, c.connect_ms, c.first_audio_ms, c.messages_up, c.messages_down, c.bytes_up, "
      "c.bytes_down"_s;

CallEntry callOf(const Database::Row &row)
{
    CallEntry call;
    call.id = row[0].toByteArray();
    call.startedAt = timeFrom(row[1]);
    call.endedAt = timeFrom(row[2]);
    call.client = row[3].toString();
    call.origin = row[4].toString();
    call.model = row[5].toString();
    call.kind = named<CallKind>(row[6], callKindNames);
    call.door = named<Door>(row[7], doorNames);
    call.token = row[8].toLongLong();
    call.tokenName = row[9].toString();
    call.reason = named<EndReason>(row[10], endReasonNames);
    call.endedBy = named<EndedBy>(row[11], endedByNames);
    call.closeCode = row[12].toInt();
    call.failed = row[13].toLongLong() != 0;
    call.connectMs = row[14].toLongLong();
    call.firstAudioMs = row[15].toLongLong();
    call.messagesUp = row[16].toLongLong();
    call.messagesDown = row[17].toLongLong();
    call.bytesUp = row[18].toLongLong();
    call.bytesDown = row[19].toLongLong();
    return call;
}

/// Fills in what the calls of a page have used. `room`: a number of calls that seldom changes, so that the statement does not.
bool addUsage(Database &database, HistoryPage &page, qsizetype room)
{
    if (page.calls.isEmpty())
        return true;
    QVariantList ids;
    QHash<QByteArray, qsizetype> places;
    for (qsizetype i = 0; i < page.calls.size(); ++i) {
        ids.append(page.calls[i].call.id);
        places.insert(page.calls[i].call.id, i);
    }
    while (ids.size() < room)
        ids.append(ids.first());
    const auto rows
        = database.select(u"SELECT u.call, "_s + usageSums() + u" FROM rr_usage u WHERE u.call IN ("_s
                + QStringList(ids.size(), u"?"_s).join(u", ") + u") GROUP BY u.call"_s,
            ids);
    if (!rows)
        return false;
    for (const Database::Row &row : *rows) {
        if (const auto place = places.constFind(row[0].toByteArray()); place != places.constEnd())
            page.calls[*place].usage = totalsOf(row, 1);
    }
    return true;
}

/// A name and a grouping for each; none of them comes from outside.
QString keyOf(SumBy by)
{
    switch (by) {
    case SumBy::Token:
        return u"c.token"_s;
    case SumBy::Model:
        return u"COALESCE(u.model, c.model)"_s; // as billed; of a call without usage, as asked for
    case SumBy::Day:
        break;
    }
    return u"COALESCE(u.at, c.started_at) / 86400000"_s; // of whole numbers: a whole number
}

std::optional<QHash<qint64, QString>> namesOfTokens(Database &database)
{
    const auto rows = database.select(u"SELECT id, name FROM rr_token"_s);
    if (!rows)
        return {};
    QHash<qint64, QString> names;
    for (const Database::Row &row : *rows)
        names.insert(row[0].toLongLong(), row[1].toString());
    return names;
}

} // namespace

std::optional<HistoryPage> history::page(Database &database, const HistoryQuery &query)
{
    const int most = std::clamp(query.most, 1, mostOfAPage);
    Condition condition = conditionOf(query);
    if (query.beforeStart.isValid()) {
        condition.sql += u" AND (c.started_at, c.id) < (?, ?)"_s;
        condition.values << query.beforeStart.toMSecsSinceEpoch()
                         << (query.beforeId.isNull() ? QByteArray("") : query.beforeId);
    }
    const auto rows = database.select(u"SELECT "_s + callColumns + u" FROM rr_call c WHERE "_s + condition.sql
            + u" ORDER BY c.started_at DESC, c.id DESC LIMIT ?"_s,
        condition.values << most + 1);
    if (!rows)
        return {};
    HistoryPage page;
    page.hasMore = rows->size() > most;
    for (const Database::Row &row : rows->first(qMin(rows->size(), qsizetype(most))))
        page.calls.append({callOf(row), {}});
    if (!addUsage(database, page, most))
        return {};
    return page;
}

std::optional<QList<UsageSum>> history::sums(Database &database, SumBy by, const HistoryQuery &query)
{
    const Condition condition = conditionOf(query);
    const auto names = by == SumBy::Token ? namesOfTokens(database) : QHash<qint64, QString>();
    const auto rows = !names
        ? std::nullopt
        : database.select(u"SELECT "_s + keyOf(by) + u" AS k, COUNT(DISTINCT c.id), "_s + usageSums()
                + u" FROM rr_call c LEFT JOIN rr_usage u ON u.call = c.id WHERE "_s + condition.sql
                + u" GROUP BY "_s + keyOf(by),
            condition.values);
    if (!rows)
        return {};
    QList<UsageSum> sums;
    for (const Database::Row &row : *rows) {
        UsageSum sum;
        if (by == SumBy::Token)
            sum.key = names->value(row[0].toLongLong());
        else if (by == SumBy::Day)
            sum.key = Slices::dateOf(row[0].toLongLong()).toString(Qt::ISODate);
        else
            sum.key = row[0].toString();
        sum.calls = row[1].toLongLong();
        sum.totals = totalsOf(row, 2);
        sums.append(sum);
    }
    std::sort(sums.begin(), sums.end(), [by](const UsageSum &one, const UsageSum &other) {
        return by == SumBy::Day ? one.key > other.key : one.key < other.key;
    });
    return sums;
}

} // namespace rr
