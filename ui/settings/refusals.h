// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingsloader.h"

#include <QHash>
#include <QString>
#include <QStringList>

namespace rr {

/// What the sources of the settings hold that was refused, sorted by where the settings page shows it.
struct Refusals
{
    QHash<const SettingSpec *, QString> ofFields; ///< why, and what to do
    QStringList ofFile; ///< that belong to no field: it cannot be read, or a key in it is no setting
    bool applyMends = false; ///< what stands at a field in the file goes when the fields are saved
};

/// Values of the settings file that are each right and do not fit together are not told:
/// settingConflicts() does that.
Refusals sortRefusals(const QList<SettingProblem> &problems);

} // namespace rr
