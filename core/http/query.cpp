// SPDX-License-Identifier: MIT
#include "core/http/query.h"

#include <utility>

namespace rr {

namespace {

/// Takes the first parameter off the query.
QByteArrayView takePair(QByteArrayView &query)
{
    const qsizetype end = query.indexOf('&');
    const QByteArrayView pair = end < 0 ? query : query.first(end);
    query = end < 0 ? QByteArrayView() : query.sliced(end + 1);
    return pair;
}

/// Null: it has another name.
QByteArray valueIn(QByteArrayView pair, QByteArrayView name, Qt::CaseSensitivity cases)
{
    const qsizetype equals = pair.indexOf('=');
    const QByteArrayView own = equals < 0 ? pair : pair.first(equals);
    if (QByteArray::fromPercentEncoding(own.toByteArray()).compare(name, cases) != 0)
        return {};
    const QByteArray value = equals < 0 ? QByteArray() : pair.sliced(equals + 1).toByteArray();
    return value.isEmpty() ? QByteArray("") : QByteArray::fromPercentEncoding(value);
}

} // namespace

QByteArray queryValue(QByteArrayView query, QByteArrayView name, Qt::CaseSensitivity cases)
{
    while (!query.isEmpty()) {
        if (QByteArray value = valueIn(takePair(query), name, cases); !value.isNull())
            return value;
    }
    return {};
}

QList<QByteArray> queryValues(QByteArrayView query, QByteArrayView name)
{
    QList<QByteArray> values;
    while (!query.isEmpty()) {
        if (QByteArray value = valueIn(takePair(query), name, Qt::CaseSensitive); !value.isNull())
            values.append(std::move(value));
    }
    return values;
}

} // namespace rr
