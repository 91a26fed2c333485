// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/statuspresenter.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace rr {

/// One problem in plain words, its next step, and a button for it where the program can take it.
class ProblemBox : public QFrame
{
    Q_OBJECT
public:
    explicit ProblemBox(QWidget *parent = nullptr);

    /// `button`: the text of the button; empty: none.
    void show(const Problem &problem, const QString &button);
    const Problem &problem() const { return m_problem; }

Q_SIGNALS:
    void fixRequested(const rr::Problem &problem);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void drawIcon();

    Problem m_problem;
    QLabel *m_icon;
    QLabel *m_text;
    QLabel *m_nextStep;
    QPushButton *m_button;
};

} // namespace rr
