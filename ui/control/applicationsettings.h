// SPDX-License-Identifier: MIT
#pragma once

#include <QJsonObject>
#include <QString>

namespace rr {

/// What the user of the desktop program chose for the program itself; kept under "application" in the
/// settings file.
struct ApplicationSettings
{
    QString language; ///< empty: the system's
    QString publicAddress; ///< host[:port] or URL that others reach this relay by; empty: none
    QString unusedPublicAddress; ///< that they did by until another choice was made; offered again
    bool startRelayOnLaunch = true;
    bool notifications = true;
    bool keepAwake = true;
    bool monochromeIcon = false; ///< in the tray
    QString
        offeredAddress; ///< of this machine's own, the one that is offered first; empty, or not there: by their order
    int firstStep
        = 0; ///< of the first steps that the window leads through, the one that comes next; from firstSteps on: none
    bool outsideCallWorked = false; ///< a call from another machine once got a message
    bool letOthersIn = true; ///< whether the overview shows how

    static constexpr int firstSteps = 3;

    bool operator==(const ApplicationSettings &) const = default;
};

ApplicationSettings applicationFrom(const QJsonObject &object); ///< what is missing: its default
void writeInto(QJsonObject &object, const ApplicationSettings &application);

} // namespace rr
