// SPDX-License-Identifier: MIT
#include "ui/sessions/sessioncolumn.h"

#include "ui/control/coretext.h"
#include "ui/control/displaytext.h"
#include "ui/log/logfilter.h"

#include <QCoreApplication>
#include <QLocale>

#include <tuple>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 openAiLimitMs = 60 * 60 * 1000;

struct ColumnText
{
    const char *title;
    const char *name;
};

// In the order of SessionColumn.
constexpr ColumnText texts[] = {
    {QT_TRANSLATE_NOOP("rr::Sessions", "State"), QT_TRANSLATE_NOOP("rr::Sessions", "State")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Started"), QT_TRANSLATE_NOOP("rr::Sessions", "Started")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Client"), QT_TRANSLATE_NOOP("rr::Sessions", "Client address")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Origin"), QT_TRANSLATE_NOOP("rr::Sessions", "Origin")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Model"), QT_TRANSLATE_NOOP("rr::Sessions", "Model")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Duration"), QT_TRANSLATE_NOOP("rr::Sessions", "Duration")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Left"),
        QT_TRANSLATE_NOOP("rr::Sessions", "Time left of the 60 minutes")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "↑ Msgs"),
        QT_TRANSLATE_NOOP("rr::Sessions", "Messages to the upstream")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "↓ Msgs"),
        QT_TRANSLATE_NOOP("rr::Sessions", "Messages to the client")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "↑ Bytes"),
        QT_TRANSLATE_NOOP("rr::Sessions", "Bytes to the upstream")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "↓ Bytes"), QT_TRANSLATE_NOOP("rr::Sessions", "Bytes to the client")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Rate"),
        QT_TRANSLATE_NOOP("rr::Sessions", "Rate, both ways together")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Last event"),
        QT_TRANSLATE_NOOP("rr::Sessions", "Type of the last event")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Backlog"),
        QT_TRANSLATE_NOOP("rr::Sessions", "Backlog, both ways together")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "RTT client"),
        QT_TRANSLATE_NOOP("rr::Sessions", "Round trip to the client")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "RTT upstream"),
        QT_TRANSLATE_NOOP("rr::Sessions", "Round trip to the upstream")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Id"), QT_TRANSLATE_NOOP("rr::Sessions", "Session id")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Ended by"), QT_TRANSLATE_NOOP("rr::Sessions", "Ended by")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Code"), QT_TRANSLATE_NOOP("rr::Sessions", "Close code")},
    {QT_TRANSLATE_NOOP("rr::Sessions", "Reason"), QT_TRANSLATE_NOOP("rr::Sessions", "Reason of the end")},
};
static_assert(std::size(texts) == sessionColumnCount && sessionColumnCount <= 32);

qint64 backlog(const SessionSnapshot &session)
{
    return session.up.backlogBytes + session.down.backlogBytes;
}

QString textUnlessZero(qint64 value, QString (*text)(qint64))
{
    return value == 0 ? QString() : text(value);
}

} // namespace

qint64 timeLeftMs(const SessionSnapshot &session, const QDateTime &now)
{
    if (session.state == SessionState::Closed)
        return -1;
    const qint64 left = session.expiresAt > 0 ? session.expiresAt * 1000 - now.toMSecsSinceEpoch()
                                              : openAiLimitMs - session.durationMs;
    return qMax(qint64(0), left);
}

double bytesPerSecond(const SessionSnapshot &before, const SessionSnapshot &now, qint64 betweenMs)
{
    if (betweenMs <= 0 || now.state == SessionState::Closed)
        return 0;
    const qint64 bytes = now.up.bytes + now.down.bytes - before.up.bytes - before.down.bytes;
    return double(bytes) * 1000 / double(betweenMs);
}

QString searchText(const SessionSnapshot &session)
{
    return QStringList{
        session.id, session.clientAddress, session.origin, session.model, sessionStateName(session.state)}
        .join(u'\n')
        .toLower();
}

QString columnTitle(SessionColumn column)
{
    return QCoreApplication::translate("rr::Sessions", texts[size_t(column)].title);
}

QString columnName(SessionColumn column)
{
    return QCoreApplication::translate("rr::Sessions", texts[size_t(column)].name);
}

bool isNumber(SessionColumn column)
{
    switch (column) {
    case SessionColumn::CloseCode:
    case SessionColumn::Duration:
    case SessionColumn::TimeLeft:
    case SessionColumn::MessagesUp:
    case SessionColumn::MessagesDown:
    case SessionColumn::BytesUp:
    case SessionColumn::BytesDown:
    case SessionColumn::Rate:
    case SessionColumn::Backlog:
    case SessionColumn::RttClient:
    case SessionColumn::RttUpstream:
        return true;
    default:
        return false;
    }
}

