// SPDX-License-Identifier: MIT
#include "core/realtime/beta/clientsecret.h"

#include "core/realtime/beta/clientevents.h"
#include "core/realtime/beta/serverevents.h"
#include "core/realtime/jsontext.h"

namespace rr {

QByteArray secretRequestFromBeta(const QByteArray &body, BetaMemory &memory)
{
    const QByteArray trimmed = body.trimmed();
    const QByteArray flat = trimmed.isEmpty() ? QByteArray("{}") : trimmed;
    if (!isJsonObject(flat) || !isJson(flat) || !jsonMemberValue(flat, "session").isEmpty())
        return body;
    const QByteArray update = sessionUpdateFromBeta(
        R"({"type":"session.update","session":)" + flat + '}', memory.isTranscription, memory);
    const QByteArrayView lifetime = jsonMemberValue(jsonMemberValue(flat, "client_secret"), "expires_after");
    JsonOut request(memory.mostBytes);
    JsonWriter to(request);
    if (isJsonObject(lifetime))
        to.member("expires_after", lifetime);
    to.member("session", jsonMemberValue(update, "session"));
    to.close();
    return request.take();
}

QByteArray secretAnswerToBeta(const QByteArray &answer, BetaMemory &memory)
{
    if (!isJson(answer))
        return {};
    const QByteArrayView value = jsonMemberValue(answer, "value");
    const QByteArrayView expiresAt = jsonMemberValue(answer, "expires_at");
    const QByteArrayView session = jsonMemberValue(answer, "session");
    if (!isJsonString(value))
        return {};
    JsonOut both(memory.mostBytes);
    JsonWriter to(both);
    to.member("value", value);
    to.memberIf("expires_at", expiresAt);
    JsonWriter secret(to.member("client_secret"));
    secret.member("value", value);
    secret.memberIf("expires_at", expiresAt);
    secret.close();
    if (isJsonObject(session)) {
        const QByteArray event
            = sessionForBeta(R"({"type":"session.created","session":)" + session.toByteArray() + '}', memory);
        for (JsonParts each(jsonMemberValue(event, "session")); each.next();) {
            if (each.name() != "expires_at" && each.name() != "client_secret" && each.name() != "value")
                to.member(each.name(), each.value());
        }
        to.member("session", session);
    }
    to.close();
    return both.take();
}

} // namespace rr
