// SPDX-License-Identifier: MIT
#include "core/base/decimal.h"

#include <limits>

namespace rr {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// False where it does not fit.
bool append(qint64 &number, int digit)
{
    constexpr qint64 most = std::numeric_limits<qint64>::max();
    if (number > (most - digit) / 10)
        return false;
    number = number * 10 + digit;
    return true;
}

} // namespace

std::optional<qint64> readDecimal(QByteArrayView text, int places, MoreDecimals more)
{
    const qsizetype point = text.indexOf('.');
    const QByteArrayView whole = point < 0 ? text : text.first(point);
    const QByteArrayView decimals = point < 0 ? QByteArrayView() : text.sliced(point + 1);
    if (whole.isEmpty() || (point >= 0 && decimals.isEmpty()) || (whole.size() > 1 && whole.front() == '0'))
        return {};
    qint64 number = 0;
    for (const char c : whole) {
        if (!isDigit(c) || !append(number, c - '0'))
            return {};
    }
    for (qsizetype i = 0; i < places; ++i) {
        const char c = i < decimals.size() ? decimals[i] : '0';
        if (!isDigit(c) || !append(number, c - '0'))
            return {};
    }
    if (decimals.size() <= places)
        return number;
    if (more == MoreDecimals::Refuse)
        return {};
    for (const char c : decimals.sliced(places)) {
        if (!isDigit(c))
            return {};
    }
    if (decimals[places] >= '5' && number == std::numeric_limits<qint64>::max())
        return {};
    return decimals[places] >= '5' ? number + 1 : number;
}

QByteArray decimalText(qint64 units, int places)
{
    QByteArray text = QByteArray::number(units);
    if (places <= 0)
        return text;
    const bool isNegative = text.startsWith('-');
    QByteArray digits = isNegative ? text.sliced(1) : text;
    digits = digits.rightJustified(places + 1, '0');
    digits.insert(digits.size() - places, '.');
    return isNegative ? '-' + digits : digits;
}

} // namespace rr
