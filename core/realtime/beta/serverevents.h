// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/beta/memory.h"

#include <QByteArray>

/// What today's Realtime API says, as a client of the beta knows it. Each function gets an event that isJson() is true for and
/// returns what goes down in its place; more than BetaMemory::mostBytes of it is none. Fields: doc/beta.md.
namespace rr {

/// session.created and session.updated; remembers what they tell.
QByteArray sessionForBeta(const QByteArray &event, BetaMemory &memory);
/// response.created and response.done
QByteArray responseForBeta(const QByteArray &event, const BetaMemory &memory);
/// Any event with an `item`. `type`: its name in the beta.
QByteArray itemEventForBeta(const QByteArray &event, QByteArrayView type, const BetaMemory &memory);
/// response.content_part.added and .done
QByteArray partEventForBeta(const QByteArray &event, const BetaMemory &memory);
/// error: what its `param` names, by the beta's name.
QByteArray errorForBeta(const QByteArray &event, const BetaMemory &memory);

} // namespace rr
