// SPDX-License-Identifier: MIT
#include "ui/tray/sleepinhibitor.h"

#include <IOKit/pwr_mgt/IOPMLib.h>

namespace rr {

class SleepInhibitor::Platform
{
public:
    Platform()
    {
        m_held = IOPMAssertionCreateWithName(kIOPMAssertPreventUserIdleSystemSleep, kIOPMAssertionLevelOn,
                     CFSTR("Realtime Relay: calls are live"), &m_assertion)
            == kIOReturnSuccess;
    }
    ~Platform()
    {
        if (m_held)
            IOPMAssertionRelease(m_assertion);
    }

private:
    IOPMAssertionID m_assertion = kIOPMNullAssertionID;
    bool m_held = false;
};

SleepInhibitor::SleepInhibitor() = default;
SleepInhibitor::~SleepInhibitor() = default;

void SleepInhibitor::set(bool on)
{
    if (on == m_on)
        return;
    m_on = on;
    m_platform = on ? std::make_unique<Platform>() : nullptr;
}

} // namespace rr
