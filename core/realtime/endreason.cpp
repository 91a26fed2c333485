// SPDX-License-Identifier: MIT
#include "core/realtime/endreason.h"

#include "core/realtime/redaction.h"

#include <QJsonDocument>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

// The values of error.type that OpenAI's servers use.
constexpr QByteArrayView invalidRequest = "invalid_request_error";
constexpr QByteArrayView serverError = "server_error";

QString counted(qint64 n, const QString &unit)
{
    return n == 1 ? u"1 "_s + unit : u"%1 %2s"_s.arg(n).arg(unit);
}

QString inWords(std::chrono::milliseconds time)
{
    const qint64 ms = time.count();
    if (ms % 60'000 == 0)
        return counted(ms / 60'000, u"minute"_s);
    return ms % 1000 == 0 ? counted(ms / 1000, u"second"_s) : counted(ms, u"millisecond"_s);
}

QString bytesInWords(qint64 bytes)
{
    return bytes % (1024 * 1024) == 0 ? u"%1 MiB"_s.arg(bytes / (1024 * 1024)) : counted(bytes, u"byte"_s);
}

/// " (…)", or nothing.
QString inBrackets(const QString &text)
{
    const QString shown = outsideText(text);
    return shown.isEmpty() ? QString() : u" (%1)"_s.arg(shown);
}

quint16 orNormalClosure(quint16 code)
{
    return isCloseCodeOnWire(code) ? code : 1000;
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
    end.upstreamCode = orNormalClosure(code);
    // Exactly as received, so that a client's decision to try again is the one OpenAI's servers asked for.
    end.clientReason = details.closeReason.toUtf8().left(maxCloseReasonBytes);
    end.upstreamReason = end.clientReason;
    const QString reason = outsideText(withoutKey(details.closeReason, details.key));
    end.message = (byClient ? u"Closed by the client"_s : u"Closed by the upstream"_s)
        + (reason.isEmpty() ? u"."_s : u": %1"_s.arg(reason));
    return end;
}

/// A connection that is gone without a close frame: nothing can be told to that side any more.
EndDescription lostClient(const QString &message)
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
EndDescription told(EndedBy by, const Told &what, quint16 upstreamCode, bool failed, const QString &message)
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
    if (reason == EndReason::UpstreamUnreachable) {
        failure.detail = withoutKey(failure.detail, details.key);
        return told(EndedBy::Upstream, {1013, serverError, "upstream_unreachable"}, 0, true,
            adviceFor(failure, details.upstreamHost));
    }
    // Written anew first, or a key that hides behind the escapes of JSON could become a type or a code.
    const QByteArray body = QJsonDocument::fromJson(failure.body).toJson(QJsonDocument::Compact);
    failure.body = withoutKey(QString::fromUtf8(body), details.key).toUtf8();
    const UpstreamRefusal refusal = readRefusal(failure);
    failure.detail = withoutKey(refusal.message, details.key);
    return told(EndedBy::Upstream, {closeCodeOf(refusal, failure.status), refusal.type, refusal.code}, 0,
        true, adviceFor(failure, details.upstreamHost));
}

EndDescription tooLarge(bool fromClient, const EndDetails &details)
{
    const QString limit = details.limitBytes > 0 ? u" of "_s + bytesInWords(details.limitBytes) : QString();
    const QString message = fromClient
        ? u"A message is larger than the relay's limit%1; send smaller ones, or have the relay's operator "
          u"raise "
          "MAX_MESSAGE_BYTES."_s.arg(limit)
        : u"A message from the upstream is larger than the relay's limit%1; have the relay's operator raise "
          "MAX_MESSAGE_BYTES."_s.arg(limit);
    return told(
        EndedBy::Relay, {1009, invalidRequest, "message_too_large"}, fromClient ? 1000 : 1009, true, message);
}

EndDescription meaningOf(EndReason reason, const EndDetails &details)
{
    const QString after = details.limit.count() > 0 ? u" for "_s + inWords(details.limit) : QString();
    const QString of = details.limit.count() > 0 ? u" of "_s + inWords(details.limit) : QString();

    switch (reason) {
    case EndReason::ClientClosed:
        return closedBySide(EndedBy::Client, details);
    case EndReason::UpstreamClosed:
        return closedBySide(EndedBy::Upstream, details);
    case EndReason::ClientVanished:
        return lostClient(u"The client's connection was lost."_s);
    case EndReason::ClientSilent:
        return lostClient(u"The client stopped answering pings; its connection is taken for lost."_s);
    case EndReason::UpstreamVanished:
        return told(EndedBy::Upstream, {1011, serverError, "upstream_disconnected"}, 0, true,
            u"The connection to the upstream was lost; open a new session."_s);
    case EndReason::UpstreamSilent:
        return told(EndedBy::Upstream, {1011, serverError, "upstream_disconnected"}, 0, true,
            u"The upstream stopped answering pings, its connection is taken for lost; open a new session."_s);
    case EndReason::UpstreamRefused:
    case EndReason::UpstreamUnreachable:
        return dialFailed(reason, details);
    case EndReason::MissingKey:
        return told(EndedBy::Relay, {3000, invalidRequest, "invalid_api_key"}, 0, true,
            u"No usable API key was sent%1; send one as the subprotocol openai-insecure-api-key.KEY or in "
            u"the "
            "header Authorization: Bearer KEY."_s.arg(inBrackets(details.detail)));
    case EndReason::InactivityTimeout:
        return told(EndedBy::Relay, {4408, invalidRequest, "inactivity_timeout"}, 1000, false,
            u"No message went either way%1, so the relay ended the session; open a new one, or have the "
            "relay's operator raise INACTIVITY_TIMEOUT."_s.arg(after));
    case EndReason::SessionLimit:
        return told(EndedBy::Relay, {4409, invalidRequest, "session_limit"}, 1000, false,
            u"The session reached the relay's time limit%1; open a new one, or have the relay's operator "
            u"raise "
            "SESSION_LIMIT."_s.arg(of));
    case EndReason::ClientMessageTooLarge:
        return tooLarge(true, details);
    case EndReason::UpstreamMessageTooLarge:
        return tooLarge(false, details);
    case EndReason::ClientTooSlow:
        return told(EndedBy::Relay, {1013, serverError, "peer_too_slow"}, 1000, true,
            u"The client stopped reading and the relay's buffer stayed full; check the client's network, and "
            "that it reads every message at once."_s);
    case EndReason::UpstreamTooSlow:
        return told(EndedBy::Relay, {1013, serverError, "peer_too_slow"}, 1000, true,
            u"The upstream stopped reading and the relay's buffer stayed full; open a new session in a moment."_s);
    case EndReason::ClientBreach:
        return told(EndedBy::Relay, {1002, invalidRequest, "protocol_error"}, 1000, true,
            u"The client broke the WebSocket protocol%1; check the client's WebSocket library."_s.arg(
                inBrackets(details.detail)));
    case EndReason::UpstreamBreach:
        return told(EndedBy::Relay, {1002, serverError, "protocol_error"}, 1002, true,
            u"The upstream broke the WebSocket protocol%1; open a new session, and check the relay's "
            u"upstream "
            "URL (UPSTREAM_URL) when it happens again."_s.arg(inBrackets(details.detail)));
    case EndReason::RelayShutdown:
        return told(EndedBy::Relay, {1001, serverError, "relay_shutdown"}, 1001, false,
            u"The relay is shutting down; open a new session when it is back."_s);
    case EndReason::ClosedByOperator:
        break;
    }
    return told(EndedBy::Operator, {4410, invalidRequest, "closed_by_operator"}, 1000, false,
        u"The relay's operator closed the session; ask the operator before opening a new one."_s);
}

} // namespace

