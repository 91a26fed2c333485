// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/beta/memory.h"

#include <QByteArray>
#include <QByteArrayView>

/// What a client of the beta says, as today's Realtime API takes it. Each function gets an event that isJson() is true for and
/// returns what goes up in its place; more than BetaMemory::mostBytes of it is none. Where a member is no such thing as the beta knew, it stays, for OpenAI to name it; where
/// one of the beta's and one of today's mean the same, today's counts. Fields: doc/beta.md.
namespace rr {

/// session.update, and with `isTranscription` transcription_session.update.
QByteArray sessionUpdateFromBeta(const QByteArray &event, bool isTranscription, BetaMemory &memory);
/// conversation.item.create
QByteArray itemCreateFromBeta(const QByteArray &event, const BetaMemory &memory);
/// response.create
QByteArray responseCreateFromBeta(const QByteArray &event, BetaMemory &memory);

} // namespace rr
