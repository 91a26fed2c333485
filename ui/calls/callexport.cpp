// SPDX-License-Identifier: MIT
#include "ui/calls/callexport.h"

#include "core/realtime/eventtype.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimeZone>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

using Fields = QList<std::pair<QLatin1String, QJsonValue>>;

/// A decimal number as text, for it is exact; null: it is unknown. In CSV that is an empty cell.
QJsonValue costOf(const CallSnapshot &call)
{
    if (call.isUsageElsewhere || !call.usage.isCostKnown())
        return {};
    return QString::fromLatin1(decimalText(call.usage.cost));
}

Fields fieldsOf(const CallRow &row)
{
    const CallSnapshot &call = row.call;
    const Usage &used = call.usage.usage;
    return {{"id"_L1, call.id}, {"state"_L1, nameOf(call.state)},
        {"startedAt"_L1, call.startedAt.toUTC().toString(Qt::ISODateWithMs)},
        {"durationMs"_L1, call.durationMs}, {"clientAddress"_L1, call.clientAddress},
        {"origin"_L1, call.origin}, {"model"_L1, call.model}, {"messagesUp"_L1, call.up.messages},
        {"messagesDown"_L1, call.down.messages}, {"bytesUp"_L1, call.up.bytes},
        {"bytesDown"_L1, call.down.bytes}, {"bytesPerSecond"_L1, qRound64(row.bytesPerSecond)},
        {"backlogBytesUp"_L1, call.up.backlogBytes}, {"backlogBytesDown"_L1, call.down.backlogBytes},
        {"connectMs"_L1, call.connectMs}, {"firstAudioMs"_L1, call.firstAudioMs},
        {"clientRttUs"_L1, call.downstreamRttUs}, {"upstreamRttUs"_L1, call.upstreamRttUs},
        {"lastEventType"_L1, QString::fromLatin1(eventTypeName(call.lastEventType))},
        {"endedBy"_L1, nameOf(call.endedBy)},
        {"endReason"_L1, call.endReason ? nameOf(*call.endReason) : QLatin1String("")},
        {"closeCode"_L1, int(call.closeCode)}, {"closeReason"_L1, plain(call.closeReason)},
        // What came later stands behind, for those who count columns.
        {"kind"_L1, nameOf(call.kind)}, {"askedModel"_L1, call.askedModel},
        {"answeringModel"_L1, call.answeringModel}, {"temperatureIgnored"_L1, call.temperatureIgnored},
        {"expiresAt"_L1,
            call.expiresAt > 0 ? QDateTime::fromSecsSinceEpoch(call.expiresAt, QTimeZone::utc())
                                     .toUTC()
                                     .toString(Qt::ISODate)
                               : QString()},
        {"door"_L1, nameOf(call.door)}, {"accessToken"_L1, call.accessName}, {"textTokensIn"_L1, used.textIn},
        {"audioTokensIn"_L1, used.audioIn}, {"imageTokensIn"_L1, used.imageIn},
        {"cachedTextTokensIn"_L1, used.textCached}, {"cachedAudioTokensIn"_L1, used.audioCached},
        {"cachedImageTokensIn"_L1, used.imageCached}, {"textTokensOut"_L1, used.textOut},
        {"audioTokensOut"_L1, used.audioOut}, {"billedMs"_L1, used.ms},
        {"responses"_L1, call.usage.responses}, {"cancelledResponses"_L1, call.usage.cancelled},
        {"costUsd"_L1, costOf(call)}, {"unpricedFacts"_L1, call.usage.unpriced},
        {"unreadFacts"_L1, call.usage.unread}, {"usageElsewhere"_L1, call.isUsageElsewhere}};
}

QByteArray csvCell(const QJsonValue &value)
{
    QString text = value.toVariant().toString();
    if (value.isString()) {
        if (!text.isEmpty() && u"=+-@\t\r"_s.contains(text.front()))
            text.prepend(u'\'');
        if (text.contains(u'"') || text.contains(u',') || text.contains(u'\n') || text.contains(u'\r'))
            text = u'"' + text.replace(u'"', "\"\""_L1) + u'"';
    }
    return text.toUtf8();
}

} // namespace

QByteArray callsJson(const QList<CallRow> &rows)
{
    QJsonArray array;
    for (const CallRow &row : rows) {
        QJsonObject object;
        for (const auto &[name, value] : fieldsOf(row))
            object.insert(name, value);
        array.append(object);
    }
    return QJsonDocument(array).toJson();
}

QByteArray callsCsv(const QList<CallRow> &rows)
{
    QByteArrayList names;
    for (const auto &[name, value] : fieldsOf({}))
        names.append(QByteArray(name.data(), name.size()));
    QByteArray text = names.join(',') + "\r\n";
    for (const CallRow &row : rows) {
        QByteArrayList cells;
        for (const auto &[name, value] : fieldsOf(row))
            cells.append(csvCell(value));
        text += cells.join(',') + "\r\n";
    }
    return text;
}

QString callsText(const QList<CallRow> &rows, const QList<CallColumn> &columns)
{
    QStringList cells;
    for (const CallColumn column : columns)
        cells.append(columnTitle(column));
    QString text = cells.join(u'\t') + u'\n';
    for (const CallRow &row : rows) {
        cells.clear();
        for (const CallColumn column : columns)
            cells.append(cellText(row, column));
        text += cells.join(u'\t') + u'\n';
    }
    return text;
}

} // namespace rr
