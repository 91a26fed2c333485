// SPDX-License-Identifier: MIT
#include "core/http/query.h"

namespace rr {

QByteArray queryValue(QByteArrayView query, QByteArrayView name, Qt::CaseSensitivity cases)
{
    while (!query.isEmpty()) {
        const qsizetype end = query.indexOf('&');
        const QByteArrayView pair = end < 0 ? query : query.first(end);
        query = end < 0 ? QByteArrayView() : query.sliced(end + 1);
        const qsizetype equals = pair.indexOf('=');
        const QByteArrayView own = equals < 0 ? pair : pair.first(equals);
        if (QByteArray::fromPercentEncoding(own.toByteArray()).compare(name, cases) != 0)
            continue;
        const QByteArray value = equals < 0 ? QByteArray() : pair.sliced(equals + 1).toByteArray();
        return value.isEmpty() ? QByteArray("") : QByteArray::fromPercentEncoding(value);
    }
    return {};
}

} // namespace rr
