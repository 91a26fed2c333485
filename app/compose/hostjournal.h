// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingsloader.h"
#include "core/monitor/journal.h"
#include "core/relay/relay.h"
#include "core/relay/upstreamcheck.h"

namespace rr {

// The journal's lines about the relay as a whole. Each is one entry, ready for Journal::add().

JournalEntry relayListening(const Relay &relay);
JournalEntry relayDraining(const Relay &relay); ///< while it still runs
JournalEntry relayStopped();
JournalEntry startFailed(const RelayError &error);
/// A check has found that calls would reach it.
JournalEntry upstreamAnswers(const UpstreamCheckResult &result);
/// There are not descriptors enough for as many calls as the settings allow.
JournalEntry descriptorsShort(int maxConnections, int descriptors);
/// A key is held, and there is nobody who may use it; `hasStore`: there could be.
JournalEntry heldKeyServesNobody(bool hasStore);
JournalEntry settingWarning(const Sentence &warning);
JournalEntry settingsReloaded(const Relay &relay);
/// The settings in force stay, because of this.
JournalEntry reloadRefused(const SettingProblem &problem);
JournalEntry reloadRefused(const RelayError &error);
/// What Qt printed, redacted already.
JournalEntry qtMessage(LogLevel level, const QString &message);

} // namespace rr