EndDescription describe(EndReason reason, const EndDetails &details)
{
    EndDescription end = meaningOf(reason, details);
    end.name = endReasonName(reason);
    return end;
}

QByteArray endReasonName(EndReason reason)
{
    switch (reason) {
    case EndReason::ClientClosed:
        return "client_closed"_ba;
    case EndReason::ClientVanished:
        return "client_vanished"_ba;
    case EndReason::ClientSilent:
        return "client_silent"_ba;
    case EndReason::UpstreamClosed:
        return "upstream_closed"_ba;
    case EndReason::UpstreamVanished:
        return "upstream_vanished"_ba;
    case EndReason::UpstreamSilent:
        return "upstream_silent"_ba;
    case EndReason::UpstreamRefused:
        return "upstream_refused"_ba;
    case EndReason::UpstreamUnreachable:
        return "upstream_unreachable"_ba;
    case EndReason::MissingKey:
        return "missing_key"_ba;
    case EndReason::InactivityTimeout:
        return "inactivity_timeout"_ba;
    case EndReason::SessionLimit:
        return "session_limit"_ba;
    case EndReason::ClientMessageTooLarge:
        return "client_message_too_large"_ba;
    case EndReason::UpstreamMessageTooLarge:
        return "upstream_message_too_large"_ba;
    case EndReason::ClientTooSlow:
        return "client_too_slow"_ba;
    case EndReason::UpstreamTooSlow:
        return "upstream_too_slow"_ba;
    case EndReason::ClientBreach:
        return "client_breach"_ba;
    case EndReason::UpstreamBreach:
        return "upstream_breach"_ba;
    case EndReason::RelayShutdown:
        return "relay_shutdown"_ba;
    case EndReason::ClosedByOperator:
        return "closed_by_operator"_ba;
    }
    return {};
}

} // namespace rr
