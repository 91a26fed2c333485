// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/apierror.h"

#include <optional>

namespace rr {

/// By which connection a Live session is spoken to: the one that starts it, one that starts a fork of a stored one, or
/// a sideband of one that goes on.
enum class LiveDoor : quint8 { Primary, Fork, Sideband };

/// Checks a client event against what Live takes at this door (the types of OpenAI's npm package): that its type is
/// known, nothing required is missing, nothing is unknown, types, enumerations, formats and sizes are right. Returns
/// the error to answer with; nullopt when all is well. Delegation to Decisions is not played, and refused.
std::optional<ApiError> checkLiveEvent(const QJsonObject &event, LiveDoor door);

/// The sound of an `audio` member, raw; nullopt unless it is base64 of whole samples, one at least.
std::optional<QByteArray> liveAudio(const QJsonValue &base64, int bytesPerSample);

/// invalid_audio, about the member `audio`.
ApiError invalidLiveAudio(const QString &why);

} // namespace rr
