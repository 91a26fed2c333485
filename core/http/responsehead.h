// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/head.h"

#include <variant>

namespace rr {

/// The head of an HTTP/1.1 response to a GET or POST (RFC 9112), already found well formed. A plain value.
struct ResponseHead : HttpHead
{
    /// Where the body ends (RFC 9112 6.3).
    enum class Body : quint8 {
        None, ///< there is none
        Length, ///< after `contentLength` bytes
        Chunked, ///< with the last chunk
        UntilClose, ///< with the connection
    };

    int status = 0; ///< 100 to 999
    Body body = Body::None;
    qint64 contentLength = 0;

    /// Another one follows it (RFC 9110 15.2), which 101 is not followed by.
    bool isInterim() const { return status < 200 && status != 101; }
};

/// Why a response is not taken.
struct ResponseFault
{
    const char *why; ///< completes "its answer …"; holds nothing of what was received
};

/// A larger one is none.
inline constexpr qsizetype maxResponseHeadBytes = 64 * 1024;

/// Reads a head from the first bytes behind a request, or behind an interim response; to be called again with all of them
/// when more have come. What is wrong is said as soon as it is seen. As strict as parseRequestHead(): bare CR or LF, control
/// characters, folded lines, blanks before a colon, lengths that differ, Content-Length beside Transfer-Encoding are all
/// faults, as they are for any gateway (RFC 9112 5.1, 5.2, 6.3). Only the blank that belongs behind the status (RFC 9112 4)
/// may be missing where no words follow. `seen`: as many of the bytes were there in a call before, which found the head
/// incomplete.
std::variant<ResponseHead, HeadIncomplete, ResponseFault> parseResponseHead(
    QByteArrayView bytes, qsizetype mostBytes = maxResponseHeadBytes, qsizetype seen = 0);

/// What RFC 6455 4.1 asks of a 101 that answers the request with `key` (Sec-WebSocket-Key), which offered neither
/// subprotocols nor extensions. Null when all is well, else why not, as in ResponseFault.
const char *checkSwitching(const ResponseHead &head, const QByteArray &key);

} // namespace rr
