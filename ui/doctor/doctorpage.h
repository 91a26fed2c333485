// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/doctor.h"
#include "ui/parts/tone.h"

#include <QDateTime>
#include <QList>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace rr {

class CheckList;
class RelayControl;

struct DoctorSummary
{
    QString text;
    Tone tone = Tone::Quiet;
};

/// What came of an examination, in one sentence. All is well only where a key and a call were looked at, too.
DoctorSummary summaryOf(const QList<CheckStep> &steps);

/// Examines all that a call needs, step by step as it is found, when somebody asks for it: what is good, what is wrong, and what
/// to do. A key may be typed for one examination; it is forgotten when that begins. Main thread.
class DoctorPage : public QWidget
{
    Q_OBJECT
public:
    explicit DoctorPage(RelayControl &control, QWidget *parent = nullptr);

    void examine(); ///< nothing while it does

protected:
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeQuestion();
    QWidget *makeSummary();
    void noteStep(const CheckStep &step);
    void noteEnd(const QList<CheckStep> &steps);
    void showSummary(const QString &text, Tone tone);
    QString report() const;
    void saveBundle();

    RelayControl &m_control;
    Doctor m_doctor;
    QList<CheckStep> m_found;
    QDateTime m_at; ///< when the examination began
    Tone m_tone = Tone::Quiet;
    QLineEdit *m_key;
    QPushButton *m_examine;
    QLabel *m_badge = nullptr;
    QLabel *m_summary;
    QWidget *m_results;
    CheckList *m_list;
    QLabel *m_saved;
};

} // namespace rr
