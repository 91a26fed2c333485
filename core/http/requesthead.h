// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"
#include "core/http/head.h"

#include <optional>
#include <variant>

namespace rr {

/// The head of an HTTP/1.1 request (RFC 9112), already found well formed. Of headers that may stand once only (Host,
/// Origin, Sec-WebSocket-Key, …) a second one has been refused by the parser. A plain value.
struct RequestHead : HttpHead
{
    QByteArray method;
    QByteArray target; ///< as received, e.g. "/v1/realtime?model=gpt-realtime"
    QByteArray path; ///< of the target, up to the first '?'; never percent-decoded; "*" for "OPTIONS *"
    QByteArray query; ///< after it, exactly as received; null when there is no '?'
    qint64 contentLength = 0; ///< of a body that follows
    bool chunked = false;

    bool wantsUpgrade() const; ///< names both "Connection: upgrade" and "Upgrade: websocket"
    /// Whether the client would send another request after the answer. It cannot be understood where a body before it
    /// was not read.
    bool keepAlive() const;
};

/// What is wrong with a head: the status to answer with, and one sentence.
struct HeadError
{
    int status = 400; ///< 400, 411, 413, 426, 431, 501 or 505
    QByteArray code; ///< "bad_request", "head_too_large", …
    Sentence detail; ///< holds nothing of what was received
};

inline constexpr qsizetype maxHeadBytes = 16 * 1024;
inline constexpr qsizetype maxHeaderCount = 100;
/// RFC 9112 3 asks for so much.
inline constexpr qsizetype maxLineBytes = 8000;

/// Reads a head from the first bytes of a connection; to be called again with all of them when more have
/// come. What is wrong is said as soon as it is seen. Strict where a lax reading could be understood
/// differently by someone else: bare CR or LF, blanks before a colon, folded lines, bytes outside the allowed
/// ones, duplicates of single headers, Content-Length beside Transfer-Encoding are all refused (RFC 9112 2.2,
/// 5, 6.3), and so is an empty line before the request. A target in absolute form is taken as RFC 9112 3.2.2
/// demands: path and query are cut out of it, its host is not looked at. An Origin that is empty, which no browser sends
/// (RFC 6454 7.1), counts as none.
std::variant<RequestHead, HeadIncomplete, HeadError> parseRequestHead(QByteArrayView bytes);

/// How far a head was read whose end has not come yet.
struct HeadProgress
{
    qsizetype seen = 0; ///< bytes that were looked at
    bool lineIsGood = false; ///< the request line has come, and was judged
};

/// The same, without looking again at what a call before has looked at: what comes byte by byte is read once. `progress`
/// is of this head, {} at first.
std::variant<RequestHead, HeadIncomplete, HeadError> parseRequestHead(
    QByteArrayView bytes, HeadProgress &progress);

/// Checks what RFC 6455 4.2.1 asks of an upgrade (GET, HTTP/1.1, version 13, a key of 16 bytes in base64,
/// subprotocols that are tokens, no body). nullopt when all is well. 426 when there is no upgrade or it is of
/// another version (RFC 6455 4.4), 400 for the rest. That no bytes may follow the head is for the caller to see.
std::optional<HeadError> checkUpgrade(const RequestHead &head);

} // namespace rr
