// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QUrl>

namespace rr {

/// What stands behind "realtime-relayd doctor", taken apart.
struct DoctorCommandLine
{
    bool json = false;
    bool keyOnStdin = false;
    QByteArray model = "gpt-realtime";
    QUrl address; ///< for others; empty: none was given
    QString bundle; ///< a file; empty: none is written
    QStringList rest; ///< --config, --demo and setting options
    QString problem; ///< not empty: what is wrong with it
};

DoctorCommandLine parseDoctorCommandLine(const QStringList &arguments);

/// What --help prints of it.
QString doctorUsageText();

} // namespace rr
