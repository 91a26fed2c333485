// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <compare>
#include <limits>

namespace rr {

/// An amount of US dollars, exact: it counts 10^-12 dollars, of which one token costs a whole number at every price in use. 9.2
/// million dollars at the most: a sum that would be more stays there. A plain value.
class Money
{
public:
    constexpr Money() = default;
    static constexpr Money ofPico(qint64 pico)
    {
        Money money;
        money.m_pico = pico;
        return money;
    }

    constexpr qint64 pico() const { return m_pico; }

    constexpr Money &operator+=(Money other)
    {
        constexpr qint64 most = std::numeric_limits<qint64>::max();
        constexpr qint64 least = std::numeric_limits<qint64>::min();
        if (other.m_pico > 0 && m_pico > most - other.m_pico)
            m_pico = most;
        else if (other.m_pico < 0 && m_pico < least - other.m_pico)
            m_pico = least;
        else
            m_pico += other.m_pico;
        return *this;
    }
    friend constexpr Money operator+(Money one, Money other) { return one += other; }
    friend constexpr auto operator<=>(Money, Money) = default;

private:
    qint64 m_pico = 0;
};

/// "0.012345": US dollars without a sign of the currency, rounded half up; `places`: 0 to 12. For machines, and for windows to
/// make their own of.
QByteArray decimalText(Money money, int places = 6);

} // namespace rr
