// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/journal.h"

#include <QString>

namespace rr {

/// Which entries of the journal are shown. What is empty lets everything through; all three must agree.
struct LogFilter
{
    LogLevel minimum = LogLevel::Debug;
    QString call; ///< how its id begins, in any case
    QString text; ///< somewhere in call, event, message or fields, in any case

    bool operator==(const LogFilter &) const = default;

    /// `fields`: logFieldsText() of the entry, which is not cheap to make and kept by who asks.
    bool matches(const JournalEntry &entry, const QString &fields) const;
};

/// "code=1000 by=client"; in one line.
QString logFieldsText(const JournalEntry &entry);

/// As text that came from outside is shown in one line: without what could break it or turn it round.
QString inOneLine(QString text);

} // namespace rr
