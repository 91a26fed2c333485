// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <optional>

namespace rr {

/// Starts this program, hidden in the tray, when its user logs in: an XDG autostart file, a value of the
/// Windows Run key, or a macOS LaunchAgent. The system is asked every time: what its own settings changed
/// counts. Any thread.
class Autostart
{
public:
    bool isOn() const;
    /// Returns what went wrong and what to do.
    std::optional<QString> set(bool on) const;
};

} // namespace rr
