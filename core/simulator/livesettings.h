// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/apierror.h"
#include "core/simulator/audioformat.h"

#include <optional>

namespace rr {

/// What a Live session's WebSocket carries, both ways.
struct LiveFormat
{
    AudioFormat coding = AudioFormat::Pcm16;
    int rate = 24000; ///< samples a second
};

/// Configuration of a Live session: the `session` of session.started. A plain value.
class LiveSettings
{
public:
    enum class Delegation : quint8 { None, Client, Responses };

    /// Of the `session` of a session.start that checkLiveEvent() let pass. `expiresAt` in seconds since 1970.
    LiveSettings(const QString &id, qint64 expiresAt, const QJsonObject &given);
    /// Those of a fork, before its overrides: all but id and end of this one.
    LiveSettings forked(const QString &id, qint64 expiresAt) const;

    const QString &id() const { return m_id; }
    /// As the server writes it: id, expires_at and model stand first, before what can be long.
    QByteArray json() const;
    /// Merges the `session` of a session.update, or of a fork's session.start, that checkLiveEvent() let pass: delegation of the type that is there.
    /// On error nothing changes.
    std::optional<ApiError> update(const QJsonObject &change);

    LiveFormat format() const;
    bool isStored() const { return m_json[QStringLiteral("store")].toBool(); }
    Delegation delegation() const;
    QJsonObject responses() const; ///< of delegation of that type: model, instructions, tools, …
    int acknowledgementDelayMs() const;

private:
    QString m_id;
    qint64 m_expiresAt;
    QJsonObject m_json; ///< without these two
};

} // namespace rr
