// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

/// Decimal numbers as they are written, without the detour by binary fractions.
namespace rr {

enum class MoreDecimals : quint8 { Refuse, Round };

/// The number that stands there, in units of 10^-`places`: "0.4" with 6 is 400000. Digits, and behind a point more of them, as
/// JSON has them; no sign, no exponent. nullopt where it is none, or does not fit. What has more decimals than `places` is
/// refused, or rounded half up. `places`: 0 to 18.
std::optional<qint64> readDecimal(QByteArrayView text, int places, MoreDecimals more = MoreDecimals::Refuse);

/// 400000 with 6 is "0.400000".
QByteArray decimalText(qint64 units, int places);

} // namespace rr
