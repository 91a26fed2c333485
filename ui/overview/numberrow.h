// SPDX-License-Identifier: MIT
#pragma once

#include <QGroupBox>
#include <QList>

class QLabel;

namespace rr {

class RelayControl;

/// What was counted since the relay was started, in large figures.
class NumberRow : public QGroupBox
{
    Q_OBJECT
public:
    explicit NumberRow(QWidget *parent = nullptr);

    void show(const RelayControl &control);

private:
    struct Number
    {
        QLabel *value = nullptr;
        QLabel *name = nullptr;
    };

    QList<Number> m_numbers;
};

} // namespace rr
