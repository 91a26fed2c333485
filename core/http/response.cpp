// SPDX-License-Identifier: MIT
#include "core/http/response.h"

#include "core/http/statuswords.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {
namespace {

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

/// `framing`: the header that says where the body ends; without a name: none does.
QByteArray headOf(const HttpResponse &response, bool keepAlive, const HttpHeader &framing)
{
    QByteArray bytes;
    const auto add = [&bytes](const QByteArray &name, const QByteArray &value) {
        bytes += name + ": " + withoutControls(value) + "\r\n";
    };
    const bool upgrade = std::any_of(response.headers.begin(), response.headers.end(),
        [](const HttpHeader &header) { return header.name == "Upgrade"; });

    bytes += "HTTP/1.1 " + QByteArray::number(response.status) + ' ' + reasonPhrase(response.status) + "\r\n";
    add("Date"_ba, now());
    // Upgrade is hop by hop and so has to be named here (RFC 9110 7.8)
    add("Connection"_ba, (upgrade ? "Upgrade, "_ba : ""_ba) + (keepAlive ? "keep-alive"_ba : "close"_ba));
    if (!response.contentType.isEmpty() && response.status != 204)
        add("Content-Type"_ba, response.contentType);
    if (!framing.name.isEmpty())
        add(framing.name, framing.value);
    add("X-Content-Type-Options"_ba, "nosniff"_ba);
    add("Cache-Control"_ba, "no-store"_ba);
    for (const HttpHeader &header : response.headers)
        add(header.name, header.value);
    return bytes + "\r\n";
}

} // namespace

QByteArray serialise(const HttpResponse &response, bool keepAlive, bool headOnly)
{
    if (response.status == 204) // nor a Content-Length (RFC 9110 8.6)
        return headOf(response, keepAlive, {});
    QByteArray bytes
        = headOf(response, keepAlive, {"Content-Length"_ba, QByteArray::number(response.body.size())});
    if (!headOnly)
        bytes += response.body;
    return bytes;
}

QByteArray serialiseHead(const HttpResponse &response, qint64 length, bool chunked)
{
    HttpHeader framing;
    if (length >= 0)
        framing = {"Content-Length"_ba, QByteArray::number(length)};
    else if (chunked)
        framing = {"Transfer-Encoding"_ba, "chunked"_ba};
    return headOf(response, /*keepAlive*/ false, framing);
}

QByteArray chunkOf(const QByteArray &bytes)
{
    return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
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
