// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingstable.h"

#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QProcessEnvironment>
#include <QSet>

#include <array>

namespace rr {

/// Where a value came from; a later one overrides an earlier one. The environment has two names for each setting.
enum class SettingSource : quint8 { Default, File, Environment, PrefixedEnvironment, CommandLine };

/// In English; in the order of SettingSource.
inline constexpr std::array settingSourceNames{QLatin1String("default"), QLatin1String("file"),
    QLatin1String("environment"), QLatin1String("environment"), QLatin1String("command line")};
static_assert(settingSourceNames.size() == std::size_t(SettingSource::CommandLine) + 1);

constexpr QLatin1String nameOf(SettingSource source)
{
    return settingSourceNames[std::size_t(source)];
}

/// The setting as it is spelled there: "maxConnections", "MAX_CONNECTIONS", "RELAY_MAX_CONNECTIONS" or
/// "--max-connections".
QByteArray settingName(const SettingSpec &spec, SettingSource source);

struct SettingProblem
{
    QByteArray key; ///< as spelled at its source, findSetting() knows it; empty: the file or line itself
    SettingSource source = SettingSource::Default;
    Sentence message; ///< a whole sentence that names the setting and what is allowed
    Sentence ofValue
        = {}; ///< the same for whoever sees which setting it is; empty: it is not about a value alone
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
    QList<Sentence> warnings; ///< whole ones; what was refused and is overridden is among them
};

/// Defaults, then the file, then the environment (an empty variable is not set; quotes around a value are taken off), then
/// the command line. What a later one overrides may be wrong. In the file, keys are spelled exactly as in the table, and
/// an unknown key is a problem, save "application". Of the environment, which is not the relay's alone, see othersvariable.h.
LoadedSettings loadSettings(const SettingsInput &input);

/// What does not fit together, of settings that are each right. Names are spelled as at their source; those
/// in `leaveOut` are not judged.
QList<SettingProblem> settingConflicts(const Settings &settings,
    const QHash<const SettingSpec *, SettingSource> &sources = {},
    const QSet<const SettingSpec *> &leaveOut = {});

} // namespace rr
