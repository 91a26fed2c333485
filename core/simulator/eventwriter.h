// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>

namespace rr {

/// Makes ids and writes server events as the Realtime API does: "type" first, then "event_id". One for each
/// call; the same seed gives the same ids.
class EventWriter
{
public:
    explicit EventWriter(quint64 seed)
        : m_state(seed)
    {
    }

    QString id(QLatin1StringView prefix); ///< "item_" → "item_" and 21 letters and digits

    QByteArray event(QLatin1StringView type, const QJsonObject &body = {});
    /// An event whose `delta` is text. Such events are padded ("obfuscation") to a common length.
    QByteArray textDelta(QLatin1StringView type, QJsonObject body, const QString &delta);
    /// response.output_audio.delta, put together without a JSON document: there are many, and they are long.
    QByteArray audioDelta(const QString &responseId, const QString &itemId, const QByteArray &base64);

private:
    quint64 next();
    QString letters(int count);

    quint64 m_state;
};

} // namespace rr
