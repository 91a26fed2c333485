// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/decimal.h"
#include "core/base/money.h"

#include <QString>

#include <optional>

namespace rr {

/// US dollars as settings have them and as they are typed: "5", "0.25". Empty is no money. nullopt: it is no amount.
inline std::optional<Money> readUsd(const QString &text)
{
    constexpr int decimalsOfPico = 12;
    if (text.isEmpty())
        return Money();
    const auto pico = readDecimal(text.toLatin1(), decimalsOfPico);
    return pico ? std::optional(Money::ofPico(*pico)) : std::nullopt;
}

} // namespace rr
