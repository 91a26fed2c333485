// SPDX-License-Identifier: MIT
#include "core/realtime/upstreamfailure.h"

#include "core/realtime/redaction.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// OpenAI's own words for a refusal are about as long.
constexpr int longestDetail = 300;

/// What may stand in a code or type, and no longer than a close reason has room for (RFC 6455 5.5).
QByteArray word(const QJsonValue &value)
{
    constexpr qsizetype longest = 56;
    const QByteArray text = value.toString().toUtf8();
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
            || c == '-' || c == '.';
    };
    // A number repeats the status, and says nothing to a client.
    const bool isNumber = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool isWord = !isNumber && text.size() <= longest && std::all_of(text.begin(), text.end(), fits)
        && redacted(QString::fromLatin1(text)) == QLatin1String(text);
    return isWord ? text : QByteArray();
}

QByteArray typeFor(int status)
{
    return status == 429                ? "rate_limit_error"_ba
        : status >= 400 && status < 500 ? "invalid_request_error"_ba
                                        : "server_error"_ba;
}

QByteArray codeFor(int status, bool isQuota)
{
    if (isQuota)
        return "insufficient_quota"_ba;
    switch (status) {
    case 401:
        return "invalid_api_key"_ba;
    case 403:
        return "access_denied"_ba;
    case 404:
        return "model_not_found"_ba;
    default:
        return "upstream_refused"_ba;
    }
}

bool saysQuota(const QByteArray &word)
{
    return word.contains("quota") || word.contains("billing");
}

/// RFC 9110 10.2.3: seconds or a date.
int secondsOf(const QByteArray &retryAfter)
{
    constexpr qint64 mostSeconds = 24 * 60 * 60;
    bool isNumber = false;
    qint64 seconds = retryAfter.toLongLong(&isNumber);
    if (!isNumber) {
        // "Wed, 21 Oct 2015 07:28:00 GMT"; Qt knows the zone only as +0000.
        const QString date = QString::fromLatin1(retryAfter).replace(u"GMT"_s, u"+0000"_s);
        seconds = QDateTime::currentDateTimeUtc().secsTo(QDateTime::fromString(date, Qt::RFC2822Date));
    }
    return int(std::clamp<qint64>(seconds, 0, mostSeconds));
}

Sentence adviceForQuota()
{
    return QT_TRANSLATE_NOOP("Core",
        "the account's quota is used up, or its billing is not in order; check the account's limits and billing.");
}

Sentence adviceForStatus(int status, const UpstreamRefusal &refusal)
{
    switch (status) {
    case 400:
        return QT_TRANSLATE_NOOP(
            "Core", "the request is not one it takes; check the model and the other query parameters.");
    case 401:
        return QT_TRANSLATE_NOOP(
            "Core", "the API key is invalid or has expired; check the key, or make a new one.");
    case 402:
        return adviceForQuota();
    case 403:
        return QT_TRANSLATE_NOOP("Core",
            "the API key has no access to this model or project, or this region is not supported; check the key's "
            "permissions, and that the relay runs in a supported region.");
    case 404:
        return QT_TRANSLATE_NOOP("Core",
            "there is no such path, model or deployment; check the model's name, and the relay's upstream URL "
            "(UPSTREAM_URL).");
    case 429:
        return QT_TRANSLATE_NOOP(
            "Core", "its rate limit is reached; wait a moment, then check the account's limits.");
    default:
        break;
    }
    if (refusal.mayPass)
        return QT_TRANSLATE_NOOP(
            "Core", "it has a problem of its own; try again in a moment, and check its status page.");
    if (status >= 300 && status < 400)
        return QT_TRANSLATE_NOOP("Core",
            "it redirects elsewhere, which a WebSocket cannot follow; correct the relay's upstream URL "
            "(UPSTREAM_URL).");
    return QT_TRANSLATE_NOOP(
        "Core", "check the API key, the model and the relay's upstream URL (UPSTREAM_URL).");
}

