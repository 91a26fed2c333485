// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/requesthead.h"

namespace rr {

/// An answer to a plain HTTP request, not yet bytes. A plain value.
struct HttpResponse
{
    int status = 200;
    QByteArray contentType; ///< empty: no Content-Type
    QByteArray body;
    QList<HttpHeader> headers; ///< besides those that serialise() writes itself
};

/// The bytes of an answer: status line, Date, Content-Length, Connection, X-Content-Type-Options and
/// Cache-Control: no-store, then `headers`, then the body unless `headOnly` (the answer to HEAD) or the
/// status is 204. Control characters in a header's value become blanks, so no value can start a line of its
/// own. `keepAlive`: RequestHead::keepAlive(), and false after a head that was not understood.
QByteArray serialise(const HttpResponse &response, bool keepAlive, bool headOnly);

/// The head of an answer whose body follows as it comes: `response` without its body, with Connection: close, and with
/// Content-Length if `length` is not negative, else as `chunked` says; see chunkOf().
QByteArray serialiseHead(const HttpResponse &response, qint64 length, bool chunked);
/// A chunk of that body (RFC 9112 7.1); of nothing, the last one.
QByteArray chunkOf(const QByteArray &bytes);

/// `{"error":{"type","code","message"}}`, as OpenAI answers. The type follows from the status:
/// "rate_limit_error" for 429, "server_error" from 500 on, "invalid_request_error" for all others. With
/// Retry-After when `retryAfterSeconds` is positive; 426 carries the Upgrade that is asked for (RFC 9110
/// 15.5.22) and the version of it that is spoken.
HttpResponse errorResponse(
    int status, const QByteArray &code, const QString &message, int retryAfterSeconds = 0);

} // namespace rr
