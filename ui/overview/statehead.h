// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/statuspresenter.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;

namespace rr {

/// The head of the overview: the state as a picture and in a sentence, where calls go, and the button that starts and stops.
class StateHead : public QWidget
{
    Q_OBJECT
public:
    explicit StateHead(QWidget *parent = nullptr);

    /// `detail`: the line below the sentence.
    void show(const StatusView &view, const QString &detail);

Q_SIGNALS:
    void toggleRequested();
    void keepRunningRequested(); ///< what stops it shall be called off

protected:
    void changeEvent(QEvent *event) override;

private:
    void colorToggle();

    QLabel *m_picture;
    QLabel *m_sentence;
    QLabel *m_detail;
    QPushButton *m_toggle;
    QPushButton *m_keepRunning;
    IconState m_icon = IconState::Off;
    std::optional<TroubleCode> m_trouble;
    int m_badge = -1; ///< nothing is drawn yet
    bool m_starts = false;
};

} // namespace rr
