// SPDX-License-Identifier: MIT
#include "core/base/money.h"

#include "core/base/decimal.h"

namespace rr {

QByteArray decimalText(Money money, int places)
{
    qint64 unit = 1;
    for (int i = places; i < 12; ++i)
        unit *= 10;
    qint64 units = money.pico() / unit;
    const qint64 rest = money.pico() % unit;
    if (rest != 0 && rest >= unit - rest) // half of it or more
        ++units;
    else if (rest < 0 && -rest > unit + rest)
        --units;
    return decimalText(units, places);
}

} // namespace rr