QString cellText(const SessionRow &row, SessionColumn column)
{
    const SessionSnapshot &session = row.session;
    switch (column) {
    case SessionColumn::State:
        return sessionStateName(session.state);
    case SessionColumn::Started:
        return session.startedAt.toString(u"HH:mm:ss"_s);
    case SessionColumn::Client:
        return session.clientAddress;
    case SessionColumn::Origin:
        return inOneLine(session.origin);
    case SessionColumn::Model:
        return inOneLine(session.model);
    case SessionColumn::EndedBy:
        return endedByName(session.endedBy);
    case SessionColumn::CloseCode:
        return session.closeCode == 0 ? QString() : QString::number(session.closeCode);
    case SessionColumn::Duration:
        return durationText(session.durationMs);
    case SessionColumn::TimeLeft:
        return row.leftMs < 0 ? QString() : durationText(row.leftMs);
    case SessionColumn::MessagesUp:
        return countText(session.up.messages);
    case SessionColumn::MessagesDown:
        return countText(session.down.messages);
    case SessionColumn::BytesUp:
        return bytesText(session.up.bytes);
    case SessionColumn::BytesDown:
        return bytesText(session.down.bytes);
    case SessionColumn::Rate:
        return row.bytesPerSecond < 1 ? QString() : rateText(row.bytesPerSecond);
    case SessionColumn::LastEvent:
        return QString::fromLatin1(session.lastEventType);
    case SessionColumn::Backlog:
        return textUnlessZero(backlog(session), bytesText);
    case SessionColumn::RttClient:
        return roundTripText(session.downstreamRttUs);
    case SessionColumn::RttUpstream:
        return roundTripText(session.upstreamRttUs);
    case SessionColumn::Id:
        return session.id;
    case SessionColumn::CloseReason:
        return inOneLine(coreText(session.closeReason));
    }
    return {};
}

namespace {

/// -1, 0 or 1
template <typename Value>
int compare(const Value &left, const Value &right)
{
    return left < right ? -1 : (right < left ? 1 : 0);
}

int compareBy(const SessionRow &left, const SessionRow &right, SessionColumn column)
{
    const SessionSnapshot &a = left.session;
    const SessionSnapshot &b = right.session;
    switch (column) {
    case SessionColumn::State:
        return compare(a.state, b.state);
    case SessionColumn::Started:
        return 0; // numbers ascend with time
    case SessionColumn::Client:
        return a.clientAddress.compare(b.clientAddress);
    case SessionColumn::Origin:
        return a.origin.compare(b.origin, Qt::CaseInsensitive);
    case SessionColumn::Model:
        return a.model.compare(b.model, Qt::CaseInsensitive);
    case SessionColumn::EndedBy:
        return compare(a.endedBy, b.endedBy);
    case SessionColumn::CloseCode:
        return compare(a.closeCode, b.closeCode);
    case SessionColumn::Duration:
        return compare(a.durationMs, b.durationMs);
    case SessionColumn::TimeLeft:
        return compare(left.leftMs, right.leftMs);
    case SessionColumn::MessagesUp:
        return compare(a.up.messages, b.up.messages);
    case SessionColumn::MessagesDown:
        return compare(a.down.messages, b.down.messages);
    case SessionColumn::BytesUp:
        return compare(a.up.bytes, b.up.bytes);
    case SessionColumn::BytesDown:
        return compare(a.down.bytes, b.down.bytes);
    case SessionColumn::Rate:
        return compare(left.bytesPerSecond, right.bytesPerSecond);
    case SessionColumn::LastEvent:
        return compare(a.lastEventType, b.lastEventType);
    case SessionColumn::Backlog:
        return compare(backlog(a), backlog(b));
    case SessionColumn::RttClient:
        return compare(a.downstreamRttUs, b.downstreamRttUs);
    case SessionColumn::RttUpstream:
        return compare(a.upstreamRttUs, b.upstreamRttUs);
    case SessionColumn::Id:
        return a.id.compare(b.id);
    case SessionColumn::CloseReason:
        return a.closeReason.compare(b.closeReason);
    }
    return 0;
}

} // namespace

bool sortsBefore(const SessionRow &left, const SessionRow &right, SessionColumn column)
{
    const int order = compareBy(left, right, column);
    return order != 0 ? order < 0 : left.session.number < right.session.number;
}

quint32 changedColumns(const SessionRow &before, const SessionRow &now)
{
    quint32 changed = 0;
    for (int i = 0; i < sessionColumnCount; ++i) {
        const auto column = SessionColumn(i);
        bool differs = false;
        // The clocks run in milliseconds and are shown in seconds; all of them run alike, so the order stays.
        if (column == SessionColumn::Duration)
            differs = before.session.durationMs / 1000 != now.session.durationMs / 1000;
        else if (column == SessionColumn::TimeLeft)
            differs = before.leftMs / 1000 != now.leftMs / 1000 || (before.leftMs < 0) != (now.leftMs < 0);
        else
            differs = compareBy(before, now, column) != 0;
        if (differs)
            changed |= 1u << i;
    }
    return changed;
}

QString sessionStateName(SessionState state)
{
    switch (state) {
    case SessionState::Dialling:
        return QCoreApplication::translate("rr::Sessions", "Dialling");
    case SessionState::Open:
        return QCoreApplication::translate("rr::Sessions", "Open");
    case SessionState::Closing:
        return QCoreApplication::translate("rr::Sessions", "Closing");
    case SessionState::Closed:
        return QCoreApplication::translate("rr::Sessions", "Ended");
    }
    return {};
}

QString endedByName(EndedBy by)
{
    switch (by) {
    case EndedBy::Nobody:
        return {};
    case EndedBy::Client:
        return QCoreApplication::translate("rr::Sessions", "Client");
    case EndedBy::Upstream:
        return QCoreApplication::translate("rr::Sessions", "Upstream");
    case EndedBy::Relay:
        return QCoreApplication::translate("rr::Sessions", "Relay");
    case EndedBy::Operator:
        return QCoreApplication::translate("rr::Sessions", "Operator");
    }
    return {};
}

QString roundTripText(qint64 microseconds)
{
    if (microseconds <= 0)
        return {};
    const double milliseconds = double(microseconds) / 1000;
    return QCoreApplication::translate("rr::Sessions", "%1 ms")
        .arg(QLocale().toString(milliseconds, 'f', milliseconds < 10 ? 1 : 0));
}

} // namespace rr
