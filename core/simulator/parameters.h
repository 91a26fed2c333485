// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/apierror.h"

#include <optional>

namespace rr {

/// Checks a client event against what the Realtime API takes: that its type is known, nothing required is
/// missing, nothing is unknown, types, enumerations and ranges are right. Returns the error to answer with;
/// nullopt when all is well.
std::optional<ApiError> checkClientEvent(const QJsonObject &event);

/// Checks the body of a request for a client secret in the same way; its session may be of a transcription.
std::optional<ApiError> checkSecretRequest(const QJsonObject &body);
/// The same of a secret for translations.
std::optional<ApiError> checkTranslationSecretRequest(const QJsonObject &body);

} // namespace rr
