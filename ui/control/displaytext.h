// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"

#include <QString>

/// Numbers as people read them, in the default locale, and names in the user's language.
namespace rr {

QString countText(qint64 count); ///< "12,345"
QString bytesText(qint64 bytes); ///< "3.4 MB"
QString rateText(double bytesPerSecond); ///< "48.0 kB/s"
QString durationText(qint64 milliseconds); ///< "0:42", "12:05", "3:04:05", "2 d 3:04:05"
QString logLevelName(LogLevel level); ///< "Warning"

} // namespace rr
