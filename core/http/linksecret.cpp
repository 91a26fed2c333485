// SPDX-License-Identifier: MIT
#include "core/http/linksecret.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

/// The next segment of a path, and what is behind it; slashes may stand doubled.
QByteArrayView takeSegment(QByteArrayView &path)
{
    while (path.startsWith('/'))
        path = path.sliced(1);
    const qsizetype slash = path.indexOf('/');
    const QByteArrayView segment = slash < 0 ? path : path.first(slash);
    path = path.sliced(segment.size());
    return segment;
}

QByteArray takeFromPath(RequestHead &head)
{
    QByteArrayView rest = head.path;
    if (takeSegment(rest) != linkPathSegment)
        return {};
    const QByteArray secret = takeSegment(rest).toByteArray();
    if (secret.isEmpty())
        return {};
    head.path = rest.isEmpty() ? "/"_ba : rest.toByteArray();
    head.target = head.query.isNull() ? head.path : head.path + '?' + head.query;
    return secret;
}

QByteArray takeFromSubprotocols(RequestHead &head)
{
    constexpr QByteArrayView header = "Sec-WebSocket-Protocol";
    QList<QByteArray> offered = head.list(header);
    const auto isSecret = [](const QByteArray &one) { return one.startsWith(linkSubprotocol); };
    const auto first = std::find_if(offered.cbegin(), offered.cend(), isSecret);
    if (first == offered.cend())
        return {};
    const QByteArray secret = first->sliced(linkSubprotocol.size());
    offered.removeIf(isSecret);
    head.headers.removeIf([&](const HttpHeader &one) { return isSameName(one.name, header); });
    if (!offered.isEmpty())
        head.headers.append({header.toByteArray(), offered.join(", ")});
    return secret.isEmpty() ? ""_ba : secret;
}

} // namespace

QByteArray takeLinkSecret(RequestHead &head)
{
    const QByteArray inPath = takeFromPath(head);
    const QByteArray inSubprotocols = takeFromSubprotocols(head);
    return inPath.isNull() ? inSubprotocols : inPath;
}

} // namespace rr
