// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/rest.h"

namespace rr {

/// POST /v1/realtime/client_secrets: a secret for a session, or a transcription, of the configuration in the body.
HttpAnswer mintRealtimeSecret(const RestRequest &request, const RestDesk &desk);
/// POST /v1/realtime/translations/client_secrets
HttpAnswer mintTranslationSecret(const RestRequest &request, const RestDesk &desk);

} // namespace rr
