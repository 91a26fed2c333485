// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/money.h"
#include "core/config/settings.h"
#include "core/monitor/usagetotals.h"

#include <QString>

/// Numbers as people read them, in the default locale, and names in the user's language.
namespace rr {

QString countText(qint64 count); ///< "12,345"
QString bytesText(qint64 bytes); ///< "3.4 MB"
QString rateText(double bytesPerSecond); ///< "48.0 kB/s"
QString durationText(qint64 milliseconds); ///< "0:42", "12:05", "3:04:05", "2 d 3:04:05"
/// "$0.0123", from a dollar on "$12.34"; of what is less than the last place, but not nothing, "< $0.0001".
QString moneyText(Money money);
/// "$0.0123"; "at least $0.0123" where some of what was used has no price, "unknown" where none of it has: never "$0.00".
QString costText(const UsageTotals &totals);
/// "1,234 (text 234, audio 1,000, of these 500 cached)"; empty: none.
QString tokensInText(const Usage &usage);
QString tokensOutText(const Usage &usage); ///< "567 (text 67, audio 500)"; empty: none
QString logLevelName(LogLevel level); ///< "Warning"

} // namespace rr