Sentence adviceForRefusal(const UpstreamFailure &failure, const Sentence &host)
{
    const QString status = QString::number(failure.status); // a name rather than a quantity
    if (failure.status < 300)
        return {QT_TRANSLATE_NOOP("Core",
                    "%1 answered HTTP %2 where a WebSocket was asked for; check the relay's upstream URL "
                    "(UPSTREAM_URL), and whether a sign-in page stands between the relay and the internet."),
            {host, status}};
    const UpstreamRefusal refusal = readRefusal(failure);
    const bool isQuota = saysQuota(refusal.code) || saysQuota(refusal.type);
    const Sentence advice{QT_TRANSLATE_NOOP("Core", "%1 refused the call with HTTP %2: %3"),
        {host, status, isQuota ? adviceForQuota() : adviceForStatus(failure.status, refusal)}};
    if (!refusal.mayPass || refusal.retryAfterSeconds == 0)
        return advice;
    return joined(
        advice, {QT_TRANSLATE_NOOP("Core", "It asks to wait for %1 s."), {refusal.retryAfterSeconds}});
}

Sentence adviceForKind(const UpstreamFailure &failure, const Sentence &host)
{
    switch (failure.kind) {
    case UpstreamFailure::Refused:
        return adviceForRefusal(failure, host);
    case UpstreamFailure::Dns:
        return {
            QT_TRANSLATE_NOOP("Core",
                "The relay found no address for %1; check the relay's DNS and internet connection, and its "
                "upstream URL (UPSTREAM_URL)."),
            {host}};
    case UpstreamFailure::ConnectRefused:
        return {QT_TRANSLATE_NOOP("Core",
                    "The connection to %1 was refused; check the relay's upstream URL (UPSTREAM_URL) and any "
                    "firewall on the way."),
            {host}};
    case UpstreamFailure::Timeout:
        return {
            QT_TRANSLATE_NOOP("Core",
                "%1 did not answer in time; check the relay's internet connection and any firewall on the "
                "way, then try again."),
            {host}};
    case UpstreamFailure::Tls:
        return {
            QT_TRANSLATE_NOOP("Core",
                "No secure connection to %1 could be made; check the relay's clock, and whether a proxy on "
                "the way replaces certificates (then give its authority as UPSTREAM_CA_FILE)."),
            {host}};
    case UpstreamFailure::Proxy:
        return {
            QT_TRANSLATE_NOOP("Core",
                "The proxy on the way to %1 refused or did not answer; check the relay's proxy address and "
                "its user and password (UPSTREAM_PROXY or HTTPS_PROXY)."),
            {host}};
    case UpstreamFailure::BadHandshake:
        return {
            QT_TRANSLATE_NOOP("Core",
                "%1 answered, but not as a WebSocket server; check the relay's upstream URL (UPSTREAM_URL) "
                "and whether a proxy on the way supports WebSockets."),
            {host}};
    case UpstreamFailure::NoDescriptors:
        return {
            QT_TRANSLATE_NOOP("Core",
                "The relay may open no more files, so it cannot reach %1; have its operator raise the limit "
                "of open files (ulimit -n, LimitNOFILE), or lower MAX_CONNECTIONS."),
            {host}};
    case UpstreamFailure::Network:
        break;
    }
    return {QT_TRANSLATE_NOOP("Core",
                "The connection to %1 failed; check the relay's internet connection, then try again."),
        {host}};
}

} // namespace

UpstreamRefusal readRefusal(const UpstreamFailure &failure)
{
    const QJsonValue error = QJsonDocument::fromJson(failure.body).object().value("error"_L1);
    UpstreamRefusal refusal;
    refusal.type = word(error["type"_L1]);
    refusal.code = word(error["code"_L1]);
    refusal.message = error["message"_L1].toString();
    const int status = failure.status;
    const bool isQuota
        = status == 402 || (status == 429 && (saysQuota(refusal.code) || saysQuota(refusal.type)));
    if (refusal.type.isEmpty())
        refusal.type = typeFor(status);
    if (refusal.code.isEmpty())
        refusal.code = codeFor(status, isQuota);
    refusal.mayPass = !isQuota && (status == 408 || status == 425 || status == 429 || status >= 500);
    refusal.retryAfterSeconds = secondsOf(failure.retryAfter);
    return refusal;
}

Sentence adviceFor(const UpstreamFailure &failure, const QString &upstreamHost)
{
    const QString host = outsideText(upstreamHost);
    const Sentence advice = adviceForKind(
        failure, host.isEmpty() ? Sentence(QT_TRANSLATE_NOOP("Core", "The upstream")) : asTheySaid(host));
    const Sentence detail
        = changed(failure.detail, [](const QString &outside) { return outsideText(outside, longestDetail); });
    return detail.isEmpty() ? advice
                            : Sentence(QT_TRANSLATE_NOOP("Core", "%1 (Detail: %2)"), {advice, detail});
}

} // namespace rr
