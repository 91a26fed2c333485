// SPDX-License-Identifier: MIT
#include "ui/access/moneybox.h"

#include <QLocale>

#include <cmath>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int places = 4;
constexpr qint64 picoOfUnit = 100'000'000; ///< of the last of them
constexpr double unitsOfDollar = 10'000;
constexpr double most = 1'000'000; ///< dollars

} // namespace

MoneyBox::MoneyBox(QWidget *parent)
    : QDoubleSpinBox(parent)
{
    setDecimals(places);
    setRange(0, most);
    setPrefix(u"$ "_s);
    setSpecialValueText(tr("no limit"));
}

Money MoneyBox::money() const
{
    return Money::ofPico(qint64(std::llround(value() * unitsOfDollar)) * picoOfUnit);
}

void MoneyBox::setMoney(Money money)
{
    setValue(double(money.pico() / picoOfUnit) / unitsOfDollar);
}

QString MoneyBox::textFromValue(double value) const
{
    // Cents, unless there is more to be seen.
    const bool isOfCents = std::llround(value * unitsOfDollar) % 100 == 0;
    return locale().toString(value, 'f', isOfCents ? 2 : places);
}

} // namespace rr
