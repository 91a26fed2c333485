// SPDX-License-Identifier: MIT
#include "core/realtime/jsonmember.h"

#include "core/realtime/jsoncursor.h"

namespace rr {

QByteArrayView jsonMember(QByteArrayView object, QByteArrayView name)
{
    JsonCursor cursor(object);
    if (!cursor.take('{'))
        return {};
    do {
        QByteArrayView key;
        if (!cursor.takeString(key) || !cursor.take(':') || cursor.next() == '\0')
            return {};
        if (key == name)
            return cursor.rest();
        if (!cursor.skipValue())
            return {};
    } while (cursor.take(','));
    return {};
}

} // namespace rr
