// SPDX-License-Identifier: MIT
#include "core/simulator/clientsecrets.h"

#include "core/simulator/eventwriter.h"
#include "core/simulator/parameters.h"
#include "core/simulator/sessionsettings.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QRandomGenerator>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr int defaultSeconds = 600;

/// The body as an object; {} of an empty one.
std::optional<QJsonObject> objectOf(const QByteArray &body)
{
    if (body.trimmed().isEmpty())
        return QJsonObject();
    const QJsonDocument document = QJsonDocument::fromJson(body);
    return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

HttpAnswer notJson()
{
    return HttpAnswer::error(
        400, {u"invalid_json"_s, u"We could not parse the JSON body of your request."_s});
}

QString sessionId()
{
    return EventWriter(QRandomGenerator::global()->generate64()).id("sess_"_L1);
}

/// `shown`: the session as the answer tells it.
HttpAnswer minted(
    const RestDesk &desk, const QJsonObject &request, const QJsonObject &session, const QJsonObject &shown)
{
    const qint64 expiresAt = QDateTime::currentSecsSinceEpoch()
        + request[u"expires_after"_s][u"seconds"_s].toInt(defaultSeconds);
    return HttpAnswer::json({{u"value"_s, QString::fromLatin1(desk.keys.mint(session, expiresAt))},
        {u"expires_at"_s, expiresAt}, {u"session"_s, shown}});
}

/// A model in a body is told of by its path there.
ApiError inSession(ApiError error)
{
    error.param = u"session.model"_s;
    return error;
}

} // namespace

HttpAnswer mintRealtimeSecret(const RestRequest &request, const RestDesk &desk)
{
    const auto body = objectOf(request.body);
    if (!body)
        return notJson();
    if (const auto error = checkSecretRequest(*body))
        return HttpAnswer::error(400, *error);
    QJsonObject session = (*body)[u"session"_s].toObject();
    if (session.isEmpty())
        session = {{u"type"_s, u"realtime"_s}};
    const QString model = session.value(u"model"_s).toString(defaultModel());
    if (const auto error = desk.models.refusal(Surface::Realtime, model))
        return HttpAnswer::error(404, inSession(*error));
    SessionSettings settings(session.value(u"type"_s) == "transcription"_L1 ? SessionSettings::Kind::Transcription
                                                                      : SessionSettings::Kind::Realtime,
        sessionId(), model, 0);
    if (const auto error = settings.update(session, false))
        return HttpAnswer::error(400, *error);
    return minted(desk, *body, session, settings.json());
}

HttpAnswer mintTranslationSecret(const RestRequest &request, const RestDesk &desk)
{
    const auto body = objectOf(request.body);
    if (!body)
        return notJson();
    if (const auto error = checkTranslationSecretRequest(*body))
        return HttpAnswer::error(400, *error);
    QJsonObject session = (*body)[u"session"_s].toObject();
    if (const auto error = desk.models.refusal(Surface::Translations, session.value(u"model"_s).toString()))
        return HttpAnswer::error(404, inSession(*error));
    const QJsonObject defaults{{u"type"_s, u"translation"_s}, {u"id"_s, sessionId()}, {u"expires_at"_s, 0},
        {u"audio"_s,
            QJsonObject{{u"input"_s,
                            QJsonObject{{u"transcription"_s, QJsonValue::Null},
                                {u"noise_reduction"_s, QJsonValue::Null}}},
                {u"output"_s, QJsonObject{{u"language"_s, u"en"_s}}}}}};
    session[u"type"_s] = u"translation"_s;
    return minted(desk, *body, session, merged(defaults, session));
}

} // namespace rr
