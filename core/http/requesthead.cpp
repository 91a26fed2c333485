// SPDX-License-Identifier: MIT
#include "core/http/requesthead.h"

#include <QUrl>

#include <algorithm>
#include <array>
#include <string_view>

using namespace Qt::StringLiterals;

namespace rr {
namespace {

/// What the relay or QWebSocketServer reads, or what is forwarded, and may stand once only: with two of them,
/// two readers could each believe another one.
constexpr std::array<std::string_view, 17> singleHeaders{"host", "origin", "content-length",
    "transfer-encoding", "content-type", "authorization", "api-key", "user-agent", "expect",
    "sec-websocket-key", "sec-websocket-version", "openai-organization", "openai-project",
    "openai-safety-identifier", "access-control-request-method", "access-control-request-headers",
    "access-control-request-private-network"};

HeadError bad(const QString &detail)
{
    return {400, "bad_request"_ba, detail};
}

HeadError tooLarge(const QString &detail)
{
    return {431, "head_too_large"_ba, detail};
}

bool isSame(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size() && qstrnicmp(a.data(), a.size(), b.data(), b.size()) == 0;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isAlphanumeric(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isOneOf(char c, std::string_view characters)
{
    return characters.find(c) != std::string_view::npos;
}

/// RFC 9110 5.6.2
bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) {
        return isAlphanumeric(c) || isOneOf(c, "!#$%&'*+-.^_`|~");
    });
}

/// uri-host [":" port] of RFC 9110 7.2, without user information. An empty host is none, and so is one that
/// QUrl does not take: QWebSocketServer would hang up on it without a word.
bool isAuthority(QByteArrayView text)
{
    const auto isPart = [](char c) { return c > 0x20 && c < 0x7f && !isOneOf(c, "/?#@\\"); };
    if (!std::all_of(text.begin(), text.end(), isPart))
        return false;
    const QUrl url(u"http://"_s + QString::fromLatin1(text), QUrl::StrictMode);
    return url.isValid() && !url.host().isEmpty();
}

/// RFC 9110 5.6.1
QList<QByteArray> members(const QByteArray &value)
{
    QList<QByteArray> found;
    const QList<QByteArray> parts = value.split(',');
    for (const QByteArray &part : parts) {
        if (const QByteArray member = part.trimmed(); !member.isEmpty())
            found.append(member);
    }
    return found;
}

/// Length of the head with its empty line; 0 while that has not come.
std::variant<qsizetype, HeadError> headLength(QByteArrayView bytes)
{
    qsizetype lineStart = 0;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const auto c = uchar(bytes[i]);
        if (c == '\r') {
            if (i + 1 == bytes.size())
                return 0;
            if (bytes[i + 1] != '\n')
                return bad(u"A carriage return in the request head is not followed by a line feed."_s);
            if (i + 3 < bytes.size() && bytes[i + 2] == '\r' && bytes[i + 3] == '\n')
                return i + 4;
            ++i;
            lineStart = i + 1;
        } else if (c == '\n') {
            return bad(u"A line of the request head ends without a carriage return."_s);
        } else if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return bad(u"The request head contains a control character."_s);
        } else if (i - lineStart == maxLineBytes) {
            return tooLarge(u"A line of the request head is longer than %1 bytes."_s.arg(maxLineBytes));
        }
    }
    return 0;
}

