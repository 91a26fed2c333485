// SPDX-License-Identifier: MIT
#include "core/call/upgraderefusal.h"

#include "core/realtime/redaction.h"

#include <QJsonDocument>

namespace rr {

namespace {

/// Long enough for a relay that starts again, or a connection that comes back.
constexpr int retryAfterSeconds = 5;

int statusFor(EndReason reason, const UpstreamFailure &failure)
{
    switch (reason) {
    case EndReason::MissingKey:
    case EndReason::AccessEnded:
        return 401;
    case EndReason::SpendLimit:
        return 429;
    case EndReason::ClosedByOperator:
        return 403;
    case EndReason::UpstreamRefused: // with a status that refuses nothing, such as a redirection
        return 502;
    case EndReason::UpstreamUnreachable:
        return failure.kind == UpstreamFailure::Timeout      ? 504
            : failure.kind == UpstreamFailure::NoDescriptors ? 503
                                                             : 502;
    default: // the relay stops
        return 503;
    }
}

HttpResponse upstreamsOwn(const EndDetails &details, const EndDescription &end)
{
    const UpstreamFailure &failure = details.failure;
    const auto value = [&details](const QByteArray &header) {
        return withoutKeys(QString::fromLatin1(header), details.keys).toLatin1();
    };
    HttpResponse response{failure.status, {}, bodyToTell(failure.body, details.keys), {}};
    const bool isOwn = response.body.isEmpty();
    if (isOwn)
        response = errorResponse(failure.status, end.errorCode, plain(end.message));
    if (!failure.retryAfter.isEmpty())
        response.headers.append({"Retry-After", value(failure.retryAfter)});
    for (const HttpHeader &header : failure.headers) {
        if (header.name.compare("Content-Type", Qt::CaseInsensitive) != 0)
            response.headers.append({header.name, value(header.value)});
        else if (!isOwn)
            response.contentType = value(header.value);
    }
    return response;
}

} // namespace

QByteArray bodyToTell(const QByteArray &body, const QList<Secret> &keys)
{
    if (!body.isValidUtf8())
        return {};
    // Written anew, or a key might hide behind the escapes of JSON.
    const QJsonDocument json = QJsonDocument::fromJson(body);
    const QString text = QString::fromUtf8(json.isNull() ? body : json.toJson(QJsonDocument::Compact));
    const QString shown = redacted(withoutKeys(text, keys));
    return shown == text ? body : shown.toUtf8();
}

HttpResponse upgradeRefusal(EndReason reason, const EndDetails &details, const EndDescription &end)
{
    if (reason == EndReason::AccessRefused)
        return errorResponse(
            details.refusal.status, end.errorCode, plain(end.message), details.refusal.retryAfterSeconds);
    const int refused = details.failure.status;
    if (reason == EndReason::UpstreamRefused && refused >= 400 && refused < 600)
        return upstreamsOwn(details, end);
    const int status = statusFor(reason, details.failure);
    const bool mayPass = status >= 500 && reason != EndReason::UpstreamRefused;
    return errorResponse(status, end.errorCode, plain(end.message), mayPass ? retryAfterSeconds : 0);
}

} // namespace rr
