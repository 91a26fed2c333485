// SPDX-License-Identifier: MIT
#include "ui/tray/sleepinhibitor.h"

#include <windows.h>

namespace rr {

class SleepInhibitor::Platform
{
public:
    Platform() { SetThreadExecutionState(ES_CONTINUOUS | ES_SYSTEM_REQUIRED); }
    ~Platform() { SetThreadExecutionState(ES_CONTINUOUS); }
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
