// SPDX-License-Identifier: MIT
#include "core/wire/bytestream.h"

#include <algorithm>
#include <cstring>

namespace rr {

qint64 ByteStream::takeFrom(QByteArray &bytes, char *to, qint64 most)
{
    const qint64 n = std::min<qint64>(most, bytes.size());
    memcpy(to, bytes.constData(), size_t(n));
    bytes = bytes.size() == n ? QByteArray() : bytes.mid(n); // the memory goes with the last byte
    return n;
}

} // namespace rr
