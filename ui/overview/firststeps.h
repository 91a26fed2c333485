// SPDX-License-Identifier: MIT
#pragma once

#include <QGroupBox>

class QLabel;
class QPushButton;

namespace rr {

class DemoCalls;
class OriginPanel;
class ReachPanel;
class RelayControl;
class TickLine;
class TlsHint;
struct StatusView;

/// What the window leads through when it is opened the first time: whether all works here, who is to come in, and a call to try
/// it. A part of the page, so that it is never in the way; each step may be passed over, and none that was passed comes back. Where
/// all works, the first one passes by itself.
/// Main thread; its owner calls refresh() while it is seen.
class FirstSteps : public QGroupBox
{
    Q_OBJECT
public:
    explicit FirstSteps(RelayControl &control, QWidget *parent = nullptr);

    /// Whether there is a step left. Where that cannot be kept, it is over for this window at least.
    bool isOver() const;
    void refresh(const StatusView &status);

Q_SIGNALS:
    void settingsRequested(const QByteArray &setting);
    void over(); ///< the last one was passed

private:
    QWidget *makeChecks();
    QWidget *makeReach();
    QWidget *makeTry();
    int step() const;
    bool isDone(int step) const;
    void passTo(int step);
    void showStep();

    RelayControl &m_control;
    int m_passed = 0; ///< here
    int m_shown = -1;
    QLabel *m_title;
    QList<QWidget *> m_steps;
    TickLine *m_listens = nullptr;
    TickLine *m_upstream = nullptr;
    ReachPanel *m_reach = nullptr;
    OriginPanel *m_origins = nullptr;
    TlsHint *m_tls = nullptr;
    QLabel *m_tryText = nullptr;
    QPushButton *m_try = nullptr;
    DemoCalls *m_demo = nullptr;
    QPushButton *m_skipAll;
    QPushButton *m_next;
};

} // namespace rr
