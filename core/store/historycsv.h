// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/database.h"
#include "core/store/store.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <optional>

namespace rr {

/// The history as CSV (RFC 4180), in UTF-8: every value as it is, times in ISO 8601 UTC. Text that a spreadsheet would take for a
/// formula gets an apostrophe before it: an origin comes from outside.
namespace historycsv {

QByteArray head(); ///< the line with the names of the columns
QByteArray line(const HistoryCall &call);

/// All that the query means, whatever its page, a thousand calls at a time; the file is replaced in one step, and stays as it
/// was if that fails. `isStopped` is asked in between. In the connection's thread. RelayError::code: "store_away",
/// "file_not_written", "stopped".
std::optional<RelayError> write(
    Database &database, HistoryQuery query, const QString &file, const std::function<bool()> &isStopped);

} // namespace historycsv

} // namespace rr
