// SPDX-License-Identifier: MIT
#include "core/simulator/eventwriter.h"

#include <QJsonDocument>

#include <array>

using namespace Qt::StringLiterals;

namespace rr {

quint64 EventWriter::next() // splitmix64
{
    quint64 z = m_state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

QString EventWriter::letters(int count)
{
    static constexpr char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    QString text(count, Qt::Uninitialized);
    for (QChar &letter : text)
        letter = QLatin1Char(alphabet[next() % 62]);
    return text;
}

QString EventWriter::id(QLatin1StringView prefix)
{
    return prefix + letters(21);
}

QByteArray EventWriter::event(QLatin1StringView type, const QJsonObject &body)
{
    const QByteArray rest = QJsonDocument(body).toJson(QJsonDocument::Compact);
    QByteArray json = "{\"type\":\"" + QByteArray(type.data(), type.size()) + "\",\"event_id\":\""
        + id("event_"_L1).toLatin1() + '"';
    if (!body.isEmpty())
        json += ',';
    return json + rest.mid(1);
}

QByteArray EventWriter::textDelta(QLatin1StringView type, QJsonObject body, const QString &delta)
{
    body.insert(u"delta"_s, delta);
    body.insert(u"obfuscation"_s, letters(16 - int(delta.size() % 16)));
    return event(type, body);
}

QByteArray EventWriter::audioDelta(const QString &responseId, const QString &itemId, const QByteArray &base64)
{
    return "{\"type\":\"response.output_audio.delta\",\"event_id\":\"" + id("event_"_L1).toLatin1()
        + "\",\"response_id\":\"" + responseId.toLatin1() + "\",\"item_id\":\"" + itemId.toLatin1()
        + "\",\"output_index\":0,\"content_index\":0,\"delta\":\"" + base64 + "\"}";
}

} // namespace rr
