// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"
#include "core/config/settings.h"

#include <QJsonObject>

#include <optional>

/// The settings file: one JSON object, a key for each setting that differs from its default. Only
/// "application" and what it holds belongs to the program. Saving replaces the file in one step, readable by
/// its owner only, makes its folder where it is missing, and keeps every key it was not asked to change.
namespace rr {

inline constexpr QLatin1String applicationKey("application");

struct SettingsFile
{
    bool exists = false;
    QJsonObject content; ///< empty where there is a problem
    Sentence problem; ///< a whole sentence: no such file, not readable, not JSON (with line and column)
    QStringList repeatedKeys; ///< the last value of each counts
};

/// Never waits, whatever stands in its place.
SettingsFile readSettingsFile(const QString &file);

/// Writes what differs from the defaults, in the order of the table. `settings` are those of the file: not
/// those that the environment or the command line have overridden. Returns what went wrong and what to do; a
/// file that is not JSON is not overwritten.
std::optional<Sentence> saveSettings(const QString &file, const Settings &settings, const Settings &defaults);

/// Replaces what the program keeps for itself, and nothing else. Returns what went wrong and what to do.
std::optional<Sentence> saveApplication(const QString &file, const QJsonObject &application);

/// Writes just these, whatever the file held; the rest as saveSettings().
std::optional<Sentence> exportSettings(
    const QString &file, const Settings &settings, const Settings &defaults, const QJsonObject &application);

} // namespace rr
