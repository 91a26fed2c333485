// SPDX-License-Identifier: MIT
#include "core/realtime/errorevent.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUuid>

namespace rr {

namespace {

QByteArray quoted(const QString &text)
{
    QByteArray json = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact);
    return json.sliced(1, json.size() - 2);
}

} // namespace

QByteArray errorEvent(QByteArrayView type, QByteArrayView code, const QString &message)
{
    // Put together by hand: QJsonObject sorts its members, and OpenAI's events start with their type.
    return "{\"type\":\"error\",\"event_id\":\"event_" + QUuid::createUuid().toByteArray(QUuid::Id128)
        + "\",\"error\":{\"type\":" + quoted(QString::fromUtf8(type))
        + ",\"code\":" + quoted(QString::fromUtf8(code)) + ",\"message\":" + quoted(message)
        + ",\"param\":null,\"event_id\":null}}";
}

} // namespace rr
