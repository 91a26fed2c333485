// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/accesscontrol.h"

#include <QGroupBox>
#include <QList>

class QLabel;
class QPushButton;

namespace rr {

/// What is missing before an access token can be given out, as steps in words; hidden once nothing is. Main thread.
class StepsPanel : public QGroupBox
{
    Q_OBJECT
public:
    explicit StepsPanel(QWidget *parent = nullptr);

    void show(const QList<AccessStep> &steps);

Q_SIGNALS:
    void storeRequested(); ///< the setting that says where it is

private:
    struct Line
    {
        QLabel *badge = nullptr;
        QLabel *text = nullptr;
        QPushButton *button = nullptr; ///< of the store alone
    };

    QList<Line> m_lines;
    QList<AccessStep> m_steps;
};

} // namespace rr
