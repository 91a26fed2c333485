// SPDX-License-Identifier: MIT
#include "core/realtime/endreason.h"

#include "core/realtime/redaction.h"

#include <QJsonDocument>

namespace rr {

namespace {

// The values of error.type that OpenAI's servers use.
constexpr QByteArrayView invalidRequest = "invalid_request_error";
constexpr QByteArrayView serverError = "server_error";

Sentence inWords(std::chrono::milliseconds time)
{
    const qint64 ms = time.count();
    if (ms % 60'000 == 0) {
        return ms == 60'000 ? Sentence(QT_TRANSLATE_NOOP("Core", "1 minute"))
                            : Sentence(QT_TRANSLATE_NOOP("Core", "%1 minutes"), {ms / 60'000});
    }
    if (ms % 1000 == 0) {
        return ms == 1000 ? Sentence(QT_TRANSLATE_NOOP("Core", "1 second"))
                          : Sentence(QT_TRANSLATE_NOOP("Core", "%1 seconds"), {ms / 1000});
    }
    return ms == 1 ? Sentence(QT_TRANSLATE_NOOP("Core", "1 millisecond"))
                   : Sentence(QT_TRANSLATE_NOOP("Core", "%1 milliseconds"), {ms});
}

Sentence inWords(qint64 bytes)
{
    constexpr qint64 mebibyte = 1024 * 1024;
    return bytes % mebibyte == 0 ? Sentence("%1 MiB", {bytes / mebibyte})
                                 : Sentence(QT_TRANSLATE_NOOP("Core", "%1 bytes"), {bytes});
}

/// " (…)", or nothing.
Sentence inBrackets(const Sentence &detail)
{
    return detail.isEmpty() ? Sentence() : Sentence(" (%1)", {detail});
}

/// A close by one of the sides: passed to the other, and answered with the same (RFC 6455 5.5.1).
EndDescription closedBySide(EndedBy side, const EndDetails &details)
{
    const bool byClient = side == EndedBy::Client;
    const quint16 code = details.closeCode;
    EndDescription end;
    end.endedBy = side;
    // A client's own codes (3000 to 4999) are its own business; an upstream's tell of refused keys and
    // models.
    const bool meantWell = code == 1000 || code == 1001 || code == noCloseCode || (byClient && code >= 3000);
    end.failed = !meantWell;
    end.clientCode = isCloseCodeOnWire(code) ? code : noCloseCode;
    end.upstreamCode = end.clientCode;
    // Exactly as received, so that a client's decision to try again is the one OpenAI's servers asked for.
    end.clientReason = details.closeReason.toUtf8().left(maxCloseReasonBytes);
    end.upstreamReason = end.clientReason;
    const QString reason = outsideText(withoutKeys(details.closeReason, details.keys));
    if (reason.isEmpty())
        end.message = byClient ? QT_TRANSLATE_NOOP("Core", "Closed by the client.")
                               : QT_TRANSLATE_NOOP("Core", "Closed by the upstream.");
    else
        end.message = {byClient ? QT_TRANSLATE_NOOP("Core", "Closed by the client: %1")
                                : QT_TRANSLATE_NOOP("Core", "Closed by the upstream: %1"),
            {reason}};
    return end;
}

/// A connection that is gone without a close frame: nothing can be told to that side any more.
EndDescription lostClient(const Sentence &message)
{
    EndDescription end;
    end.endedBy = EndedBy::Client;
    end.failed = true;
    end.message = message;
    return end;
}

struct Told
{
    quint16 code = 0;
    QByteArrayView type;
    QByteArrayView errorCode;
};

/// An end that the client is told of as OpenAI does it: an error event, then a close whose reason names it.
EndDescription told(EndedBy by, const Told &what, quint16 upstreamCode, bool failed, const Sentence &message)
{
    EndDescription end;
    end.endedBy = by;
    end.failed = failed;
    end.clientCode = what.code;
    end.errorType = what.type.toByteArray();
    end.errorCode = what.errorCode.toByteArray();
    end.clientReason = end.errorType + '.' + end.errorCode;
    end.upstreamCode = upstreamCode;
    end.message = message;
    return end;
}

/// The close code of a refusal. The SDKs of OpenAI come back after 1001, 1005, 1006, 1011, 1012, 1013 and 1015 and after
/// no other one (isRecoverableClose() of openai for JavaScript and Python), so what only a change can mend has another.
quint16 closeCodeOf(const UpstreamRefusal &refusal, int status)
{
    if (refusal.mayPass)
        return 1013;
    switch (status) {
    case 401:
        return 3000; // as OpenAI closes for a wrong key
    case 403:
        return 3003;
    case 404:
        return 4004;
    default:
        return 4000;
    }
}

EndDescription dialFailed(EndReason reason, const EndDetails &details)
{
    UpstreamFailure failure = details.failure;
    EndDescription end;
    if (reason == EndReason::UpstreamUnreachable) {
        failure.detail = changed(failure.detail,
            [&details](const QString &outside) { return withoutKeys(outside, details.keys); });
        end = told(EndedBy::Upstream, {1013, serverError, "upstream_unreachable"}, 0, true,
            adviceFor(failure, details.upstreamHost));
        end.concernsOperator = true;
        return end;
    }
    // Written anew first, or a key that hides behind the escapes of JSON could become a type or a code.
    const QByteArray body = QJsonDocument::fromJson(failure.body).toJson(QJsonDocument::Compact);
    failure.body = withoutKeys(QString::fromUtf8(body), details.keys).toUtf8();
    const UpstreamRefusal refusal = readRefusal(failure);
    failure.detail = asTheySaid(withoutKeys(refusal.message, details.keys));
    end = told(EndedBy::Upstream, {closeCodeOf(refusal, failure.status), refusal.type, refusal.code}, 0, true,
        adviceFor(failure, details.upstreamHost));
    // It has a problem that passes, does not serve this region, or is no Realtime API at all.
    end.concernsOperator = refusal.mayPass || failure.status == 403 || failure.status < 400;
    return end;
}

/// The close code of a refusal of an access token; as those of the upstream's, but for a budget of the relay's own.
quint16 closeCodeOf(const EndDetails::Refusal &refusal)
{
    if (refusal.code == "insufficient_quota")
        return 4411;
    switch (refusal.status) {
    case 401:
        return 3000;
    case 403:
        return 3003;
    default: // there may be a place, or books, a little later
        return 1013;
    }
}

EndDescription accessRefused(const EndDetails::Refusal &refusal)
{
    const QByteArrayView code = refusal.code.isEmpty() ? QByteArrayView("invalid_api_key") : refusal.code;
    const Sentence message = !refusal.message.isEmpty()
        ? refusal.message
        : QT_TRANSLATE_NOOP(
            "Core", "The relay does not take this access token; ask its operator for one that is good.");
    return told(EndedBy::Relay,
        {closeCodeOf(refusal), refusal.status >= 500 ? serverError : invalidRequest, code}, 0, true, message);
}

/// A message that has to be whole before any of it goes on, when what all calls may keep is used up.
EndDescription noRoom(bool fromClient)
{
    return told(EndedBy::Relay, {1013, serverError, "message_too_large"}, fromClient ? 1000 : 1009, true,
        fromClient ? QT_TRANSLATE_NOOP("Core",
            "The relay has no room just now for all of a message that it must keep until it is whole; open a new "
            "call in a moment, send smaller messages, or have the relay's operator raise BUFFER_BUDGET_BYTES.")
                   : QT_TRANSLATE_NOOP("Core",
                       "The relay has no room just now for all of a message from the upstream that it must keep "
                       "until it is whole; open a new call in a moment, or have the relay's operator raise "
                       "BUFFER_BUDGET_BYTES."));
}

EndDescription tooLarge(bool fromClient, const EndDetails &details)
{
    if (details.isKept)
        return noRoom(fromClient);
    const Sentence of = details.limitBytes > 0
        ? Sentence(QT_TRANSLATE_NOOP("Core", " of %1"), {inWords(details.limitBytes)})
        : Sentence();
    const Sentence message = fromClient
        ? Sentence(QT_TRANSLATE_NOOP("Core",
                       "A message is larger than the relay's limit%1; send smaller ones, or have the relay's "
                       "operator raise MAX_MESSAGE_BYTES."),
            {of})
        : Sentence(
            QT_TRANSLATE_NOOP("Core",
                "A message from the upstream is larger than the relay's limit%1; have the relay's operator "
                "raise MAX_MESSAGE_BYTES."),
            {of});
    return told(
        EndedBy::Relay, {1009, invalidRequest, "message_too_large"}, fromClient ? 1000 : 1009, true, message);
}

EndDescription meaningOf(EndReason reason, const EndDetails &details)
{
    const bool limited = details.limit.count() > 0;
    switch (reason) {
    case EndReason::ClientClosed:
        return closedBySide(EndedBy::Client, details);
    case EndReason::UpstreamClosed:
        return closedBySide(EndedBy::Upstream, details);
    case EndReason::ClientVanished:
        return lostClient(QT_TRANSLATE_NOOP("Core", "The client's connection was lost."));
    case EndReason::ClientSilent:
        return lostClient(QT_TRANSLATE_NOOP(
            "Core", "The client stopped answering pings; its connection is taken for lost."));
    case EndReason::UpstreamVanished:
        return told(EndedBy::Upstream, {1011, serverError, "upstream_disconnected"}, 0, true,
            QT_TRANSLATE_NOOP("Core", "The connection to the upstream was lost; open a new call."));
    case EndReason::UpstreamSilent:
        return told(EndedBy::Upstream, {1011, serverError, "upstream_disconnected"}, 0, true,
            QT_TRANSLATE_NOOP("Core",
                "The upstream stopped answering pings, its connection is taken for lost; open a new call."));
    case EndReason::UpstreamRefused:
    case EndReason::UpstreamUnreachable:
        return dialFailed(reason, details);
    case EndReason::MissingKey:
        return told(EndedBy::Relay, {3000, invalidRequest, "invalid_api_key"}, 0, true,
            {QT_TRANSLATE_NOOP("Core",
                 "No usable API key was sent%1; send one as the subprotocol openai-insecure-api-key.KEY or in the "
                 "header Authorization: Bearer KEY."),
                {inBrackets(details.detail)}});
    case EndReason::InactivityTimeout: {
        const Sentence after
            = limited ? Sentence(QT_TRANSLATE_NOOP("Core", " for %1"), {inWords(details.limit)}) : Sentence();
        return told(EndedBy::Relay, {4408, invalidRequest, "inactivity_timeout"}, 1000, false,
            {QT_TRANSLATE_NOOP("Core",
                 "No message went either way%1, so the relay ended the call; open a new one, or have the relay's "
                 "operator raise INACTIVITY_TIMEOUT."),
                {after}});
    }
    case EndReason::SessionLimit: {
        const Sentence of
            = limited ? Sentence(QT_TRANSLATE_NOOP("Core", " of %1"), {inWords(details.limit)}) : Sentence();
        if (details.isOfToken)
            return told(EndedBy::Relay, {4409, invalidRequest, "session_limit"}, 1000, false,
                {QT_TRANSLATE_NOOP("Core",
                     "The call reached the time limit%1 of its access token; open a new one, or ask the relay's operator "
                     "for longer calls."),
                    {of}});
        return told(EndedBy::Relay, {4409, invalidRequest, "session_limit"}, 1000, false,
            {QT_TRANSLATE_NOOP("Core",
                 "The call reached the relay's time limit%1; open a new one, or have the relay's operator raise "
                 "SESSION_LIMIT."),
                {of}});
    }
    case EndReason::ClientMessageTooLarge:
        return tooLarge(true, details);
    case EndReason::UpstreamMessageTooLarge:
        return tooLarge(false, details);
    case EndReason::ClientTooSlow:
        return told(EndedBy::Relay, {1013, serverError, "peer_too_slow"}, 1000, true,
            details.isKept
                ? QT_TRANSLATE_NOOP("Core",
                    "The client stopped in the middle of a message that the relay must keep until it is whole; check "
                    "the client's network, and that it sends every message to its end.")
                : QT_TRANSLATE_NOOP("Core",
                    "The client stopped reading and the relay's buffer stayed full; check the client's network, and "
                    "that it reads every message at once."));
    case EndReason::UpstreamTooSlow:
        return told(EndedBy::Relay, {1013, serverError, "peer_too_slow"}, 1000, true,
            details.isKept
                ? QT_TRANSLATE_NOOP("Core",
                    "The upstream stopped in the middle of a message that the relay must keep until it is whole; open a "
                    "new call in a moment.")
                : QT_TRANSLATE_NOOP("Core",
                    "The upstream stopped reading and the relay's buffer stayed full; open a new call in a moment."));
    case EndReason::ClientBreach:
        return told(EndedBy::Relay, {1002, invalidRequest, "protocol_error"}, 1000, true,
            {QT_TRANSLATE_NOOP(
                 "Core", "The client broke the WebSocket protocol%1; check the client's WebSocket library."),
                {inBrackets(details.detail)}});
    case EndReason::UpstreamBreach:
        return told(EndedBy::Relay, {1002, serverError, "protocol_error"}, 1002, true,
            {QT_TRANSLATE_NOOP("Core",
                 "The upstream broke the WebSocket protocol%1; open a new call, and check the relay's upstream "
                 "URL (UPSTREAM_URL) when it happens again."),
                {inBrackets(details.detail)}});
    case EndReason::RelayShutdown:
        return told(EndedBy::Relay, {1001, serverError, "relay_shutdown"}, 1001, false,
            QT_TRANSLATE_NOOP("Core", "The relay is shutting down; open a new call when it is back."));
    case EndReason::SpendLimit:
        return told(EndedBy::Relay, {4411, invalidRequest, "insufficient_quota"}, 1000, false,
            {QT_TRANSLATE_NOOP("Core",
                 "What may be spent with this access token is spent%1, so the relay ended the call; ask the relay's operator "
                 "for more."),
                {inBrackets(details.detail)}});
    case EndReason::AccessEnded:
        return told(EndedBy::Relay, {4412, invalidRequest, "invalid_api_key"}, 1000, false,
            {QT_TRANSLATE_NOOP("Core",
                 "The access token is no longer good%1, so the relay ended the call; ask the relay's operator for another "
                 "one."),
                {inBrackets(details.detail)}});
    case EndReason::AccessRefused:
        return accessRefused(details.refusal);
    case EndReason::ClosedByOperator:
        break;
    }
    return told(EndedBy::Operator, {4410, invalidRequest, "closed_by_operator"}, 1000, false,
        QT_TRANSLATE_NOOP(
            "Core", "The relay's operator closed the call; ask the operator before opening a new one."));
}

} // namespace

EndDescription describe(EndReason reason, const EndDetails &details)
{
    EndDescription end = meaningOf(reason, details);
    end.reason = reason;
    return end;
}

} // namespace rr
