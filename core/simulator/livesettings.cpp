// SPDX-License-Identifier: MIT
#include "core/simulator/livesettings.h"

#include "core/simulator/sessionsettings.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace rr {

LiveSettings::LiveSettings(const QString &id, qint64 expiresAt, const QJsonObject &given)
    : m_id(id)
    , m_expiresAt(expiresAt)
{
    const QJsonObject defaults{{u"status"_s, u"active"_s}, {u"store"_s, false},
        {u"delegation"_s, QJsonValue::Null},
        {u"audio"_s,
            QJsonObject{{u"format"_s, QJsonObject{{u"type"_s, u"audio/pcm"_s}, {u"rate"_s, 24000}}},
                {u"output"_s, QJsonObject{{u"voice"_s, u"marin"_s}}}}}};
    m_json = merged(defaults, given);
}

LiveSettings LiveSettings::forked(const QString &id, qint64 expiresAt) const
{
    LiveSettings copy = *this;
    copy.m_id = id;
    copy.m_expiresAt = expiresAt;
    return copy;
}

QByteArray LiveSettings::json() const
{
    QJsonObject rest = m_json;
    const QJsonObject model{{u"model"_s, rest.take(u"model"_s)}};
    const auto written = [](const QJsonObject &object) { // without its braces
        return QJsonDocument(object).toJson(QJsonDocument::Compact).mid(1).chopped(1);
    };
    return "{\"id\":\"" + m_id.toLatin1() + "\",\"expires_at\":" + QByteArray::number(m_expiresAt) + ','
        + written(model) + ',' + written(rest) + '}';
}

std::optional<ApiError> LiveSettings::update(const QJsonObject &change)
{
    const QJsonValue type = change[u"delegation"_s][u"type"_s];
    if (change.contains(u"delegation"_s) && type != m_json[u"delegation"_s][u"type"_s]) {
        return ApiError{u"invalid_value"_s, u"The type of a session's delegation cannot be changed."_s,
            u"session.delegation.type"_s};
    }
    m_json = merged(m_json, change);
    return {};
}

LiveFormat LiveSettings::format() const
{
    const QJsonValue format = m_json[u"audio"_s][u"format"_s];
    return {audioFormatFromType(format[u"type"_s].toString()), format[u"rate"_s].toInt()};
}

LiveSettings::Delegation LiveSettings::delegation() const
{
    const QJsonValue type = m_json[u"delegation"_s][u"type"_s];
    if (type == "client"_L1)
        return Delegation::Client;
    return type == "responses"_L1 ? Delegation::Responses : Delegation::None;
}

QJsonObject LiveSettings::responses() const
{
    return m_json[u"delegation"_s][u"responses"_s].toObject();
}

int LiveSettings::acknowledgementDelayMs() const
{
    return m_json[u"delegation"_s][u"acknowledgement_delay_ms"_s].toInt();
}

} // namespace rr
