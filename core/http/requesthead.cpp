// SPDX-License-Identifier: MIT
#include "core/http/requesthead.h"

#include <QUrl>

#include <algorithm>
#include <array>
#include <string_view>

using namespace Qt::StringLiterals;

namespace rr {
namespace {

/// What the relay reads, or what is forwarded, and may stand once only: with two of them, two readers could each believe
/// another one.
constexpr std::array<std::string_view, 17> singleHeaders{"host", "origin", "content-length",
    "transfer-encoding", "content-type", "authorization", "api-key", "user-agent", "expect",
    "sec-websocket-key", "sec-websocket-version", "openai-organization", "openai-project",
    "openai-safety-identifier", "access-control-request-method", "access-control-request-headers",
    "access-control-request-private-network"};

HeadError bad(const Sentence &detail)
{
    return {400, "bad_request"_ba, detail};
}

HeadError tooLarge(const Sentence &detail)
{
    return {431, "head_too_large"_ba, detail};
}

bool isOneOf(char c, std::string_view characters)
{
    return characters.find(c) != std::string_view::npos;
}

/// uri-host [":" port] of RFC 9110 7.2, without user information. An empty host is none, and so is one that
/// QUrl does not take.
bool isAuthority(QByteArrayView text)
{
    const auto isPart = [](char c) { return c > 0x20 && c < 0x7f && !isOneOf(c, "/?#@\\"); };
    if (!std::all_of(text.begin(), text.end(), isPart))
        return false;
    const QUrl url(u"http://"_s + QString::fromLatin1(text), QUrl::StrictMode);
    return url.isValid() && !url.host().isEmpty();
}

HeadError described(HeadFault fault)
{
    switch (fault) {
    case HeadFault::BareCarriageReturn:
        return bad(QT_TRANSLATE_NOOP(
            "Core", "A carriage return in the request head is not followed by a line feed."));
    case HeadFault::BareLineFeed:
        return bad(QT_TRANSLATE_NOOP("Core", "A line of the request head ends without a carriage return."));
    case HeadFault::ControlCharacter:
        return bad(QT_TRANSLATE_NOOP("Core", "The request head contains a control character."));
    case HeadFault::LineTooLong:
        return tooLarge({QT_TRANSLATE_NOOP("Core", "A line of the request head is longer than %1 bytes."),
            {maxLineBytes}});
    case HeadFault::FoldedLine:
        return bad(QT_TRANSLATE_NOOP("Core", "A header is continued on the next line."));
    case HeadFault::NoColon:
        return bad(QT_TRANSLATE_NOOP("Core", "A header has no colon."));
    case HeadFault::BadName:
        break;
    }
    return bad(
        QT_TRANSLATE_NOOP("Core", "A header's name is empty or contains characters that may not be there."));
}

std::optional<HeadError> readTarget(RequestHead &head)
{
    QByteArrayView rest = head.target;
    if (!std::all_of(rest.begin(), rest.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; }))
        return bad(QT_TRANSLATE_NOOP(
            "Core", "The request target contains characters that must be percent-encoded."));
    if (head.method == "OPTIONS" && rest == "*") {
        head.path = head.target;
        return std::nullopt;
    }
    for (const QByteArrayView scheme : {QByteArrayView("http://"), QByteArrayView("https://")}) {
        if (!isSameName(rest.first(std::min(rest.size(), scheme.size())), scheme))
            continue;
        rest = rest.sliced(scheme.size());
        const auto end = std::find_if(rest.begin(), rest.end(), [](char c) { return c == '/' || c == '?'; });
        const qsizetype hostLength = end - rest.begin();
        if (!isAuthority(rest.first(hostLength)))
            return bad(QT_TRANSLATE_NOOP("Core", "The host in the request target is malformed."));
        rest = rest.sliced(hostLength);
        if (!rest.startsWith('/'))
            head.path = "/"_ba;
        break;
    }
    if (head.path.isNull() && !rest.startsWith('/'))
        return bad(
            QT_TRANSLATE_NOOP("Core", "The request target is neither a path nor an http or https address."));
    const qsizetype mark = rest.indexOf('?');
    if (head.path.isNull())
        head.path = (mark < 0 ? rest : rest.first(mark)).toByteArray();
    if (mark >= 0)
        head.query = rest.sliced(mark + 1).toByteArray();
    return std::nullopt;
}

std::optional<HeadError> readRequestLine(QByteArrayView line, RequestHead &head)
{
    const qsizetype afterMethod = line.indexOf(' ');
    const qsizetype afterTarget = line.lastIndexOf(' ');
    if (afterMethod < 0 || afterTarget == afterMethod)
        return bad(QT_TRANSLATE_NOOP("Core",
            "The first line is not a request line of HTTP/1.1: method, target and version, one space between "
            "them."));
    const QByteArrayView method = line.first(afterMethod);
    const QByteArrayView target = line.sliced(afterMethod + 1, afterTarget - afterMethod - 1);
    const QByteArrayView version = line.sliced(afterTarget + 1);
    if (!isToken(method))
        return bad(QT_TRANSLATE_NOOP("Core", "The request method is malformed."));
    if (version.size() != 8 || !version.startsWith("HTTP/") || !isDigit(version[5]) || version[6] != '.'
        || !isDigit(version[7]))
        return bad(QT_TRANSLATE_NOOP("Core", "The first line does not end with an HTTP version."));
    if (version[5] != '1')
        return HeadError{505, "http_version_not_supported"_ba,
            QT_TRANSLATE_NOOP("Core", "Only HTTP/1.1 and HTTP/1.0 are spoken here.")};
    if (target.isEmpty())
        return bad(QT_TRANSLATE_NOOP("Core", "The request target is missing."));
    head.method = method.toByteArray();
    head.target = target.toByteArray();
    head.minorVersion = version[7] - '0';
    return readTarget(head);
}

std::optional<HeadError> addHeader(HttpHeader header, RequestHead &head)
{
    if (header.value.isEmpty() && isSameName(header.name, "Origin"))
        return std::nullopt;
    if (head.headers.size() == maxHeaderCount)
        return tooLarge(
            {QT_TRANSLATE_NOOP("Core", "The request has more than %1 headers."), {maxHeaderCount}});
    for (const std::string_view single : singleHeaders) {
        if (isSameName(header.name, single) && !head.header(header.name).isNull())
            return bad({QT_TRANSLATE_NOOP("Core", "The header %1 stands there twice."),
                {QString::fromLatin1(single.data(), qsizetype(single.size()))}});
    }
    head.headers.append(std::move(header));
    return std::nullopt;
}

/// RFC 9112 6.1 to 6.3
std::optional<HeadError> readBodyFraming(RequestHead &head)
{
    const QByteArray length = head.header("Content-Length");
    if (!length.isNull()) {
        head.contentLength = lengthFrom(length);
        if (head.contentLength < 0)
            return bad(QT_TRANSLATE_NOOP("Core", "The Content-Length is not a number."));
    }
    if (head.header("Transfer-Encoding").isNull())
        return std::nullopt;
    if (!length.isNull())
        return bad(QT_TRANSLATE_NOOP("Core", "Content-Length and Transfer-Encoding stand side by side."));
    if (head.minorVersion == 0)
        return bad(QT_TRANSLATE_NOOP("Core", "Transfer-Encoding does not exist in HTTP/1.0."));
    const QList<QByteArray> codings = head.list("Transfer-Encoding");
    const auto isChunked = [](const QByteArray &coding) { return isSameName(coding, "chunked"); };
    if (codings.isEmpty() || !isChunked(codings.last())
        || std::count_if(codings.begin(), codings.end(), isChunked) != 1)
        return bad(QT_TRANSLATE_NOOP("Core", "The Transfer-Encoding does not end with the one \"chunked\"."));
    if (codings.size() > 1)
        return HeadError{501, "transfer_encoding_not_supported"_ba,
            QT_TRANSLATE_NOOP("Core", "No Transfer-Encoding but \"chunked\" is understood here.")};
    head.chunked = true;
    return std::nullopt;
}

std::optional<HeadError> checkHost(const RequestHead &head)
{
    const QByteArray host = head.header("Host");
    if (host.isNull())
        return head.minorVersion == 0
            ? std::nullopt
            : std::optional(bad(QT_TRANSLATE_NOOP("Core", "The header Host is missing.")));
    if (!isAuthority(host))
        return bad(QT_TRANSLATE_NOOP("Core", "The header Host is malformed."));
    return std::nullopt;
}

} // namespace

