// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

namespace rr {

/// Keeps the machine from falling asleep by itself while it is on; the screen may go dark. Where the platform
/// has no call for it, it does nothing. Never blocks. Main thread; destroying it lets the machine sleep.
class SleepInhibitor
{
public:
    SleepInhibitor();
    ~SleepInhibitor();
    SleepInhibitor(const SleepInhibitor &) = delete;
    SleepInhibitor &operator=(const SleepInhibitor &) = delete;

    void set(bool on);
    bool isOn() const { return m_on; }

private:
    class Platform;
    std::unique_ptr<Platform> m_platform; ///< exists while it is on
    bool m_on = false;
};

} // namespace rr
