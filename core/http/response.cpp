// SPDX-License-Identifier: MIT
#include "core/http/response.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {
namespace {

QByteArray reasonPhrase(int status)
{
    switch (status) {
    case 200:
        return "OK"_ba;
    case 204:
        return "No Content"_ba;
    case 400:
        return "Bad Request"_ba;
    case 401:
        return "Unauthorized"_ba;
    case 403:
        return "Forbidden"_ba;
    case 404:
        return "Not Found"_ba;
    case 405:
        return "Method Not Allowed"_ba;
    case 408:
        return "Request Timeout"_ba;
    case 426:
        return "Upgrade Required"_ba;
    case 429:
        return "Too Many Requests"_ba;
    case 431:
        return "Request Header Fields Too Large"_ba;
    case 500:
        return "Internal Server Error"_ba;
    case 501:
        return "Not Implemented"_ba;
    case 502:
        return "Bad Gateway"_ba;
    case 503:
        return "Service Unavailable"_ba;
    case 504:
        return "Gateway Timeout"_ba;
    case 505:
        return "HTTP Version Not Supported"_ba;
    default:
        return {}; // may be empty (RFC 9112 4)
    }
}

QByteArray withoutControls(QByteArray text)
{
    std::replace_if(
        text.begin(), text.end(), [](char c) { return uchar(c) < 0x20 || c == 0x7f; }, ' ');
    return text;
}

/// RFC 9110 5.6.7
QByteArray now()
{
    return QLocale::c()
        .toString(QDateTime::currentDateTimeUtc(), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s)
        .toLatin1();
}

} // namespace

QByteArray serialise(const HttpResponse &response, bool keepAlive, bool headOnly)
{
    QByteArray bytes;
    const auto add = [&bytes](const QByteArray &name, const QByteArray &value) {
        bytes += name + ": " + withoutControls(value) + "\r\n";
    };
    const bool upgrade = std::any_of(response.headers.begin(), response.headers.end(),
        [](const HttpHeader &header) { return header.name == "Upgrade"; });
    const bool bodiless = response.status == 204; // nor a Content-Length (RFC 9110 8.6)

    bytes += "HTTP/1.1 " + QByteArray::number(response.status) + ' ' + reasonPhrase(response.status) + "\r\n";
    add("Date"_ba, now());
    // Upgrade is hop by hop and so has to be named here (RFC 9110 7.8)
    add("Connection"_ba, (upgrade ? "Upgrade, "_ba : ""_ba) + (keepAlive ? "keep-alive"_ba : "close"_ba));
    if (!bodiless) {
        if (!response.contentType.isEmpty())
            add("Content-Type"_ba, response.contentType);
        add("Content-Length"_ba, QByteArray::number(response.body.size()));
    }
    add("X-Content-Type-Options"_ba, "nosniff"_ba);
    add("Cache-Control"_ba, "no-store"_ba);
    for (const HttpHeader &header : response.headers)
        add(header.name, header.value);
    bytes += "\r\n";
    if (!headOnly && !bodiless)
        bytes += response.body;
    return bytes;
}

HttpResponse errorResponse(int status, const QByteArray &code, const QString &message, int retryAfterSeconds)
{
    const QString type = status == 429 ? u"rate_limit_error"_s
        : status >= 500                ? u"server_error"_s
                                       : u"invalid_request_error"_s;
    const QJsonObject error{
        {u"type"_s, type}, {u"code"_s, QString::fromLatin1(code)}, {u"message"_s, message}};
    HttpResponse response{status, "application/json"_ba,
        QJsonDocument(QJsonObject{{u"error"_s, error}}).toJson(QJsonDocument::Compact), {}};
    if (retryAfterSeconds > 0)
        response.headers.append({"Retry-After"_ba, QByteArray::number(retryAfterSeconds)});
    if (status == 426) {
        response.headers.append({"Upgrade"_ba, "websocket"_ba});
        response.headers.append({"Sec-WebSocket-Version"_ba, "13"_ba});
    }
    return response;
}

} // namespace rr
