// SPDX-License-Identifier: MIT
#pragma once

#include <QGroupBox>

class QLabel;
class QLineEdit;
class QPushButton;

namespace rr {

class AccessControl;

/// The key that the relay holds: where it is, entering another and removing it. What was entered is never shown again. Main thread.
class KeyPanel : public QGroupBox
{
    Q_OBJECT
public:
    explicit KeyPanel(AccessControl &access, QWidget *parent = nullptr);

    void refresh();

Q_SIGNALS:
    void settingsRequested(const QByteArray &setting);

private:
    void keep();
    void askToRemove();
    void say(const QString &problem);

    AccessControl &m_access;
    QLabel *m_badge;
    QLabel *m_state;
    QLabel *m_label;
    QLineEdit *m_key;
    QPushButton *m_keep;
    QPushButton *m_remove;
    QPushButton *m_settings;
    QLabel *m_problem;
    QString m_wrong; ///< with the key that was entered; until another is typed
};

} // namespace rr
