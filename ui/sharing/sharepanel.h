// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/relaycontrol.h"
#include "ui/parts/tone.h"

#include <QDateTime>
#include <QString>
#include <QTimer>
#include <QUrl>
#include <QWidget>

class QGroupBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace rr {

class CheckList;
class Fold;
class LinkBox;

/// What is shared through a tunnel now: its state in words and colour, the steps of its proof, the link in the forms that people
/// paste, its QR code, until when, and the buttons that end and renew it. While nothing is shared it offers to share again as
/// the last time, and before the first time it hides itself. Main thread; the control outlives it.
class SharePanel : public QWidget
{
    Q_OBJECT
public:
    explicit SharePanel(RelayControl &control, QWidget *parent = nullptr);

    /// What is shown; called with the sharing's own status whenever that changes.
    void show(const Sharing::Status &status);

protected:
    void changeEvent(QEvent *event) override;

private:
    void makeHead();
    void makeFolds();
    void follow();
    void showOff();
    void showOn(const Sharing::Status &status);
    void showLink(const Sharing::Status &status);
    void showTime();
    void colorState();

    RelayControl &m_control;
    QGroupBox *m_box;
    QLabel *m_badge = nullptr;
    QLabel *m_word;
    QLabel *m_sentence;
    QLabel *m_place;
    QLabel *m_visitor;
    QPushButton *m_consent;
    QPushButton *m_try;
    QPushButton *m_newLink;
    QPushButton *m_stop;
    QPushButton *m_again;
    QPushButton *m_change;
    LinkBox *m_link;
    CheckList *m_steps;
    Fold *m_stepsFold;
    QPlainTextEdit *m_lines;
    Fold *m_linesFold;
    QTimer m_clock; ///< of what counts down
    Tone m_tone = Tone::Quiet;
    Sharing::State m_state = Sharing::State::Off;
    QString m_placeText; ///< by which way and where, without the time
    QDateTime m_until;
    QUrl m_consentPage;
    QUrl m_proven; ///< the address that was shared last: its link may be shown while it is tested anew
};

} // namespace rr
