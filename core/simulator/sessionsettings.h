// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/apierror.h"
#include "core/simulator/audioformat.h"
#include "core/simulator/vad.h"

#include <QJsonArray>

#include <optional>

namespace rr {

/// The `session` object of a call: what session.created and session.updated carry. A plain value.
class SessionSettings
{
public:
    enum class Kind : quint8 { Realtime, Transcription };

    /// `expiresAt` in seconds since 1970.
    SessionSettings(Kind kind, const QString &id, const QString &model, qint64 expiresAt);

    const QJsonObject &json() const { return m_json; }
    Kind kind() const { return m_kind; }

    /// Merges the `session` of a session.update that checkClientEvent() has let pass. On error nothing
    /// changes. `audioWasSent`: the voice is settled by the first audio that was sent.
    std::optional<ApiError> update(const QJsonObject &change, bool audioWasSent);

    AudioFormat inputFormat() const;
    bool transcribes() const;
    std::optional<VadSettings> vad() const; ///< nullopt when turn detection is off
    bool createsResponses() const; ///< turn_detection.create_response
    bool interruptsResponses() const; ///< turn_detection.interrupt_response

private:
    QJsonObject turnDetection() const;

    Kind m_kind;
    QJsonObject m_json;
};

/// Lays `change` over `base`, member by member. An object is merged with the one that is there already,
/// unless it is of another "type"; all else is replaced.
QJsonObject merged(QJsonObject base, const QJsonObject &change);

} // namespace rr
