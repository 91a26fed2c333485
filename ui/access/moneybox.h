// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/money.h"

#include <QDoubleSpinBox>

namespace rr {

/// Asks for an amount of US dollars, to a hundredth of a cent; nothing means that there is no limit.
class MoneyBox : public QDoubleSpinBox
{
    Q_OBJECT
public:
    explicit MoneyBox(QWidget *parent = nullptr);

    Money money() const;
    void setMoney(Money money);

    QString textFromValue(double value) const override;
};

} // namespace rr
