// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/shareplan.h"

#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace rr {

/// What follows "share" on the command line, taken apart. Checked is only how it is written: see problemOf() of
/// core/sharing/sharewords.h.
struct ShareCommandLine
{
    QString way; ///< empty: as it was shared last
    QMap<QString, QString> fields;
    std::optional<QStringList> origins;
    std::optional<int> maxCalls;
    std::optional<int> maxCallsPerAddress;
    std::optional<std::chrono::seconds> lasts;
    bool list = false; ///< the ways, and nothing else
    bool yes = false; ///< is not asked
    bool json = false; ///< says all in lines of JSON
    QStringList rest; ///< for parseCommandLine()
    QString problem; ///< not empty: what is wrong with it
};

/// `arguments`: without the "share" before them.
ShareCommandLine parseShareCommandLine(const QStringList &arguments);

/// What is to be shared: the command line's, and where that says nothing as it was the last time that this way was taken,
/// if it was the last one.
SharePlan planOf(const ShareCommandLine &line, const std::optional<SharePlan> &last);

/// The fields of the plan's way whose value is to come on standard input: secrets that were given as "-".
QStringList fieldsToRead(const SharePlan &plan);
/// A secret that stands in the command line itself, where every user of the machine can read it: why it is not taken. Empty: none.
QString exposedSecret(const ShareCommandLine &line, const SharePlan &plan);

/// "90s", "30m", "4h", "2d"; a number alone is hours. Nothing where it is none of these.
std::optional<std::chrono::seconds> durationFrom(const QString &text);

/// What --help says of it.
QString shareUsageText();

} // namespace rr
