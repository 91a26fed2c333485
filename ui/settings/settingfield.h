// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingsloader.h"

#include <QWidget>

#include <optional>

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace rr {

class SettingEditor;

/// One setting on the page: its title, its editor, what it does and what is allowed, and beside it what is
/// wrong with it, or who has fixed it.
class SettingField : public QWidget
{
    Q_OBJECT
public:
    /// `defaults`: what a reset sets it to.
    SettingField(const SettingSpec &spec, const Settings &defaults, QWidget *parent = nullptr);

    const SettingSpec &spec() const { return m_spec; }
    SettingEditor *editor() const { return m_editor; }
    /// What is in force now, and who said so. Shown, unless its user has changed it in the meantime.
    void setInForce(const QString &text, SettingSource source);
    void setText(const QString &text); ///< as if typed; not when it is fixed
    void revert(); ///< to what is in force
    void reset(); ///< to the default

    QString text() const;
    bool isFixed() const { return m_fixed; } ///< by the environment or the command line
    bool isChanged() const; ///< from what is in force
    /// What is wrong with it: of the value itself, or what setProblem() has told. Not when it is fixed.
    std::optional<QString> problem() const;
    QString shownProblem() const; ///< problem(), or else the refusal; may be empty
    void setProblem(const QString &problem); ///< shown until the value changes
    /// Why what its source holds is not in force; empty: it is. Shown until another value is typed.
    void setRefusal(const QString &refusal);
    /// What is wrong with it beside another value; empty: nothing.
    void setConflict(const QString &conflict);
    void addWidget(QWidget *widget); ///< below the editor

Q_SIGNALS:
    void edited();

private:
    void editorEdited();
    void update();

    const SettingSpec &m_spec;
    QString m_default;
    std::optional<QString> m_inForce; ///< nothing before the first setInForce()
    bool m_fixed = false;
    QString m_told; ///< a problem found when it was applied
    QString m_conflict;
    QString m_refusal;

    QVBoxLayout *m_layout;
    QLabel *m_title;
    QToolButton *m_reset;
    SettingEditor *m_editor;
    QWidget *m_problemRow;
    QLabel *m_problem;
    QLabel *m_source;
};

} // namespace rr
