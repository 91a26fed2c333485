// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>

#include <optional>
#include <variant>

namespace rr {

struct HttpHeader
{
    QByteArray name; ///< as received
    QByteArray value; ///< without surrounding blanks
};

/// The head of an HTTP/1.1 request (RFC 9112), already found well formed. A plain value.
struct RequestHead
{
    QByteArray method;
    QByteArray target; ///< as received, e.g. "/v1/realtime?model=gpt-realtime"
    QByteArray path; ///< of the target, up to the first '?'; never percent-decoded; "*" for "OPTIONS *"
    QByteArray query; ///< after it, exactly as received; null when there is no '?'
    int minorVersion = 1; ///< HTTP/1.x
    QList<HttpHeader> headers;
    qsizetype size = 0; ///< bytes of the head, with the empty line
    qint64 contentLength = 0; ///< of a body that follows
    bool chunked = false;

    /// The only value of a header, compared without case; null when absent. Of headers that may stand once
    /// only (Host, Origin, Sec-WebSocket-Key, …) a second one has been refused by the parser; of list headers
    /// this is the first line only.
    QByteArray header(QByteArrayView name) const;
    /// All values of a list header, split at commas, without blanks and empty members (RFC 9110 5.6.1).
    QList<QByteArray> list(QByteArrayView name) const;

    bool wantsUpgrade() const; ///< names both "Connection: upgrade" and "Upgrade: websocket"
    /// Whether the connection may carry another request after the answer. Never after a body: bodies are not
    /// read, so what follows could not be told from one.
    bool keepAlive() const;
};

/// What is wrong with a head: the status to answer with, and one sentence.
struct HeadError
{
    int status = 400; ///< 400, 426, 431, 501 or 505
    QByteArray code; ///< "bad_request", "head_too_large", …
    QString detail; ///< holds nothing of what was received
};

struct HeadIncomplete
{
};

inline constexpr qsizetype maxHeadBytes = 16 * 1024;
inline constexpr qsizetype maxHeaderCount = 100;
/// RFC 9112 3 asks for so much; QWebSocketServer takes little more.
inline constexpr qsizetype maxLineBytes = 8000;

/// Reads a head from the first bytes of a connection; to be called again with all of them when more have
/// come. What is wrong is said as soon as it is seen. Strict where a lax reading could be understood
/// differently by someone else: bare CR or LF, blanks before a colon, folded lines, bytes outside the allowed
/// ones, duplicates of single headers, Content-Length beside Transfer-Encoding are all refused (RFC 9112 2.2,
/// 5, 6.3), and so is an empty line before the request, which QWebSocketServer would trip over. A target in
/// absolute form is taken as RFC 9112 3.2.2 demands: path and query are cut out of it, its host is not looked
/// at.
std::variant<RequestHead, HeadIncomplete, HeadError> parseRequestHead(QByteArrayView bytes);

/// Checks what RFC 6455 4.2.1 asks of an upgrade (GET, HTTP/1.1, version 13, a key of 16 bytes in base64,
/// subprotocols that are tokens, no body). nullopt when all is well. 426 when there is no upgrade or it is of
/// another version (RFC 6455 4.4), 400 for the rest, which includes lists in Upgrade and Connection that
/// QWebSocketServer would not read to their end. That no bytes may follow the head is for the caller to see.
std::optional<HeadError> checkUpgrade(const RequestHead &head);

} // namespace rr
