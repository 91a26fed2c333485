// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace rr {

/// Starts this program, hidden in the tray and with the settings file of this start, when its user logs in: an
/// XDG autostart file, a value of the Windows Run key, or a macOS LaunchAgent. The system is asked every time:
/// what its own settings changed counts. Any thread.
class Autostart
{
public:
    bool isOn() const; ///< of this very program and settings file, not of another one
    /// Returns what went wrong and what to do.
    std::optional<QString> set(bool on) const;
};

/// The file that --config gives on the command line of this program, absolute; empty: none.
QString givenSettingsFile(const QStringList &arguments);

} // namespace rr
