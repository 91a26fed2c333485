// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QStringList>
#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;

namespace rr {

class ApplicationForm;
class FileNotice;
class OriginTester;
class RelayControl;
class SettingField;
class SettingSections;

/// Shows and changes every setting of the table, and those of the program. What is typed is checked at once
/// and comes into force with Apply.
class SettingsPage : public QWidget
{
    Q_OBJECT
public:
    /// `languages`: codes of those the program is translated to.
    explicit SettingsPage(RelayControl &control, QWidget *parent = nullptr,
        const QStringList &languages = {QStringLiteral("de")});

    bool hasChanges() const; ///< that are not applied yet
    /// Takes the values of a settings file into the fields; Apply brings them into force. Returns everything
    /// that is wrong with it, and then nothing has changed.
    std::optional<QString> importFrom(const QString &file);
    /// Writes the settings that were made here or in the file, those of the program too, without keys, tokens and passwords,
    /// readable by their owner only. Returns what went wrong.
    std::optional<QString> exportTo(const QString &file) const;

    QByteArray saveState() const; ///< the section
    bool restoreState(const QByteArray &state); ///< false when it is not one

public Q_SLOTS:
    void apply();
    void revert(); ///< to what is in force
    void resetAll(); ///< to the defaults, in the fields only
    /// Brings its field in sight. Any spelling; an unknown key changes nothing.
    void showSetting(const QByteArray &key);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void makeSections(const QStringList &languages);
    QWidget *makeActionRow();
    void followControl();
    void fieldEdited();
    /// The settings as they stand in the fields; where a value is wrong, the one in force.
    Settings edited() const;
    void findConflicts();
    void updateState();
    void updateCertificate();
    void setFileAside();
    void showMessage(const QString &text);
    void chooseImport();
    void chooseExport();

    RelayControl &m_control;
    SettingSections *m_sections;
    QList<SettingField *> m_fields; ///< in the order they are shown
    QHash<QByteArray, SettingField *> m_fieldOf;
    QHash<SettingField *, int> m_sectionOf;
    int m_applicationSection = 0;
    ApplicationForm *m_application = nullptr;
    OriginTester *m_tester = nullptr;
    QLabel *m_certificate = nullptr;
    FileNotice *m_notice;
    QLabel *m_message = nullptr;
    QPushButton *m_apply = nullptr;
    QPushButton *m_revert = nullptr;
    bool m_applyMends = false; ///< the settings file, even where nothing is changed here
};

} // namespace rr