std::optional<HeadError> readTarget(RequestHead &head)
{
    QByteArrayView rest = head.target;
    if (!std::all_of(rest.begin(), rest.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; }))
        return bad(u"The request target contains characters that must be percent-encoded."_s);
    if (head.method == "OPTIONS" && rest == "*") {
        head.path = head.target;
        return std::nullopt;
    }
    for (const QByteArrayView scheme : {QByteArrayView("http://"), QByteArrayView("https://")}) {
        if (!isSame(rest.first(std::min(rest.size(), scheme.size())), scheme))
            continue;
        rest = rest.sliced(scheme.size());
        const auto end = std::find_if(rest.begin(), rest.end(), [](char c) { return c == '/' || c == '?'; });
        const qsizetype hostLength = end - rest.begin();
        if (!isAuthority(rest.first(hostLength)))
            return bad(u"The host in the request target is malformed."_s);
        rest = rest.sliced(hostLength);
        if (!rest.startsWith('/'))
            head.path = "/"_ba;
        break;
    }
    if (head.path.isNull() && !rest.startsWith('/'))
        return bad(u"The request target is neither a path nor an http or https address."_s);
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
        return bad(u"The first line is not a request line of HTTP/1.1: method, target and version, one space "
                   "between them."_s);
    const QByteArrayView method = line.first(afterMethod);
    const QByteArrayView target = line.sliced(afterMethod + 1, afterTarget - afterMethod - 1);
    const QByteArrayView version = line.sliced(afterTarget + 1);
    if (!isToken(method))
        return bad(u"The request method is malformed."_s);
    if (version.size() != 8 || !version.startsWith("HTTP/") || !isDigit(version[5]) || version[6] != '.'
        || !isDigit(version[7]))
        return bad(u"The first line does not end with an HTTP version."_s);
    if (version[5] != '1')
        return HeadError{
            505, "http_version_not_supported"_ba, u"Only HTTP/1.1 and HTTP/1.0 are spoken here."_s};
    if (target.isEmpty())
        return bad(u"The request target is missing."_s);
    head.method = method.toByteArray();
    head.target = target.toByteArray();
    head.minorVersion = version[7] - '0';
    return readTarget(head);
}

std::optional<HeadError> readHeader(QByteArrayView line, RequestHead &head)
{
    if (line.front() == ' ' || line.front() == '\t')
        return bad(u"A header is continued on the next line."_s);
    const qsizetype colon = line.indexOf(':');
    if (colon < 0)
        return bad(u"A header has no colon."_s);
    const QByteArrayView name = line.first(colon);
    if (!isToken(name))
        return bad(u"A header's name is empty or contains characters that may not be there."_s);
    if (head.headers.size() == maxHeaderCount)
        return tooLarge(u"The request has more than %1 headers."_s.arg(maxHeaderCount));
    for (const std::string_view single : singleHeaders) {
        if (isSame(name, single) && !head.header(name).isNull())
            return bad(
                u"The header %1 stands there twice."_s.arg(QLatin1String(single.data(), single.size())));
    }
    head.headers.append({name.toByteArray(), line.sliced(colon + 1).trimmed().toByteArray()});
    return std::nullopt;
}

/// RFC 9112 6.1 to 6.3
std::optional<HeadError> readBodyFraming(RequestHead &head)
{
    const QByteArray length = head.header("Content-Length");
    if (!length.isNull()) {
        // 18 digits always fit
        if (length.isEmpty() || length.size() > 18 || !std::all_of(length.begin(), length.end(), isDigit))
            return bad(u"The Content-Length is not a number."_s);
        head.contentLength = length.toLongLong();
    }
    if (head.header("Transfer-Encoding").isNull())
        return std::nullopt;
    if (!length.isNull())
        return bad(u"Content-Length and Transfer-Encoding stand side by side."_s);
    if (head.minorVersion == 0)
        return bad(u"Transfer-Encoding does not exist in HTTP/1.0."_s);
    const QList<QByteArray> codings = head.list("Transfer-Encoding");
    const auto isChunked = [](const QByteArray &coding) { return isSame(coding, "chunked"); };
    if (codings.isEmpty() || !isChunked(codings.last())
        || std::count_if(codings.begin(), codings.end(), isChunked) != 1)
        return bad(u"The Transfer-Encoding does not end with the one \"chunked\"."_s);
    if (codings.size() > 1)
        return HeadError{501, "transfer_encoding_not_supported"_ba,
            u"No Transfer-Encoding but \"chunked\" is understood here."_s};
    head.chunked = true;
    return std::nullopt;
}

