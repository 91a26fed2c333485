// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>

namespace rr {

/// Looks whether there is a tray, for the program cannot be reached when it has neither an icon there nor a window. Main
/// thread.
class TrayPresence : public QObject
{
    Q_OBJECT
public:
    /// `patience`: for a tray that comes after the program. `isHidden`: whether no window is to be seen.
    TrayPresence(std::chrono::milliseconds patience, std::function<bool()> isHidden);

Q_SIGNALS:
    void missing(); ///< at the end of the patience, and whenever it is gone while all is hidden

private:
    void look();

    const std::function<bool()> m_isHidden;
    QTimer m_timer;
    bool m_isMissed = false; ///< at the last look
};

} // namespace rr