bool RequestHead::wantsUpgrade() const
{
    return containsName(list("Connection"), "upgrade") && containsName(list("Upgrade"), "websocket");
}

bool RequestHead::keepAlive() const
{
    const QList<QByteArray> options = list("Connection");
    return !containsName(options, "close") && (minorVersion > 0 || containsName(options, "keep-alive"));
}

std::variant<RequestHead, HeadIncomplete, HeadError> parseRequestHead(QByteArrayView bytes)
{
    HeadProgress progress;
    return parseRequestHead(bytes, progress);
}

std::variant<RequestHead, HeadIncomplete, HeadError> parseRequestHead(
    QByteArrayView bytes, HeadProgress &progress)
{
    const auto scanned
        = headLength(bytes.first(std::min(bytes.size(), maxHeadBytes)), maxLineBytes, progress.seen);
    if (const auto *fault = std::get_if<HeadFault>(&scanned))
        return described(*fault);
    RequestHead head;
    head.size = std::get<qsizetype>(scanned);
    qsizetype lineEnd = -1;
    if (head.size > 0)
        lineEnd = bytes.indexOf("\r\n");
    else if (!progress.lineIsGood)
        lineEnd = bytes.indexOf("\r\n", std::max<qsizetype>(0, progress.seen - 1));
    if (lineEnd >= 0) {
        if (const auto error = readRequestLine(bytes.first(lineEnd), head))
            return *error;
        progress.lineIsGood = true;
    }
    if (head.size == 0) {
        progress.seen = bytes.size();
        if (bytes.size() >= maxHeadBytes)
            return tooLarge(
                {QT_TRANSLATE_NOOP("Core", "The request head is larger than %1 bytes."), {maxHeadBytes}});
        return HeadIncomplete{};
    }
    for (qsizetype start = lineEnd + 2; start < head.size - 2; start = lineEnd + 2) {
        lineEnd = bytes.indexOf("\r\n", start);
        auto header = readHeader(bytes.sliced(start, lineEnd - start));
        if (const auto *fault = std::get_if<HeadFault>(&header))
            return described(*fault);
        if (const auto error = addHeader(std::move(std::get<HttpHeader>(header)), head))
            return *error;
    }
    if (const auto error = checkHost(head))
        return *error;
    if (const auto error = readBodyFraming(head))
        return *error;
    return head;
}

