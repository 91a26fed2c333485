// SPDX-License-Identifier: MIT
#pragma once

#include <QGroupBox>

class QComboBox;
class QLabel;

namespace rr {

class BarPlot;
class RelayControl;
struct UsageTotals;

/// What calls cost: today and this month, as the store says, or since the start, where there is none; a plot of it by hours or days;
/// what the store has lost, and what is older than the history goes back. Main thread.
class CostPanel : public QGroupBox
{
    Q_OBJECT
public:
    explicit CostPanel(RelayControl &control, QWidget *parent = nullptr);

    void refresh(); ///< while it is seen

private:
    void showNumbers();
    void showPlot();
    int daysOfHistory() const;
    void showNumber(int number, const QString &name, const UsageTotals &totals, bool isKnown);

    struct Number
    {
        QLabel *value = nullptr;
        QLabel *name = nullptr;
    };

    RelayControl &m_control;
    Number m_numbers[3];
    QLabel *m_note;
    QComboBox *m_span;
    BarPlot *m_plot;
};

} // namespace rr