std::optional<HeadError> checkHost(const RequestHead &head)
{
    const QByteArray host = head.header("Host");
    if (host.isNull())
        return head.minorVersion == 0 ? std::nullopt : std::optional(bad(u"The header Host is missing."_s));
    if (!isAuthority(host))
        return bad(u"The header Host is malformed."_s);
    return std::nullopt;
}

bool contains(const QList<QByteArray> &list, QByteArrayView token)
{
    return std::any_of(
        list.begin(), list.end(), [token](const QByteArray &one) { return isSame(one, token); });
}

} // namespace

QByteArray RequestHead::header(QByteArrayView name) const
{
    for (const HttpHeader &header : headers) {
        if (isSame(header.name, name))
            return header.value;
    }
    return {};
}

QList<QByteArray> RequestHead::list(QByteArrayView name) const
{
    QList<QByteArray> all;
    for (const HttpHeader &header : headers) {
        if (isSame(header.name, name))
            all += members(header.value);
    }
    return all;
}

bool RequestHead::wantsUpgrade() const
{
    return contains(list("Connection"), "upgrade") && contains(list("Upgrade"), "websocket");
}

bool RequestHead::keepAlive() const
{
    const QList<QByteArray> options = list("Connection");
    return contentLength == 0 && !chunked && !contains(options, "close")
        && (minorVersion > 0 || contains(options, "keep-alive"));
}

std::variant<RequestHead, HeadIncomplete, HeadError> parseRequestHead(QByteArrayView bytes)
{
    const auto scanned = headLength(bytes.first(std::min(bytes.size(), maxHeadBytes)));
    if (const auto *error = std::get_if<HeadError>(&scanned))
        return *error;
    RequestHead head;
    head.size = std::get<qsizetype>(scanned);
    qsizetype lineEnd = bytes.indexOf("\r\n");
    if (lineEnd >= 0) {
        if (const auto error = readRequestLine(bytes.first(lineEnd), head))
            return *error;
    }
    if (head.size == 0) {
        if (bytes.size() >= maxHeadBytes)
            return tooLarge(u"The request head is larger than %1 bytes."_s.arg(maxHeadBytes));
        return HeadIncomplete{};
    }
    for (qsizetype start = lineEnd + 2; start < head.size - 2; start = lineEnd + 2) {
        lineEnd = bytes.indexOf("\r\n", start);
        if (const auto error = readHeader(bytes.sliced(start, lineEnd - start), head))
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
        return HeadError{
            426, "upgrade_required"_ba, u"This address speaks WebSocket: connect with ws:// or wss://."_s};
    if (head.method != "GET")
        return bad(u"A WebSocket handshake is made with GET."_s);
    if (head.minorVersion == 0)
        return bad(u"A WebSocket handshake needs HTTP/1.1."_s);
    if (head.contentLength > 0 || head.chunked)
        return bad(u"A WebSocket handshake has no body."_s);
    if (head.header("Sec-WebSocket-Version") != "13")
        return HeadError{
            426, "websocket_version_not_supported"_ba, u"Only version 13 of WebSocket is spoken here."_s};
    // Both are lists, but QWebSocketServer reads only so much of them, and would hang up without a word
    if (head.list("Upgrade").size() != 1 || !contains(members(head.header("Connection")), "upgrade"))
        return bad(
            u"Upgrade must name nothing but websocket, and the first Connection must name the upgrade."_s);
    const QByteArray key = head.header("Sec-WebSocket-Key");
    const auto decoded = QByteArray::fromBase64Encoding(key, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.size() != 16 || key.size() != 24)
        return bad(u"The header Sec-WebSocket-Key is not 16 bytes in base64."_s);
    const QList<QByteArray> subprotocols = head.list("Sec-WebSocket-Protocol");
    if (!std::all_of(subprotocols.begin(), subprotocols.end(), isToken))
        return bad(u"A subprotocol contains characters that may not be there."_s);
    return std::nullopt;
}

} // namespace rr
