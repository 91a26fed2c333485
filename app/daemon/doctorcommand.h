// SPDX-License-Identifier: MIT
#pragma once

#include "app/compose/host.h"
#include "app/daemon/doctorcommandline.h"
#include "core/sharing/doctor.h"

#include <QObject>

namespace rr {

/// `realtime-relayd doctor`: examines, says on standard output what was found as it is found, and writes the bundle. Main
/// thread; the host outlives it, and is not started.
class DoctorCommand : public QObject
{
    Q_OBJECT
public:
    DoctorCommand(Host &host, DoctorCommandLine line);

    /// Asks for the key where that is wanted, which blocks; then runs an event loop until all is examined. Returns the exit
    /// code.
    int run();

private:
    void say(const CheckStep &step) const;
    int end(const QList<CheckStep> &steps) const;

    Host &m_host;
    const DoctorCommandLine m_line;
    Doctor m_doctor;
};

} // namespace rr
