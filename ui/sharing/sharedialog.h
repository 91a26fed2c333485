// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/shareplan.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QPushButton;

namespace rr {

class GuestForm;
class RelayControl;
class WayChooser;

/// Asks what sharing through a tunnel needs to know, and starts it: by which way, who may use it, how much, until when; and says
/// who can read what passes, and what OpenAI's terms say of it. Filled in as it was the last time. Main thread.
class ShareDialog : public QDialog
{
    Q_OBJECT
public:
    explicit ShareDialog(RelayControl &control, QWidget *parent = nullptr);

    /// Opens one over the window of `over`, or raises the one that is open there. It deletes itself.
    static void open(RelayControl &control, QWidget *over);

private:
    QWidget *makeTerms();
    SharePlan plan() const;
    void share();
    void say(const QString &problem); ///< empty: nothing is wrong
    void fitToScreen();

    RelayControl &m_control;
    WayChooser *m_ways;
    GuestForm *m_guests;
    QCheckBox *m_accept;
    QLabel *m_problem;
    QPushButton *m_start;
};

} // namespace rr
