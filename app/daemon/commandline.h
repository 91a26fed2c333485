// SPDX-License-Identifier: MIT
#pragma once

#include "app/daemon/doctorcommandline.h"
#include "app/daemon/sharecommandline.h"
#include "app/daemon/tokencommandline.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace rr {

/// The command line of the daemon, taken apart. Settings are left as they stand for loadSettings().
struct CommandLine
{
    enum Task : quint8 { Run, Help, Version, CheckConfig, PrintConfig, SettingsReference, CheckHealth };
    Task task = Run;
    bool demo = false;
    std::optional<DoctorCommandLine> doctor; ///< with the task Run
    std::optional<ShareCommandLine> share; ///< likewise
    std::optional<TokenCommandLine> token; ///< likewise
    QString configFile; ///< empty: none
    QStringList settings;
    QString problem; ///< not empty: what is wrong with it
};

CommandLine parseCommandLine(const QStringList &arguments);

/// What --help prints before the settings.
QString usageText();

} // namespace rr
