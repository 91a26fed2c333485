// SPDX-License-Identifier: MIT
#include "core/http/head.h"

#include <algorithm>
#include <string_view>

namespace rr {

QByteArray HttpHead::header(QByteArrayView name) const
{
    for (const HttpHeader &header : headers) {
        if (isSameName(header.name, name))
            return header.value;
    }
    return {};
}

QList<QByteArray> HttpHead::list(QByteArrayView name) const
{
    QList<QByteArray> members;
    for (const HttpHeader &header : headers) {
        if (!isSameName(header.name, name))
            continue;
        const QList<QByteArray> parts = header.value.split(',');
        for (const QByteArray &part : parts) {
            if (const QByteArray member = part.trimmed(); !member.isEmpty())
                members.append(member);
        }
    }
    return members;
}

std::variant<qsizetype, HeadFault> headLength(QByteArrayView bytes, qsizetype mostLineBytes, qsizetype seen)
{
    // The end may begin in what was seen, but a line feed is never looked at without what is before it.
    qsizetype start = std::max<qsizetype>(0, seen - 3);
    if (start > 0 && bytes[start] == '\n')
        --start;
    // Not looked for where no line can be too long: it would be a walk over all of them with each byte that comes.
    qsizetype lineStart = bytes.size() > mostLineBytes ? bytes.first(start).lastIndexOf('\n') + 1 : 0;
    for (qsizetype i = start; i < bytes.size(); ++i) {
        const auto c = uchar(bytes[i]);
        if (c == '\r') {
            if (i + 1 == bytes.size())
                return 0;
            if (bytes[i + 1] != '\n')
                return HeadFault::BareCarriageReturn;
            if (i + 3 < bytes.size() && bytes[i + 2] == '\r' && bytes[i + 3] == '\n')
                return i + 4;
            ++i;
            lineStart = i + 1;
        } else if (c == '\n') {
            return HeadFault::BareLineFeed;
        } else if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return HeadFault::ControlCharacter;
        } else if (i - lineStart == mostLineBytes) {
            return HeadFault::LineTooLong;
        }
    }
    return 0;
}

std::variant<HttpHeader, HeadFault> readHeader(QByteArrayView line)
{
    if (line.front() == ' ' || line.front() == '\t')
        return HeadFault::FoldedLine;
    const qsizetype colon = line.indexOf(':');
    if (colon < 0)
        return HeadFault::NoColon;
    const QByteArrayView name = line.first(colon);
    if (!isToken(name))
        return HeadFault::BadName;
    return HttpHeader{name.toByteArray(), line.sliced(colon + 1).trimmed().toByteArray()};
}

bool isSameName(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size() && qstrnicmp(a.data(), a.size(), b.data(), b.size()) == 0;
}

bool containsName(const QList<QByteArray> &list, QByteArrayView name)
{
    return std::any_of(
        list.begin(), list.end(), [name](const QByteArray &one) { return isSameName(one, name); });
}

bool isToken(QByteArrayView text)
{
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || marks.find(c) != std::string_view::npos;
    });
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

qint64 lengthFrom(QByteArrayView text)
{
    constexpr qsizetype mostDigits = 18; // which always fit
    if (text.isEmpty() || text.size() > mostDigits || !std::all_of(text.begin(), text.end(), isDigit))
        return -1;
    return text.toLongLong();
}

} // namespace rr
