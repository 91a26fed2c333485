// SPDX-License-Identifier: MIT
#include "core/relay/exchangetroubles.h"

#include "core/call/calltroubles.h"
#include "core/realtime/upstreamfailure.h"

namespace rr {

namespace {

bool isQuotaUsedUp(const ResponseReader &answer)
{
    const UpstreamFailure failure{UpstreamFailure::Refused, answer.head().status, {}, answer.body(), {}, {}};
    return answer.head().status >= 400 && readRefusal(failure).code == "insufficient_quota";
}

} // namespace

void noteAnswer(Troubles &troubles, const ResponseReader &answer, QByteArrayView path, const QString &client,
    bool usesHeldKey)
{
    const int status = answer.head().status;
    troubles.clear(TroubleCode::UpstreamUnreachable);
    if (status < 300)
        noteTalking(troubles, client, usesHeldKey);
    else if (status == 401 && usesHeldKey)
        noteHeldKeyRefused(troubles,
            {QT_TRANSLATE_NOOP("Core", "The upstream refused it at %1 (HTTP 401)."),
                {QString::fromLatin1(path)}});
    else if (status == 401)
        troubles.report(TroubleCode::KeyRefused, client,
            {QT_TRANSLATE_NOOP("Core",
                 "The upstream refused the key at %1 (HTTP 401). Check the client's API key, or make a new one."),
                {QString::fromLatin1(path)}});
    else if (isQuotaUsedUp(answer))
        troubles.report(TroubleCode::QuotaUsedUp, client,
            {QT_TRANSLATE_NOOP("Core",
                 "The upstream says at %1 that the quota is used up (HTTP %2). Check the limits and the billing of the "
                 "account."),
                {QString::fromLatin1(path), QString::number(status)}});
}

} // namespace rr
