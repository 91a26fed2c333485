// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/beta/memory.h"

#include <QByteArray>

/// The beta's POST /v1/realtime/sessions and /v1/realtime/transcription_sessions, by way of today's
/// POST /v1/realtime/client_secrets: what a page's backend asks for to give the page a key. Pure functions.
namespace rr {

/// The body for client_secrets that means the same as this one of the beta, which may be empty. `memory` knows which of the two
/// paths it is, and keeps what the answer has to say. What is no JSON object, or has a `session` and so is of today already,
/// comes back as it is, for OpenAI to judge.
QByteArray secretRequestFromBeta(const QByteArray &body, BetaMemory &memory);

/// The answer of client_secrets in both shapes at once: today's `value`, `expires_at` and `session`, and the session flat as the
/// beta had it, with `client_secret{value, expires_at}`. `expires_at` is the secret's, not the session's, which has not begun.
/// Null: `answer` is none of client_secrets.
QByteArray secretAnswerToBeta(const QByteArray &answer, BetaMemory &memory);

} // namespace rr
