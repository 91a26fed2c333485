// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>

#include <variant>

namespace rr {

struct HttpHeader
{
    QByteArray name; ///< as received
    QByteArray value; ///< without surrounding blanks
};

/// What the heads of requests and of responses have in common (RFC 9112 2.1). A plain value.
struct HttpHead
{
    int minorVersion = 1; ///< HTTP/1.x
    QList<HttpHeader> headers;
    qsizetype size = 0; ///< bytes of the head, with the empty line

    /// The first value of a header, compared without case; null when absent.
    QByteArray header(QByteArrayView name) const;
    /// All values of a list header, those of several lines joined, split at commas, without blanks and empty members
    /// (RFC 9110 5.3, 5.6.1).
    QList<QByteArray> list(QByteArrayView name) const;
};

struct HeadIncomplete
{
};

/// How bytes break the syntax of a head, strictly where a lax reading could be understood differently by someone else
/// (RFC 9112 2.2, 5; RFC 9110 5).
enum class HeadFault : quint8 {
    BareCarriageReturn,
    BareLineFeed,
    ControlCharacter,
    LineTooLong,
    FoldedLine,
    NoColon,
    BadName, ///< of a header: empty, or not a token
};

/// Length of the head at the start of `bytes`, with its empty line; 0 while that has not come. `seen`: as many of the bytes
/// were looked at by a call before, which found 0.
std::variant<qsizetype, HeadFault> headLength(
    QByteArrayView bytes, qsizetype mostLineBytes, qsizetype seen = 0);
/// One line of a head behind the first, without its line end.
std::variant<HttpHeader, HeadFault> readHeader(QByteArrayView line);

/// Whether two names are the same (ASCII without case).
bool isSameName(QByteArrayView a, QByteArrayView b);
bool containsName(const QList<QByteArray> &list, QByteArrayView name);
bool isToken(QByteArrayView text); ///< RFC 9110 5.6.2
bool isDigit(char c);
/// A Content-Length (RFC 9110 8.6); -1 when it is none, or one that no body has.
qint64 lengthFrom(QByteArrayView text);

} // namespace rr
