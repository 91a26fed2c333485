// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace rr {

/// Bytes in which a gap or an exchange is noticed.
inline QByteArray pattern(int size)
{
    QByteArray bytes(size, 0);
    for (int i = 0; i < size; ++i)
        bytes[i] = char((i * 31) >> 3);
    return bytes;
}

} // namespace rr
