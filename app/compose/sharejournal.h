// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/journal.h"
#include "core/monitor/snapshot.h"
#include "core/sharing/publicproof.h"
#include "core/sharing/shareplan.h"

#include <QDateTime>
#include <QString>
#include <QUrl>

#include <chrono>

namespace rr {

// The journal's lines about sharing. Each is one entry, ready for Journal::add(). None holds the link's secret.

JournalEntry shareStarting(const SharePlan &plan, const QDateTime &until);
JournalEntry shared(const QString &way, const QUrl &address, const ProofResult &proof);
/// It is tried again by itself.
JournalEntry shareBroken(const QString &way, const QByteArray &code, const Sentence &reason);
JournalEntry shareNeedsYou(const QString &way, const QByteArray &code, const Sentence &reason);
/// What stands between the relay and the internet has cut a call that was quiet for so long.
JournalEntry shareCutsQuiet(const QString &way, std::chrono::milliseconds after);
JournalEntry shareVisited(const Visitor &visitor);
JournalEntry shareLinkRenewed(const QString &way);
/// `reason` may be empty: somebody has asked for it.
JournalEntry shareStopped(const QString &way, const Sentence &reason);
JournalEntry shareNotKept(const Sentence &problem);

} // namespace rr
