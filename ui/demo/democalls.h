// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QWidget>

class QLabel;
class QPushButton;

namespace rr {

class RelayControl;

/// Starts and stops callers that play calls in a demo, so that every page has something to show. Not there without a demo.
/// Main thread; its owner calls refresh() while it is seen.
class DemoCalls : public QWidget
{
    Q_OBJECT
public:
    explicit DemoCalls(RelayControl &control, QWidget *parent = nullptr);

    void refresh();

private:
    RelayControl &m_control;
    QLabel *m_text;
    QList<QPushButton *> m_starts;
    QPushButton *m_stop;
};

} // namespace rr
