// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

namespace rr {

/// The command line of the desktop program, taken apart. Settings are left as they stand for loadSettings().
struct DesktopCommandLine
{
    enum Task : quint8 { Run, Help, Version };
    Task task = Run;
    bool demo = false;
    bool minimized = false;
    QString configFile; ///< empty: the platform's place
    QStringList settings;
    QString problem; ///< not empty: what is wrong with it
};

DesktopCommandLine parseDesktopCommandLine(const QStringList &arguments);

/// What --help prints before the settings.
QString desktopUsageText();

} // namespace rr
