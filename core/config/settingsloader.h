// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingstable.h"

#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QProcessEnvironment>
#include <QSet>

namespace rr {

/// Where a value came from; a later one overrides an earlier one.
enum class SettingSource : quint8 { Default, File, Environment, CommandLine };

struct SettingProblem
{
    QByteArray key; ///< as spelled at its source, findSetting() knows it; empty: the file or line itself
    SettingSource source = SettingSource::Default;
    QString message; ///< a whole sentence that names the setting and what is allowed
};

struct SettingsInput
{
    Settings defaults;
    QString file; ///< empty: none
    bool fileMustExist = false;
    QProcessEnvironment environment;
    QStringList arguments; ///< setting options only: "--port", "8080" or "--port=8080"; "--debug" is true
};

struct LoadedSettings
{
    Settings settings; ///< where something was refused: the value it would have without that
    QHash<const SettingSpec *, SettingSource> sources; ///< what is not in it is Default
    QString file;
    QJsonObject application; ///< what the program keeps in the file for itself, see saveApplication()
    QList<SettingProblem> problems; ///< all of them at once; not empty: do not use the settings
    QStringList warnings; ///< whole sentences
};

/// Defaults, then the file, then the environment (an empty variable is not set), then the command line. In
/// the file, keys are spelled exactly as in the table, and an unknown key is a problem, save "application".
LoadedSettings loadSettings(const SettingsInput &input);

/// What does not fit together, of settings that are each right. Names are spelled as at their source; those
/// in `leaveOut` are not judged.
QList<SettingProblem> settingConflicts(const Settings &settings,
    const QHash<const SettingSpec *, SettingSource> &sources = {},
    const QSet<const SettingSpec *> &leaveOut = {});

} // namespace rr
