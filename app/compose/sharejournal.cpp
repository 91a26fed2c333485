// SPDX-License-Identifier: MIT
#include "app/compose/sharejournal.h"

#include "core/realtime/redaction.h"

namespace rr {

JournalEntry shareStarting(const SharePlan &plan, const QDateTime &until)
{
    return journalEntry(LogLevel::Info, "share_starting",
        QT_TRANSLATE_NOOP("Core", "The relay is about to be shared."),
        {{"way", plan.way}, {"until", until.toUTC().toString(Qt::ISODate)}, {"max_calls", plan.maxCalls}});
}

JournalEntry shared(const QString &way, const QUrl &address, const ProofResult &proof)
{
    return journalEntry(LogLevel::Info, "shared",
        QT_TRANSLATE_NOOP("Core", "Calls from outside reach the relay."),
        {{"way", way}, {"address", address.toString(QUrl::RemoveUserInfo | QUrl::RemovePath)},
            {"round_trip_ms", proof.roundTripMs},
            {"callers_told_apart", proof.trustsForwardedFor.value_or(false)}});
}

JournalEntry shareBroken(const QString &way, const QByteArray &code, const Sentence &reason)
{
    return journalEntry(LogLevel::Warning, "share_broken",
        {QT_TRANSLATE_NOOP("Core", "Calls from outside do not reach the relay; it is tried again. %1"),
            {reason}},
        {{"way", way}, {"code", QString::fromLatin1(code)}});
}

JournalEntry shareNeedsYou(const QString &way, const QByteArray &code, const Sentence &reason)
{
    return journalEntry(LogLevel::Warning, "share_needs_operator",
        {QT_TRANSLATE_NOOP("Core", "Calls from outside do not reach the relay until somebody acts. %1"),
            {reason}},
        {{"way", way}, {"code", QString::fromLatin1(code)}});
}

JournalEntry shareCutsQuiet(const QString &way, std::chrono::milliseconds after)
{
    return journalEntry(LogLevel::Warning, "share_cut",
        QT_TRANSLATE_NOOP(
            "Core", "A connection from outside that was quiet was cut; the way is tested again."),
        {{"way", way}, {"after_ms", qint64(after.count())}});
}

JournalEntry shareVisited(const Visitor &visitor)
{
    return journalEntry(LogLevel::Info, "share_visited",
        visitor.address.isEmpty()
            ? QT_TRANSLATE_NOOP("Core", "Somebody has opened the link; whether from outside is not known.")
            : QT_TRANSLATE_NOOP("Core", "The first visitor from outside has come through the shared link."),
        {{"client", visitor.address}, {"user_agent", outsideText(visitor.userAgent)}});
}

JournalEntry shareLinkRenewed(const QString &way)
{
    return journalEntry(LogLevel::Info, "share_link_renewed",
        QT_TRANSLATE_NOOP("Core", "The shared link is another: the one before opens nothing any more."),
        {{"way", way}});
}

JournalEntry shareStopped(const QString &way, const Sentence &reason)
{
    return journalEntry(LogLevel::Info, "share_stopped",
        reason.isEmpty() ? Sentence(QT_TRANSLATE_NOOP("Core", "The relay is not shared any more.")) : reason,
        {{"way", way}});
}

JournalEntry shareNotKept(const Sentence &problem)
{
    return journalEntry(LogLevel::Warning, "share_not_kept", problem);
}

} // namespace rr