std::optional<HeadError> checkUpgrade(const RequestHead &head)
{
    if (!head.wantsUpgrade())
        return HeadError{426, "upgrade_required"_ba,
            QT_TRANSLATE_NOOP("Core", "This address speaks WebSocket: connect with ws:// or wss://.")};
    if (head.method != "GET")
        return bad(QT_TRANSLATE_NOOP("Core", "A WebSocket handshake is made with GET."));
    if (head.minorVersion == 0)
        return bad(QT_TRANSLATE_NOOP("Core", "A WebSocket handshake needs HTTP/1.1."));
    if (head.contentLength > 0 || head.chunked)
        return bad(QT_TRANSLATE_NOOP("Core", "A WebSocket handshake has no body."));
    if (head.header("Sec-WebSocket-Version") != "13")
        return HeadError{426, "websocket_version_not_supported"_ba,
            QT_TRANSLATE_NOOP("Core", "Only version 13 of WebSocket is spoken here.")};
    const QByteArray key = head.header("Sec-WebSocket-Key");
    const auto decoded = QByteArray::fromBase64Encoding(key, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.size() != 16 || key.size() != 24)
        return bad(QT_TRANSLATE_NOOP("Core", "The header Sec-WebSocket-Key is not 16 bytes in base64."));
    const QList<QByteArray> subprotocols = head.list("Sec-WebSocket-Protocol");
    if (!std::all_of(subprotocols.begin(), subprotocols.end(), isToken))
        return bad(QT_TRANSLATE_NOOP("Core", "A subprotocol contains characters that may not be there."));
    return std::nullopt;
}

} // namespace rr
