// SPDX-License-Identifier: MIT
#include "core/simulator/rest.h"

#include "core/simulator/clientsecrets.h"
#include "core/simulator/handshake.h"
#include "core/simulator/livehandshake.h"

#include <QDateTime>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

struct RestCall
{
    QByteArrayView method;
    QByteArrayView path; ///< behind /v1; {id} stands for one segment
    HttpAnswer (*answer)(const RestRequest &request, const RestDesk &desk);
};

/// WebRTC and SIP: their media would have to be played, too.
HttpAnswer notPlayed(const RestRequest &, const RestDesk &)
{
    return HttpAnswer::error(
        400, {u"not_simulated"_s, u"The simulator plays calls by WebSocket only, not by WebRTC or SIP."_s});
}

/// Of a session that is over, and was to be stored.
HttpAnswer liveRecording(const RestRequest &request, const RestDesk &desk)
{
    if (const auto *stored = desk.live.stored(QString::fromLatin1(request.id)))
        return {200, stored->recording, "audio/wav"};
    return HttpAnswer::error(404, noSuchLiveSession().error);
}

constexpr RestCall calls[] = {
    {"POST", "/realtime/client_secrets", mintRealtimeSecret},
    {"POST", "/realtime/translations/client_secrets", mintTranslationSecret},
    {"POST", "/realtime/calls", notPlayed},
    {"POST", "/realtime/calls/{id}/accept", notPlayed},
    {"POST", "/realtime/calls/{id}/hangup", notPlayed},
    {"POST", "/realtime/calls/{id}/refer", notPlayed},
    {"POST", "/realtime/calls/{id}/reject", notPlayed},
    {"POST", "/realtime/translations/calls", notPlayed},
    {"GET", "/live/sessions/{id}/content", liveRecording},
    {"POST", "/live/sessions", notPlayed},
    {"POST", "/live/sessions/{id}/accept", notPlayed},
    {"POST", "/live/sessions/{id}/fork", notPlayed},
    {"POST", "/live/sessions/{id}/hangup", notPlayed},
    {"POST", "/live/sessions/{id}/refer", notPlayed},
    {"POST", "/live/sessions/{id}/reject", notPlayed},
};

/// What stands for {id} in the pattern; empty where it has none. nullopt: the path is another.
std::optional<QByteArray> matched(QByteArrayView pattern, const QByteArray &path)
{
    const QList<QByteArray> wanted = pattern.toByteArray().split('/');
    const QList<QByteArray> given = path.split('/');
    if (given.size() != wanted.size())
        return {};
    QByteArray id = "";
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        if (wanted[i] == "{id}" && !given[i].isEmpty())
            id = given[i];
        else if (wanted[i] != given[i])
            return {};
    }
    return id;
}

/// nullopt: the key is good.
std::optional<HttpAnswer> refusalOf(Keys::Verdict verdict)
{
    switch (verdict) {
    case Keys::Verdict::Good:
        return {};
    case Keys::Verdict::Missing:
        return HttpAnswer::error(401, errorForMissingKey());
    case Keys::Verdict::Wrong:
    case Keys::Verdict::Expired:
        return HttpAnswer::error(401, errorForStatus(401));
    case Keys::Verdict::Forbidden:
        return HttpAnswer::error(403, errorForStatus(403));
    case Keys::Verdict::NoQuota:
        break;
    }
    return HttpAnswer::error(429, errorForClose(1013));
}

} // namespace

HttpAnswer answerRest(const RestRequest &request, const RestDesk &desk)
{
    QByteArray path = request.head.path;
    for (const QByteArrayView prefix : {QByteArrayView("/openai/v1"), QByteArrayView("/v1")}) {
        if (path.startsWith(prefix)) {
            path.remove(0, prefix.size());
            break;
        }
    }
    for (const RestCall &call : calls) {
        const auto id = matched(call.path, path);
        if (!id || request.head.method != call.method)
            continue;
        const qint64 now = QDateTime::currentSecsSinceEpoch();
        if (auto refusal = refusalOf(desk.keys.judgeForRest(presentedKey(request.head), now)))
            return *refusal;
        RestRequest found = request;
        found.id = *id;
        return call.answer(found, desk);
    }
    return HttpAnswer::error(404,
        {u"not_found"_s,
            u"Invalid URL (%1 %2)"_s.arg(
                QString::fromLatin1(request.head.method), QString::fromLatin1(request.head.path))});
}

} // namespace rr
