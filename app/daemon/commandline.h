// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

namespace rr {

/// The command line of the daemon, taken apart. Settings are left as they stand for loadSettings().
struct CommandLine
{
    enum Task : quint8 { Run, Help, Version, CheckConfig, PrintConfig, SettingsReference, CheckHealth };
    Task task = Run;
    bool demo = false;
    QString configFile; ///< empty: none
    QStringList settings;
    QString problem; ///< not empty: what is wrong with it
};

CommandLine parseCommandLine(const QStringList &arguments);

/// What --help prints before the settings.
QString usageText();

} // namespace rr
