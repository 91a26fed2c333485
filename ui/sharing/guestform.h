// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/shareplan.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QDateTime;
class QLineEdit;
class QRadioButton;
class QSpinBox;

namespace rr {

/// Who may use a share, how much, and until when.
class GuestForm : public QWidget
{
    Q_OBJECT
public:
    explicit GuestForm(QWidget *parent = nullptr);

    void show(const SharePlan &plan); ///< without an origin: of programs only
    /// Writes what was chosen into the plan, all but its way. `now`: what "until midnight" counts from.
    void writeInto(SharePlan &plan, const QDateTime &now) const;
    /// What keeps it from being used; the field that it concerns gets the focus.
    std::optional<QString> problem();

Q_SIGNALS:
    void edited();

private:
    QStringList
    origins() const; ///< of the addresses that were typed or pasted; an empty one for what is none

    QRadioButton *m_pages;
    QLineEdit *m_origins;
    QRadioButton *m_programs;
    QSpinBox *m_calls;
    QSpinBox *m_callsPerAddress;
    QComboBox *m_lasts;
};

} // namespace rr
