// SPDX-License-Identifier: MIT
#include "core/http/responsehead.h"

#include <QCryptographicHash>

#include <algorithm>
#include <optional>
#include <utility>

namespace rr {

namespace {

constexpr QByteArrayView statusLine("HTTP/1.x 000");

/// Whether it can become a status line of HTTP/1.x (RFC 9112 4), as far as it goes.
bool beginsLikeStatusLine(QByteArrayView bytes)
{
    for (qsizetype i = 0; i < std::min(bytes.size(), statusLine.size()); ++i) {
        const char expected = statusLine[i];
        if (expected == 'x' || expected == '0' ? !isDigit(bytes[i]) : bytes[i] != expected)
            return false;
    }
    return bytes.size() <= statusLine.size() || bytes[statusLine.size()] == ' '
        || bytes[statusLine.size()] == '\r';
}

ResponseFault faultFor(HeadFault fault)
{
    switch (fault) {
    case HeadFault::BareCarriageReturn:
        return {QT_TRANSLATE_NOOP("Core", "has a carriage return without a line feed in its head")};
    case HeadFault::BareLineFeed:
        return {QT_TRANSLATE_NOOP("Core", "has a line that ends without a carriage return in its head")};
    case HeadFault::ControlCharacter:
        return {QT_TRANSLATE_NOOP("Core", "has a control character in its head")};
    case HeadFault::LineTooLong:
        return {QT_TRANSLATE_NOOP("Core", "has too large a head")};
    case HeadFault::FoldedLine:
        return {QT_TRANSLATE_NOOP("Core", "has a header that is continued on the next line")};
    case HeadFault::NoColon:
        return {QT_TRANSLATE_NOOP("Core", "has a header without a colon")};
    case HeadFault::BadName:
        break;
    }
    return {QT_TRANSLATE_NOOP("Core", "has a header whose name is none")};
}

bool hasNoBody(int status)
{
    return status < 200 || status == 204 || status == 304;
}

std::optional<ResponseFault> readBodyFraming(ResponseHead &head)
{
    const bool hasLength = !head.header("Content-Length").isNull();
    const bool hasCoding = !head.header("Transfer-Encoding").isNull();
    if (hasLength) {
        // The same length more than once, in one line or in several, is still one (RFC 9112 6.3).
        const QList<QByteArray> lengths = head.list("Content-Length");
        const qint64 length = lengths.isEmpty() ? -1 : lengthFrom(lengths.first());
        if (length < 0 || std::any_of(lengths.begin(), lengths.end(), [length](const QByteArray &other) {
                return lengthFrom(other) != length;
            }))
            return ResponseFault{QT_TRANSLATE_NOOP("Core", "has a Content-Length that is not one number")};
        head.contentLength = length;
    }
    if (hasLength && hasCoding)
        return ResponseFault{
            QT_TRANSLATE_NOOP("Core", "has Content-Length and Transfer-Encoding side by side")};
    if (hasCoding && head.minorVersion == 0)
        return ResponseFault{
            QT_TRANSLATE_NOOP("Core", "has a Transfer-Encoding, which does not exist in HTTP/1.0")};
    const QList<QByteArray> codings = head.list("Transfer-Encoding");
    const auto chunked = std::find_if(codings.begin(), codings.end(),
        [](const QByteArray &coding) { return isSameName(coding, "chunked"); });
    if (chunked != codings.end() && chunked + 1 != codings.end())
        return ResponseFault{QT_TRANSLATE_NOOP(
            "Core", "has a Transfer-Encoding with \"chunked\" in another place than the last")};

    if (hasNoBody(head.status))
        head.body = ResponseHead::Body::None;
    else if (chunked != codings.end())
        head.body = ResponseHead::Body::Chunked;
    else
        head.body = hasLength ? ResponseHead::Body::Length : ResponseHead::Body::UntilClose;
    return std::nullopt;
}

/// `bytes`: one whole head, its lines found well formed.
/// RFC 6455 4.2.2
QByteArray acceptFor(const QByteArray &key)
{
    return QCryptographicHash::hash(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1)
        .toBase64();
}

} // namespace

std::variant<ResponseHead, HeadIncomplete, ResponseFault> parseResponseHead(
    QByteArrayView bytes, qsizetype mostBytes, qsizetype seen)
{
    if (!beginsLikeStatusLine(bytes))
        return ResponseFault{QT_TRANSLATE_NOOP("Core", "is not HTTP/1.1")};
    const auto scanned = headLength(bytes.first(std::min(bytes.size(), mostBytes)), mostBytes, seen);
    if (const auto *fault = std::get_if<HeadFault>(&scanned))
        return faultFor(*fault);
    ResponseHead head;
    head.size = std::get<qsizetype>(scanned);
    if (head.size == 0) {
        if (bytes.size() >= mostBytes)
            return faultFor(HeadFault::LineTooLong);
        return HeadIncomplete{};
    }
    head.minorVersion = bytes[statusLine.indexOf('x')] - '0';
    head.status = bytes.sliced(statusLine.size() - 3, 3).toInt();
    if (head.status < 100)
        return ResponseFault{QT_TRANSLATE_NOOP("Core", "has no status of HTTP")};
    qsizetype lineEnd = bytes.indexOf("\r\n");
    for (qsizetype start = lineEnd + 2; start < head.size - 2; start = lineEnd + 2) {
        lineEnd = bytes.indexOf("\r\n", start);
        auto header = readHeader(bytes.sliced(start, lineEnd - start));
        if (const auto *fault = std::get_if<HeadFault>(&header))
            return faultFor(*fault);
        head.headers.append(std::move(std::get<HttpHeader>(header)));
    }
    if (const auto fault = readBodyFraming(head))
        return *fault;
    return head;
}

const char *checkSwitching(const ResponseHead &head, const QByteArray &key)
{
    if (head.minorVersion == 0)
        return QT_TRANSLATE_NOOP("Core", "switches protocols in HTTP/1.0, where none can be switched");
    const QList<QByteArray> protocols = head.list("Upgrade");
    if (protocols.isEmpty()
        || !std::all_of(protocols.begin(), protocols.end(),
            [](const QByteArray &protocol) { return isSameName(protocol, "websocket"); }))
        return QT_TRANSLATE_NOOP("Core", "switches to another protocol than WebSocket");
    if (!containsName(head.list("Connection"), "upgrade"))
        return QT_TRANSLATE_NOOP("Core", "switches protocols without saying so in Connection");
    const auto accepts = std::count_if(head.headers.begin(), head.headers.end(),
        [](const HttpHeader &header) { return isSameName(header.name, "Sec-WebSocket-Accept"); });
    if (accepts != 1 || head.header("Sec-WebSocket-Accept") != acceptFor(key))
        return QT_TRANSLATE_NOOP("Core", "is to another handshake than this one (Sec-WebSocket-Accept)");
    if (!head.list("Sec-WebSocket-Extensions").isEmpty())
        return QT_TRANSLATE_NOOP("Core", "uses a WebSocket extension that nobody asked for");
    if (!head.header("Sec-WebSocket-Protocol").isNull())
        return QT_TRANSLATE_NOOP("Core", "chooses a subprotocol that nobody offered");
    return nullptr;
}

} // namespace rr
