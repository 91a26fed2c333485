// SPDX-License-Identifier: MIT
#include "core/call/calltroubles.h"

#include <array>

namespace rr {

namespace {

using enum TroubleCode;

/// Those of one client each.
constexpr std::array refusals{KeyMissing, KeyRefused, QuotaUsedUp, ModelUnknown, RequestRefused};

/// What a refusal of the upstream's is, told by the code that the client's connection is closed with and by what stands
/// beside it. OpenAI refuses with an HTTP status, or opens the call first and then closes it with the same words.
TroubleCode refusalOf(quint16 closeCode, QByteArrayView words)
{
    if (words.contains("quota") || words.contains("billing"))
        return QuotaUsedUp;
    if (closeCode == 3000 || words.contains("invalid_api_key"))
        return KeyRefused;
    if (closeCode == 4004 || words.contains("model_not_found"))
        return ModelUnknown;
    return RequestRefused;
}

/// The upstream ended a call that was open, and neither side meant it to end so.
void noteClosed(Troubles &troubles, const EndDescription &end, const QString &client, bool usesHeldKey)
{
    const TroubleCode refusal = refusalOf(end.clientCode, end.clientReason);
    if (refusal == KeyRefused && usesHeldKey) {
        noteHeldKeyRefused(troubles, end.message);
        return;
    }
    if (refusal == RequestRefused
        && end.clientCode < 3000) { // a code of the protocol, not one of the upstream's own
        troubles.report(UpstreamLost,
            {QT_TRANSLATE_NOOP("Core",
                 "The upstream ended calls with the close code %1. When it happens again, check its status page. (%2)"),
                {QString::number(end.clientCode), end.message}});
        return;
    }
    const char *advice
        = QT_TRANSLATE_NOOP("Core", "Check what the client asks for, and the permissions of its API key.");
    if (refusal == QuotaUsedUp)
        advice = QT_TRANSLATE_NOOP("Core", "Check the limits and the billing of the account.");
    else if (refusal == KeyRefused)
        advice = QT_TRANSLATE_NOOP("Core", "Check the client's API key, or make a new one.");
    else if (refusal == ModelUnknown)
        advice = QT_TRANSLATE_NOOP("Core", "Check the model's name in the client.");
    troubles.report(refusal, client, joined(advice, end.message, "%1 (%2)"));
}

} // namespace

void noteHeldKeyRefused(Troubles &troubles, const Sentence &message)
{
    troubles.report(HeldKeyRefused,
        joined(
            QT_TRANSLATE_NOOP("Core",
                "Calls with access tokens fail. Check OPENAI_API_KEY, or OPENAI_API_KEY_FILE, and whether that key was "
                "revoked."),
            message, "%1 (%2)"));
}

void noteOpened(Troubles &troubles)
{
    troubles.clear(UpstreamUnreachable);
    troubles.clear(UpstreamRefused);
}

void noteTalking(Troubles &troubles, const QString &client, bool usesHeldKey)
{
    if (usesHeldKey)
        troubles.clear(HeldKeyRefused);
    for (const TroubleCode code : refusals)
        troubles.clear(code, client);
}

void noteEnded(
    Troubles &troubles, const EndDescription &end, const QString &client, Door door, bool usesHeldKey)
{
    switch (end.reason) {
    case EndReason::UpstreamUnreachable:
        troubles.report(UpstreamUnreachable, end.message);
        break;
    case EndReason::UpstreamRefused:
        if (end.concernsOperator)
            troubles.report(UpstreamRefused, end.message);
        else if (usesHeldKey && refusalOf(end.clientCode, end.errorCode) == KeyRefused)
            noteHeldKeyRefused(troubles, end.message);
        else
            troubles.report(refusalOf(end.clientCode, end.errorCode), client, end.message);
        break;
    case EndReason::MissingKey:
        if (door != Door::Share)
            troubles.report(KeyMissing, client, end.message);
        break;
    case EndReason::UpstreamClosed:
        if (end.failed)
            noteClosed(troubles, end, client, usesHeldKey);
        break;
    case EndReason::UpstreamVanished:
    case EndReason::UpstreamSilent:
        troubles.report(UpstreamLost,
            QT_TRANSLATE_NOOP("Core",
                "The connection to the upstream was lost. Check the relay's internet connection; if that is fine, "
                "the upstream has dropped the calls."));
        break;
    case EndReason::UpstreamBreach:
    case EndReason::UpstreamTooSlow:
        troubles.report(UpstreamLost, end.message);
        break;
    case EndReason::UpstreamMessageTooLarge:
        if (end.clientCode == 1009) // else it was the relay that had no room
            troubles.report(UpstreamLost, end.message);
        break;
    default:
        break;
    }
}

void noteTokenRefused(Troubles &troubles, const QString &client, bool isUnknown)
{
    if (isUnknown)
        troubles.report(TokensRefused, client,
            {QT_TRANSLATE_NOOP("Core",
                 "%1 has come with an access token that is not known here, was revoked or has expired. If it should be let in, "
                 "make a new token for it."),
                {client}});
    else
        troubles.report(HeldKeyMissing,
            QT_TRANSLATE_NOOP("Core",
                "Set OPENAI_API_KEY or OPENAI_API_KEY_FILE: until then calls with access tokens are refused."));
}

void noteRefused(Troubles &troubles, const Refusal &refusal, const QString &origin, Door door)
{
    if (door == Door::Share) {
        if (refusal.code == "origin_not_allowed")
            troubles.report(ShareOriginRefused, origin,
                {QT_TRANSLATE_NOOP("Core",
                     "%1 is not among the origins of the share. If that page shall call through the link, allow it in the "
                     "window, or share again with it among the origins."),
                    {origin}});
        return;
    }
    if (refusal.code == "relay_full")
        troubles.report(RelayFull,
            QT_TRANSLATE_NOOP("Core",
                "Raise the limit of calls at once (MAX_CONNECTIONS), or end calls that are no longer needed."));
    else if (refusal.code == "origin_not_allowed")
        troubles.report(OriginRefused, origin,
            {QT_TRANSLATE_NOOP(
                 "Core", "%1 is not in ALLOWED_ORIGINS. Add it if that page shall use the relay."),
                {origin}});
}

} // namespace rr
