// SPDX-License-Identifier: MIT
#include "ui/sessions/sessionexport.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

QString stateWord(SessionState state)
{
    switch (state) {
    case SessionState::Dialling:
        return u"dialling"_s;
    case SessionState::Open:
        return u"open"_s;
    case SessionState::Closing:
        return u"closing"_s;
    case SessionState::Closed:
        return u"closed"_s;
    }
    return {};
}

QString endedByWord(EndedBy by)
{
    switch (by) {
    case EndedBy::Nobody:
        return {};
    case EndedBy::Client:
        return u"client"_s;
    case EndedBy::Upstream:
        return u"upstream"_s;
    case EndedBy::Relay:
        return u"relay"_s;
    case EndedBy::Operator:
        return u"operator"_s;
    }
    return {};
}

using Fields = QList<std::pair<QLatin1String, QJsonValue>>;

Fields fieldsOf(const SessionRow &row)
{
    const SessionSnapshot &session = row.session;
    return {{"id"_L1, session.id}, {"state"_L1, stateWord(session.state)},
        {"startedAt"_L1, session.startedAt.toUTC().toString(Qt::ISODateWithMs)},
        {"durationMs"_L1, session.durationMs}, {"clientAddress"_L1, session.clientAddress},
        {"origin"_L1, session.origin}, {"model"_L1, session.model}, {"messagesUp"_L1, session.up.messages},
        {"messagesDown"_L1, session.down.messages}, {"bytesUp"_L1, session.up.bytes},
        {"bytesDown"_L1, session.down.bytes}, {"bytesPerSecond"_L1, qRound64(row.bytesPerSecond)},
        {"backlogBytesUp"_L1, session.up.backlogBytes}, {"backlogBytesDown"_L1, session.down.backlogBytes},
        {"connectMs"_L1, session.connectMs}, {"firstAudioMs"_L1, session.firstAudioMs},
        {"clientRttUs"_L1, session.downstreamRttUs}, {"upstreamRttUs"_L1, session.upstreamRttUs},
        {"lastEventType"_L1, QString::fromLatin1(session.lastEventType)},
        {"endedBy"_L1, endedByWord(session.endedBy)},
        {"endReason"_L1, QString::fromLatin1(session.endReason)}, {"closeCode"_L1, int(session.closeCode)},
        {"closeReason"_L1, session.closeReason}};
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

QByteArray sessionsJson(const QList<SessionRow> &rows)
{
    QJsonArray array;
    for (const SessionRow &row : rows) {
        QJsonObject object;
        for (const auto &[name, value] : fieldsOf(row))
            object.insert(name, value);
        array.append(object);
    }
    return QJsonDocument(array).toJson();
}

QByteArray sessionsCsv(const QList<SessionRow> &rows)
{
    QByteArrayList names;
    for (const auto &[name, value] : fieldsOf({}))
        names.append(QByteArray(name.data(), name.size()));
    QByteArray text = names.join(',') + "\r\n";
    for (const SessionRow &row : rows) {
        QByteArrayList cells;
        for (const auto &[name, value] : fieldsOf(row))
            cells.append(csvCell(value));
        text += cells.join(',') + "\r\n";
    }
    return text;
}

QString sessionsText(const QList<SessionRow> &rows, const QList<SessionColumn> &columns)
{
    QStringList cells;
    for (const SessionColumn column : columns)
        cells.append(columnTitle(column));
    QString text = cells.join(u'\t') + u'\n';
    for (const SessionRow &row : rows) {
        cells.clear();
        for (const SessionColumn column : columns)
            cells.append(cellText(row, column));
        text += cells.join(u'\t') + u'\n';
    }
    return text;
}

} // namespace rr
