// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/relaycontrol.h"
#include "ui/parts/tone.h"

#include <QDateTime>
#include <QString>

namespace rr {

/// What a share looks like to people. A plain value.
struct ShareView
{
    Tone tone = Tone::Quiet;
    QString word; ///< "Shared"
    QString
        sentence; ///< "Reachable from outside · 84 ms · checked 12:03"; may have a second line with what to do
    QString
        tryText; ///< of the button that looks anew: "Test again", "Try again"; empty: there is nothing to look at
};

/// Pure: the same input gives the same view.
ShareView presentShare(const Sharing::Status &status);

/// "Own server, by SSH": the title of the way with this id, or the id.
QString titleOfWay(const QString &id);
/// "Ends at 16:03, in 3:59:12."
QString untilText(const QDateTime &until, const QDateTime &now);
/// "Seen from outside: iPhone, 203.0.113.9, 12:05"
QString visitorText(const Visitor &visitor);
/// What a User-Agent is of: "iPhone", "Windows", or a program's name. It comes from outside.
QString deviceName(const QString &userAgent);

} // namespace rr
