// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"

#include <QDialog>
#include <QList>

#include <optional>

class QComboBox;
class QDateTimeEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace rr {

class AccessControl;
class MoneyBox;

/// Asks what an access token is to allow, and has it made, or changed: its name, until when it is good, for which pages and
/// models, how many calls at once, how long, and how much may be spent with it. Stays open, and says why, when it cannot be.
/// Main thread.
class TokenDialog : public QDialog
{
    Q_OBJECT
public:
    /// `terms`: of the one to be changed; nothing: a new one, as most will want it.
    TokenDialog(AccessControl &access, const std::optional<AccessTerms> &terms, QWidget *parent = nullptr);

    AccessTerms terms() const; ///< as it stands in the fields

Q_SIGNALS:
    void made(const rr::AccessTerms &terms, const QByteArray &token); ///< `token` is nowhere else
    void changed(const rr::AccessTerms &terms);

private:
    void fillExpiries();
    void showTerms(const AccessTerms &terms);
    QDateTime expiry() const;
    std::optional<QString>
    problem(); ///< what keeps it from being used; the field that it concerns gets the focus
    void save();
    void say(const QString &problem);
    void warn();

    AccessControl &m_access;
    const bool m_isNew;
    AccessTerms m_terms;
    QLineEdit *m_name;
    QComboBox *m_expires;
    QDateTimeEdit *m_expiresAt;
    QLineEdit *m_origins;
    QLineEdit *m_models;
    QSpinBox *m_calls;
    QSpinBox *m_minutes;
    MoneyBox *m_aDay;
    MoneyBox *m_inAll;
    QLabel *m_warning;
    QLabel *m_problem;
    QPushButton *m_save;
};

} // namespace rr
