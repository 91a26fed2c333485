// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/applicationsettings.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace rr {

/// What the user chooses for the program itself.
class ApplicationForm : public QWidget
{
    Q_OBJECT
public:
    /// `languages`: codes such as "de"; English and the system's are always there.
    explicit ApplicationForm(const QStringList &languages, QWidget *parent = nullptr);

    /// What is in force now. Shown, unless its user has changed it in the meantime.
    void setInForce(const ApplicationSettings &application, bool startsAtLogin);
    void revert();
    void reset(); ///< to the defaults
    void setTo(const ApplicationSettings &application); ///< as if typed
    ApplicationSettings application() const;
    bool startsAtLogin() const;
    bool isChanged() const;
    std::optional<QString> problem() const;

Q_SIGNALS:
    void edited();

private:
    void show(const ApplicationSettings &application, bool startsAtLogin);
    void formEdited();

    ApplicationSettings m_inForce;
    bool m_startsAtLogin = false; ///< in force
    QComboBox *m_language;
    QLineEdit *m_publicAddress;
    QLabel *m_problem;
    QCheckBox *m_login;
    QCheckBox *m_startRelay;
    QCheckBox *m_notifications;
    QCheckBox *m_keepAwake;
    QCheckBox *m_monochrome;
};

} // namespace rr
